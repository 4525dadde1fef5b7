import GovernorCore
import GovernorPolicy
import Testing

/// What is said of rules when all of them are read: each finding where it is proven, and nothing where it is not.
@Suite struct MeaningTests {
    static func codes(_ text: String, tests: [PolicySource] = []) -> [String] {
        let (policies, findings) = loader().load(files: [PolicySource(name: "t.yaml", text: text)], tests: tests)
        #expect(policies != nil, "\(findings.report)")
        return findings.codes.filter { $0 >= "P061" && $0 <= "P065" }
    }

    /// Two rules, the stricter one first.
    static func pair(_ strict: String, _ weak: String, kind: String) -> String {
        """
        policy: t
        \(calendarFR)\(lifeProducts)rules:
          - { id: strict, because: b, kind: \(kind), \(strict) }
          - { id: weak, because: b, kind: \(kind), \(weak) }
        """
    }

    static let shadows: [(kind: String, strict: String, weak: String, isShadowed: Bool, why: String)] = [
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H", true, "the same twice"),
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 2, window: PT24H", true, "a higher limit"),
        ("frequency_cap", "limit: 2, window: PT24H", "limit: 1, window: PT24H", false, "a lower limit"),
        ("frequency_cap", "limit: 1, window: PT25H", "limit: 1, window: PT24H", true, "a shorter window"),
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT25H", false, "a longer window"),
        (
            "frequency_cap", "limit: 1, window: { local_days: 7 }", "limit: 1, window: { calendar: week }", true,
            "a week"
        ),
        ("frequency_cap", "limit: 1, window: { local_days: 6 }", "limit: 1, window: { calendar: week }", false, "six"),
        ("frequency_cap", "limit: 1, window: P7D", "limit: 1, window: { local_days: 7 }", false, "a clock may change"),
        ("frequency_cap", "limit: 1, window: P8D", "limit: 1, window: { local_days: 7 }", true, "eight hold seven"),
        (
            "frequency_cap", "limit: 1, window: { local_days: 3 }", "limit: 1, window: PT48H", false,
            "three dates at midnight"
        ),
        ("frequency_cap", "limit: 1, window: { local_days: 4 }", "limit: 1, window: PT48H", true, "four do"),
        (
            "frequency_cap", "limit: 1, window: { calendar: month }", "limit: 1, window: { calendar: week }", false,
            "weeks cross"
        ),
        (
            "frequency_cap", "limit: 1, window: { calendar: year }", "limit: 1, window: { calendar: month }", true,
            "months do not"
        ),
        (
            "frequency_cap", "limit: 1, window: { calendar: week, starts: sunday }",
            "limit: 1, window: { calendar: week }", false, "other weeks"
        ),
        ("frequency_cap", "limit: 1, window: P2M", "limit: 1, window: { steps: P1M }", true, "months"),
        (
            "frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H, per: [person, account]", true,
            "per account"
        ),
        ("frequency_cap", "limit: 1, window: PT24H, per: [account]", "limit: 1, window: PT24H", false, "all accounts"),
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H, per: [endpoint]", false, "another unit"),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all",
            "limit: 1, window: PT24H, count: { channels: [voice] }", true, "counts more"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, not_outcomes: [busy]", "limit: 1, window: PT24H", false,
            "counts less"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, unreported: release", "limit: 1, window: PT24H", false,
            "gives back"
        ),
        (
            "frequency_cap", "limit: 3, window: PT24H", "limit: 3, window: PT24H, keep: { campaigns: [x], slots: 1 }",
            false, "keeps"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, unless: [appointment]", "limit: 1, window: PT24H", false,
            "exempts"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H, unless: [appointment]", true,
            "exempts for nothing"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H, obligations: [Say it.]", false,
            "still obliges"
        ),
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 1, window: PT24H, cite: a law", false, "a law of its own"),
        (
            "frequency_cap", "limit: 1, window: PT24H, cite: a law", "limit: 2, window: PT24H, cite: a law", true,
            "the same law"
        ),
        ("frequency_cap", "limit: 1, window: PT24H, mode: shadow", "limit: 2, window: PT24H", false, "in shadow"),
        ("frequency_cap", "limit: 1, window: PT24H", "limit: 2, window: PT24H, mode: shadow", false, "watches"),
        (
            "frequency_cap", "limit: 1, window: PT24H, effective: { from: 2026-01-01 }", "limit: 2, window: PT24H",
            false,
            "not always"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, effective: { from: 2026-01-01 }",
            "limit: 2, window: PT24H, effective: { from: 2026-01-01, until: 2029-01-01 }", true, "as long"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { jurisdictions: [US] }",
            "limit: 1, window: PT24H, scope: { jurisdictions: [US-FL] }", true, "a region of the country"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { jurisdictions: [US-FL] }",
            "limit: 1, window: PT24H, scope: { jurisdictions: [US] }", false, "the country"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { families: [life] }",
            "limit: 1, window: PT24H, scope: { products: [term-life] }", true, "a product of the family"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { families: [life] }",
            "limit: 1, window: PT24H, scope: { products: [car] }", false, "a product of no family"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { channels: [voice, sms] }",
            "limit: 1, window: PT24H, scope: { channels: [sms], purposes: [marketing] }", true, "narrower twice"
        ),
        (
            "frequency_cap", "limit: 1, window: PT24H, count: all, scope: { purposes: [marketing] }",
            "limit: 1, window: PT24H, scope: { channels: [sms] }", false, "they only overlap"
        ),
        ("min_gap", "gap: PT5H", "gap: PT4H", true, "a shorter gap"),
        ("min_gap", "gap: { local_days: 2 }", "gap: PT24H", true, "two dates more"),
        ("min_gap", "gap: { local_days: 1 }", "gap: PT24H", false, "one may be short"),
        (
            "min_gap", "gap: { business_days: 2, calendar: fr }", "gap: { local_days: 2 }", true,
            "business days are dates"
        ),
        ("min_gap", "gap: P30D", "gap: P1M", false, "a month has no length"),
        ("cool_off", "after: [refused, complaint], for: P30D", "after: [complaint], for: P7D", true, "fewer outcomes"),
        ("cool_off", "after: [complaint], for: forever", "after: [complaint], for: P10Y", true, "for good"),
        ("cool_off", "after: [complaint], for: P30D", "after: [complaint, busy], for: P7D", false, "more outcomes"),
        (
            "contact_hours", "open: { daily: [\"09:00-20:00\"] }", "open: { daily: [\"08:00-21:00\"] }", true,
            "wider hours"
        ),
        (
            "contact_hours", "open: { daily: [\"09:00-20:00\"] }",
            "open: { weekdays: [\"08:00-21:00\"], sat: [\"09:00-20:00\"] }", false, "closed on Sunday"
        ),
        (
            "contact_hours", "open: { daily: [\"09:00-20:00\"] }",
            "open: { daily: [\"08:00-21:00\"] }, holidays: fr", false, "closed on holidays"
        ),
        (
            "contact_hours", "open: { daily: [\"09:00-20:00\"] }, margin: PT1M",
            "open: { daily: [\"09:00-20:00\"] }", true, "the margin"
        ),
        ("opt_out", "for: P10Y", "for: P5Y", true, "shorter"),
        ("opt_out", "reach: endpoint", "reach: person", false, "another reach"),
        ("consent", "require: [written]", "require: [written, express]", true, "one of more"),
        ("consent", "require: [written, express]", "require: [written]", false, "one of fewer"),
        ("consent", "require: [written], valid_for: P1Y", "require: [written]", true, "for good"),
        (
            "consent", "require: [written], or: [{ event: purchase, within: P1Y }]", "require: [written]", false,
            "or else"
        ),
        ("holding", "holds: any", "holds: same_product", true, "any"),
        ("holding", "holds: any, for_first: P1M", "holds: any", false, "only at first"),
        ("holding", "holds: any, and_for: P90D", "holds: any, and_for: P30D", true, "longer after it"),
        ("registry", "registry: us-dnc, max_age: P10D", "registry: us-dnc, max_age: P31D", true, "fresher"),
        ("registry", "registry: us-dnc", "registry: us-dnc, max_age: P31D", false, "any age"),
        ("registry", "registry: us-dnc", "registry: it-rpo", false, "another list"),
        ("registry", "registry: us-dnc, overridden_by: [x]", "registry: us-dnc", false, "may be lifted"),
        ("block", "scope: { channels: [voice] }", "scope: { channels: [voice] }, labels: [workplace]", true, "a label"),
        ("block", "labels: [workplace]", "labels: [school]", false, "another label"),
        (
            "block", "from: 2026-01-01T00:00:00Z", "from: 2026-02-01T00:00:00Z, until: 2027-02-01T00:00:00Z", true,
            "inside"
        ),
    ]

    @Test(arguments: shadows)
    func shadowed(row: (kind: String, strict: String, weak: String, isShadowed: Bool, why: String)) {
        let text = Self.pair(row.strict, row.weak, kind: row.kind)
        let found = loader().load(files: [PolicySource(name: "t.yaml", text: text)]).findings
            .filter { $0.code.id == "P063" }
        #expect(found.contains { $0.message.hasPrefix("`t/weak`") } == row.isShadowed, "\(row.why)")
        if row.isShadowed { #expect(!found.contains { $0.message.hasPrefix("`t/strict`") }, "\(row.why)") }
        #expect(found.count <= 1)
    }

    @Test func aBlockShadowsEveryKind() {
        let cap = "{ id: cap, because: b, kind: frequency_cap, limit: 1, window: PT24H, scope: { channels: [voice] } }"
        let no = "{ id: said-no, because: b, kind: opt_out, scope: { channels: [voice] } }"
        func text(_ block: String) -> String { "policy: t\nrules:\n  - \(block)\n  - \(cap)\n  - \(no)\n" }
        #expect(Self.codes(text("{ id: b, because: b, kind: block, scope: { channels: [voice, sms] } }")) == ["P063"])
        #expect(Self.codes(text("{ id: b, because: b, kind: block, labels: [workplace] }")) == [])
        #expect(Self.codes(text("{ id: b, because: b, kind: block, until: 2030-01-01T00:00:00Z }")) == [])
        #expect(Self.codes(text("{ id: b, because: b, kind: block, scope: { channels: [sms] } }")) == [])
    }

    @Test(arguments: [
        ("scope: { products: [term-life], families: [life] }", false, "its own family"),
        ("scope: { products: [term-life], families: [pets] }", true, "another family"),
        ("scope: { products: [term-life, car], families: [pets] }", false, "a product of no family may be of any"),
        ("scope: { purposes: [transactional] }, unless: [transactional]", true, "all exempt"),
        ("scope: { purposes: [transactional, service] }, unless: [transactional]", false, "one is not"),
        ("unless: [transactional]", false, "any purpose"),
        ("effective: { from: 2027-01-02 }, until: 2027-01-01T10:00:00Z", true, "over before it begins"),
        ("effective: { from: 2027-01-02 }, until: 2027-01-01T10:00:00.001Z", false, "already the second in Kiritimati"),
        ("effective: { until: 2027-01-02 }, from: 2027-01-02T14:00:00Z", true, "begins when it is over"),
        ("effective: { until: 2027-01-02 }, from: 2027-01-02T13:59:59.999Z", false, "still the first in the west"),
    ])
    func scope(row: (lines: String, isFound: Bool, why: String)) {
        let products = "products: { term-life: { family: life }, parrot: { family: pets } }\n"
        let text = "policy: t\n\(products)rules:\n  - { id: r, because: b, kind: block, \(row.lines) }\n"
        #expect(Self.codes(text).contains("P061") == row.isFound, "\(row.why)")
    }

    @Test(arguments: [
        ("UK", ["P062"]), ("GB", []), ("US-XX", ["P062"]), ("US-NY", []), ("[GB, ZZ, UK]", ["P062", "P062"]),
    ])
    func places(row: (list: String, codes: [String])) {
        let text = "policy: t\nrules: [{ id: r, because: b, kind: block, scope: { jurisdictions: \(row.list) } }]\n"
        #expect(Self.codes(text) == row.codes)
    }

    static let hours: [(a: String, b: String, count: Int, why: String)] = [
        ("open: { daily: [\"08:00-12:00\"] }", "open: { daily: [\"12:00-18:00\"] }", 1, "half-open hours only touch"),
        ("open: { daily: [\"08:00-12:01\"] }", "open: { daily: [\"12:00-18:00\"] }", 0, "a minute a day"),
        (
            "open: { daily: [\"08:00-12:01\"] }, margin: PT1M", "open: { daily: [\"12:00-18:00\"] }", 1,
            "the margin takes it"
        ),
        ("open: { weekdays: [\"08:00-12:00\"] }", "open: { weekend: [\"08:00-12:00\"] }", 1, "other days"),
        ("open: { weekdays: [\"08:00-12:00\"] }", "open: { fri: [\"11:00-13:00\"] }", 0, "an hour on Friday"),
        (
            "open: { daily: [\"08:00-12:00\"] }, zone: UTC-06:00", "open: { daily: [\"12:00-18:00\"] }", 0,
            "on another clock"
        ),
        (
            "open: { daily: [\"08:00-12:00\"] }, zone: UTC-06:00",
            "open: { daily: [\"13:00-18:00\"] }, zone: UTC-06:00", 1,
            "on one clock"
        ),
        (
            "open: { daily: [\"08:00-12:00\"] }, mode: shadow", "open: { daily: [\"13:00-18:00\"] }", 0, "one in shadow"
        ),
        (
            "open: { daily: [\"08:00-12:00\"] }, scope: { channels: [sms] }",
            "open: { daily: [\"13:00-18:00\"] }, scope: { channels: [voice] }", 0, "for other contacts"
        ),
        (
            "open: { daily: [\"08:00-12:00\"] }, effective: { until: 2027-01-01 }",
            "open: { daily: [\"13:00-18:00\"] }, effective: { from: 2027-01-01 }", 0, "one after the other"
        ),
        (
            "open: { daily: [\"08:00-21:00\"] }, scope: { jurisdictions: [US] }", "open: { daily: [\"00:00-24:00\"] }",
            0, "US"
        ),
        (
            "open: { daily: [\"08:00-12:00\"] }, scope: { jurisdictions: [US] }", "open: { daily: [\"00:00-24:00\"] }",
            1,
            "five hours apart"
        ),
        (
            "open: { daily: [\"08:00-17:59\"] }, scope: { jurisdictions: [RU] }", "open: { daily: [\"00:00-24:00\"] }",
            1,
            "ten hours apart, a minute short"
        ),
        (
            "open: { daily: [\"08:00-18:01\"] }, scope: { jurisdictions: [RU] }", "open: { daily: [\"00:00-24:00\"] }",
            0,
            "a minute long"
        ),
        (
            "open: { daily: [\"00:00-12:00\", \"14:00-24:00\"] }, scope: { jurisdictions: [RU] }",
            "open: { weekdays: [\"08:00-20:00\"] }", 1, "the lunch of eleven zones, and the other rule's night"
        ),
    ]

    @Test(arguments: hours)
    func hoursMeet(row: (a: String, b: String, count: Int, why: String)) {
        let text = Self.pair(row.a, row.b, kind: "contact_hours")
        #expect(Self.codes(text).count { $0 == "P064" } == row.count, "\(row.why)")
    }

    @Test func rulesWithoutTests() {
        let text = """
            policy: house
            rules:
              - { id: one, because: b, kind: block, labels: [a] }
              - { id: two, because: b, kind: block, labels: [b] }
              - { id: three, because: b, kind: block, labels: [c] }
              - { id: four, because: b, kind: block, labels: [d], mode: off }

            """
        func untested(_ tests: [(String, String)]) -> [String] {
            let (_, findings) = loader().load(
                files: [PolicySource(name: "p/house.yaml", text: text)],
                tests: tests.map { PolicySource(name: $0.0, text: $0.1) })
            return findings.filter { $0.code.id == "P065" }.map { "\($0.line): \($0.message)" }
        }
        #expect(untested([]) == [])
        #expect(
            untested([("p/house.test.yaml", "tests: [{ expect: { rules: [one, house/two] } }]")])
                == ["5: no test names `house/three`"])
        // The test of another policy names its own rules.
        #expect(
            untested([("p/other.test.yaml", "tests: [{ expect: { rules: [one, house/two] } }]")])
                == ["3: no test names `house/one`", "5: no test names `house/three`"])
        #expect(
            untested([("p/other.test.yaml", "policies: [x.yaml, ../p/house.yaml]\ntests: [one, two, three]")]) == [])
        #expect(untested([("p/house.test.yaml", "\t- broken")]).count == 3)
    }

    @Test(arguments: [
        ("kind: cool_off, after: [busy], for: P1D, not_outcomes: [busy]", ["P052"], "never starts"),
        ("kind: cool_off, after: [busy], for: P1D, outcomes: [connected]", ["P052"], "never starts either"),
        ("kind: cool_off, after: [busy, complaint], for: P1D, not_outcomes: [busy]", [], "a complaint does"),
        ("kind: cool_off, after: [purchase], for: P1D, outcomes: [connected]", [], "an event is no contact"),
        (
            "kind: contact_hours, margin: PT30M, open: { daily: [\"09:00-09:30\", \"10:00-20:00\"] }", ["P056"],
            "one span"
        ),
        ("kind: contact_hours, margin: PT29M, open: { daily: [\"09:00-09:30\", \"10:00-20:00\"] }", [], "a minute"),
    ])
    func limitsNothing(row: (lines: String, codes: [String], why: String)) {
        let text = "policy: t\nrules:\n  - { id: r, because: b, \(row.lines) }\n"
        let (policies, findings) = load(text)
        #expect(policies != nil)
        #expect(findings.codes == row.codes, "\(row.why): \(findings.report)")
    }

    /// Saturday 4 July 2026 and Sunday 4 July 2027; Christmas of 2027 on a Saturday, with a Sunday after it.
    @Test(arguments: [
        ("", "[2026-07-04, 2027-07-04]", ["2026-07-04", "2027-07-04"]),
        (
            "nearest_weekday", "[2026-07-04, 2027-07-04, 2028-07-04]",
            ["2026-07-03", "2026-07-04", "2027-07-04", "2027-07-05", "2028-07-04"]
        ),
        ("nearest_weekday", "[2028-01-01]", ["2027-12-31", "2028-01-01"]),
        (
            "next_weekday", "[2027-12-25, 2027-12-26]",
            ["2027-12-25", "2027-12-26", "2027-12-27", "2027-12-28"]
        ),
        ("next_weekday", "[2027-12-25, 2027-12-27]", ["2027-12-25", "2027-12-27", "2027-12-28"]),
        (
            "next_weekday_after_sunday", "[2027-12-25, 2027-12-26, 2027-12-27]",
            ["2027-12-25", "2027-12-26", "2027-12-27", "2027-12-28"]
        ),
        ("next_weekday_after_sunday", "[2026-07-04]", ["2026-07-04"]),
    ])
    func observedDays(row: (rule: String, dates: String, expected: [String])) throws {
        let observed = row.rule.isEmpty ? "" : "observed: \(row.rule), "
        let (policies, findings) = load(
            """
            policy: t
            calendars: { c: { dates: \(row.dates), \(observed)valid_through: 2030-12-31 } }
            rules:
              - { id: r, because: b, kind: contact_hours, open: { daily: ["08:00-21:00"] }, holidays: c }
            """)
        let dates = try #require(policies?.calendars.first?.dates, "\(findings.report)")
        #expect(dates.map(\.description) == row.expected)
        #expect(
            load("policy: t\ncalendars: { c: { dates: [], observed: friday, valid_through: 2030-12-31 } }\n").policies
                == nil)
    }

    /// Many rules that might shadow each other do not make loading slow.
    @Test func manyRulesAlike() {
        var text = "policy: t\nrules:\n"
        for i in 0..<1_000 {
            text +=
                "  - { id: r\(i), because: b, kind: min_gap, gap: PT\(i + 1)H, scope: { purposes: [p\(i % 2)] }, cite: c\(i) }\n"
        }
        let started = ContinuousClock.now
        let (policies, _) = loader().load(files: [PolicySource(name: "t.yaml", text: text)])
        #expect(policies != nil)
        #expect(ContinuousClock.now - started < .seconds(10))
    }
}
