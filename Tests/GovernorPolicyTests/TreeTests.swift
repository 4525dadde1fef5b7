import GovernorCore
import GovernorPolicy
import Testing

private func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What the reader makes of bytes: places, limits and refusals.
@Suite struct TreeTests {
    private func findings(_ bytes: [UInt8]) -> [Diagnostic] {
        loader().load(files: [PolicySource(name: "t.yaml", bytes: bytes)]).findings
    }

    private func findings(_ text: String) -> [Diagnostic] { findings(Array(text.utf8)) }

    static let placesRows: [(String, Int, Int, Int, String)] = [
        ("policy: t\nbogus: 1\n", 2, 1, 5, "the first column is 1"),
        ("policy: t\r\nbogus: 1\r\n", 2, 1, 5, "carriage return and line feed are one break"),
        ("policy: t\rbogus: 1\r", 2, 1, 5, "a carriage return alone is one too"),
        ("\u{feff}policy: t\nbogus: 1\n", 2, 1, 5, "a byte order mark is no column"),
        ("\u{feff}bogus: 1\npolicy: t\n", 1, 1, 5, "nor on its own line"),
        ("{ policy: t, description: \"é😀e\u{301}\", bogus: 1 }", 1, 35, 5, "columns are scalars"),
        ("policy: t\ndescription: \"a\u{2028}b\u{85}c\"\nbogus: 1\n", 3, 1, 5, "only the breaks that editors show"),
        ("policy: t\n\n\n# c\nbogus: 1", 5, 1, 5, "no break at the end"),
        ("policy: t\n\"bogus\": 1", 2, 1, 7, "quotes belong to the key"),
    ]

    @Test(arguments: placesRows)
    func places(text: String, line: Int, column: Int, length: Int, why: String) {
        let found = findings(text)
        #expect(found.codes == ["P011"], "\(why)")
        #expect(
            found.first?.line == line && found.first?.column == column && found.first?.length == length,
            "\(why): \(found)")
    }

    static let refusalRows: [([UInt8], String, Int, Int)] = [
        (utf8("policy: ") + [0xe9], "P002", 1, 9),
        (utf8("policy: t\nx: ") + [0xff], "P002", 2, 4), ([0xc3], "P002", 1, 1),
        ([0xff, 0xfe, 0x70, 0x00], "P002", 1, 1), (utf8("policy: t\u{0}"), "P001", 1, 10),
        (utf8("policy: t\nx: \u{7}"), "P001", 2, 4), ([], "P010", 1, 1), (utf8("# nothing\n"), "P010", 1, 1),
        (utf8("--- \n"), "P010", 2, 1), (utf8("policy: t\n\tx: 1\n"), "P001", 2, 1),
        (utf8("just text"), "P010", 1, 1), (utf8("- a\n- b\n"), "P010", 1, 1),
        (utf8("policy: a: b"), "P001", 1, 10), (utf8("policy: ["), "P001", 1, 10),
        (utf8("policy: \"t"), "P001", 1, 11), (utf8("policy: t\n---\npolicy: u\n"), "P008", 2, 1),
        (utf8("policy: t\n...\n---\n"), "P008", 3, 1), (utf8("policy: !!str t"), "P007", 1, 9),
        (utf8("policy: !t t"), "P007", 1, 9), (utf8("policy: &a t"), "P006", 1, 9),
        (utf8("policy: t\nx: *a"), "P006", 2, 4), (utf8("policy: t\n? [a, b]\n: 1\n"), "P010", 2, 3),
        (utf8("policy: t\npolicy: u\n"), "P009", 2, 1), (utf8("policy: t\nrules: no"), "P010", 2, 8),
        (utf8("policy: t\nrules: { a: b }"), "P010", 2, 8), (utf8("%YAML 3.0\n---\npolicy: t"), "P001", 1, 1),
    ]

    @Test(arguments: refusalRows)
    func refusal(bytes: [UInt8], code: String, line: Int, column: Int) {
        let found = findings(bytes)
        #expect(found.codes.contains(code), "\(found.report)")
        let first = found.first { $0.code.id == code }
        #expect(first?.line == line && first?.column == column, "\(found.report)")
    }

    @Test func sizes() {
        let filler = "# " + String(repeating: "x", count: 1 << 20)
        #expect(findings("policy: t\n" + filler).codes == ["P003"])
        let exact = "policy: t\n# "
        #expect(findings(exact + String(repeating: "x", count: (1 << 20) - exact.utf8.count)).isEmpty)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func depth(opening: String) {
        let deep = "policy: t\nrules:\n  " + String(repeating: opening, count: 40)
        #expect(findings(deep).codes == ["P004"])
        let absurd = "policy: t\nrules:\n  " + String(repeating: opening, count: 200_000)
        #expect(findings(absurd).codes == ["P004"])
    }

    @Test func nodes() {
        let many = "policy: t\nevents: [" + String(repeating: "a,", count: 100_001) + "]\n"
        #expect(findings(many).codes == ["P005"])
    }

    /// Nine levels of nine aliases each would be 9⁹ values.
    @Test func bomb() {
        var text = "policy: t\na0: &a0 [x, x]\n"
        for level in 1..<30 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
        }
        text += "? *a29\n: 1\n"
        let clock = ContinuousClock()
        let took = clock.measure {
            let found = findings(text)
            #expect(found.hasErrors && found.codes.contains("P006"))
        }
        #expect(took < .seconds(2))
    }

    static let endless: [String] = [
        (0..<20_000).map { "key\($0): 1\n" }.joined(),
        "rules: [{ id: r, kind: cool_off, for: P1D, after: [" + (0..<20_000).map { "e\($0)," }.joined() + "] }]\n",
        "calendars: { fr: { dates: [" + String(repeating: "x,", count: 20_000) + "], valid_through: 2030-12-31 } }\n",
    ]

    @Test(arguments: endless.indices)
    func endlessFindingsEnd(index: Int) {
        let took = ContinuousClock().measure {
            let errors = findings("policy: t\n" + Self.endless[index]).filter { $0.severity == .error }
            #expect(errors.count == 201)
            #expect(errors.contains { $0.code.id == "P033" })
        }
        #expect(took < .seconds(20))
    }

    /// What is left out of the notes is no error.
    @Test func endlessNotesLoad() {
        let rules = (0..<300).map { "  - { id: r\($0), kind: opt_out }\n" }.joined()
        let (policies, found) = load("policy: t\nrules:\n" + rules)
        #expect(policies?.rules.count == 301)
        #expect(found.count == 201 && !found.hasFindings)
    }

    @Test func manyDeclarations() {
        let names = { (count: Int) in "policy: t\nevents: [" + (0..<count).map { "e\($0)," }.joined() + "]\n" }
        #expect(!findings(names(3_000)).hasErrors)
        #expect(findings(names(PolicyLoader.namesMax + 1)).codes.contains("P005"))
    }

    /// Findings of several files come in the order of file, line and column, all at once.
    @Test func order() {
        let a = PolicySource(name: "b.yaml", text: "policy: T\nx: 1\ny: 2\n")
        let b = PolicySource(name: "a.yaml", text: "policy: t\nrules: [1, 2]\n")
        let found = loader().load(files: [a, b]).findings
        #expect(
            found.map { "\($0.file):\($0.line):\($0.column)" } == [
                "a.yaml:2:9", "a.yaml:2:12", "b.yaml:1:9", "b.yaml:2:1", "b.yaml:3:1",
            ])
        #expect(found == found.sorted())
    }
}

@Suite struct DiagnosticTests {
    @Test func printed() throws {
        let (_, findings) = load(
            """
            policy: house
            rules:
              - id: one
                kind: frequency_cap
                because: b
                limti: 3
                limit: 3
                window: PT24H
            """, name: "policies/house.yaml")
        let one = try #require(findings.first)
        let expected = """
            policies/house.yaml:6:5: error[P011]: unknown key `limti` in a frequency cap
              |
            5 |     because: b
            6 |     limti: 3
              |     ^^^^^ expected `count`, `outcomes`, `not_outcomes`, `per`, `unreported`, `keep`, `scope`, `effective`, …
              = hint: did you mean `limit`?
              = more: governor policy explain P011
            """
        #expect(
            one.description.split(separator: "\n").filter { !$0.contains("^") }
                == expected.split(separator: "\n").filter { !$0.contains("^") })
        #expect(one.description.contains("\n  |     ^^^^^ expected `"))
        #expect(
            one.json.hasPrefix(
                #"{"code":"P011","name":"unknown-key","severity":"error","message":"unknown key `limti` in a frequency cap","file":"policies/house.yaml","line":6,"column":5,"length":5,"expected":"#
            ))
        #expect(findings.summary == "1 error")
        #expect(findings.json.hasPrefix(#"{"errors":1,"warnings":0,"notes":0,"findings":[{"#))
    }

    static let didYouMeanRows: [(String, String)] = [
        ("limti", "limit"), ("limits", "limit"), ("windwo", "window"), ("keeep", "keep"), ("becuase", "because"),
        ("moed", "mode"),
    ]

    @Test(arguments: didYouMeanRows)
    func didYouMean(written: String, meant: String) {
        let (_, findings) = load(file("kind: frequency_cap\n\(written): 3"))
        #expect(findings.contains { $0.hints == ["did you mean `\(meant)`?"] })
    }

    @Test(arguments: ["zebra", "x", "li", "gap"])
    func noGuess(written: String) {
        let (_, findings) = load(file("kind: frequency_cap\n\(written): 3"))
        #expect(findings.contains { $0.code.id == "P011" && $0.hints.isEmpty })
    }

    static let durationHintRows: [(String, String)] = [
        ("24h", "PT24H"), ("7d", "local_days: 7"), ("7 local days", "{ local_days: 7 }"), ("2 weeks", "P2W"),
        ("30m", "PT30M"),
        ("pt4h", "PT4H"), ("5 business days", "{ business_days: 5, calendar: NAME }"), ("18 months", "P18M"),
    ]

    @Test(arguments: durationHintRows)
    func durationHint(written: String, meant: String) {
        let (_, findings) = load(file("kind: min_gap\ngap: \(written)"))
        #expect(findings.first?.hints.first?.contains(meant) == true, "\(findings.report)")
    }

    static let hoursHintRows: [(String, String)] = [
        ("9-17", "09:00-17:00"), ("8am-9pm", "08:00-21:00"), ("8:00 - 21:00", "08:00-21:00"),
        ("9am-12pm", "09:00-12:00"),
        ("12am-8am", "00:00-08:00"),
    ]

    @Test(arguments: hoursHintRows)
    func hoursHint(written: String, meant: String) {
        let (_, findings) = load(file("kind: contact_hours\nopen: { daily: [\"\(written)\"] }"))
        #expect(findings.first?.hints == ["write \"\(meant)\""], "\(findings.report)")
    }

    @Test func hoursPastMidnightShowBothSpans() {
        let (_, findings) = load(file("kind: contact_hours\nopen: { fri: [\"18:00-02:00\"] }"))
        #expect(
            findings.first?.hints == [
                #"hours past midnight are two spans: "18:00-24:00" on this day and "00:00-02:00" on the next"#
            ])
    }
}

/// Warnings and notes, which let the files be loaded.
@Suite struct LintTests {
    static let findingRows: [(String, [String])] = [
        ("kind: frequency_cap\nlimit: 0\nwindow: PT24H", ["P051"]),
        ("kind: frequency_cap\nlimit: 1000\nwindow: PT24H", ["P052"]),
        ("kind: frequency_cap\nlimit: 999\nwindow: PT24H", []),
        ("kind: frequency_cap\nlimit: 1\nwindow: PT24H\noutcomes: [busy]\nnot_outcomes: [busy, failed]", ["P052"]),
        ("kind: frequency_cap\nlimit: 1\nwindow: PT24H\noutcomes: [busy, sold]\nnot_outcomes: [busy]", []),
        ("kind: frequency_cap\nlimit: 1\nwindow: { calendar: day }", ["P054"]),
        ("kind: frequency_cap\nlimit: 1\nwindow: { local_days: 1 }", ["P054"]),
        ("kind: frequency_cap\nlimit: 1\nwindow: P1D", ["P055"]), ("kind: frequency_cap\nlimit: 1\nwindow: P400D", []),
        ("kind: frequency_cap\nlimit: 1\nwindow: P401D", ["P058"]),
        ("kind: frequency_cap\nlimit: 1\nwindow: P18M", ["P058"]),
        ("kind: frequency_cap\nlimit: 1\nwindow: { local_days: 401 }", ["P058"]),
        ("kind: contact_hours\nopen: {}", ["P056"]), ("kind: contact_hours\nopen: { daily: [] }", ["P056"]),
        ("kind: contact_hours\nopen: { daily: [\"08:00-08:30\"] }\nmargin: PT30M", ["P056"]),
        ("kind: contact_hours\nopen: { daily: [\"08:00-08:31\"] }\nmargin: PT30M", []),
        ("kind: opt_out\neffective: { until: 2026-11-20 }", ["P057"]),
        ("kind: opt_out\neffective: { until: 2026-11-21 }", []),
        ("kind: block\nuntil: 2026-11-20T00:00:00Z", ["P057"]), ("kind: block\nuntil: 2026-11-23T00:00:00Z", []),
        ("kind: block\nscope: { channels: [emial] }", ["P059"]), ("kind: block\nscope: { channels: [fax] }", []),
        ("kind: block\nscope: { purposes: [marketng] }", ["P059"]),
    ]

    @Test(arguments: findingRows)
    func finding(lines: String, codes: [String]) {
        let (policies, findings) = load(file(lines))
        #expect(policies != nil)
        #expect(findings.codes == codes, "\(findings.report)")
    }

    @Test(arguments: [("2027-11-21", ["P053", "P060"]), ("2027-11-22", ["P060"]), ("2026-01-01", ["P053", "P060"])])
    func calendarEnds(through: String, codes: [String]) {
        let (policies, findings) = load("policy: t\ncalendars:\n  fr: { dates: [], valid_through: \(through) }\n")
        #expect(policies != nil)
        #expect(findings.codes.sorted() == codes, "\(findings.report)")
    }

    @Test func nothingDependsOnTheDateWithoutToday() {
        let text = file("kind: opt_out\neffective: { until: 2020-01-01 }")
        #expect(loader(today: nil).load(files: [PolicySource(name: "t.yaml", text: text)]).findings.isEmpty)
    }

    @Test func notesDoNotFail() {
        let (_, findings) = load("policy: t\nrules: [{ id: r, kind: opt_out }]")
        #expect(findings.codes == ["P050"])
        #expect(!findings.hasErrors && !findings.hasFindings)
        #expect(findings.summary == "1 note")
    }
}
