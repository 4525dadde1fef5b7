extension Dossier {
    /// `2026-11-18 14:00:00 UTC`, from an RFC 3339 instant.
    static func clock(_ instant: String) -> String {
        guard instant.utf8.count >= 20 else { return instant }
        return "\(instant.prefix(10)) \(instant.dropFirst(11).prefix(8)) UTC"
    }

    /// What an event was, in one clause.
    static func headline(_ event: AuditEvent) -> String {
        switch event.kind {
        case "decision":
            let what =
                event.hypothetical == true ? "Asked for another instant" : event.reserve == true ? "Asked" : "Checked"
            return "\(what): \(contact(event))? \(event.verdict == "allow" ? "Allowed." : "Denied.")"
        case "confirmation":
            return "Asked again just before the contact: \(contact(event))? "
                + (event.verdict == "allow" ? "Allowed." : "Denied.")
        case "report":
            if let outcome = event.outcome { return "Outcome reported: \(words(outcome))." }
            return "A reservation was \(event.state ?? "changed")."
        case "fact": return told(event)
        case "erased": return "A record that was erased."
        default: return "A record: \(event.note ?? event.kind)."
        }
    }

    /// `a voice contact for marketing, campaign q4, by north`.
    private static func contact(_ event: AuditEvent) -> String {
        var text = "a \(event.channel ?? "?") contact for \(event.purpose ?? "?")"
        if let campaign = event.campaign { text += ", campaign \(campaign)" }
        if let product = event.product { text += ", product \(product)" }
        if let brand = event.brand { text += ", in the name of \(brand)" }
        if let agency = event.agency { text += ", by agency \(agency)" }
        return text
    }

    private static func told(_ event: AuditEvent) -> String {
        if let fact = event.facts?.first { return sentence(fact) }
        if let touch = event.touches?.first {
            return "A contact made elsewhere was reported: \(touch.channel ?? "?") for \(touch.purpose ?? "?")"
                + (touch.outcome.map { ", \(words($0))" } ?? "") + "."
        }
        return event.fact == "link" ? "Identifiers were found to belong together." : "Told: \(words(event.fact ?? ""))."
    }

    static func sentence(_ fact: AuditEvent.FactText) -> String {
        switch fact.kind {
        case "opt_out":
            return fact.reach == "endpoint" ? "She said no, for the addresses named." : "She said no."
        case "opt_in": return "She said yes again."
        case "consent":
            return "Permission \(fact.name ?? "") was given" + (fact.until.map { ", until \(clock($0))" } ?? "") + "."
        case "withdrawal": return "Permission \(fact.name ?? "of every kind") was withdrawn."
        case "holding":
            return "She has \(fact.product ?? "a product"): \(fact.status ?? "")"
                + (fact.from.map { ", from \(clock($0))" } ?? "") + (fact.to.map { ", to \(clock($0))" } ?? "") + "."
        case "event": return "It happened: \(words(fact.name ?? ""))."
        case "appointment":
            return "An appointment was agreed" + (fact.from.map { " from \(clock($0))" } ?? "")
                + (fact.to.map { " to \(clock($0))" } ?? "") + "."
        case "quiet_time":
            return "She named quiet hours" + (fact.until.map { ", until \(clock($0))" } ?? "") + "."
        default: return words(fact.kind)
        }
    }

    /// `channels voice, sms; brands acme`, or that there is no limit.
    static func scope(_ fact: AuditEvent.FactText) -> String {
        if fact.scope.isEmpty { return "everything" }
        return fact.scope.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value.joined(separator: ", "))" }.joined(separator: "; ")
    }

    /// What a reason says, for somebody who does not know the rule.
    static func sentence(_ reason: AuditEvent.Reason) -> String {
        let end = reason.until.map { " Open again from \(clock($0))." } ?? ""
        let what =
            switch reason.code {
            case "cap.reached":
                reason.limit == 0
                    ? "Contacts of this kind are not permitted."
                    : "\(reason.count) of \(reason.limit) contacts had been made."
            case "cap.kept": "What was left of the limit of \(reason.limit) is kept for other contacts."
            case "gap.too_short": "It was too soon after the last contact."
            case "cool_off.active": "A waiting time after an earlier event was not over."
            case "hours.closed": "It was outside the permitted hours where the person may be."
            case "hours.zone_unknown": "Where the person may be was not known."
            case "hours.calendar_run_out": "The holiday calendar of the rule had run out."
            case "quiet_time.active": "The person had asked not to be contacted at this time."
            case "opt_out.active": "The person had said no."
            case "consent.missing": "There was no valid permission for this contact."
            case "holding.present": "The person already had what was to be offered, or had it lately."
            case "registry.listed": "The number or address was on a do-not-contact register."
            case "registry.stale": "The register that the rule asks was too old to rely on."
            case "registry.not_loaded": "The register that the rule asks was not loaded."
            case "block.active": "Contacts of this kind were blocked here."
            case "guard.attempts":
                "\(reason.count) of \(reason.limit) contacts of the campaign or agency had been made."
            case "guard.share": "The campaign or agency had used up its right to such contacts."
            case "history.incomplete": "The record did not reach back far enough for this rule."
            case "record.full": "The record held as many contacts as it may."
            case "reservation.gone": "The reservation was released, revoked, expired or already reported."
            case "store.unavailable": "The store could not answer."
            default: words(reason.code)
            }
        return what + end
    }

    static func words(_ name: String) -> String { name.replacing("_", with: " ") }
}
