public import GovernorCore

extension DecisionAnswer {
    /// The sentence of a reason, for a reader with this role: what an agent may read to the person on the line.
    ///
    /// It names the rule's own words, the count and the instant; never another agency, nor what the person holds unless
    /// the reader may see everything.
    public func sentence(_ reason: Reason, for role: Role) -> String {
        let rule = reason.rule.map { policies.rules[Int($0)] }
        let because = rule?.because
        switch reason.code {
        case .capReached:
            guard let rule, case .frequencyCap(let cap) = rule.body else { return because ?? "The limit is reached." }
            if cap.limit == 0 { return because ?? "This kind of contact is not permitted." }
            let what = counted(cap.count)
            let last = reason.since.map { " (\(reason.count > 1 ? "the last at" : "at") \(clock($0)))" } ?? ""
            return "\(reason.count) of \(reason.limit) \(what) \(cap.window.phrase)\(last)."
        case .capKept:
            return "What is left of the limit of \(reason.limit) is kept for other contacts."
        case .gapTooShort:
            let last = reason.since.map { " The last contact was at \(clock($0))." } ?? ""
            return (because ?? "It is too soon after the last contact.") + last
        case .coolingOff:
            let since = reason.since.map { " It began at \(clock($0))." } ?? ""
            return (because ?? "A waiting time after an earlier event is not over.") + since
        case .hoursClosed:
            return because ?? "It is outside the permitted hours where the person may be."
        case .hoursUnknownZone:
            return "Where the person may be is not known: state a country, a region or a time zone."
        case .calendarRunOut:
            return "The holiday calendar of this rule has run out; somebody must extend it."
        case .quietTime: return "The person asked not to be contacted at this time."
        case .optedOut:
            let since = reason.since.map { " on \($0.description.prefix(10))" } ?? ""
            return because ?? "The person said no\(since)."
        case .consentMissing: return because ?? "There is no valid permission for this contact."
        case .alreadyHolds:
            if !role.seesEverything && role != .agent { return because ?? "This offer is not for this person now." }
            return because ?? "The person already has what this contact would offer."
        case .registryListed: return because ?? "The number or address is on a do-not-contact register."
        case .registryStale:
            let from = reason.since.map { ", of \($0.description.prefix(10))," } ?? ""
            return "The register that this rule asks\(from) is too old to rely on; somebody must fetch a newer one."
        case .registryNotLoaded:
            return "The register that this rule asks is not loaded, so nobody can say whether the number is on it."
        case .blocked: return because ?? "Contacts of this kind are blocked here."
        case .guardAttempts:
            guard let rule, case .campaignGuard(let body) = rule.body else { return because ?? "The limit is reached." }
            if reason.limit == 0 { return because ?? "This kind of contact is not permitted." }
            let whose = body.per == .campaign ? "campaign" : "agency"
            // How often an agency calls is nobody's business but its own and the house's.
            return role.seesEverything
                ? "\(reason.count) of \(reason.limit) contacts of this \(whose) \(body.window.phrase)."
                : because ?? "This \(whose) has made as many contacts as it may \(body.window.phrase)."
        case .guardShare:
            guard let rule, case .campaignGuard(let body) = rule.body else { return because ?? "The limit is passed." }
            let whose = body.per == .campaign ? "campaign" : "agency"
            return role.seesEverything
                ? "\(reason.count) of \(reason.limit) contacts of this \(whose) went wrong \(body.window.phrase)."
                : because ?? "This \(whose) has used up its right to contacts like this one."
        case .historyIncomplete:
            let from = reason.since.map { " before \($0.description.prefix(10))" } ?? ""
            return "The record does not reach back far enough for this rule: nothing is known\(from)."
        case .recordFull: return "The person's record holds \(reason.count) contacts, as many as it may."
        case .reservationGone: return "The reservation is released, revoked, expired or already reported."
        case .storeUnavailable: return "The store cannot answer, so the contact is not permitted."
        }
    }

    /// What a cap counts, in the order people say it: "voice calls for marketing".
    private func counted(_ filter: TouchFilter) -> String {
        let channels = filter.channels.names.compactMap { policies.names.text($0) ?? request.names.text($0) }
        let purposes = filter.purposes.names.compactMap { policies.names.text($0) ?? request.names.text($0) }
        var text: String
        switch channels {
        case []: text = "contacts"
        case ["voice"]: text = "voice calls"
        case ["sms"]: text = "text messages"
        case ["email"]: text = "emails"
        default: text = "contacts by \(channels.joined(separator: " or "))"
        }
        if !purposes.isEmpty { text += " for \(purposes.joined(separator: " or "))" }
        return text
    }

    /// An instant as the person's clock shows it, if there is one place she may be; else in UTC.
    private func clock(_ instant: Timestamp) -> String {
        var keys = request.whereabouts.statedZones
        if keys.isEmpty {
            keys = request.whereabouts.addressZones
            for identifier in request.identifiers { keys += identifier.zones.filter { !keys.contains($0) } }
        }
        let tables = keys.compactMap { zones[$0] }
        guard let zone = tables.first, tables.allSatisfy({ $0.offset(at: instant) == zone.offset(at: instant) }) else {
            let text = instant.description
            return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
        }
        let local = zone.local(at: instant)
        let today = zone.local(at: decision.evaluatedAt).date
        let time = "\(twoDigits(local.hour)):\(twoDigits(local.minute))"
        if local.date == today { return "\(time) today" }
        if local.date.adding(days: 1) == today { return "\(time) yesterday" }
        return "\(time) on \(local.date)"
    }
}

private func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

extension Window {
    /// `in the last 24 hours`, `in 7 local days`, `this week`.
    var phrase: String {
        switch self {
        case .elapsed(let length):
            let hours = length.count / 3_600_000
            if length.count % 86_400_000 == 0 && hours > 48 { return "in the last \(hours / 24) days" }
            if length.count % 3_600_000 == 0 { return hours == 1 ? "in the last hour" : "in the last \(hours) hours" }
            return "in the last \(length.count / 60_000) minutes"
        case .localDays(let days): return days == 1 ? "today" : "in \(days) local days, today included"
        case .calendar(let unit, _):
            switch unit {
            case .day: return "today"
            case .week: return "this week"
            case .month: return "this month"
            case .year: return "this year"
            }
        case .steps(let steps): return "in the last \(steps)"
        }
    }
}

extension GuardWindow {
    /// `in the last 60 minutes`, `this month`, `in this period`.
    fileprivate var phrase: String {
        switch self {
        case .elapsed(let length): Window.elapsed(length).phrase
        case .calendar(.hour, _, _): "this hour"
        case .calendar(.day, _, _): "today"
        case .calendar(.week, _, _): "this week"
        case .calendar(.month, _, _): "this month"
        case .periods: "in this period"
        }
    }
}
