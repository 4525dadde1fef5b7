public import GovernorCore
public import GovernorStore

/// What one campaign guard has counted for one campaign or agency.
public struct GuardReport: Sendable {
    /// The guard's position in the policies' `rules`.
    public var rule: Int
    public var guardRule: CampaignGuard
    /// Of the campaign or agency.
    public var name: String
    public var counter: CounterRecord
    public var standing: GuardStanding
}

extension Governor {
    /// What every campaign guard has counted for the named campaigns and agencies, as far as anything was; by the policies
    /// in force now.
    ///
    /// Cost: a transaction for each `RecordKey.countMax` counters asked for.
    public func guardReports(
        campaigns: [String], agencies: [String]
    ) async -> Result<(policies: PolicySet, reports: [GuardReport]), StoreError> {
        let policies = self.policies.current
        let now = clock.now()
        var asked: [(rule: Int, body: CampaignGuard, key: CounterKey)] = []
        for (position, rule) in policies.rules.enumerated() {
            guard case .campaignGuard(let body) = rule.body else { continue }
            for name in body.per == .campaign ? campaigns : agencies {
                asked.append((position, body, CounterKey(rule: rule.id, unit: body.per, name: name)))
            }
        }
        var reports: [GuardReport] = []
        var rest = asked[...]
        while !rest.isEmpty {
            let part = rest.prefix(RecordKey.countMax)
            rest = rest.dropFirst(RecordKey.countMax)
            let found: Result<[CounterRecord], StoreError> = await settled { completion in
                store.transact(part.map { .counter($0.key) }) { set -> Step<[CounterRecord]> in
                    .done(set.counters)
                } completion: { result in
                    completion(result.map(\.result))
                }
            }
            switch found {
            case .failure(let error): return .failure(error)
            case .success(let counters):
                for item in part {
                    guard let counter = counters.first(where: { $0.key == item.key }) else { continue }
                    reports.append(
                        GuardReport(
                            rule: item.rule, guardRule: item.body, name: item.key.name, counter: counter,
                            standing: item.body.standing(of: counter, zones, at: now)))
                }
            }
        }
        return .success((policies, reports))
    }
}
