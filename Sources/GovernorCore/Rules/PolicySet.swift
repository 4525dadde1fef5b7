/// Every rule in force, compiled and immutable; a reload swaps the whole.
///
/// An object, so that handing it on copies nothing.
public final class PolicySet: Sendable {
    /// In the order of their files and lines; the built-in ones last.
    public let rules: [Rule]
    public let calendars: [HolidayCalendar]
    /// The family of each product that a policy declares.
    public let families: [Product: Family]
    /// Names of outcomes and events that policies declare, besides the built-in ones.
    public let declaredEvents: [String]
    /// What to do per purpose when the store cannot answer; absent: deny.
    public let onStoreFailure: [Purpose: FailurePolicy]
    /// The content hash of the texts, hexadecimal.
    public let revision: String
    /// The texts of the names in rules.
    public let names: NameTable
    /// What of a record's touches these rules need.
    public let history: HistoryKept
    /// Whether any rule is a cap, so that one may be found passed.
    let hasCaps: Bool
    let index: RuleIndex
    /// The outside lists that rules name: what a runtime needs to have loaded.
    public let registries: Set<RegistryName>

    /// How long records of each kind are kept, at least; a kind that is not named is kept for good.
    public let retention: [RecordKind: ISODuration]

    /// The built-in opt-out rule, which applies to contacts that no `opt_out` rule of the set's own is about.
    package static let fallbackOptOut = "builtin/opt-out"

    /// Two built-in rules are added: the person's quiet times, and what a no means where the set does not say it.
    public init(
        rules: [Rule], calendars: [HolidayCalendar] = [], families: [Product: Family] = [:],
        declaredEvents: [String] = [], onStoreFailure: [Purpose: FailurePolicy] = [:],
        retention: [RecordKind: ISODuration] = [:], revision: String = "", names: NameTable = NameTable()
    ) {
        var all = rules.filter { $0.mode != .off }
        if !all.contains(where: \.saysWhatANoMeans) {
            all.append(Rule(id: Self.fallbackOptOut, file: "builtin", line: 1, body: .optOut(OptOutRule())))
        }
        all.append(
            Rule(id: "builtin/quiet-times", file: "builtin", line: 2, unless: [.appointment], body: .quietTimes))
        self.rules = all
        self.calendars = calendars
        self.families = families
        self.declaredEvents = declaredEvents
        self.onStoreFailure = onStoreFailure
        self.retention = retention
        self.revision = revision
        self.names = names
        index = RuleIndex(all)
        history = HistoryKept(all)
        registries = Set(all.compactMap { if case .registry(let rule) = $0.body { rule.registry } else { nil } })
        hasCaps = all.contains { if case .frequencyCap = $0.body { true } else { false } }
    }
}

extension Rule {
    /// An opt-out rule about every contact at all times, beside which the built-in one has nothing to say.
    fileprivate var saysWhatANoMeans: Bool {
        guard case .optOut = body else { return false }
        return mode == .enforce && scope == RuleScope() && effective == nil
    }
}

/// What a record is about, where policies say how long it is kept.
public enum RecordKind: UInt8, Hashable, Sendable, CaseIterable {
    case decisions = 1
    case touches = 2
    case optOuts = 3
    case consents = 4
    case holdings = 5
    case events = 6

    /// The word of policies.
    public var name: String {
        switch self {
        case .decisions: "decisions"
        case .touches: "touches"
        case .optOuts: "opt_outs"
        case .consents: "consents"
        case .holdings: "holdings"
        case .events: "events"
        }
    }
}

public enum FailurePolicy: UInt8, Hashable, Sendable {
    case deny = 0
    case allow = 1
}
