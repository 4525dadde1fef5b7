import Foundation
import GovernorCore
import GovernorPolicy
import GovernorRuntime
import GovernorTesting
import GovernorWorkbench
import Testing

/// Two versions of policies: what is written differently, and a question that is answered differently.
@Suite struct PolicyDiffTests {
    /// One change, and what it does to some question: `deny` what was allowed, `allow` what was denied, or only `told`.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var old: String
        var new: String
        var finds: Set<DecisionDifference.Kind>
        /// Part of what is said of the change; empty for any.
        var says = ""

        var testDescription: String { name }
    }

    private static func row(
        _ name: String, _ old: String, _ new: String, _ finds: Set<DecisionDifference.Kind>, _ says: String = ""
    ) -> Row {
        Row(name: name, old: old, new: new, finds: finds, says: says)
    }

    private static let cap = "- { id: r, kind: frequency_cap, limit: 2, window: PT24H }"
    private static let hours = #"- { id: r, kind: contact_hours, open: { daily: ["08:00-21:00"] } }"#
    private static let coolOff = "- { id: r, kind: cool_off, after: [refused], for: P30D }"
    private static let consent = "- { id: r, kind: consent, require: [written], valid_for: P18M }"
    private static let holding = "- { id: r, kind: holding, holds: same_product, status: [active], and_for: P90D }"
    private static let registry = "- { id: r, kind: registry, registry: us-dnc, max_age: P31D }"
    private static let optOut = "- { id: r, kind: opt_out, except: [transactional] }"
    private static let block = "- { id: r, kind: block, from: 2027-01-01T00:00:00Z, until: 2027-02-01T00:00:00Z }"

    private static func edit(_ text: String, _ a: String, _ b: String) -> String { text.replacing(a, with: b) }

    static let rows: [Row] = [
        row("the same", cap, cap, []),
        row("limit up", cap, edit(cap, "limit: 2", "limit: 3"), [.toAllow], "limit: 2 → 3"),
        row("limit down", cap, edit(cap, "limit: 2", "limit: 1"), [.toDeny]),
        row("limit zero", cap, edit(cap, "limit: 2", "limit: 0"), [.toDeny]),
        row("longer window", cap, edit(cap, "PT24H", "PT25H"), [.toDeny], "in any 24 hours → in any 25 hours"),
        row("shorter window", cap, edit(cap, "PT24H", "PT23H"), [.toAllow]),
        row("24 hours or the date", cap, edit(cap, "PT24H", "{ local_days: 1 }"), [.toAllow]),
        row(
            "dates or the week", edit(cap, "PT24H", "{ local_days: 7 }"), edit(cap, "PT24H", "{ calendar: week }"),
            [.toAllow]),
        row(
            "the week's first day", edit(cap, "PT24H", "{ calendar: week }"),
            edit(cap, "PT24H", "{ calendar: week, starts: sunday }"), [.toAllow]),
        row("a month in steps", edit(cap, "PT24H", "P30D"), edit(cap, "PT24H", "{ steps: P1M }"), [.toDeny]),
        row("counts other channels", cap, edit(cap, "limit", "count: { channels: [voice] }, limit"), [.toAllow]),
        row("counts less outcomes", cap, edit(cap, "limit", "not_outcomes: [busy], limit"), [.toAllow]),
        row("counts some outcomes", cap, edit(cap, "limit", "outcomes: [conversation], limit"), [.toAllow]),
        row("per endpoint", cap, edit(cap, "limit", "per: [endpoint], limit"), [.toAllow], "per: person → endpoint"),
        row("per campaign", cap, edit(cap, "limit", "per: [person, campaign], limit"), [.toAllow]),
        row("per account", cap, edit(cap, "limit", "per: [person, account], limit"), [.toAllow]),
        row("per agency", cap, edit(cap, "limit", "per: [person, agency], limit"), [.toAllow]),
        row("unreported", cap, edit(cap, "limit", "unreported: release, limit"), [.toAllow]),
        row("kept slots", cap, edit(cap, "limit", "keep: { campaigns: [renewals], slots: 1 }, limit"), [.toDeny]),
        row(
            "kept for another campaign", edit(cap, "limit", "keep: { campaigns: [renewals], slots: 1 }, limit"),
            edit(cap, "limit", "keep: { campaigns: [claims], slots: 1 }, limit"), [.toAllow]),
        row(
            "scope of a channel", cap, edit(cap, "limit", "scope: { channels: [voice] }, count: all, limit"), [.toAllow]
        ),
        row(
            "another channel", edit(cap, "limit", "scope: { channels: [voice] }, limit"),
            edit(cap, "limit", "scope: { channels: [voice, sms] }, limit"), [.toDeny], "scope.channels: + sms"),
        row(
            "another purpose", edit(cap, "limit", "scope: { purposes: [marketing] }, limit"),
            edit(cap, "limit", "scope: { purposes: [survey] }, limit"), [.toAllow]),
        row(
            "another place", edit(cap, "limit", "scope: { jurisdictions: [US-FL] }, limit"),
            edit(cap, "limit", "scope: { jurisdictions: [US-GA] }, limit"), [.toAllow], "scope.jurisdictions"),
        row(
            "a country or a region", edit(cap, "limit", "scope: { jurisdictions: [US] }, limit"),
            edit(cap, "limit", "scope: { jurisdictions: [US-GA] }, limit"), [.toAllow]),
        row("for consumers", cap, edit(cap, "limit", "scope: { party: consumer }, limit"), [.toAllow]),
        row("for methods", cap, edit(cap, "limit", "scope: { methods: [automated] }, count: all, limit"), [.toAllow]),
        row("for line types", cap, edit(cap, "limit", "scope: { line_types: [mobile] }, limit"), [.toAllow]),
        row("for campaigns", cap, edit(cap, "limit", "scope: { campaigns: [q4] }, count: all, limit"), [.toAllow]),
        row("for roles", cap, edit(cap, "limit", "scope: { roles: [attorney] }, count: all, limit"), [.toAllow]),
        row("into shadow", cap, edit(cap, "limit", "mode: shadow, limit"), [.toAllow], "mode: enforce → shadow"),
        row("out of shadow", edit(cap, "limit", "mode: shadow, limit"), cap, [.toDeny]),
        row("switched off", cap, edit(cap, "limit", "mode: off, limit"), [.toAllow], "is gone, or off"),
        row("from a date", cap, edit(cap, "limit", "effective: { from: 2027-03-01 }, limit"), [.toAllow]),
        row(
            "another date", edit(cap, "limit", "effective: { from: 2027-03-01 }, limit"),
            edit(cap, "limit", "effective: { from: 2027-04-01 }, limit"), [.toAllow]),
        row(
            "until a later date", edit(cap, "limit", "effective: { until: 2027-03-01 }, limit"),
            edit(cap, "limit", "effective: { until: 2027-03-02 }, limit"), [.toDeny]),
        row("an exemption", cap, edit(cap, "limit", "unless: [appointment], limit"), [.toAllow], "unless"),
        row(
            "an event lifts", cap, edit(cap, "limit", "unless: [{ event: inquiry, within: PT72H }], limit"), [.toAllow]),
        row("a consent lifts", cap, edit(cap, "limit", "unless: [{ consent: again }], limit"), [.toAllow]),
        row("a purpose is excepted", cap, edit(cap, "limit", "unless: [transactional], limit"), [.toAllow]),
        row("an obligation", cap, edit(cap, "limit", "obligations: [Say who calls.], limit"), [.told], "obligations"),
        row("another sentence", cap, edit(cap, "limit", "because: No., limit"), [], "because"),
        row("added", "", cap, [.toDeny], "is new"),
        row("removed", cap, "", [.toAllow], "is gone"),
        row("another kind", cap, "- { id: r, kind: min_gap, gap: PT24H }", [.toDeny], "kind"),
        row(
            "gap", "- { id: r, kind: min_gap, gap: PT4H }", "- { id: r, kind: min_gap, gap: PT3H }", [.toAllow],
            "4 hours → 3 hours"),
        row(
            "gap in dates", "- { id: r, kind: min_gap, gap: { local_days: 1 } }",
            "- { id: r, kind: min_gap, gap: { local_days: 1, first_day: counted } }", [.toAllow]),
        row("opens later", hours, edit(hours, "08:00", "09:00"), [.toDeny], "08:00–21:00 → every day 09:00–21:00"),
        row("closes later", hours, edit(hours, "21:00", "22:00"), [.toAllow]),
        row("closed on Sunday", hours, edit(hours, "daily", "sun: [], daily"), [.toDeny]),
        row("a margin", hours, edit(hours, "open", "margin: PT5M, open"), [.toDeny]),
        row("a closed date", hours, edit(hours, "open", "closed: [2027-12-24], open"), [.toDeny], "closed"),
        row("a fixed zone", hours, edit(hours, "open", "zone: Asia/Tokyo, open"), [.toDeny, .toAllow], "zone"),
        row("cool-off", coolOff, edit(coolOff, "P30D", "P29D"), [.toAllow]),
        row("cool-off for good", coolOff, edit(coolOff, "P30D", "forever"), [.toDeny]),
        row("cool-off in dates", coolOff, edit(coolOff, "P30D", "{ local_days: 30 }"), [.toDeny]),
        row("after another event", coolOff, edit(coolOff, "[refused]", "[refused, complaint]"), [.toDeny]),
        row("after one event less", edit(coolOff, "[refused]", "[refused, complaint]"), coolOff, [.toAllow]),
        row("cool-off per product", coolOff, edit(coolOff, "for", "per: [person, product], for"), [.toAllow]),
        row("consent is valid longer", consent, edit(consent, "P18M", "P24M"), [.toAllow]),
        row("consent of another name", consent, edit(consent, "[written]", "[written, express]"), [.toAllow]),
        row("consent to the endpoint", consent, edit(consent, "valid_for", "bound_to: endpoint, valid_for"), [.toDeny]),
        row("evidence", consent, edit(consent, "valid_for", "evidence: required, valid_for"), [.toDeny]),
        row("consent void", consent, edit(consent, "valid_for", "void_on: [reassigned], valid_for"), [.toDeny]),
        row(
            "a relationship", consent, edit(consent, "valid_for", "or: [{ event: purchase, within: P18M }], valid_for"),
            [.toAllow]),
        row("holding lingers", holding, edit(holding, "P90D", "P60D"), [.toAllow]),
        row("any holding", holding, edit(holding, "same_product", "any"), [.toDeny]),
        row("another status", holding, edit(holding, "[active]", "[active, quote]"), [.toDeny]),
        row("only at first", holding, edit(holding, "and_for: P90D", "for_first: P30D"), [.toAllow]),
        row(
            "renewal", edit(holding, ", and_for: P90D", ""), edit(holding, "and_for: P90D", "renewal_window: P45D"),
            [.toAllow]),
        row("a list grows stale sooner", registry, edit(registry, "P31D", "P15D"), [.toDeny]),
        row("another list", registry, edit(registry, "us-dnc", "uk-tps"), [.toDeny, .toAllow]),
        row("a listing binds later", registry, edit(registry, "max_age", "after_listing: P28D, max_age"), [.toAllow]),
        row(
            "a consent overrides", registry, edit(registry, "max_age", "overridden_by: [express], max_age"), [.toAllow]),
        row(
            "given before", edit(registry, "max_age", "overridden_by: [express], max_age"),
            edit(registry, "max_age", "overridden_by: [{ consent: express, given: before }], max_age"), [.toDeny]),
        row("opt-out ends", optOut, edit(optOut, "except", "for: P5Y, except"), [.toAllow]),
        row("opt-out reaches further", optOut, edit(optOut, "except", "reach: person, except"), [.toDeny]),
        row(
            "opt-out excepts less", optOut, edit(optOut, "[transactional]", "[stop_confirmation]"), [.toDeny, .toAllow]),
        row(
            "a reply to a no", optOut, edit(optOut, "[transactional]", "[transactional, reply_to_inbound]"), [.toAllow]),
        row("no rule on a no", optOut, "", [.toDeny]),
        row("a block moves", block, edit(block, "2027-02-01", "2027-03-01"), [.toDeny]),
        row("a block of labels", block, edit(block, "from", "labels: [workplace], from"), [.toAllow]),
        row(
            "a holiday more",
            "  - { id: r, kind: contact_hours, open: { daily: [\"08:00-21:00\"] }, holidays: c }\ncalendars: { c: { dates: [2027-05-05], valid_through: 2030-12-31 } }",
            "  - { id: r, kind: contact_hours, open: { daily: [\"08:00-21:00\"] }, holidays: c }\ncalendars: { c: { dates: [2027-05-05, 2027-06-07], valid_through: 2030-12-31 } }",
            [.toDeny], "+ 2027-06-07"),
        row(
            "another family",
            "  - { id: r, kind: holding, holds: same_family, status: [active] }\nproducts: { p: { family: x }, q: { family: x } }",
            "  - { id: r, kind: holding, holds: same_family, status: [active] }\nproducts: { p: { family: x }, q: { family: y } }",
            [.toAllow], "product `q`: family x → y"),
    ]

    static func policies(_ rules: String) throws -> PolicySet {
        let body = rules.isEmpty ? "rules: []" : "rules:\n  " + rules.trimmingCharacters(in: .whitespaces)
        var loader = PolicyService.loader(zones: try World.zones, at: Timestamp(milliseconds: 0))
        loader.today = nil
        let (policies, findings) = loader.load(
            files: [PolicySource(name: "house.yaml", text: "policy: house\n\(body)\n")])
        return try #require(policies, "\(findings.report)")
    }

    static let start = Timestamp(milliseconds: 1_795_010_400_000)

    @Test(arguments: rows)
    func everyKindOfChangeHasAnExample(row: Row) throws {
        let diff = PolicyDiff(
            from: try Self.policies(row.old), to: try Self.policies(row.new), zones: try World.zones, start: Self.start)
        let kinds = Set(diff.differences.map(\.kind))
        #expect(row.finds.isSubset(of: kinds), "\(diff.text)")
        if row.finds.isEmpty { #expect(kinds.isEmpty, "\(diff.text)") }
        #expect(row.says.isEmpty || diff.text.contains(row.says), "\(diff.text)")
        #expect(diff.isSame == (row.old == row.new))
        #expect((try JSONSerialization.jsonObject(with: Data(diff.json.utf8))) is [String: Any])
        for difference in diff.differences {
            #expect(difference.old != difference.new)
            #expect((difference.kind == .told) == (difference.old.verdict == difference.new.verdict))
            // Nothing is left that the difference does not need: the largest limit here is 3.
            #expect(difference.history.count <= 4, "\(diff.text)")
        }
    }

    /// The same texts under other names, and every pack beside itself, show nothing.
    @Test func equalVersionsShowNothing() throws {
        for (_, text) in try Self.repositoryPolicies() {
            let diff = PolicyDiff(
                from: try Self.load([text], named: "a.yaml"),
                to: try Self.load(["# moved\n\n" + text], named: "b.yaml"),
                zones: try World.zones, start: Self.start)
            #expect(diff.isSame && diff.text == "No rule differs.\n", "\(diff.text)")
        }
    }

    /// Sentences are told and decide nothing, however the search looks.
    @Test func theSearchFindsNothingWhereNothingDiffers() throws {
        let text = try #require(try Self.repositoryPolicies().first { $0.name == "house.yaml" }).text
        let diff = PolicyDiff(
            from: try Self.load([text]),
            to: try Self.load([text.replacing("kind: min_gap", with: "cite: us\n    kind: min_gap")]),
            zones: try World.zones, start: Self.start)
        #expect(diff.differences.isEmpty && diff.casesTried == 0 && !diff.isSame)
        #expect(diff.wordsOnly == ["house/a-breath"])
        // A change that no question can show: the second of two rules that demand the same.
        let twice =
            "- { id: r, kind: frequency_cap, limit: 2, window: PT24H }\n  - { id: s, kind: frequency_cap, limit: 2, window: PT24H, mode: shadow }"
        let hidden = PolicyDiff(
            from: try Self.policies(twice.replacing(", mode: shadow", with: "")),
            to: try Self.policies(
                twice.replacing(", mode: shadow", with: ", unless: [{ consent: never-given, within: PT0.001S }]")),
            zones: try World.zones, start: Self.start, casesPerRuleMax: 2_000)
        #expect(hidden.differences.allSatisfy { $0.kind == .told }, "\(hidden.text)")
    }

    /// Of several changes each has an example of its own, with the rule itself among the reasons.
    @Test func everyChangeHasAnExampleOfItsOwn() throws {
        let text = try #require(try Self.repositoryPolicies().first { $0.name == "house.yaml" }).text
        let changed = text.replacing("limit: 1\n", with: "limit: 2\n").replacing("PT4H", with: "PT5H")
            .replacing("21:00", with: "20:30")
        let diff = PolicyDiff(
            from: try Self.load([text]), to: try Self.load([changed]), zones: try World.zones, start: Self.start)
        let kinds = Dictionary(grouping: diff.differences, by: \.rule).mapValues { $0.map(\.kind) }
        #expect(
            kinds == [
                "house/one-call-a-day": [.toAllow], "house/a-breath": [.toDeny], "house/calling-hours": [.toDeny],
            ], "\(diff.text)")
        for difference in diff.differences {
            let denying = difference.old.verdict == .deny ? difference.old : difference.new
            #expect(denying.reasons.contains { $0.hasPrefix(difference.rule + " (") }, "\(diff.text)")
        }
    }

    static func repositoryPolicies() throws -> [(name: String, text: String)] {
        var policies: [(String, String)] = []
        for folder in ["policies", "policies/packs"] {
            let url = World.repository.appending(path: folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
            where PolicySource.isPolicy(fileName: file) {
                policies.append((file, try String(contentsOf: url.appending(path: file), encoding: .utf8)))
            }
        }
        return policies
    }

    static func load(_ texts: [String], named name: String = "p.yaml") throws -> PolicySet {
        try #require(try loaded(texts, named: name))
    }

    private static func loaded(_ texts: [String], named name: String = "p.yaml") throws -> PolicySet? {
        var loader = PolicyService.loader(zones: try World.zones, at: Timestamp(milliseconds: 0))
        loader.today = nil
        return loader.load(
            files: texts.enumerated().map { PolicySource(name: "\($0.offset)-\(name)", text: $0.element) }
        ).0
    }

    /// Small edits of the repository's policies, as a compliance editor makes them: each one is told, and most show in an
    /// example.
    @Test func mutationsOfThePacks() throws {
        var generator = SeededGenerator.announced("PolicyDiffTests.mutationsOfThePacks")
        let files = try Self.repositoryPolicies()
        var tried = 0
        var shown = 0
        var silent: [String] = []
        while tried < 5 {
            let (name, text) = generator.pick(files)
            guard let (edited, what) = Self.mutated(text, &generator), let new = try Self.loaded([edited]) else {
                continue
            }
            let diff = PolicyDiff(
                from: try Self.load([text]), to: new, zones: try World.zones, start: Self.start, casesPerRuleMax: 6_000)
            tried += 1
            #expect(!diff.changes.isEmpty, "\(name): \(what)")
            if diff.differences.isEmpty { silent.append("\(name): \(what)") } else { shown += 1 }
        }
        print("\(shown) of \(tried) edits have an example; none for: \(silent)")
        #expect(shown * 5 >= tried * 4, "\(silent)")
    }

    /// One number, hour or word of a text changed; `nil` when the choice meets nothing.
    private static func mutated(_ text: String, _ generator: inout SeededGenerator) -> (String, String)? {
        let edits: [(Regex<Substring>, (String) -> String)] = [
            (/limit: [1-9]/, { "limit: " + String((Int($0.dropFirst(7)) ?? 0) + 1) }),
            (/"08:00/, { _ in "\"10:00" }), (/"09:00/, { _ in "\"09:30" }),
            (/20:00"/, { _ in "19:00\"" }), (/21:00"/, { _ in "20:30\"" }),
            (/window: PT24H/, { _ in "window: PT36H" }), (/local_days: 7/, { _ in "local_days: 10" }),
            (/for: P30D/, { _ in "for: P31D" }), (/for: forever/, { _ in "for: P5Y" }),
            (/gap: PT4H/, { _ in "gap: PT5H" }), (/and_for: P90D/, { _ in "and_for: P60D" }),
            (/valid_for: P1Y/, { _ in "valid_for: P6M" }), (/max_age: P31D/, { _ in "max_age: P20D" }),
        ]
        let (pattern, change) = generator.pick(edits)
        let found = text.ranges(of: pattern).filter { range in
            // Not in what is only told.
            let line = text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
            return !["#", "because:", "cite:", "note:", "description:"].contains { line.contains($0) }
        }
        guard !found.isEmpty else { return nil }
        let range = generator.pick(found)
        var edited = text
        edited.replaceSubrange(range, with: change(String(text[range])))
        let line = text[..<range.lowerBound].count { $0 == "\n" } + 1
        return (edited, "line \(line): \(text[range]) → \(change(String(text[range])))")
    }
}
