import GovernorCore

/// What can be said of rules only when all of them are read: what they leave of each other, and of the places of the
/// world. Each check is silent where it cannot prove its finding.
struct MeaningChecks {
    let rules: [ReadRule]
    let context: LoadContext
    let clocks: ((Jurisdiction) -> [PlaceClock]?)?
    let tests: [PolicySource]

    func run() {
        checkPlaces()
        for rule in rules where rule.rule.mode != .off { checkScope(rule) }
        checkShadows()
        checkHours()
        checkTests()
    }
}

/// The clock of one zone of a place, in seconds east of UTC.
public struct PlaceClock: Hashable, Sendable {
    public var january: Int32
    public var july: Int32

    public init(january: Int32, july: Int32) {
        self.january = january
        self.july = july
    }
}
