import GovernorCore

/// How long records live that hold nothing durable.
///
/// A fact, an opt-out above all, never expires, nor does what links identifiers. A person of whom only touches are known
/// leaves once they are too old for any rule; a record without even those leaves after the time that idempotency keys
/// are kept.
struct Retention: Hashable, Sendable {
    /// After the newest thing on a record that holds touches only; `nil`: never.
    var touchesKept: Milliseconds?

    /// When the record may leave that is written at `now`; `nil`: never. Not before idempotency keys may, however far
    /// back its own instants lie.
    func expiry(of value: StoredValue, writtenAt now: Timestamp) -> Timestamp? {
        expiry(of: value).map { max($0, now + PersonRecord.idempotencyKept) }
    }

    /// When the record may leave by its own instants; `nil`: never.
    func expiry(of value: StoredValue) -> Timestamp? {
        if let counter = value.counter {
            // Longer than any window, so that a campaign that rests keeps the day it began.
            guard value.pending.isEmpty, let last = counter.buckets.last else { return nil }
            return last.end + PersonRecord.historyKept
        }
        guard let record = value.record, value.forward == nil, value.pending.isEmpty, value.away.isEmpty,
            record.facts.isEmpty, record.identifiers.count <= 1, record.erasedAt == nil
        else { return nil }
        if let known = record.identifiers.first,
            known.isShared || known.isHousehold || !known.labels.isEmpty || known.kind == .key
        {
            return nil
        }
        if record.touches.isEmpty && record.historyFrom == .distantPast {
            return record.lastDecisionAt + PersonRecord.idempotencyKept
        }
        guard let touchesKept else { return nil }
        var newest = max(record.lastDecisionAt, record.historyFrom)
        for touch in record.touches {
            newest = max(newest, touch.at)
            if touch.expiresAt != .distantFuture { newest = max(newest, touch.expiresAt) }
            if !touch.outcome.isNone { newest = max(newest, touch.outcomeAt) }
        }
        // Instants out of any calendar's reach are not given to Redis.
        guard newest > Timestamp(milliseconds: 0), newest < Timestamp(milliseconds: 1 << 50) else { return nil }
        return newest + touchesKept
    }

    func forwarderExpiry(of value: StoredValue) -> Timestamp? { expiry(of: value).map(Self.forwarderExpiry(for:)) }

    /// When the forwarder of a person's id may leave, whose record leaves at `expiry`: later, and in steps, so that it
    /// is written again only now and then.
    static func forwarderExpiry(for expiry: Timestamp) -> Timestamp {
        let step: Int64 = 90 * 86_400_000
        return Timestamp(milliseconds: (expiry.milliseconds / step + 2) * step)
    }
}
