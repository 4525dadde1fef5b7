extension Situation {
    /// Closed during the person's own quiet times, by her wall clock in every zone she may be in.
    func quietState(of record: RecordView, at t: Timestamp) -> RuleState {
        guard isQuiet(record, at: t) else { return .open }
        var at = t
        var limit = t + Self.hoursHorizon
        while let next = nextQuietBoundary(record, after: at) {
            if next > limit {
                // All times of a week are quiet: only the end of one of them can make a difference.
                guard let end = nextEndOfQuiet(record, after: limit) else { break }
                at = end
                limit = end + Self.hoursHorizon
            } else {
                at = next
            }
            if !isQuiet(record, at: at) { return .closed(Closure(.quietTime, until: at)) }
        }
        return .closed(Closure(.quietTime, until: .distantFuture, basis: .act))
    }

    private func isQuiet(_ record: RecordView, at t: Timestamp) -> Bool {
        for fact in record.facts {
            guard case .quietTime(let spans, let until) = fact.body, fact.bindsFrom <= t, own.isTouched(by: fact.scope)
            else {
                continue
            }
            if let until, until <= t { continue }
            for zone in zones {
                let local = zone.local(at: t)
                let day = UInt8(1) << local.date.weekday.rawValue
                for span in spans
                where span.days & day != 0 && span.start <= local.millisecondOfDay && local.millisecondOfDay < span.end
                {
                    return true
                }
            }
        }
        return false
    }

    private func nextEndOfQuiet(_ record: RecordView, after t: Timestamp) -> Timestamp? {
        var next: Timestamp?
        for fact in record.facts {
            if case .quietTime(_, let until?) = fact.body, until > t { next = min(next ?? until, until) }
        }
        return next
    }

    /// The next instant after `t` at which a quiet time may begin or end: an edge of a span, a change of a clock, a date.
    func nextQuietBoundary(_ record: RecordView, after t: Timestamp) -> Timestamp? {
        var next = Timestamp.distantFuture
        for fact in record.facts {
            guard case .quietTime(let spans, let until) = fact.body, own.isTouched(by: fact.scope) else { continue }
            if let until, until > t { next = min(next, until) }
            if let until, until <= t { continue }
            for zone in zones {
                let segment = zone.segment(at: t)
                next = min(next, segment.end)
                let local = segment.local(at: t)
                let midnight = local.date.localMilliseconds
                next = min(next, segment.instant(ofLocalMilliseconds: midnight + 86_400_000))
                for span in spans {
                    for edge in [span.start, span.end] where edge > local.millisecondOfDay {
                        next = min(next, segment.instant(ofLocalMilliseconds: midnight + Int64(edge)))
                    }
                }
            }
        }
        return next == .distantFuture ? nil : next
    }
}
