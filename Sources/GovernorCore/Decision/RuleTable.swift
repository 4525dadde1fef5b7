/// The rules of one policy set laid out for evaluation: what is read for every request stands in plain memory, so that
/// judging a rule copies nothing and touches no reference count.
///
/// `@unchecked Sendable`: filled before `init` returns, never written again, freed in `deinit`.
final class RuleTable: @unchecked Sendable {
    /// A rule's body by address; lives as long as the table.
    enum Body {
        case frequencyCap(UnsafePointer<FrequencyCap>, Counting)
        case minGap(UnsafePointer<MinGap>, Counting)
        case coolOff(UnsafePointer<CoolOff>, Counting)
        case contactHours(UnsafePointer<ContactHours>)
        case quietTimes
        case optOut(UnsafePointer<OptOutRule>)
        case consent(UnsafePointer<ConsentRule>)
        case holding(UnsafePointer<HoldingRule>)
        case block(BlockRule)
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
    }

    /// Which dimensions of a touch a rule looks at at all.
    struct Counting {
        var filter: UnsafePointer<TouchFilter>
        var keys: CountKeys
        var names: Bool
        var outcomes: Bool
        var isKeyed: Bool
        /// Touches made under a consent stay uncounted.
        var exempts: Bool

        fileprivate init(_ filter: TouchFilter, _ keys: CountKeys, _ unless: [Exemption], in table: inout [() -> Void]) {
            self.filter = boxed(filter, &table)
            self.keys = keys
            names =
                !(filter.channels.isAny && filter.purposes.isAny && filter.campaigns.isAny && filter.products.isAny
                && filter.brands.isAny && filter.subjects.isAny && filter.agencies.isAny && filter.accounts.isAny
                && filter.methods.isEmpty)
            outcomes = !filter.outcomes.isAny || !filter.notOutcomes.isAny
            isKeyed =
                keys.unit == .endpoint || keys.perAccount || keys.perSubject || keys.perCampaign || keys.perBrand
                || keys.perProduct || keys.perAgency
            exempts = unless.contains { if case .consent = $0 { true } else { false } }
        }
    }

    let entries: UnsafePointer<Entry>
    let count: Int
    private var frees: [() -> Void] = []

    init(_ rules: [Rule]) {
        count = rules.count
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
                    .coolOff(boxed(coolOff, &frees), Counting(coolOff.count, coolOff.per, rule.unless, in: &frees))
                case .contactHours(let hours): .contactHours(boxed(hours, &frees))
                case .quietTimes: .quietTimes
                case .optOut(let optOut): .optOut(boxed(optOut, &frees))
                case .consent(let consent): .consent(boxed(consent, &frees))
                case .holding(let holding): .holding(boxed(holding, &frees))
                case .block(let block): .block(block)
                }
            (entries + i).initialize(
                to: Entry(
                    rule: boxed(rule, &frees), body: body, mode: rule.mode, effective: rule.effective,
                    unless: rule.unless.isEmpty ? nil : boxed(rule.unless, &frees),
                    hasPlaces: !rule.scope.jurisdictions.isEmpty, hasObligations: !rule.obligations.isEmpty))
        }
        frees.append { entries.deallocate() }
        self.entries = UnsafePointer(entries)
        self.frees = frees
    }

    deinit { for free in frees { free() } }

    @inline(__always) subscript(position: UInt16) -> UnsafePointer<Entry> { entries + Int(position) }
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
