import Foundation
import GovernorLists
import GovernorPages

/// What became of a list, as a page that a campaign manager understands; one file, nothing from elsewhere.
struct ScrubReport {
    var summary: ScrubSummary
    /// The name of the list's file.
    var list: String
    var parameters: [(name: String, value: String)]
    var madeAt: Date

    private static let reasonsMax = 30

    var page: Page {
        Page(title: "\(list): who may be contacted", language: .english) {
            main {
                h1 { "Who may be contacted" }
                p(Attribute("class", "soft")) {
                    "\(list), judged on \(madeAt.formatted(.iso8601)) for "
                        + parameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
                }
                section(Attribute("class", "card")) {
                    h2 { "\(grouped(summary.allowed)) of \(grouped(summary.rows)) rows may be contacted" }
                    bars(
                        "What became of the rows",
                        [
                            ("may be contacted", summary.allowed), ("may not be contacted", summary.denied),
                            ("about somebody who is in the list already", summary.duplicates),
                            ("cannot be read", summary.invalid),
                        ], of: summary.rows)
                }
                if summary.denied > 0 {
                    section(Attribute("class", "card")) {
                        h2 { "Why not" }
                        p(Attribute("class", "soft")) {
                            "Each row counts once, by the rule that holds longest; the sentence is that of one such row."
                        }
                        bars(
                            "Rows by the first reason",
                            summary.denials.prefix(Self.reasonsMax).map { ("\($0.reason): \($0.example)", $0.rows) },
                            of: summary.denied)
                    }
                    section(Attribute("class", "card")) {
                        h2 { "When they may" }
                        bars(
                            "Rows that may not be contacted now, by when they may",
                            ScrubSummary.Next.allCases.map { ($0.words, summary.next[$0] ?? 0) }, of: summary.denied)
                    }
                }
                if summary.invalid > 0 {
                    section(Attribute("class", "card")) {
                        h2 { "What cannot be read" }
                        bars(
                            "Rows that cannot be read, by what is wrong",
                            summary.faults.prefix(Self.reasonsMax).map { ("\($0.reason): \($0.example)", $0.rows) },
                            of: summary.invalid)
                    }
                }
                p(Attribute("class", "soft small")) {
                    "Policies \(summary.policyRevision). Nothing was consumed by asking; every contact is asked about again "
                        + "when it is made."
                }
            }
        }
    }

    /// A table whose last column is a bar, so that the numbers and the picture are one thing.
    private func bars(_ title: String, _ rows: [(words: String, count: Int)], of whole: Int) -> HTML {
        div(Attribute("class", "scroll")) {
            table {
                caption { title }
                tbody {
                    for row in rows {
                        let share = whole == 0 ? 0 : Double(row.count) / Double(whole)
                        tr {
                            th(Attribute("scope", "row")) { row.words }
                            td { grouped(row.count) }
                            td { String(format: "%.1f %%", share * 100) }
                            td { bar(share) }
                        }
                    }
                }
            }
        }
    }

    private func bar(_ share: Double) -> HTML {
        .element(
            "svg",
            [
                Attribute("width", "160"), Attribute("height", "14"), Attribute("viewBox", "0 0 160 14"),
                Attribute("aria-hidden", "true"),
            ]
        ) {
            HTML.element(
                "rect",
                [
                    Attribute("x", "0"), Attribute("y", "1"), Attribute("height", "12"), Attribute("rx", "2"),
                    Attribute("width", String(format: "%.1f", max(share > 0 ? 1.0 : 0, share * 160))),
                    Attribute("fill", "currentColor"), Attribute("fill-opacity", "0.55"),
                ])
        }
    }

    private func grouped(_ number: Int) -> String { ProgressBar.grouped(number) }
}
