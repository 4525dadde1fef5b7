package import GovernorCore
package import GovernorRuntime

/// One test of policies: what happened when, what is asked when, and what is to come of it.
package struct Scenario: Sendable {
    /// The test's name, with its row's when it comes from a table.
    package var name: String
    package var place: Place
    /// The zone in which the author reads and writes instants; UTC when none is named.
    package var zone: ScenarioZone
    /// Ascending by instant; what was given at an instant comes before what is asked at it.
    package var acts: [Act]
}

/// A place in a test file, from 1.
package struct Place: Hashable, Sendable {
    package var file: String
    package var line: Int
    package var column: Int
}

/// A zone with the name that the author gave it.
package struct ScenarioZone: Sendable {
    package var name: String
    package var table: ZoneTable

    package static let utc = ScenarioZone(name: "UTC", table: ZoneTable(fixedOffsetSeconds: 0))
}

/// One thing that happens at an instant.
package struct Act: Sendable {
    package enum Body: Sendable {
        /// Somebody tells a fact; `callerText` is who.
        case fact(FactWork, callerText: String)
        case ask(ContactRequest, Expectation?)
        /// Acts on the reservation that an earlier question got.
        case confirm(of: String, Expectation?)
        case release(of: String)
        case outcome(of: String, OutcomeReport)
    }

    package var at: Timestamp
    package var place: Place
    /// The author's name for it, by which later acts may speak of its reservation.
    package var name: String?
    /// For the timeline: `touch: voice, marketing → no_answer`.
    package var summary: String
    package var body: Body
    /// The order in which simultaneous acts happen.
    var order: Int
}

/// What is reported about a reservation.
package struct OutcomeReport: Sendable {
    package var outcome: EventName
    package var at: Timestamp
    package var accounts: [Account]?
    package var isCorrection: Bool
    package var names: NameTable
}

/// What a question's answer must be; what is left out is not looked at.
package struct Expectation: Sendable {
    package var place: Place
    package var verdict: Verdict?
    /// Exactly these rules deny, in any order.
    package var rules: [String]?
    /// At least these rules deny.
    package var includes: [String] = []
    /// None of these rules denies.
    package var excludes: [String] = []
    /// Exactly these codes, in any order, each once.
    package var codes: [String]?
    package var next: Next?
    package var basis: String?
    /// Exactly these rules would deny if they were not in shadow.
    package var shadow: [String]?
    package var remaining: [(rule: String, left: Int)] = []
    /// Exactly these rules bring obligations.
    package var obligations: [String]?
    package var expiresAt: Timestamp?
    package var isIdentityConflict: Bool?
    package var reasons: [ExpectedReason] = []

    /// `next_allowed_at`: an instant, or `null` for none.
    package enum Next: Hashable, Sendable {
        case none
        case at(Timestamp)
    }

    package init(place: Place) { self.place = place }
}

/// One reason that must be among the answer's; what is left out is not looked at.
package struct ExpectedReason: Sendable {
    package var place: Place
    package var rule: String?
    package var code: String?
    package var count: Int?
    package var limit: Int?
    package var until: Timestamp?
    package var message: String?
}
