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

    /// Built-in rules are added unless the set has its own: an `opt_out` rule, and the person's quiet times.
    public init(
        rules: [Rule], calendars: [HolidayCalendar] = [], families: [Product: Family] = [:],
        declaredEvents: [String] = [], onStoreFailure: [Purpose: FailurePolicy] = [:], revision: String = "",
        names: NameTable = NameTable()
    ) {
        var all = rules.filter { $0.mode != .off }
        if !all.contains(where: { if case .optOut = $0.body { $0.mode == .enforce } else { false } }) {
            all.append(Rule(id: "builtin/opt-out", file: "builtin", line: 1, body: .optOut(OptOutRule())))
        }
        all.append(
            Rule(id: "builtin/quiet-times", file: "builtin", line: 2, unless: [.appointment], body: .quietTimes))
        self.rules = all
        self.calendars = calendars
        self.families = families
        self.declaredEvents = declaredEvents
        self.onStoreFailure = onStoreFailure
        self.revision = revision
        self.names = names
        index = RuleIndex(all)
        history = HistoryKept(all)
        hasCaps = all.contains { if case .frequencyCap = $0.body { true } else { false } }
    }
}

public enum FailurePolicy: UInt8, Hashable, Sendable {
    case deny = 0
    case allow = 1
}
