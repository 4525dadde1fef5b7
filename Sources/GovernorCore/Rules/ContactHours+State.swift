extension Situation {
    /// How far ahead hours are searched for.
    static let hoursHorizon = Milliseconds.days(400)

    /// Open inside the hours of every candidate zone; else closed until the next instant that is.
    func state(_ rule: UnsafePointer<ContactHours>, at t: Timestamp) -> RuleState {
        if isZoneUnknown && rule.pointee.zone == nil {
            return .closed(Closure(.hoursUnknownZone, until: .distantFuture))
        }
        switch nextOpen(rule, from: t, limit: t + Self.hoursHorizon) {
        case .at(let open): return open == t ? .open : .closed(Closure(.hoursClosed, until: open))
        case .calendarRunOut:
            return .closed(Closure(.calendarRunOut, until: .distantFuture, basis: .horizon))
        case .none:
            return .closed(
                Closure(.hoursClosed, until: .distantFuture, basis: rule.pointee.dependsOnDates ? .horizon : .never))
        }
    }

    /// When hours that are open at `t` close; `t` itself when they are not open.
    func openUntil(_ rule: UnsafePointer<ContactHours>, at t: Timestamp, limit: Timestamp) -> Timestamp {
        if isZoneUnknown && rule.pointee.zone == nil { return t }
        var end = Timestamp.distantFuture
        if let fixed = fixedZone(of: rule) {
            return ContactHours.openUntil(
                rule, in: fixed, at: t, limit: limit, calendars: plan.policies.calendars)
        }
        for zone in zones {
            end = min(
                end, ContactHours.openUntil(rule, in: zone, at: t, limit: limit, calendars: plan.policies.calendars))
        }
        return end
    }

    private func fixedZone(of rule: UnsafePointer<ContactHours>) -> ZoneTable? {
        rule.pointee.zone.flatMap { plan.zones[$0] }
    }

    private func nextOpen(
        _ rule: UnsafePointer<ContactHours>, from t: Timestamp, limit: Timestamp
    ) -> ContactHours.Opening {
        if let fixed = fixedZone(of: rule) {
            return ContactHours.nextOpen(rule, in: fixed, from: t, limit: limit, calendars: plan.policies.calendars)
        }
        // Each zone moves the candidate to its own next opening, until all agree.
        var candidate = t
        while candidate <= limit {
            let before = candidate
            for zone in zones {
                switch ContactHours.nextOpen(
                    rule, in: zone, from: candidate, limit: limit, calendars: plan.policies.calendars)
                {
                case .at(let open): candidate = open
                case .calendarRunOut: return .calendarRunOut
                case .none: return .none
                }
            }
            if candidate == before || zones.count == 1 { return .at(candidate) }
        }
        return .none
    }
}

extension ContactHours {
    enum Opening {
        case at(Timestamp)
        /// A date was needed that the holiday calendar no longer speaks for.
        case calendarRunOut
        /// Not before the limit.
        case none
    }

    /// Whether more than weekdays decides: holidays or single dates.
    var dependsOnDates: Bool { holidays != nil || !closedDates.isEmpty }

    /// The spans of a date; `nil` when its calendar has run out.
    static func spans(
        _ rule: UnsafePointer<ContactHours>, on date: LocalDate, calendars: [HolidayCalendar]
    ) -> [DaySpan]? {
        if !rule.pointee.closedDates.isEmpty && rule.pointee.closedDates.contains(date) { return [] }
        if let holidays = rule.pointee.holidays {
            guard let isHoliday = calendars[holidays].isHoliday(date) else { return nil }
            if isHoliday, let holiday = rule.pointee.holiday { return holiday }
        }
        return rule.pointee.days[Int(date.weekday.rawValue)]
    }

    /// The earliest instant from `t` on, not after `limit`, inside a span by the zone's wall clock.
    ///
    /// Goes from span of constant offset to span of constant offset, and within one from date to date, so that a skipped
    /// hour opens when the gap ends and a repeated one is read by the wall clock.
    static func nextOpen(
        _ rule: UnsafePointer<ContactHours>, in zone: ZoneTable, from t: Timestamp, limit: Timestamp,
        calendars: [HolidayCalendar]
    ) -> Opening {
        let margin = rule.pointee.margin
        var t = t
        while t <= limit {
            let segment = zone.segment(at: t)
            let local = segment.local(at: t)
            var date = local.date
            var time = Int64(local.millisecondOfDay)
            while segment.instant(ofLocalMilliseconds: date.localMilliseconds) < segment.end {
                guard let spans = spans(rule, on: date, calendars: calendars) else { return .calendarRunOut }
                for span in spans {
                    let close = Int64(span.close) - margin.count
                    let open = max(time, Int64(span.open))
                    if open >= close { continue }
                    let instant = segment.instant(ofLocalMilliseconds: date.localMilliseconds + open)
                    if instant < segment.end { return instant <= limit ? .at(instant) : .none }
                }
                date = date.adding(days: 1)
                time = 0
                if segment.instant(ofLocalMilliseconds: date.localMilliseconds) > limit { return .none }
            }
            t = segment.end
        }
        return .none
    }

    /// When the wall clock leaves the spans that hold `t`; `t` itself when none does.
    static func openUntil(
        _ rule: UnsafePointer<ContactHours>, in zone: ZoneTable, at t: Timestamp, limit: Timestamp,
        calendars: [HolidayCalendar]
    ) -> Timestamp {
        let margin = rule.pointee.margin
        var t = t
        while t < limit {
            let segment = zone.segment(at: t)
            let local = segment.local(at: t)
            guard
                let span = spans(rule, on: local.date, calendars: calendars)?.first(where: {
                    $0.open <= local.millisecondOfDay && Int64(local.millisecondOfDay) < Int64($0.close) - margin.count
                })
            else { return t }
            let close = segment.instant(
                ofLocalMilliseconds: local.date.localMilliseconds + Int64(span.close) - margin.count)
            t = min(close, segment.end)
        }
        return t
    }
}
