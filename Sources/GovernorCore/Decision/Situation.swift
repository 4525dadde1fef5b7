/// A plan over the records it concerns: everything that a rule may look at.
///
/// Pure and immutable; rules ask it for the person's zones, her local dates and the instants at which waits end.
struct Situation {
    let plan: Plan
    /// Never empty: a person of whom nothing is known has an empty record.
    let records: [PersonRecord]
    /// What the request is about.
    let own: Topic
    /// Every zone the person may be in; never empty.
    let zones: ContiguousArray<ZoneTable>
    /// No candidate zone is known at all: `zones` holds every offset of the world.
    let isZoneUnknown: Bool
    let jurisdictions: ContiguousArray<Jurisdiction>
    /// The touch that is being confirmed: everything is evaluated as if it were not there.
    let excluded: TouchID?
    /// Some record stands for a household.
    let hasHousehold: Bool
    /// Some record belongs to a person, not to a shared identifier.
    let hasPerson: Bool

    var request: ContactRequest { plan.request }

    private static let nobody = PersonRecord(id: PersonID(high: 0, low: 0), createdAt: .distantPast)

    init(plan: Plan, records: [PersonRecord], excluding excluded: TouchID? = nil) {
        let records = records.isEmpty ? [Self.nobody] : records
        self.plan = plan
        self.records = records
        self.excluded = excluded
        let request = plan.request
        own = Topic(request, family: plan.family)
        var zones = ContiguousArray<ZoneTable>()
        var keys = ContiguousArray<ZoneKey>()
        var jurisdictions = ContiguousArray<Jurisdiction>()
        zones.reserveCapacity(4)
        keys.reserveCapacity(4)
        jurisdictions.reserveCapacity(4)
        func add(_ key: ZoneKey) {
            if keys.contains(key) { return }
            keys.append(key)
            if let table = plan.zones[key] { zones.append(table) }
        }
        func add(_ jurisdiction: Jurisdiction) {
            if !jurisdictions.contains(jurisdiction) { jurisdictions.append(jurisdiction) }
        }
        let stated = !request.whereabouts.statedZones.isEmpty
        if stated {
            for key in request.whereabouts.statedZones { add(key) }
        } else {
            for key in request.whereabouts.addressZones { add(key) }
        }
        for jurisdiction in request.whereabouts.addressJurisdictions { add(jurisdiction) }
        for identifier in request.identifiers {
            if !stated { for key in identifier.zones { add(key) } }
            for jurisdiction in identifier.jurisdictions { add(jurisdiction) }
        }
        var household = false
        var person = false
        for record in records {
            if record.isHousehold { household = true }
            if !record.isShared { person = true }
            for known in record.identifiers {
                if !stated { for key in known.zones { add(key) } }
                for jurisdiction in known.jurisdictions { add(jurisdiction) }
            }
        }
        hasHousehold = household
        hasPerson = person
        isZoneUnknown = zones.isEmpty
        if zones.isEmpty { zones.append(contentsOf: plan.zones.anywhere) }
        // Not knowing where somebody is takes no rule away.
        if jurisdictions.isEmpty { jurisdictions.append(.unknown) }
        self.zones = zones
        self.jurisdictions = jurisdictions
    }

    /// Whether the rule's places may hold the person.
    func isInside(_ scope: RuleScope) -> Bool {
        if scope.jurisdictions.isEmpty { return true }
        for candidate in jurisdictions {
            for place in scope.jurisdictions where place.covers(candidate: candidate) { return true }
        }
        return false
    }

    /// Whether a rule that counts per `unit` looks at `record`.
    ///
    /// A shared identifier's record holds touches of many people: it counts as a person only when nobody else is known.
    func counts(_ record: PersonRecord, for unit: CountKeys.Unit) -> Bool {
        switch unit {
        case .household: hasHousehold ? record.isHousehold : true
        case .person: !record.isShared || !hasPerson
        case .endpoint: true
        }
    }
}

extension PersonRecord {
    /// The record of a shared identifier, rather than of a person.
    @inlinable public var isShared: Bool { identifiers.contains { $0.isShared || $0.isHousehold } }
    @inlinable public var isHousehold: Bool { identifiers.contains { $0.isHousehold } }
}

extension Situation {
    /// The instant at which a wait that began at `start` is over, in every zone the person may be in.
    ///
    /// As seen at `t`: never before it when the wait is over, so that a date that a clock shows again, after it was set
    /// back over midnight, waits again.
    func end(of wait: Wait, from start: Timestamp, seenAt t: Timestamp) -> Timestamp {
        switch wait {
        case .elapsed(let length): return start + length
        case .forever: return .distantFuture
        case .localDays(let days, let counted):
            var end = Timestamp.distantPast
            for zone in zones {
                let first = zone.date(at: start).adding(days: Int(days) + (counted ? 0 : 1))
                end = max(end, zone.firstInstant(notBefore: first, after: t))
            }
            return end
        case .businessDays(let days, let calendar, let counted):
            var end = Timestamp.distantPast
            for zone in zones {
                guard let date = date(after: days, from: zone.date(at: start), calendar, counted: counted) else {
                    return .distantFuture
                }
                end = max(end, zone.firstInstant(notBefore: date, after: t))
            }
            return end
        case .steps(let duration):
            var end = Timestamp.distantPast
            for zone in zones { end = max(end, zone.adding(duration, to: start)) }
            return end
        }
    }

    /// The earliest end over the zones: for what a wait permits rather than forbids.
    func earliestEnd(of wait: Wait, from start: Timestamp) -> Timestamp {
        switch wait {
        case .elapsed(let length): return start + length
        case .forever: return .distantFuture
        case .localDays, .businessDays, .steps:
            var end = Timestamp.distantFuture
            for zone in zones { end = min(end, end1(of: wait, from: start, in: zone)) }
            return end
        }
    }

    private func end1(of wait: Wait, from start: Timestamp, in zone: ZoneTable) -> Timestamp {
        switch wait {
        case .elapsed(let length): start + length
        case .forever: .distantFuture
        case .localDays(let days, let counted):
            zone.firstInstant(notBefore: zone.date(at: start).adding(days: Int(days) + (counted ? 0 : 1)))
        case .businessDays(let days, let calendar, let counted):
            date(after: days, from: zone.date(at: start), calendar, counted: counted)
                .map { zone.firstInstant(notBefore: $0) } ?? start
        case .steps(let duration): zone.adding(duration, to: start)
        }
    }

    /// The first date that `days` business days lie before; `nil` when the calendar runs out sooner.
    ///
    /// With the first day counted, the event's own date is the first of them if it is a business day.
    private func date(after days: Int32, from date: LocalDate, _ calendar: Int, counted: Bool) -> LocalDate? {
        let holidays = plan.policies.calendars[calendar]
        var date = counted ? date : date.adding(days: 1)
        var left = days
        while left > 0 {
            guard let isHoliday = holidays.isHoliday(date) else { return nil }
            if !isHoliday && !date.weekday.isWeekend { left -= 1 }
            date = date.adding(days: 1)
        }
        return date
    }
}

/// What a request or a touch is about, for the scopes of facts.
struct Topic {
    var channel: Channel
    var purpose: Purpose
    var brand: Brand
    var product: Product
    var family: Family
    var campaign: Campaign
    var subject: Subject
    var accounts: [Account]
    /// The identifier it acts on; `nil` when none is named: it could be any.
    var endpoint: IdentifierHash?

    init(_ request: ContactRequest, family: Family) {
        channel = request.channel
        purpose = request.purpose
        brand = request.brand
        product = request.product
        self.family = family
        campaign = request.campaign
        subject = request.subject
        accounts = request.accounts
        endpoint = request.endpoint.map { request.identifiers[$0].hash }
    }

    init(_ touch: Touch, family: Family) {
        channel = touch.channel
        purpose = touch.purpose
        brand = touch.brand
        product = touch.product
        self.family = family
        campaign = touch.campaign
        subject = touch.subject
        accounts = touch.accounts
        endpoint = touch.endpoint
    }

    /// Whether a fact of this scope is about it: a name left out on either side matches.
    func isTouched(by scope: FactScope) -> Bool {
        scope.channels.admits(channel) && scope.purposes.admits(purpose) && scope.brands.admits(brand)
            && scope.products.admits(product) && scope.families.admits(family) && scope.campaigns.admits(campaign)
            && scope.subjects.admits(subject) && scope.accounts.admitsAny(of: accounts)
    }

    /// Whether it lies wholly inside the scope: what permits must have been meant for it.
    func isInside(_ scope: FactScope) -> Bool {
        func inside<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool { set.isAny || (!name.isNone && set.contains(name)) }
        return inside(scope.channels, channel) && inside(scope.purposes, purpose) && inside(scope.brands, brand)
            && inside(scope.products, product) && inside(scope.families, family)
            && inside(scope.campaigns, campaign) && inside(scope.subjects, subject)
            && (scope.accounts.isAny
                || (!accounts.isEmpty && accounts.allSatisfy { scope.accounts.contains($0) }))
    }

    /// Whether something said about these endpoints concerns it; none named concerns all.
    func isConcerned(by endpoints: [IdentifierHash]) -> Bool {
        guard let endpoint, !endpoints.isEmpty else { return true }
        return endpoints.contains(endpoint)
    }
}
