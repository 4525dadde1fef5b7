import GovernorCore
import Testing

@Suite struct JurisdictionTests {
    @Test(arguments: [
        ("US", "US"), ("us", "US"), ("US-NY", "US-NY"), ("us-ny", "US-NY"), ("FR-971", "FR-971"), ("GB-ENG", "GB-ENG"),
        ("AT-9", "AT-9"),
    ])
    func reads(text: String, expected: String) throws {
        let place = try #require(Jurisdiction(text))
        #expect(place.description == expected)
        #expect(Jurisdiction(bits: place.bits) == place)
    }

    @Test(arguments: ["", "U", "USA", "US-", "US-ABCD", "US_NY", "U1", "US-N Y", "US-é", "-NY", "US--"])
    func refuses(text: String) { #expect(Jurisdiction(text) == nil) }

    @Test(arguments: [
        ("US", "US", true), ("US", "US-NY", true), ("US-NY", "US-NY", true), ("US-NY", "US", true),
        ("US-NY", "US-NJ", false),
        ("US", "CA", false), ("US-NY", "CA-NY", false), ("CA", "US-NY", false), ("US", "", true), ("US-NY", "", true),
    ])
    func covers(rule: String, candidate: String, expected: Bool) throws {
        let candidate = Jurisdiction(candidate) ?? .unknown
        #expect(try #require(Jurisdiction(rule)).covers(candidate: candidate) == expected)
    }

    @Test(arguments: [
        (LineType.unknown, LineType.mobile, true), (.fixedOrMobile, .mobile, true), (.fixedOrMobile, .fixed, true),
        (.mobile, .fixed, false), (.tollFree, .mobile, false), (.mobile, .mobile, true), (.voip, .fixedOrMobile, false),
    ])
    func lineTypes(line: LineType, rule: LineType, expected: Bool) { #expect(line.mayBe(rule) == expected) }

    @Test func lineTypesHaveNames() {
        for type in LineType.allCases { #expect(LineType(name: type.name) == type) }
        #expect(LineType(name: "satellite") == nil)
    }
}
