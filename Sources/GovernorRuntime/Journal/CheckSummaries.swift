import GovernorCore
import GovernorStore
import Synchronization

/// Decisions that are recorded as sums: how many per verdict, first reason, channel and purpose since the last flush.
final class CheckSummaries: Sendable {
    struct Key: Hashable {
        var verdict: Verdict
        var code: ReasonCode?
        var channel: Channel
        var purpose: Purpose
        var agency: Agency
    }

    private struct State {
        var counts: [Key: UInt64] = [:]
        var names = NameTable()
        /// What did not fit: past `kindsMax` kinds of check only the total is kept.
        var others: UInt64 = 0
        var last: (Key, UInt64)?
        /// Sums that the ledger refused, oldest first.
        var unsent: [[UInt8]] = []
    }

    /// Refused sums that are kept for the next flush, at most; with one flush every few seconds, some minutes.
    static let unsentMax = 64

    static let kindsMax = 4_096
    private let state = Mutex(State())

    func count(_ decision: Decision, _ request: ContactRequest) {
        let key = Key(
            verdict: decision.verdict, code: decision.reasons.first?.code, channel: request.channel,
            purpose: request.purpose, agency: request.agency)
        state.withLock { state in
            // Checks come in runs of one kind.
            if state.last?.0 == key {
                state.last!.1 += 1
                return
            }
            if let last = state.last { state.counts[last.0, default: 0] += last.1 }
            state.last = nil
            if state.counts[key] == nil {
                if state.counts.count >= Self.kindsMax {
                    state.others += 1
                    return
                }
                state.names.adopt(key.channel, from: request.names)
                state.names.adopt(key.purpose, from: request.names)
                state.names.adopt(key.agency, from: request.names)
                state.counts[key] = 0
            }
            state.last = (key, 1)
        }
    }

    /// Keeps sums that could not be written for the next flush; the oldest go when there are too many.
    func putBack(_ body: [UInt8]) {
        state.withLock { state in
            if state.unsent.count >= Self.unsentMax { state.unsent.removeFirst() }
            state.unsent.append(body)
        }
    }

    /// Takes sums that were put back, one a call, then what was counted since the last call; `nil` when there is nothing.
    func take() -> [UInt8]? {
        state.withLock { state -> [UInt8]? in
            if !state.unsent.isEmpty { return state.unsent.removeFirst() }
            if let last = state.last { state.counts[last.0, default: 0] += last.1 }
            if state.counts.isEmpty && state.others == 0 { return nil }
            var out = ByteWriter(capacity: 64 * state.counts.count)
            out.byte(journalBodyVersion)
            out.varint(state.others)
            out.varint(state.counts.count)
            for (key, count) in state.counts {
                out.byte(key.verdict.rawValue)
                out.byte(key.code?.rawValue ?? 0)
                out.name(key.channel, state.names)
                out.name(key.purpose, state.names)
                out.name(key.agency, state.names)
                out.varint(count)
            }
            state.counts = [:]
            state.names = NameTable()
            state.others = 0
            state.last = nil
            return out.bytes
        }
    }
}

extension Governor {
    /// Writes what was summed up to the ledger; called every few seconds and when the server stops.
    public func flushSummaries() {
        _ = metrics.traffic.fold(at: clock.now())
        guard let body = summaries.take() else { return }
        let now = clock.now()
        store.transact([]) { set -> Step<Bool> in
            set.record(JournalEntry(kind: .summary, at: now, body: body, isAdvisory: true))
            return .done(true)
        } completion: { [self] result in
            switch result {
            case .success: flushSummaries()
            case .failure: summaries.putBack(body)
            }
        }
    }
}
