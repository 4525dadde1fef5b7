import GovernorPages
import GovernorPolicy

/// What the policy loader has to say of a text.
struct FindingsPart {
    let reader: Reader
    let findings: [Diagnostic]

    static let shownMax = 60

    var html: HTML {
        HTML {
            if findings.isEmpty {
                p { reader(PolicyWords.noFindings) }
            } else {
                for finding in findings.prefix(Self.shownMax) { part(finding) }
                if findings.count > Self.shownMax {
                    p {
                        reader(
                            PolicyWords.moreFindings, ["count": reader.number(findings.count - Self.shownMax)])
                    }
                }
            }
        }
    }

    private func part(_ finding: Diagnostic) -> HTML {
        div(Attribute("class", "finding")) {
            p(Attribute("class", "row tight")) {
                severity(finding.severity)
                code { finding.code.id }
                span(Attribute("class", "small soft")) { "\(finding.file):\(finding.line):\(finding.column)" }
            }
            div(Attribute("lang", "en")) {
                p { strong { finding.message } }
                if !finding.excerpt.isEmpty {
                    HTML.element(
                        "pre",
                        [
                            Attribute("class", "scroll"), Attribute("tabindex", "0"),
                            Attribute("aria-label", "\(finding.line)"),
                        ]
                    ) { Self.excerpt(finding) }
                }
                if let expected = finding.expected { p(Attribute("class", "small")) { "expected \(expected)" } }
            }
            for hint in finding.hints { p(Attribute("class", "small")) { reader(PolicyWords.hint, ["what": hint]) } }
        }
    }

    private func severity(_ severity: Severity) -> HTML {
        switch severity {
        case .error:
            span(Attribute("class", "chip is-no")) {
                Icon.no.html()
                reader(PolicyWords.errors)
            }
        case .warning:
            span(Attribute("class", "chip is-later")) {
                Icon.later.html()
                reader(PolicyWords.warnings)
            }
        case .note: span(Attribute("class", "chip")) { reader(PolicyWords.notes) }
        }
    }

    /// The line with a caret under what is meant.
    private static func excerpt(_ finding: Diagnostic) -> String {
        var text = ""
        let width = "\(finding.line)".count
        for line in finding.excerpt {
            let number = "\(line.line)"
            text += String(repeating: " ", count: max(0, width - number.count)) + number + " | " + line.text + "\n"
        }
        let carets = String(repeating: "^", count: max(1, min(finding.length, 200)))
        return text + String(repeating: " ", count: width) + " | "
            + String(repeating: " ", count: max(0, min(finding.column - 1, 400))) + carets
    }
}
