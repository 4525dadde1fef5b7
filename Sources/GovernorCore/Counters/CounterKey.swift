/// Names a counter: one for each campaign guard and each campaign or agency that it counts for.
///
/// It holds names in clear text, of rules, campaigns and agencies; never anything of a person.
public struct CounterKey: Hashable, Comparable, Sendable {
    /// Whose contacts are counted together.
    public enum Unit: UInt8, Hashable, Sendable {
        case campaign = 1
        case agency = 2
    }

    /// The id of the guard.
    public var rule: String
    public var unit: Unit
    /// Empty: those that name no campaign, or no agency, together.
    public var name: String

    public init(rule: String, unit: Unit, name: String) {
        self.rule = rule
        self.unit = unit
        self.name = name
    }

    public static func < (a: CounterKey, b: CounterKey) -> Bool {
        (a.rule, a.unit.rawValue, a.name) < (b.rule, b.unit.rawValue, b.name)
    }
}

/// One contact more or less in a counter, or another outcome of one that was counted.
public struct CounterChange: Hashable, Sendable {
    public var key: CounterKey
    /// The instant from which the contact counts.
    public var at: Timestamp
    /// 1, 0 or -1.
    public var attempts: Int32
    /// The outcome that it had before, and has now; `.none`: not known.
    public var outcome: EventName
    public var outcomeBefore: EventName

    public init(
        key: CounterKey, at: Timestamp, attempts: Int32 = 0, outcome: EventName = .none,
        outcomeBefore: EventName = .none
    ) {
        self.key = key
        self.at = at
        self.attempts = attempts
        self.outcome = outcome
        self.outcomeBefore = outcomeBefore
    }

    /// What takes a contact from `before` to `after` in a counter; either `nil`: it was not, or is no longer, counted.
    public static func changes(from before: Touch?, to after: Touch?, in key: CounterKey) -> [CounterChange] {
        let before = before.flatMap { $0.isCountable ? $0 : nil }
        let after = after.flatMap { $0.isCountable ? $0 : nil }
        if let before, let after, before.at == after.at {
            if before.outcome == after.outcome { return [] }
            return [CounterChange(key: key, at: after.at, outcome: after.outcome, outcomeBefore: before.outcome)]
        }
        var changes: [CounterChange] = []
        if let before {
            changes.append(CounterChange(key: key, at: before.at, attempts: -1, outcomeBefore: before.outcome))
        }
        if let after { changes.append(CounterChange(key: key, at: after.at, attempts: 1, outcome: after.outcome)) }
        return changes
    }
}
