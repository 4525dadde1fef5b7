import GovernorCore
import GovernorPages
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench

/// The policies in force, or an earlier revision: the text with line numbers, and plain English beside it.
struct PoliciesPage {
    let reader: Reader
    let frame: Frame
    let zones: ZoneAtlas
    /// The path of this revision.
    let path: String
    let policies: PolicySet
    let texts: [(file: PolicyArchive.File, bytes: [UInt8])]
    /// `nil` for an earlier revision.
    let status: PolicyService.Status?
    let kept: [PolicyArchive.Revision]
    /// The name of the file that is shown.
    let file: String
    /// A line that must be among those shown.
    let line: Int
    let node: String

    /// Lines of one page.
    static let linesMax = 300
    static let keptMax = 20

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PolicyWords.title) }
                p(Attribute("class", "lede")) { reader(PolicyWords.intro) }
            }
            div(Attribute("class", "stack")) {
                stale
                facts
                fileCard
                keptCard
            }
        }
    }

    @HTMLBuilder private var stale: HTML {
        if let status, let at = status.rejectedAt {
            section(Attribute("class", "notice trouble"), Attribute("role", "alert")) {
                h2 { reader(PolicyWords.stale) }
                p { reader(PolicyWords.staleText, ["when": reader.moment(at)]) }
                ul { for why in status.rejection.prefix(10) { li { code { String(why.prefix(500)) } } } }
            }
        }
    }

    private var facts: HTML {
        section(Attribute("class", "card")) {
            dl(Attribute("class", "facts")) {
                pair(.revision) { code { String(policies.revision.prefix(16)) } }
                if let status { pair(.since) { reader.exact(status.activatedAt) } }
                pair(.node) { node }
                pair(.rulesCount) { reader.number(policies.rules.count) }
                pair(.files) { reader.number(texts.count) }
            }
        }
    }

    private func pair(_ word: PolicyWords, @HTMLBuilder _ value: () -> HTML) -> HTML {
        div {
            dt { reader(word) }
            dd { value() }
        }
    }

    // MARK: One file

    private var fileCard: HTML {
        let chosen = texts.first { $0.file.name == file } ?? texts.first
        let lines =
            chosen.map { String(decoding: $0.bytes, as: UTF8.self) }?.split(
                separator: "\n", omittingEmptySubsequences: false) ?? []
        let first = max(0, min(line - 1, lines.count - 1)) / Self.linesMax * Self.linesMax
        let shown = first..<min(lines.count, first + Self.linesMax)
        let name = chosen?.file.name ?? ""
        let rules = policies.rules.filter { $0.file == name && shown.contains($0.line - 1) }
        return section(Attribute("class", "stack"), Attribute("aria-label", name)) {
            nav(Attribute("aria-label", reader(PolicyWords.files)), Attribute("class", "card")) {
                ul {
                    for (file, _) in texts {
                        li {
                            HTML.element(
                                "a",
                                [.path("href", path + FormFields.query([("file", file.name)]))]
                                    + (file.name == name ? [Attribute("aria-current", "true")] : [])
                            ) { file.name }
                        }
                    }
                }
            }
            div(Attribute("class", "split")) {
                section(Attribute("class", "card flush"), Attribute("aria-labelledby", "source")) {
                    div(Attribute("class", "inside")) {
                        h2(Attribute("id", "source")) { reader(PolicyWords.text) }
                        p(Attribute("class", "small soft")) {
                            "\(name) · "
                            reader(
                                PolicyWords.linesShown,
                                [
                                    "from": reader.number(shown.lowerBound + 1), "to": reader.number(shown.upperBound),
                                    "count": reader.number(lines.count),
                                ])
                        }
                    }
                    SourceTable(lines: lines, shown: shown, label: name).html
                    pager(name, shown, lines.count)
                }
                section(Attribute("class", "prose"), Attribute("aria-labelledby", "prose")) {
                    h2(Attribute("id", "prose")) { reader(PolicyWords.plain) }
                    if rules.isEmpty { p(Attribute("class", "soft")) { reader(PolicyWords.noRules) } }
                    for rule in rules {
                        RulePart(reader: reader, prose: RuleProse(rule, in: policies, zones: zones)).html
                    }
                }
            }
        }
    }

    @HTMLBuilder private func pager(_ name: String, _ shown: Range<Int>, _ count: Int) -> HTML {
        if shown.lowerBound > 0 || shown.upperBound < count {
            div(Attribute("class", "inside row spread")) {
                if shown.lowerBound > 0 {
                    a(.path("href", path + FormFields.query([("file", name), ("line", "\(shown.lowerBound)")]))) {
                        reader(PolicyWords.earlier)
                    }
                }
                if shown.upperBound < count {
                    a(.path("href", path + FormFields.query([("file", name), ("line", "\(shown.upperBound + 1)")]))) {
                        reader(PolicyWords.later)
                    }
                }
            }
        }
    }

    @HTMLBuilder private var keptCard: HTML {
        if !kept.isEmpty {
            section(Attribute("class", "card"), Attribute("aria-labelledby", "kept")) {
                h2(Attribute("id", "kept")) { reader(PolicyWords.keptTitle) }
                p(Attribute("class", "soft")) { reader(PolicyWords.keptIntro) }
                div(
                    Attribute("class", "scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
                    Attribute("aria-labelledby", "kept")
                ) {
                    table(Attribute("class", "folds")) {
                        thead {
                            tr {
                                th(Attribute("scope", "col")) { reader(PolicyWords.revision) }
                                th(Attribute("scope", "col")) { reader(PolicyWords.firstActive) }
                                th(Attribute("scope", "col")) { reader(PolicyWords.lastActive) }
                                th(Attribute("scope", "col"), Attribute("class", "n")) {
                                    reader(PolicyWords.rulesCount)
                                }
                            }
                        }
                        tbody {
                            for revision in kept.prefix(Self.keptMax) {
                                tr {
                                    th(Attribute("scope", "row")) {
                                        a(.path("href", "\(frame.root)/policies/\(revision.revision)")) {
                                            code { String(revision.revision.prefix(16)) }
                                        }
                                    }
                                    cell(.firstActive) { reader.exact(revision.firstActivatedAt) }
                                    cell(.lastActive) { reader.exact(revision.lastActivatedAt) }
                                    td(Attribute("class", "n"), Attribute("data-label", reader(PolicyWords.rulesCount)))
                                    {
                                        reader.number(revision.rules)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func cell(_ word: PolicyWords, @HTMLBuilder _ content: () -> HTML) -> HTML {
        td(Attribute("data-label", reader(word))) { content() }
    }
}

/// Lines of a text with their numbers.
struct SourceTable {
    let lines: [Substring]
    let shown: Range<Int>
    let label: String

    var html: HTML {
        div(
            Attribute("class", "scroll source-scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
            Attribute("aria-label", label)
        ) {
            table(Attribute("class", "source"), Attribute("role", "presentation")) {
                for i in shown {
                    tr(Attribute("id", "L\(i + 1)")) {
                        td { "\(i + 1)" }
                        td(Attribute("class", lines[i].trimmed.hasPrefix("#") ? "comment" : "")) { lines[i] }
                    }
                }
            }
        }
    }
}

/// One rule in plain English.
struct RulePart {
    let reader: Reader
    let prose: RuleProse
    var link: String?

    var html: HTML {
        let rule = prose.rule
        return HTML.element("article", [Attribute("class", "rule")]) {
            h3 {
                if let link { a(.path("href", link)) { rule.id } } else { span { rule.id } }
                mode
                if rule.line > 0, rule.file != "builtin" {
                    a(Attribute("class", "small"), .path("href", link ?? "#L\(rule.line)")) {
                        reader(PolicyWords.line, ["line": "\(rule.line)"])
                    }
                } else if rule.file == "builtin" {
                    span(Attribute("class", "small soft")) { reader(FrameWords.builtIn) }
                }
            }
            div(Attribute("lang", "en")) {
                p { prose.demand }
                p(Attribute("class", "soft small")) { "About: \(prose.about)" }
                for line in prose.standing { p(Attribute("class", "small")) { line } }
                if !prose.exemptions.isEmpty {
                    p(Attribute("class", "small")) { "Unless: \(prose.exemptions.joined(separator: "; or "))." }
                }
            }
            for duty in rule.obligations {
                p(Attribute("class", "small")) { reader(PolicyWords.mustDo, ["what": duty]) }
            }
            if let because = rule.because { p { reader(PolicyWords.says, ["what": because]) } }
            if let cite = rule.cite {
                p(Attribute("class", "small soft")) { reader(PolicyWords.cite, ["what": cite]) }
            }
        }
    }

    private var mode: HTML {
        switch prose.rule.mode {
        case .enforce: span(Attribute("class", "chip is-yes")) { reader(PolicyWords.enforced) }
        case .shadow: span(Attribute("class", "chip is-later")) { reader(PolicyWords.shadowed) }
        case .off: span(Attribute("class", "chip")) { reader(PolicyWords.off) }
        }
    }
}
