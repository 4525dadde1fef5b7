import GovernorCore
import GovernorTesting

extension Oracle {
    /// Instants in `[start, end)` at which an answer may turn, and one millisecond to either side; at most about `count`.
    ///
    /// Everything that any rule could measure from anything on record, edges of hours and local midnights, changes of
    /// clocks, and some instants at random. Too many rather than too few: the answer there is the oracle's to give.
    func interestingInstants(
        from start: Timestamp, to end: Timestamp, count: Int, _ random: inout SeededGenerator
    ) -> [Timestamp] {
        guard start < end else { return [] }
        var instants: Set<Timestamp> = []
        func add(_ instant: Timestamp) {
            for instant in [instant - Milliseconds(1), instant, instant + Milliseconds(1)]
            where instant >= start && instant < end { instants.insert(instant) }
        }
        for origin in origins {
            add(origin)
            add(origin + .minutes(5))
            for length in lengths {
                switch length {
                case .elapsed(let length): add(origin + length)
                case .steps(let steps):
                    if origin > start - .days(800) {
                        for zone in zones { add(clock.adding(steps, to: origin, in: zone)) }
                    }
                default: break
                }
            }
        }
        for rule in rules {
            if case .block(let block) = rule.body {
                if let from = block.from { add(from) }
                if let until = block.until { add(until) }
            }
            guard case .campaignGuard(let body) = rule.body else { continue }
            for attempt in attempts {
                for unit: Int64 in [60_000, 900_000, 3_600_000] {
                    let last = Timestamp(milliseconds: attempt.at.milliseconds / unit * unit + unit - 1)
                    switch body.window {
                    case .elapsed(let length): add(last + length)
                    case .periods(let length):
                        for n: Int64 in 1...3 { add(last + Milliseconds(1 + (n - 1) * length.count)) }
                    case .calendar: break
                    }
                }
            }
            for n: Int64 in 0..<6 { add(Timestamp(milliseconds: (start.milliseconds / 1_800_000 + n) * 1_800_000)) }
        }
        for day in days(from: start, to: end, &random) {
            for zone in zones.prefix(4) + rules.compactMap({ fixedZone(of: $0) }) {
                let midnight = LocalDate(days: day).localMilliseconds
                let around = Timestamp(milliseconds: midnight)
                add(zone.segment(at: around).end)
                let offsets = Set(
                    [-26, 0, 26].map { zone.offsetMilliseconds(at: around + .hours($0)) })
                for offset in offsets {
                    for edge in edges { add(Timestamp(milliseconds: midnight + edge - offset)) }
                }
            }
        }
        var picked = Array(instants).sorted()
        if picked.count > count {
            picked.shuffle(using: &random)
            picked.removeLast(picked.count - count)
        }
        for _ in 0..<12 {
            picked.append(
                Timestamp(milliseconds: .random(in: start.milliseconds..<end.milliseconds, using: &random)))
        }
        let early = min(end.milliseconds, start.milliseconds + 3 * 86_400_000)
        for _ in 0..<12 {
            let minute = Int64.random(in: start.milliseconds..<early, using: &random) / 60_000 * 60_000
            if minute >= start.milliseconds { picked.append(Timestamp(milliseconds: minute)) }
        }
        return picked.sorted()
    }

    /// Everything on record that has a time.
    private var origins: [Timestamp] {
        var origins = request.registryAnswers.map(\.snapshotAt)
        for answer in request.registryAnswers {
            if case .listed(let since?) = answer.listing { origins.append(since) }
        }
        for record in records {
            if record.historyFrom > .distantPast { origins.append(record.historyFrom - Milliseconds(1)) }
            origins += record.spared.map { $0.from - Milliseconds(1) }
            for touch in record.touches {
                origins += [touch.at, touch.recordedAt, touch.expiresAt]
                if touch.outcome != .none { origins.append(touch.outcomeAt) }
            }
            for fact in record.facts {
                origins += [fact.at, fact.receivedAt]
                switch fact.body {
                case .consent(_, _, let until): if let until { origins.append(until) }
                case .quietTime(_, let until): if let until { origins.append(until) }
                case .appointment(let from, let to): origins += [from, to]
                case .holding(let holding):
                    origins += [holding.from, holding.to, holding.graceUntil].compactMap { $0 }
                case .optOut, .optIn, .withdrawal, .event: break
                }
            }
        }
        return origins
    }

    /// Everything that a rule measures.
    private var lengths: Set<Wait> {
        var lengths: Set<Wait> = []
        func add(_ window: Window) {
            switch window {
            case .elapsed(let length): lengths.insert(.elapsed(length))
            case .steps(let steps): lengths.insert(.steps(steps))
            case .localDays, .calendar: break
            }
        }
        for rule in rules {
            switch rule.body {
            case .frequencyCap(let cap): add(cap.window)
            case .minGap(let gap): lengths.insert(gap.gap)
            case .coolOff(let coolOff): lengths.insert(coolOff.wait)
            case .optOut(let optOut): if let wait = optOut.lasts { lengths.insert(wait) }
            case .consent(let consent):
                if let wait = consent.require.validFor { lengths.insert(wait) }
                for case .event(_, let within) in consent.or { lengths.insert(within) }
            case .holding(let holding):
                lengths.formUnion(holding.andFor.values)
                if let wait = holding.forFirst { lengths.insert(wait) }
                if let window = holding.renewalWindow { lengths.insert(.steps(window.negated)) }
            case .registry(let registry):
                for wait in [registry.maxAge, registry.afterListing] + registry.overriddenBy.map(\.consent.validFor) {
                    if let wait { lengths.insert(wait) }
                }
                for case .event(_, let within) in registry.or { lengths.insert(within) }
            case .contactHours, .quietTimes, .campaignGuard, .block: break
            }
            for exemption in rule.unless {
                switch exemption {
                case .consent(_, let within?, _): lengths.insert(within)
                case .event(_, let within): lengths.insert(within)
                default: break
                }
            }
        }
        return lengths
    }

    /// Times of the day that hours open or close at, and midnight.
    private var edges: Set<Int64> {
        var edges: Set<Int64> = [0]
        for rule in rules {
            guard case .contactHours(let hours) = rule.body else { continue }
            for span in hours.days.joined() + (hours.holiday ?? []) {
                edges.insert(Int64(span.open))
                edges.insert(Int64(span.close) - hours.margin.count)
            }
        }
        for record in records {
            for fact in record.facts {
                guard case .quietTime(let spans, _) = fact.body else { continue }
                for span in spans { edges.formUnion([Int64(span.start), Int64(span.end)]) }
            }
        }
        return edges
    }

    private func fixedZone(of rule: Rule) -> ZoneTable? {
        guard case .contactHours(let hours) = rule.body else { return nil }
        return hours.zone.flatMap(zoneTable)
    }

    /// The dates to look at closely: those at both ends, and some between.
    private func days(from start: Timestamp, to end: Timestamp, _ random: inout SeededGenerator) -> Set<Int32> {
        let first = Int32(start.milliseconds / 86_400_000) - 1
        let last = Int32(end.milliseconds / 86_400_000) + 1
        if last - first <= 16 { return Set(first...last) }
        var days = Set(first...(first + 5)).union((last - 4)...last)
        for _ in 0..<6 { days.insert(.random(in: first...last, using: &random)) }
        return days
    }
}
