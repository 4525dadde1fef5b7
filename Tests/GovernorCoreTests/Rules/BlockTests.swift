import GovernorCore
import Testing

@Suite struct BlockTests {
    @Test func edges() throws {
        let base = Scenario(.block(BlockRule()))
        let from = try base.time("2026-03-02T10:00")
        let until = try base.time("2026-03-02T18:00")
        func block(_ from: Timestamp?, _ until: Timestamp?) -> Scenario {
            Scenario(.block(BlockRule(from: from, until: until)))
        }
        try block(from, until).check(
            ("2026-03-02T10:00 -1ms", .allow, "before"),
            ("2026-03-02T10:00", .until("2026-03-02T18:00"), "from its start"),
            ("2026-03-02T18:00 -1ms", .until("2026-03-02T18:00"), "to its end"), ("2026-03-02T18:00", .allow, "over"))
        try block(from, nil).check(("2026-03-02T09:00", .allow, "before"), ("2030-01-01T00:00", .act, "without an end"))
        try block(nil, until).check(
            ("2020-01-01T00:00", .until("2026-03-02T18:00"), "without a start"), ("2026-03-02T18:00", .allow, "over"))
        try block(nil, nil).check(("2026-03-02T10:00", .act, "never here"))
    }

    @Test func aReservationEndsWhenItBegins() throws {
        var scenario = Scenario(.block(BlockRule()))
        scenario.rules[0].body = .block(BlockRule(from: try scenario.time("2026-03-02T10:00")))
        scenario.request.holdFor = .minutes(10)
        for (at, expires) in [("2026-03-02T09:49", "2026-03-02T09:59"), ("2026-03-02T09:55", "2026-03-02T10:00")] {
            #expect(try scenario.evaluation(at: scenario.time(at)).touch?.expiresAt == scenario.time(expires))
        }
    }

    @Test func labelsOfTheEndpoint() throws {
        let rows: [(mine: [String], hasEndpoint: Bool, Bool, String)] = [
            (["workplace"], true, true, "a number at work"), (["home"], true, false, "another label"),
            ([], true, false, "no label"), (["home", "workplace"], true, true, "one of its labels"),
            (["workplace"], false, true, "a request that names no number may mean it"),
        ]
        for (mine, hasEndpoint, isDenied, why) in rows {
            var scenario = Scenario(.block(BlockRule(labels: ["workplace"])))
            if !hasEndpoint { scenario.request.endpoint = nil }
            var other = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
            var known = KnownIdentifier(hash: Scenario.phone, kind: .phone, addedAt: .distantPast)
            known.labels = mine.map { Name($0) }
            var elsewhere = KnownIdentifier(hash: Scenario.otherPhone, kind: .phone, addedAt: .distantPast)
            elsewhere.labels = hasEndpoint ? ["workplace"] : []
            other.identifiers = [known, elsewhere]
            scenario.others = [other]
            try scenario.check(("2026-03-02T10:00", isDenied ? .act : .allow, why))
        }
    }

    @Test func jurisdictions() throws {
        let rows: [(rule: String, candidates: [String], Bool, String)] = [
            ("US-FL", ["US-FL"], true, "there"), ("US-FL", ["US-NY"], false, "elsewhere"),
            ("US", ["US-NY"], true, "a country covers its regions"), ("US-FL", ["US"], true, "the region is unknown"),
            ("US-FL", ["US-NY", "US-FL"], true, "any candidate"), ("US-FL", ["CA-FL"], false, "another country"),
            ("US-FL", [], true, "not knowing takes no rule away"),
        ]
        for (rule, candidates, isDenied, why) in rows {
            var scenario = Scenario(.block(BlockRule()))
            scenario.rules[0].scope.jurisdictions = [try #require(Jurisdiction(rule))]
            scenario.request.whereabouts.addressJurisdictions = candidates.compactMap { Jurisdiction($0) }
            try scenario.check(("2026-03-02T10:00", isDenied ? .act : .allow, why))
        }
    }
}
