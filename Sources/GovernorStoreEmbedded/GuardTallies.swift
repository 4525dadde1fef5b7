import GovernorCore
import GovernorStore

/// The counters of campaign guards: all in memory, written to the file of people together with the people.
struct GuardTallies {
    /// One on its way to the file.
    struct Captured {
        var record: CounterRecord
        /// The newest change that it shows.
        var sequence: UInt64
    }

    /// Counters, at most: one for each guard and each campaign or agency.
    static let countMax = 100_000

    private var records: [CounterKey: CounterRecord] = [:]
    /// Changed since they were last captured, each with its newest change.
    private var dirty: [CounterKey: UInt64] = [:]

    init() {}

    subscript(key: CounterKey) -> CounterRecord? { records[key] }
    var count: Int { records.count }

    func isFull(for key: CounterKey) -> Bool { records.count >= Self.countMax && records[key] == nil }

    mutating func add(_ record: CounterRecord) { records[record.key] = record }

    /// Makes the set's changes and gives the buckets as they stand after them.
    mutating func apply(_ set: inout RecordSet) -> [CounterState] {
        if set.counterChanges.isEmpty { return [] }
        set.dropCounters()
        return set.counterChanges.map { change in
            records[change.key, default: CounterRecord(key: change.key)]
                .apply(change, names: set.counterNames, at: set.changedAt)
        }
    }

    /// The journal refused: what was added is subtracted again.
    mutating func takeBack(_ changes: [CounterChange], at now: Timestamp) {
        for change in changes {
            records[change.key]?.apply(
                CounterChange(
                    key: change.key, at: change.at, attempts: -change.attempts, outcome: change.outcomeBefore,
                    outcomeBefore: change.outcome), names: NameTable(), at: now)
        }
    }

    mutating func changed(_ states: [CounterState], sequence: UInt64) {
        for state in states { dirty[state.key] = sequence }
    }

    mutating func replay(_ state: CounterState, at now: Timestamp, sequence: UInt64) {
        records[state.key, default: CounterRecord(key: state.key)].apply(state, at: now)
        dirty[state.key] = sequence
    }

    /// Takes everything that was changed, in place of what `batch` holds of it.
    mutating func capture(into batch: inout [CounterKey: Captured]) {
        for (key, sequence) in dirty {
            if let record = records[key] { batch[key] = Captured(record: record, sequence: sequence) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// What was captured could not be written.
    mutating func notWritten(_ batch: [CounterKey: Captured]) {
        for (key, captured) in batch { dirty[key] = max(dirty[key] ?? 0, captured.sequence) }
    }
}
