import GovernorCore
import GovernorLedger

/// Where people's no comes from, and how long it took from the word to the record.
struct OptOutReport: Sendable {
    struct Source: Sendable {
        var count = 0
        /// Milliseconds from the event's own time to the record's; at most `delaysMax`.
        var delays: [Int64] = []

        /// The one in the middle; `nil` of none.
        var median: Milliseconds? {
            delays.isEmpty ? nil : Milliseconds(delays.sorted()[delays.count / 2])
        }
        var worst: Milliseconds? { delays.max().map { Milliseconds($0) } }
    }

    static let delaysMax = 20_000
    static let sourcesMax = 200

    let since: Timestamp
    let zone: ZoneTable
    private(set) var bySource: [String: Source] = [:]
    private(set) var byDay: [LocalDate: Int] = [:]
    private(set) var total = Source()
    /// Opt-outs of one channel, brand or other part alone.
    private(set) var limited = 0
    private var seen: Set<FactID> = []

    init(since: Timestamp, zone: ZoneTable) {
        self.since = since
        self.zone = zone
    }

    mutating func add(_ record: LedgerRecord) {
        guard record.at >= since, !record.isErased, record.kind == .fact || record.kind == .reservationChange,
            let body = try? JournalBody(decoding: record.body)
        else { return }
        for change in body.changes.flatMap(\.changes) {
            guard case .fact(let fact) = change, case .optOut = fact.body, seen.insert(fact.id).inserted else {
                continue
            }
            let delay = max(0, (fact.receivedAt - fact.at).count)
            let name = body.names.text(fact.source) ?? ""
            let key = bySource[name] == nil && bySource.count >= Self.sourcesMax ? "" : name
            Self.add(delay, to: &bySource[key, default: Source()])
            Self.add(delay, to: &total)
            byDay[zone.date(at: fact.receivedAt), default: 0] += 1
            if !fact.scope.isUnlimited { limited += 1 }
        }
    }

    private static func add(_ delay: Int64, to source: inout Source) {
        source.count += 1
        if source.delays.count < delaysMax { source.delays.append(delay) }
    }
}
