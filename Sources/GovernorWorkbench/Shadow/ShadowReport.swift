package import GovernorCore
import GovernorLedger
package import GovernorRuntime

/// What rules in shadow would have done over a period, from a ledger: the numbers for switching them on.
package struct ShadowReport: Sendable {
    /// How often a rule would have denied.
    package struct Count: Hashable, Sendable {
        package var denials = 0
        /// Of contacts that were allowed: what the switch changes.
        package var switched = 0

        mutating func add(isAllowed: Bool) {
            denials += 1
            if isAllowed { switched += 1 }
        }
    }

    /// A contact that was allowed and would not have been.
    package struct Example: Sendable {
        package var sequence: UInt64
        package var at: Timestamp
        package var request: ContactRequest
        package var reason: RecordedReason
        /// It was denied anyway.
        package var wasDenied: Bool
    }

    package struct RuleCounts: Sendable {
        package var total = Count()
        package var byChannel: [String: Count] = [:]
        package var byCampaign: [String: Count] = [:]
        package var byAgency: [String: Count] = [:]
        package var byDay: [String: Count] = [:]
        package var byCode: [String: Count] = [:]
        package var examples: [Example] = []
        package var first: Timestamp
        package var last: Timestamp
    }

    static let examplesMax = 5
    /// Names of one dimension that are counted one by one; the rest together.
    static let namesMax = 10_000
    static let others = "(others)"

    package private(set) var rules: [String: RuleCounts] = [:]
    /// Decisions that the ledger keeps one by one, in the period.
    package private(set) var decisions = 0
    package private(set) var allowed = 0
    /// Allowed now, and denied by at least one rule in shadow.
    package private(set) var switched = 0
    package private(set) var erased = 0
    /// Checks that the ledger only sums up were made, so that shadow findings of some are not on record.
    package private(set) var hasSummaries = false
    package let since: Timestamp?
    package let until: Timestamp?

    /// Reads the ledger of a data folder, also while a server writes it, and writes nothing.
    ///
    /// - Parameters:
    ///   - since: decisions from this instant on; `nil`: from the first.
    ///   - until: decisions before this instant; `nil`: to the newest.
    ///   - first: the number of the first record that is read.
    ///   - progress: called every few thousand records with their number so far.
    /// - Throws: `LedgerError`, or `DecodeError` for a record that is not what it should be.
    package init(
        dataDirectory: String, since: Timestamp? = nil, until: Timestamp? = nil, first: UInt64 = 1,
        progress: (UInt64) -> Void = { _ in }
    ) throws {
        self.since = since
        self.until = until
        var count: UInt64 = 0
        try LedgerReader(dataDirectory: dataDirectory).replay(from: first) { record in
            count += 1
            if count % 8_192 == 0 { progress(count) }
            if let since, record.at < since { return }
            if let until, record.at >= until { return }
            if record.kind == .summary { hasSummaries = true }
            guard record.kind == .decision else { return }
            if record.isErased {
                erased += 1
                return
            }
            let body = try JournalBody(decoding: record.body)
            guard !body.entry.isEmpty else { return }
            let decision = try body.entry.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
                try DecisionRecord(decoding: UnsafeRawBufferPointer(buffer))
            }
            add(decision, sequence: record.sequence)
        }
        progress(count)
    }

    private mutating func add(_ decision: DecisionRecord, sequence: UInt64) {
        decisions += 1
        let isAllowed = decision.verdict == .allow
        if isAllowed { allowed += 1 }
        if decision.shadow.isEmpty { return }
        if isAllowed { switched += 1 }
        let names = decision.request.names
        let at = decision.evaluatedAt
        let day = LocalDateTime(localMilliseconds: at.milliseconds).date.description
        for reason in decision.shadow {
            var counts = rules.removeValue(forKey: reason.rule) ?? RuleCounts(first: at, last: at)
            counts.first = min(counts.first, at)
            counts.last = max(counts.last, at)
            counts.total.add(isAllowed: isAllowed)
            func add(_ path: WritableKeyPath<RuleCounts, [String: Count]>, _ name: String?) {
                let name = name ?? "(none)"
                let isNew = counts[keyPath: path][name] == nil
                let key = isNew && counts[keyPath: path].count >= Self.namesMax ? Self.others : name
                counts[keyPath: path][key, default: Count()].add(isAllowed: isAllowed)
            }
            add(\.byChannel, names.text(decision.request.channel))
            add(\.byCampaign, names.text(decision.request.campaign))
            add(\.byAgency, names.text(decision.request.agency))
            add(\.byDay, day)
            add(\.byCode, reason.code.name)
            let example = Example(
                sequence: sequence, at: at, request: decision.request, reason: reason, wasDenied: !isAllowed)
            if counts.examples.count < Self.examplesMax {
                counts.examples.append(example)
            } else if isAllowed, let denied = counts.examples.firstIndex(where: \.wasDenied) {
                // What the switch would change says more.
                counts.examples[denied] = example
            }
            rules[reason.rule] = counts
        }
    }
}
