/// The rules of one policy set laid out for evaluation: what is read for every request stands in plain memory, so that
/// judging a rule copies nothing and touches no reference count.
///
/// `@unchecked Sendable`: filled before `init` returns, never written again, freed in `deinit`.
final class RuleTable: @unchecked Sendable {
    /// A rule's body by address; lives as long as the table.
    enum Body {
        case frequencyCap(UnsafePointer<FrequencyCap>, Counting)
        case minGap(UnsafePointer<MinGap>, Counting)
        case coolOff(UnsafePointer<CoolOff>, Counting, after: NameSketch)
        case contactHours(UnsafePointer<ContactHours>)
        case quietTimes
        case optOut(UnsafePointer<OptOutRule>)
        case consent(UnsafePointer<ConsentRule>)
        case holding(UnsafePointer<HoldingRule>)
        case registry(UnsafePointer<RegistryRule>)
        case block(UnsafePointer<BlockRule>)
        case campaignGuard(UnsafePointer<CampaignGuard>)
    }

    struct Entry {
        var rule: UnsafePointer<Rule>
        var body: Body
        var mode: RuleMode
        var effective: EffectiveDates?
        /// `nil` when nothing lifts the rule.
        var unless: UnsafePointer<[Exemption]>?
        var hasPlaces: Bool
        var hasObligations: Bool
        /// Counts touches and nothing else: once open, only a touch stamped ahead can close it.
        var isSteady: Bool
        /// Stands in where no rule of the policies' own speaks of opt-outs.
        var isFallback: Bool
    }

    /// Dimensions of a request or a touch.
    struct Dimensions: OptionSet {
        let rawValue: UInt16
        static let channels = Dimensions(rawValue: 1)
        static let purposes = Dimensions(rawValue: 2)
        static let campaigns = Dimensions(rawValue: 4)
        static let products = Dimensions(rawValue: 8)
        static let brands = Dimensions(rawValue: 16)
        static let subjects = Dimensions(rawValue: 32)
        static let agencies = Dimensions(rawValue: 64)
        static let accounts = Dimensions(rawValue: 128)
        static let methods = Dimensions(rawValue: 256)
        static let endpoint = Dimensions(rawValue: 512)
        static let roles = Dimensions(rawValue: 1024)
    }

    /// Which dimensions of a touch a rule looks at at all.
    struct Counting {
        var filter: UnsafePointer<TouchFilter>
        var keys: CountKeys
        /// What the filter restricts.
        var names: Dimensions
        /// What must be the request's own, accounts apart.
        var keyed: Dimensions
        var outcomes: Bool
        /// Touches made under a consent stay uncounted.
        var exempts: Bool
        var isKeyed: Bool { !keyed.isEmpty || keys.perAccount || keys.perFamily }

        fileprivate init(_ filter: TouchFilter, _ keys: CountKeys, _ unless: [Exemption], in table: inout [() -> Void])
        {
            self.filter = boxed(filter, &table)
            self.keys = keys
            var dimensions = Dimensions()
            if !filter.channels.isAny { dimensions.insert(.channels) }
            if !filter.purposes.isAny { dimensions.insert(.purposes) }
            if !filter.campaigns.isAny { dimensions.insert(.campaigns) }
            if !filter.products.isAny { dimensions.insert(.products) }
            if !filter.brands.isAny { dimensions.insert(.brands) }
            if !filter.subjects.isAny { dimensions.insert(.subjects) }
            if !filter.agencies.isAny { dimensions.insert(.agencies) }
            if !filter.accounts.isAny { dimensions.insert(.accounts) }
            if !filter.methods.isEmpty { dimensions.insert(.methods) }
            if !filter.roles.isAny { dimensions.insert(.roles) }
            names = dimensions
            outcomes = !filter.outcomes.isAny || !filter.notOutcomes.isAny
            var keyed = Dimensions()
            if keys.unit == .endpoint { keyed.insert(.endpoint) }
            if keys.perSubject { keyed.insert(.subjects) }
            if keys.perCampaign { keyed.insert(.campaigns) }
            if keys.perBrand { keyed.insert(.brands) }
            if keys.perProduct { keyed.insert(.products) }
            if keys.perAgency { keyed.insert(.agencies) }
            self.keyed = keyed
            exempts = unless.contains { if case .consent = $0 { true } else { false } }
        }
    }

    let entries: UnsafePointer<Entry>
    let count: Int
    /// Some rule is a campaign guard: without any, nobody looks for counters.
    let hasGuards: Bool
    private var frees: [() -> Void] = []

    init(_ rules: [Rule]) {
        count = rules.count
        hasGuards = rules.contains { if case .campaignGuard = $0.body { $0.mode != .off } else { false } }
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: max(1, rules.count))
        var frees: [() -> Void] = []
        for (i, rule) in rules.enumerated() {
            let body: Body =
                switch rule.body {
                case .frequencyCap(let cap):
                    .frequencyCap(boxed(cap, &frees), Counting(cap.count, cap.per, rule.unless, in: &frees))
                case .minGap(let gap):
                    .minGap(boxed(gap, &frees), Counting(gap.count, gap.per, rule.unless, in: &frees))
                case .coolOff(let coolOff):
                    .coolOff(
                        boxed(coolOff, &frees), Counting(coolOff.count, coolOff.per, rule.unless, in: &frees),
                        after: NameSketch(of: coolOff.after))
                case .contactHours(let hours): .contactHours(boxed(hours, &frees))
                case .quietTimes: .quietTimes
                case .optOut(let optOut): .optOut(boxed(optOut, &frees))
                case .consent(let consent): .consent(boxed(consent, &frees))
                case .holding(let holding): .holding(boxed(holding, &frees))
                case .registry(let registry): .registry(boxed(registry, &frees))
                case .block(let block): .block(boxed(block, &frees))
                case .campaignGuard(let campaignGuard): .campaignGuard(boxed(campaignGuard, &frees))
                }
            let isSteady =
                switch body {
                case .frequencyCap, .minGap: rule.effective == nil && rule.unless.isEmpty
                default: false
                }
            (entries + i).initialize(
                to: Entry(
                    rule: boxed(rule, &frees), body: body, mode: rule.mode, effective: rule.effective,
                    unless: rule.unless.isEmpty ? nil : boxed(rule.unless, &frees),
                    hasPlaces: !rule.scope.jurisdictions.isEmpty, hasObligations: !rule.obligations.isEmpty,
                    isSteady: isSteady, isFallback: rule.id == PolicySet.fallbackOptOut))
        }
        frees.append { entries.deallocate() }
        self.entries = UnsafePointer(entries)
        self.frees = frees
    }

    deinit { for free in frees { free() } }

    @inline(__always) subscript(position: UInt16) -> UnsafePointer<Entry> { entries + Int(position) }
}

/// A set of names in one word: tells that two sets have nothing in common, or that they may.
struct NameSketch {
    private(set) var bits: UInt64 = 0

    init() {}

    init<Kind>(of set: NameSet<Kind>) {
        for name in set.names { insert(name) }
        // An empty set means any.
        if set.isAny { bits = .max }
    }

    @inline(__always) mutating func insert<Kind>(_ name: Name<Kind>) { bits |= 1 << (name.bits & 63) }
    @inline(__always) func mayMeet(_ other: NameSketch) -> Bool { bits & other.bits != 0 }
}

/// Puts a value in memory of its own until `frees` are called.
private func boxed<Value>(_ value: Value, _ frees: inout [() -> Void]) -> UnsafePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    frees.append {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
    return UnsafePointer(pointer)
}
