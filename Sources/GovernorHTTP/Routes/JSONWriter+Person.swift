import GovernorCore
import GovernorRuntime

extension JSONWriter {
    /// Writes everything on a person's record as the caller may read it.
    ///
    /// Without the roles `compliance` and `admin` a touch of another agency shows what was done and what came of it, but
    /// not for whom.
    mutating func person(
        _ person: PersonRecord, mergedWith others: [PersonID], for caller: Caller, at now: Timestamp,
        zones: [ZoneKey: String]
    ) {
        beginObject()
        name("id")
        hexadecimal(person.id.high, person.id.low)
        field("created_at", person.createdAt)
        field("history_from", orNull: person.historyFrom == .distantPast ? nil : person.historyFrom)
        field("erased_at", orNull: person.erasedAt)
        name("identifiers")
        beginArray()
        for known in person.identifiers { identifier(known, person.names, zones) }
        endArray()
        name("touches")
        beginArray()
        for known in person.touches.reversed() { touch(known, person.names, for: caller, at: now) }
        endArray()
        name("facts")
        beginArray()
        for known in person.facts.reversed() { fact(known, person.names) }
        endArray()
        persons("merged_with", others)
        name("merges")
        beginArray()
        for known in person.merges.reversed() { merge(known, person.names) }
        endArray()
        endObject()
    }

    private mutating func identifier(_ known: KnownIdentifier, _ names: NameTable, _ zones: [ZoneKey: String]) {
        beginObject()
        field("kind", known.kind == .phone ? "phone" : known.kind == .email ? "email" : "key")
        field("hash", known.hash.short)
        field("namespace", orNull: names.text(known.namespace))
        field("shared", known.isShared)
        field("household", known.isHousehold)
        field("line_type", known.lineType.name)
        list("jurisdictions", known.jurisdictions.map(\.description))
        list("time_zones", known.zones.compactMap { zones[$0] })
        list("labels", known.labels.compactMap { names.text($0) })
        field("source", orNull: names.text(known.source))
        field("added_at", known.addedAt)
        endObject()
    }

    private mutating func touch(_ known: Touch, _ names: NameTable, for caller: Caller, at now: Timestamp) {
        let agency = names.text(known.agency) ?? ""
        let isOpen = caller.role.seesEverything || agency == caller.agency
        func text<Kind>(_ name: Name<Kind>) -> String? { isOpen ? names.text(name) : nil }
        beginObject()
        field("at", known.at)
        field("recorded_at", known.recordedAt)
        field("state", known.stateName(at: now))
        field("direction", known.direction == .inbound ? "inbound" : "outbound")
        field("channel", names.text(known.channel) ?? "unknown")
        field("purpose", names.text(known.purpose) ?? "unknown")
        field("campaign", orNull: text(known.campaign))
        field("subject", orNull: text(known.subject))
        field("product", orNull: text(known.product))
        field("brand", orNull: text(known.brand))
        field("agency", orNull: text(known.agency))
        list("accounts", known.accounts.compactMap { text($0) })
        field(
            "method", orNull: known.method.map { $0 == .live ? "live" : $0 == .automated ? "automated" : "prerecorded" }
        )
        field("endpoint", orNull: known.endpoint?.short)
        field("outcome", orNull: names.text(known.outcome))
        field("outcome_at", orNull: known.outcome.isNone ? nil : known.outcomeAt)
        field("corrected", known.isCorrected)
        field("source", orNull: text(known.source))
        field("borrowed", known.isBorrowed)
        endObject()
    }

    private mutating func fact(_ fact: Fact, _ names: NameTable) {
        beginObject()
        field("kind", fact.body.kind)
        field("at", fact.at)
        field("received_at", fact.receivedAt)
        name("scope")
        scope(fact.scope, names)
        field("source", orNull: names.text(fact.source))
        field("borrowed", fact.isBorrowed)
        switch fact.body {
        case .optOut(let reach, let endpoints), .optIn(let reach, let endpoints):
            field("reach", reach == .person ? "person" : "endpoint")
            list("endpoints", endpoints.map(\.short))
        case .consent(let consent, let endpoints, let until):
            field("name", orNull: names.text(consent))
            list("endpoints", endpoints.map(\.short))
            field("until", orNull: until)
        case .withdrawal(let consent): field("name", orNull: names.text(consent))
        case .holding(let holding):
            field("product", names.text(holding.product) ?? "unknown")
            field("family", orNull: names.text(holding.family))
            field("status", holding.status.name)
            field("from", orNull: holding.from)
            field("to", orNull: holding.to)
            field("grace_until", orNull: holding.graceUntil)
        case .event(let event, let endpoints):
            field("name", orNull: names.text(event))
            list("endpoints", endpoints.map(\.short))
        case .appointment(let from, let to):
            field("from", from)
            field("to", to)
        case .quietTime(let spans, let until):
            name("hours")
            hours(spans)
            field("until", orNull: until)
        }
        endObject()
    }

    /// Day by day; one that holds no span is left out.
    private mutating func hours(_ spans: [WeeklySpan]) {
        beginObject()
        for day in 0..<7 {
            let own = spans.filter { $0.days >> UInt8(day) & 1 == 1 }
            if own.isEmpty { continue }
            name(JSONWriter.days[day])
            beginArray()
            for span in own { value("\(Clock.text(span.start))-\(Clock.text(span.end))") }
            endArray()
        }
        endObject()
    }

    private static var days: [StaticString] { ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }

    private mutating func scope(_ scope: FactScope, _ names: NameTable) {
        beginObject()
        limited("channels", scope.channels, names)
        limited("purposes", scope.purposes, names)
        limited("brands", scope.brands, names)
        limited("products", scope.products, names)
        limited("families", scope.families, names)
        limited("campaigns", scope.campaigns, names)
        limited("subjects", scope.subjects, names)
        limited("accounts", scope.accounts, names)
        endObject()
    }

    private mutating func limited<Kind>(_ name: StaticString, _ set: NameSet<Kind>, _ names: NameTable) {
        if !set.isAny { list(name, set.names.map { names.text($0) ?? "unknown" }) }
    }

    mutating func list(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}

extension IdentifierHash {
    /// The first eight hexadecimal digits.
    var short: String {
        let digits = String(high >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

extension FactBody {
    var kind: String {
        switch self {
        case .optOut: "opt_out"
        case .optIn: "opt_in"
        case .consent: "consent"
        case .withdrawal: "withdrawal"
        case .holding: "holding"
        case .event: "event"
        case .appointment: "appointment"
        case .quietTime: "quiet_time"
        }
    }
}
