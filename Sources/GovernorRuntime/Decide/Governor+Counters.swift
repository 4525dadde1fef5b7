import GovernorCore
import GovernorStore

/// What campaign guards count. Without any guard nothing here costs more than a look at a flag.
extension Governor {
    /// The counters that `touches` on the records at `positions` may count in and that were not asked for yet.
    ///
    /// As many as a transaction has room for; what a touch that is left out would have given back stays counted.
    func countersMissing(
        of touches: [Touch], in set: RecordSet, policies: PolicySet, names: NameTable = NameTable()
    ) -> [RecordKey] {
        if !policies.hasGuards { return [] }
        var missing: [RecordKey] = []
        for touch in touches {
            let request = request(of: touch, on: set.records, names)
            for key in policies.counters(for: request).map({ RecordKey.counter($0) })
            where !set.keys.contains(key) && !missing.contains(key)
                && set.keys.count + missing.count < RecordKey.countMax
            {
                missing.append(key)
            }
        }
        return missing
    }

    /// Takes a contact from `before` to `after` in every counter that it counts in and that was asked for.
    func count(
        _ before: Touch?, _ after: Touch?, on positions: [Int], in set: inout RecordSet, policies: PolicySet,
        names: NameTable, at now: Timestamp
    ) {
        guard policies.hasGuards, let touch = after ?? before else { return }
        let records = positions.map { set.records[$0] }
        let request = request(of: touch, on: records, names)
        for key in policies.counters(for: request, on: records, zones: zones, at: now)
        where set.keys.contains(.counter(key)) {
            for change in CounterChange.changes(from: before, to: after, in: key) {
                set.count(change, names: request.names, at: now)
            }
        }
    }

    private func request(of touch: Touch, on records: [PersonRecord], _ names: NameTable) -> ContactRequest {
        var request = ContactRequest(touch, on: records)
        request.names.adoptAll(from: names)
        return request
    }
}
