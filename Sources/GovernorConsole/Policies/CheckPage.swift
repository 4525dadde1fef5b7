import GovernorCore
import GovernorPages
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench

/// The page on which somebody types or pastes a policy.
struct CheckPage {
    let reader: Reader
    let frame: Frame
    /// Names of the loaded files.
    let names: [String]
    var text = ""
    var tests = ""
    var name = ""
    var result: PolicyCheck?
    var fault: String?

    static let newName = "policies/new.yaml"

    var html: HTML {
        HTML {
            div(Attribute("class", "page-head")) {
                h1 { reader(PolicyWords.checkTitle) }
                p(Attribute("class", "lede")) { reader(PolicyWords.checkIntro) }
            }
            div(Attribute("class", "split")) {
                form(
                    post: frame.root + "/check", Attribute("class", "card"),
                    .path("data-check", frame.root + "/check/live"), Attribute("data-target", "result")
                ) {
                    frame.token
                    div(Attribute("class", "field")) {
                        label(Attribute("for", "name")) { reader(PolicyWords.checkName) }
                        select(Attribute("id", "name"), Attribute("name", "name")) {
                            option(Attribute("value", ""), Attribute("selected", name.isEmpty)) {
                                reader(PolicyWords.checkNameHint)
                            }
                            for name in names {
                                option(Attribute("value", name), Attribute("selected", name == self.name)) { name }
                            }
                        }
                    }
                    area("policy", .checkText, text, rows: "22")
                    area("tests", .checkTests, tests, rows: "6", hint: .checkTestsHint)
                    button { reader(PolicyWords.checkButton) }
                }
                section(
                    Attribute("id", "result"), Attribute("class", "stack"), Attribute("aria-live", "polite"),
                    Attribute("aria-label", reader(PolicyWords.findingsTitle))
                ) {
                    if let fault {
                        div(Attribute("class", "notice hold"), Attribute("role", "alert")) { p { fault } }
                    } else {
                        CheckResult(reader: reader, result: result, isLive: false).html
                    }
                }
            }
        }
    }

    private func area(
        _ name: String, _ word: PolicyWords, _ text: String, rows: String, hint: PolicyWords? = nil
    ) -> HTML {
        div(Attribute("class", "field")) {
            label(Attribute("for", name)) { reader(word) }
            HTML.element(
                "textarea",
                [
                    Attribute("id", name), Attribute("name", name), Attribute("rows", rows),
                    Attribute("class", rows == "22" ? "code" : "mono"), Attribute("spellcheck", "false"),
                    Attribute("wrap", "off"),
                ] + (hint == nil ? [] : [Attribute("aria-describedby", name + "-hint")])
            ) { "\n" + text }
            if let hint { p(Attribute("class", "hint"), Attribute("id", name + "-hint")) { reader(hint) } }
        }
    }
}

/// What a check came to.
struct CheckResult {
    let reader: Reader
    let result: PolicyCheck?
    /// As it is typed: without the search for examples.
    let isLive: Bool

    static let changesShown = 30
    static let examplesShown = 6
    static let formattedBytesMax = 48 * 1024

    @HTMLBuilder var html: HTML {
        if let result {
            verdict(result)
            section(Attribute("class", "card")) {
                h2 { reader(PolicyWords.findingsTitle) }
                FindingsPart(reader: reader, findings: result.findings).html
            }
            if result.policies != nil {
                tests(result)
                changes(result)
                formatted(result)
            }
        } else {
            section(Attribute("class", "card empty")) {
                Icon.check.html()
                p { reader(PolicyWords.checkEmpty) }
            }
        }
    }

    private func verdict(_ result: PolicyCheck) -> HTML {
        let isGood = result.policies != nil
        return div(Attribute("class", "card flush")) {
            div(Attribute("class", "verdict \(isGood ? "is-yes" : "is-no")")) {
                (isGood ? Icon.yes : Icon.no).html("icon huge")
                p(Attribute("class", "asked")) { result.name }
                p(Attribute("class", "answer")) {
                    isGood
                        ? reader(PolicyWords.checkGood, ["count": reader.number(result.ruleCount)])
                        : reader(PolicyWords.checkBroken)
                }
            }
        }
    }

    private func tests(_ result: PolicyCheck) -> HTML {
        section(Attribute("class", "card")) {
            h2 { reader(PolicyWords.testsTitle) }
            if let report = result.tests {
                p(Attribute("class", "row")) {
                    span(Attribute("class", "chip is-yes")) {
                        reader(
                            PolicyWords.testsPassed,
                            ["count": reader.number(report.results.count - report.failed.count)])
                    }
                    if !report.failed.isEmpty {
                        span(Attribute("class", "chip is-no")) {
                            reader(PolicyWords.testsFailed, ["count": reader.number(report.failed.count)])
                        }
                    }
                }
                if result.areTestsCut {
                    p(Attribute("class", "small")) {
                        reader(PolicyWords.testsMany, ["count": reader.number(PolicyCheck.testsMax)])
                    }
                }
                for failed in report.failed.prefix(20) {
                    div(Attribute("class", "finding")) {
                        p { strong { failed.scenario.name } }
                        for mismatch in failed.mismatches.prefix(6) {
                            p(Attribute("class", "small")) {
                                reader(
                                    PolicyWords.expectedActual,
                                    [
                                        "what": mismatch.what, "expected": mismatch.expected, "actual": mismatch.actual,
                                    ])
                            }
                        }
                    }
                }
            } else {
                p(Attribute("class", "soft")) { reader(PolicyWords.testsNone) }
            }
        }
    }

    private func changes(_ result: PolicyCheck) -> HTML {
        section(Attribute("class", "card")) {
            h2 { reader(PolicyWords.diffTitle) }
            let changes = result.changes
            if changes?.isEmpty ?? true {
                p { reader(PolicyWords.diffSame) }
            } else {
                for declaration in changes?.declarations ?? [] { p(Attribute("lang", "en")) { declaration } }
                for change in (changes?.rules ?? []).prefix(Self.changesShown) { part(change) }
                if let diff = result.diff {
                    for difference in diff.differences.prefix(Self.examplesShown) { example(difference) }
                    p(Attribute("class", "small soft")) {
                        reader(PolicyWords.diffEffort, ["count": reader.number(diff.casesTried)])
                    }
                } else if isLive {
                    p(Attribute("class", "small soft")) { reader(PolicyWords.diffLive) }
                }
            }
        }
    }

    private func part(_ change: PolicyChanges.RuleChange) -> HTML {
        let word: PolicyWords = change.old == nil ? .diffNew : change.new == nil ? .diffGone : .diffChanged
        return div(Attribute("class", "finding")) {
            p(Attribute("class", "row tight")) {
                span(Attribute("class", "chip")) { reader(word) }
                strong { change.id }
            }
            div(Attribute("lang", "en"), Attribute("class", "small")) {
                for key in change.keys.prefix(12) { p { code { key.text } } }
                if change.demandBefore != change.demandNow {
                    if let before = change.demandBefore { p { reader(PolicyWords.before, ["what": before]) } }
                    if let now = change.demandNow { p { reader(PolicyWords.now, ["what": now]) } }
                }
            }
        }
    }

    private func example(_ difference: DecisionDifference) -> HTML {
        let (word, style): (PolicyWords, String) =
            switch difference.kind {
            case .toDeny: (.exampleDeny, "is-no")
            case .toAllow: (.exampleAllow, "is-yes")
            case .told: (.exampleTold, "is-later")
            }
        return div(Attribute("class", "finding")) {
            p(Attribute("class", "row tight")) {
                span(Attribute("class", "chip \(style)")) { reader(word) }
                span(Attribute("class", "small soft")) { difference.rule }
            }
            div(Attribute("lang", "en")) {
                p { strong { difference.question + "?" } }
                ul(Attribute("class", "small")) {
                    for (at, what) in difference.history.prefix(8) {
                        li { (at.map { "\($0): " } ?? "") + what }
                    }
                    li { "asked at \(difference.at) (\(difference.zone))" }
                }
            }
        }
    }

    @HTMLBuilder private func formatted(_ result: PolicyCheck) -> HTML {
        section(Attribute("class", "card")) {
            h2 { reader(PolicyWords.formatTitle) }
            if let text = result.formatted, text.utf8.count <= Self.formattedBytesMax {
                p { reader(PolicyWords.formatIntro) }
                HTML.element(
                    "textarea",
                    [
                        Attribute("class", "mono"), Attribute("rows", "8"), Attribute("readonly"),
                        Attribute("wrap", "off"), Attribute("aria-label", reader(PolicyWords.formatTitle)),
                    ]
                ) { "\n" + text }
            } else {
                p { reader(PolicyWords.formatSame) }
            }
        }
    }
}
