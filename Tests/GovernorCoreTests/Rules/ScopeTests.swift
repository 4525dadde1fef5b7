import GovernorCore
import Testing

@Suite struct ScopeTests {
    @Test func dimensions() throws {
        typealias Change<T> = (inout T) -> Void
        let rows: [(String, Change<RuleScope>, Change<ContactRequest>, Bool)] = [
            ("no restriction", { _ in }, { _ in }, true),
            ("channel", { $0.channels = ["voice"] }, { $0.channel = "voice" }, true),
            ("another channel", { $0.channels = ["voice"] }, { $0.channel = "sms" }, false),
            ("its second channel", { $0.channels = ["voice", "sms"] }, { $0.channel = "sms" }, true),
            ("another purpose", { $0.purposes = ["service"] }, { _ in }, false),
            ("brand", { $0.brands = ["a"] }, { $0.brand = "a" }, true),
            ("another brand", { $0.brands = ["a"] }, { $0.brand = "b" }, false),
            ("no brand", { $0.brands = ["a"] }, { _ in }, true),
            ("two brands, none asked", { $0.brands = ["a", "b"] }, { _ in }, true),
            ("another product", { $0.products = ["term"] }, { $0.product = "dental" }, false),
            ("family", { $0.families = ["life"] }, { $0.product = "term" }, true),
            ("another family", { $0.families = ["life"] }, { $0.product = "dental" }, false),
            ("a product of no family", { $0.families = ["life"] }, { $0.product = "pet" }, true),
            ("another campaign", { $0.campaigns = ["a"] }, { $0.campaign = "b" }, false),
            ("no campaign", { $0.campaigns = ["a"] }, { _ in }, true),
            ("another subject", { $0.subjects = ["a"] }, { $0.subject = "b" }, false),
            ("another agency", { $0.agencies = ["a"] }, { $0.agency = "b" }, false),
            ("another method", { $0.methods = [.automated] }, { $0.method = .live }, false),
            ("no method is the strictest", { $0.methods = [.automated] }, { _ in }, true),
            ("a business", { $0.party = .consumer }, { $0.party = .business }, false),
            ("a party not known", { $0.party = .consumer }, { _ in }, true),
            ("another line", { $0.lineTypes = [.mobile] }, { $0.lineType = .voip }, false),
            ("another role", { $0.roles = ["consumer"] }, { $0.role = "attorney" }, false),
            ("a role not known", { $0.roles = ["consumer"] }, { _ in }, true),
            ("a line not known", { $0.lineTypes = [.mobile] }, { _ in }, true),
            ("a line that may be either", { $0.lineTypes = [.mobile] }, { $0.lineType = .fixedOrMobile }, true),
            (
                "two dimensions, one outside",
                {
                    $0.channels = ["voice"]
                    $0.brands = ["a"]
                }, { $0.brand = "b" }, false
            ),
            (
                "two dimensions, both inside",
                {
                    $0.campaigns = ["q4"]
                    $0.brands = ["a"]
                },
                {
                    $0.campaign = "q4"
                    $0.brand = "a"
                }, true
            ),
        ]
        for (why, narrow, change, applies) in rows {
            var scenario = Scenario(.block(BlockRule()))
            scenario.families = ["term": "life", "dental": "health"]
            narrow(&scenario.rules[0].scope)
            change(&scenario.request)
            try scenario.check(("2026-03-02T10:00", applies ? .act : .allow, why))
        }
    }

    @Test func eachRuleIsFoundOnce() throws {
        var scenario = Scenario(.block(BlockRule()), .block(BlockRule()), .block(BlockRule()))
        scenario.rules[0].scope.campaigns = ["a", "b"]
        scenario.rules[1].scope.brands = ["x", "y"]
        scenario.rules[2].scope.channels = ["voice", "sms"]
        #expect(try scenario.decide("2026-03-02T10:00").reasons.map(\.rule) == [0, 1, 2])
    }

    @Test func modes() throws {
        var scenario = Scenario(.block(BlockRule()), .frequencyCap(FrequencyCap(limit: 0, window: .elapsed(.hours(1)))))
        scenario.rules[0].mode = .shadow
        scenario.rules[1].mode = .shadow
        scenario.rules[0].obligations = ["say so"]
        let decision = try scenario.decide("2026-03-02T10:00")
        #expect(decision.isAllowed, "shadow rules decide nothing")
        #expect(decision.shadow.map(\.code) == [.blocked, .capReached])
        #expect(decision.obligations.isEmpty)
        #expect(decision.remaining.isEmpty)
        scenario.rules[0].mode = .off
        #expect(try scenario.decide("2026-03-02T10:00").shadow.map(\.code) == [.capReached])
    }

    @Test func knownNumbersPlaceThePerson() throws {
        var scenario = Scenario(.block(BlockRule()))
        scenario.rules[0].scope.jurisdictions = [try #require(Jurisdiction("US-FL"))]
        scenario.request.whereabouts.addressJurisdictions = [try #require(Jurisdiction("US-NY"))]
        try scenario.check(("2026-03-02T10:00", .allow, "New York"))
        var elsewhere = KnownIdentifier(hash: Scenario.otherPhone, kind: .phone, addedAt: .distantPast)
        elsewhere.jurisdictions = [try #require(Jurisdiction("US-FL"))]
        var other = PersonRecord(id: PersonID(high: 0, low: 2), createdAt: .distantPast)
        other.identifiers = [elsewhere]
        scenario.others = [other]
        try scenario.check(("2026-03-02T10:00", .act, "a number of hers is in Florida"))
        scenario.request.whereabouts.statedZones = [ZoneKey(name: "America/New_York")]
        try scenario.check(("2026-03-02T10:00", .act, "stated zones do not replace jurisdictions"))
    }
}
