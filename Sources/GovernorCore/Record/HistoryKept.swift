/// What of a record's touches its policies need: all of a span, and for good those with certain outcomes.
///
/// A cap or a gap that reaches back beyond the span denies once touches have left (`history.incomplete`); a cool-off, a
/// consent or an exemption that remembers an outcome for longer has its touches spared instead, for they are few.
public struct HistoryKept: Hashable, Sendable {
    /// Touches with one of these outcomes stay however old they are; without repetition.
    public let outcomes: [EventName]

    /// Touches made in `[now - span, now]` stay.
    private var span: Milliseconds { PersonRecord.historyKept }
    /// Between one pruning of a record and the next, so that not every change brings one along.
    private static let slack = Milliseconds.days(30)

    init(_ rules: [Rule]) {
        var outcomes: [EventName] = []
        func keep(_ names: [EventName], for reach: Milliseconds) {
            guard reach > PersonRecord.historyKept else { return }
            for name in names where !outcomes.contains(name) { outcomes.append(name) }
        }
        func keep(_ consent: ConsentTerms) {
            keep(consent.voidOn.names, for: consent.validFor?.lengthMax ?? .max)
        }
        func keep(_ relationships: [Relationship]) {
            for case .event(let name, let within) in relationships { keep([name], for: within.lengthMax) }
        }
        for rule in rules {
            for exemption in rule.unless {
                switch exemption {
                case .consent(_, let within, let endsOn): keep(endsOn, for: within?.lengthMax ?? .max)
                case .event(let name, let within): keep([name], for: within.lengthMax)
                case .holding, .appointment, .replyToInbound, .stopConfirmation, .purpose: break
                }
            }
            switch rule.body {
            case .coolOff(let coolOff): keep(coolOff.after.names, for: coolOff.wait.lengthMax)
            case .consent(let consent):
                keep(consent.require)
                keep(consent.or)
            case .registry(let registry):
                for override in registry.overriddenBy { keep(override.consent) }
                keep(registry.or)
            case .frequencyCap, .minGap, .contactHours, .quietTimes, .optOut, .holding, .campaignGuard, .block: break
            }
        }
        self.outcomes = outcomes
    }

    /// What a record may forget at `now`: `nil` while there is too little to bother, or nothing.
    public func forgettable(_ record: PersonRecord, at now: Timestamp) -> Change? {
        let slack = record.touches.count >= PersonRecord.touchesMax ? Milliseconds(0) : Self.slack
        let limit = now - span - slack
        for i in record.touches.indices {
            if record.touches[i].at >= limit { return nil }
            if !spares(record.touches[i].outcome) { return .forgetTouches(before: now - span, sparing: outcomes) }
        }
        return nil
    }

    /// The instant at which a record with these touches, ascending by `at`, takes a further one again; `distantFuture`
    /// when only an act makes room, `nil` when it takes one at `now`.
    func fullUntil(_ touches: UnsafeBufferPointer<Touch>, at now: Timestamp) -> Timestamp? {
        if touches.count < PersonRecord.touchesMax { return nil }
        let limit = now - span
        var staying = 0
        for i in touches.indices where touches[i].at >= limit || spares(touches[i].outcome) { staying += 1 }
        var leaving = staying - PersonRecord.touchesMax + 1
        if leaving <= 0 { return nil }
        for i in touches.indices where touches[i].at >= limit && !spares(touches[i].outcome) {
            leaving -= 1
            if leaving == 0 { return touches[i].at + span + Milliseconds(1) }
        }
        return .distantFuture
    }

    /// Whether a record takes no further touch at `now`.
    public func isFull(_ record: PersonRecord, at now: Timestamp) -> Bool {
        record.touches.withUnsafeBufferPointer { fullUntil($0, at: now) != nil }
    }

    private func spares(_ outcome: EventName) -> Bool { !outcome.isNone && outcomes.contains(outcome) }
}

extension Milliseconds {
    fileprivate static let max = Milliseconds(.max)
}

extension Wait {
    /// Never shorter than the wait, whatever calendar and clocks do.
    fileprivate var lengthMax: Milliseconds {
        switch self {
        case .elapsed(let length): length
        case .localDays(let days, _): .days(Int64(days) + 2)
        // How long a calendar's holidays make it cannot be said.
        case .businessDays(let days, _, _): days > 120 ? .max : .days(Int64(days) * 3 + 30)
        case .steps(let steps): steps.lengthMax
        case .forever: .max
        }
    }
}

extension ISODuration {
    fileprivate var lengthMax: Milliseconds {
        let calendarDays = 366 * Int64(years) + 31 * Int64(months) + Int64(days)
        return Milliseconds((calendarDays + 2) * 86_400_000 + milliseconds)
    }
}
