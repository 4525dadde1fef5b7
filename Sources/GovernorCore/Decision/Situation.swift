/// A plan over the records it concerns: everything that a rule may look at.
///
/// Immutable, made of addresses into the plan and the records that `with` was given, and valid only inside it, so that
/// asking copies nothing. Rules ask it for the person's zones, her local dates and the instants at which waits end.
struct Situation {
    let plan: Plan
    let table: RuleTable
    /// Never empty: a person of whom nothing is known has an empty record.
    let records: UnsafeBufferPointer<RecordView>
    /// Every zone the person may be in; never empty.
    let zones: UnsafeBufferPointer<ZoneTable>
    /// No candidate zone is known at all: `zones` holds every offset of the world.
    let isZoneUnknown: Bool
    /// Never empty; `.unknown` when no place is known.
    let jurisdictions: UnsafeBufferPointer<Jurisdiction>
    /// The rules to judge: the plan's, and more when a record tells of further places.
    let rules: UnsafeBufferPointer<UInt16>
    /// What the request is about.
    let own: Topic
    let ownNames: OwnNames
    /// The touch that is being confirmed: everything is evaluated as if it were not there.
    let excluded: TouchID?
    /// No touch on any record begins to count, and no outcome happens, after this.
    let lastTouchInstant: Timestamp
    /// How many of `jurisdictions`, the first ones, the request itself told.
    let requestPlaceCount: Int
    /// Some record is one of several that a merge made one person.
    let hasMerged: Bool
    /// Some record stands for a household.
    let hasHousehold: Bool
    /// Some record belongs to a person, not to a shared identifier.
    let hasPerson: Bool
    /// What the guards look at, as far as anything was counted; nearly always none.
    let counters: UnsafeBufferPointer<CounterRecord>

    /// Runs `body` over the plan, the records and the counters.
    static func with<Result>(
        _ plan: Plan, _ records: [PersonRecord], counters: [CounterRecord] = [], excluding excluded: TouchID? = nil,
        _ body: (Situation) -> Result
    ) -> Result {
        let records = records.allSatisfy { $0.merges.isEmpty } ? records : records.judged()
        return counters.withUnsafeBufferPointer { counters in
            (records.isEmpty ? nobody : records).withUnsafeBufferPointer {
                with(plan, $0, counters, excluding: excluded, body)
            }
        }
    }

    private static func with<Result>(
        _ plan: Plan, _ records: UnsafeBufferPointer<PersonRecord>, _ counters: UnsafeBufferPointer<CounterRecord>,
        excluding excluded: TouchID?, _ body: (Situation) -> Result
    ) -> Result {
        var zonesMax = plan.zones.anywhere.count
        var placesMax = plan.request.whereabouts.addressJurisdictions.count + 1
        zonesMax +=
            plan.request.whereabouts.statedZones.count + plan.request.whereabouts.addressZones.count
        for i in plan.request.identifiers.indices {
            zonesMax += plan.request.identifiers[i].zones.count
            placesMax += plan.request.identifiers[i].jurisdictions.count
        }
        for record in records.indices {
            for i in records[record].identifiers.indices {
                zonesMax += records[record].identifiers[i].zones.count
                placesMax += records[record].identifiers[i].jurisdictions.count
            }
        }
        var touchesMax = 0
        for record in records.indices { touchesMax += records[record].touches.count }
        let ownNames = OwnNames(plan.request)
        return withUnsafeTemporaryAllocation(of: RecordView.self, capacity: records.count) { views in
            withUnsafeTemporaryAllocation(of: CountableTouch.self, capacity: touchesMax) { countable in
                var used = 0
                for i in records.indices {
                    let view = RecordView(
                        records.baseAddress! + i, UnsafeMutableBufferPointer(rebasing: countable[used...]), excluded,
                        ownNames)
                    (views.baseAddress! + i).initialize(to: view)
                    used += view.countable.count
                }
                return withUnsafeTemporaryAllocation(of: ZoneTable.self, capacity: zonesMax) { zones in
                    withUnsafeTemporaryAllocation(of: Jurisdiction.self, capacity: placesMax) { places in
                        var gathering = Gathering(zones: zones, places: places, atlas: plan.zones)
                        gathering.gather(plan, records)
                        defer { zones[..<gathering.zoneCount].deinitialize() }
                        return gathering.rules(of: plan).withUnsafeBufferPointer { rules in
                            body(
                                Situation(
                                    plan, ownNames, UnsafeBufferPointer(views), counters, gathering, rules,
                                    excluding: excluded))
                        }
                    }
                }
            }
        }
    }

    private init(
        _ plan: Plan, _ ownNames: OwnNames, _ records: UnsafeBufferPointer<RecordView>,
        _ counters: UnsafeBufferPointer<CounterRecord>, _ gathering: Gathering, _ rules: UnsafeBufferPointer<UInt16>,
        excluding excluded: TouchID?
    ) {
        self.plan = plan
        self.ownNames = ownNames
        self.counters = counters
        table = plan.policies.index.table
        self.records = records
        zones = UnsafeBufferPointer(rebasing: gathering.zones[..<gathering.zoneCount])
        isZoneUnknown = gathering.isZoneUnknown
        jurisdictions = UnsafeBufferPointer(rebasing: gathering.places[..<gathering.placeCount])
        self.rules = rules
        own = Topic(plan.request, family: plan.family)
        self.excluded = excluded
        requestPlaceCount = gathering.requestPlaceCount
        var household = false
        var person = false
        var merged = false
        var last = Timestamp.distantPast
        for i in records.indices {
            if records[i].isMerged { merged = true }
            if records[i].lastTouchInstant > last { last = records[i].lastTouchInstant }
            if records[i].isHousehold { household = true }
            if !records[i].isShared { person = true }
        }
        lastTouchInstant = last
        hasMerged = merged
        hasHousehold = household
        hasPerson = person
    }

    /// A person of whom nothing is known.
    private static let nobody = [PersonRecord(id: PersonID(high: 0, low: 0), createdAt: .distantPast)]

    /// Whether the rule's places may hold the person.
    ///
    /// The built-in opt-out rule applies where no rule of the policies' own does.
    func isInside(_ entry: UnsafePointer<RuleTable.Entry>) -> Bool {
        if entry.pointee.isFallback { return !hasOwnOptOut }
        return isInside(entry, jurisdictions)
    }

    private func isInside(
        _ entry: UnsafePointer<RuleTable.Entry>, _ jurisdictions: UnsafeBufferPointer<Jurisdiction>
    ) -> Bool {
        if !entry.pointee.hasPlaces { return true }
        let rule = entry.pointee.rule
        for candidate in jurisdictions {
            for i in rule.pointee.scope.jurisdictions.indices
            where rule.pointee.scope.jurisdictions[i].covers(candidate: candidate) {
                return true
            }
        }
        return false
    }

    /// Whether the policies themselves say, of a contact like this one and at all times, what a no means.
    ///
    /// Of a merged person only for the places that the request tells: those of one record say nothing of another's no.
    private var hasOwnOptOut: Bool {
        let places = hasMerged ? UnsafeBufferPointer(rebasing: jurisdictions[..<requestPlaceCount]) : jurisdictions
        for position in rules {
            let entry = table[position]
            guard case .optOut = entry.pointee.body, entry.pointee.mode == .enforce, !entry.pointee.isFallback,
                entry.pointee.effective == nil
            else { continue }
            if isInside(entry, places) { return true }
        }
        return false
    }

    /// Whether a rule that counts per `unit` looks at `record`.
    ///
    /// A shared identifier's record holds touches of many people: it counts as a person only when nobody else is known.
    func counts(_ record: RecordView, for unit: CountKeys.Unit) -> Bool {
        switch unit {
        case .household: hasHousehold ? record.isHousehold || record.isMerged : true
        case .person: !record.isShared || !hasPerson
        case .endpoint: true
        }
    }
}

/// One record by address, with what is asked of it again and again.
struct RecordView {
    let record: UnsafePointer<PersonRecord>
    /// Ascending by `at`. The record keeps them where they are.
    let touches: UnsafeBufferPointer<Touch>
    let facts: UnsafeBufferPointer<Fact>
    /// The touches that may stand in a count, in the same order.
    let countable: UnsafeBufferPointer<CountableTouch>
    /// Which kinds of facts there are at all.
    let kinds: FactKinds
    /// Which outcomes there are at all.
    let outcomes: NameSketch
    /// No touch counts, and no outcome happens, after this.
    let lastTouchInstant: Timestamp
    let isShared: Bool
    let isHousehold: Bool
    /// One of several that a merge made one person: then it is a person's, whatever was said of its identifiers.
    let isMerged: Bool

    init(
        _ record: UnsafePointer<PersonRecord>, _ buffer: UnsafeMutableBufferPointer<CountableTouch>,
        _ excluded: TouchID?, _ ownNames: OwnNames
    ) {
        self.record = record
        // Arrays keep their elements in one place as long as nobody writes, and here nobody does.
        touches = record.pointee.touches.withUnsafeBufferPointer { $0 }
        facts = record.pointee.facts.withUnsafeBufferPointer { $0 }
        var kinds = FactKinds()
        for i in facts.indices { kinds.insert(FactKinds(of: facts.baseAddress! + i)) }
        self.kinds = kinds
        var last = Timestamp.distantPast
        var found = 0
        var outcomes = NameSketch()
        for i in touches.indices {
            let touch = touches.baseAddress! + i
            if !touch.pointee.outcome.isNone { outcomes.insert(touch.pointee.outcome) }
            if touch.pointee.recordedAt > last { last = touch.pointee.recordedAt }
            if touch.pointee.outcomeAt > last { last = touch.pointee.outcomeAt }
            // Field by field: asking the touch itself would copy it.
            if touch.pointee.direction == .outbound, touch.pointee.state != .released, touch.pointee.state != .revoked,
                touch.pointee.id != excluded
            {
                buffer[found] = CountableTouch(
                    at: touch.pointee.at, countsFrom: min(touch.pointee.at, touch.pointee.recordedAt), touch: touch,
                    same: ownNames.same(in: touch))
                found += 1
            }
        }
        self.outcomes = outcomes
        countable = UnsafeBufferPointer(rebasing: buffer[..<found])
        if let newest = touches.last?.at, newest > last { last = newest }
        lastTouchInstant = last
        var shared = false
        var household = false
        for i in record.pointee.identifiers.indices {
            if record.pointee.identifiers[i].isHousehold { household = true }
            if record.pointee.identifiers[i].isShared { shared = true }
        }
        isMerged = record.pointee.isMerged
        isHousehold = household && !isMerged
        isShared = (shared || household) && !isMerged
    }

    var historyFrom: Timestamp { record.pointee.historyFrom }
}

/// A touch that stands in counts from `countsFrom` on: the earlier of its stamp and its arrival, as restricting facts bind.
struct CountableTouch {
    var at: Timestamp
    var countsFrom: Timestamp
    var touch: UnsafePointer<Touch>
    /// Where it names what the request names, or nothing.
    var same: RuleTable.Dimensions
}

/// The names of the request by which touches are counted, compared with each touch once.
struct OwnNames {
    let channel: Channel
    let purpose: Purpose
    let campaign: Campaign
    let product: Product
    let brand: Brand
    let subject: Subject
    let agency: Agency
    let endpoint: IdentifierHash?
    /// What the request leaves out.
    let absent: RuleTable.Dimensions

    init(_ request: borrowing ContactRequest) {
        channel = request.channel
        purpose = request.purpose
        campaign = request.campaign
        product = request.product
        brand = request.brand
        subject = request.subject
        agency = request.agency
        if let position = request.endpoint { endpoint = request.identifiers[position].hash } else { endpoint = nil }
        var absent = RuleTable.Dimensions()
        if campaign.isNone { absent.insert(.campaigns) }
        if product.isNone { absent.insert(.products) }
        if brand.isNone { absent.insert(.brands) }
        if subject.isNone { absent.insert(.subjects) }
        if agency.isNone { absent.insert(.agencies) }
        if endpoint == nil { absent.insert(.endpoint) }
        self.absent = absent
    }

    /// The dimensions in which a touch names the same, or nothing.
    @inline(__always)
    func same(in touch: UnsafePointer<Touch>) -> RuleTable.Dimensions {
        @inline(__always) func bit<Kind>(_ a: Name<Kind>, _ b: Name<Kind>, _ dimension: RuleTable.Dimensions) -> UInt16
        {
            a.isNone || a == b ? dimension.rawValue : 0
        }
        var bits =
            bit(touch.pointee.channel, channel, .channels) | bit(touch.pointee.purpose, purpose, .purposes)
            | bit(touch.pointee.campaign, campaign, .campaigns) | bit(touch.pointee.product, product, .products)
        bits |=
            bit(touch.pointee.brand, brand, .brands) | bit(touch.pointee.subject, subject, .subjects)
            | bit(touch.pointee.agency, agency, .agencies)
        if touch.pointee.endpoint == nil || touch.pointee.endpoint == endpoint {
            bits |= RuleTable.Dimensions.endpoint.rawValue
        }
        return RuleTable.Dimensions(rawValue: bits)
    }
}

/// Kinds of facts, as a set.
struct FactKinds: OptionSet {
    let rawValue: UInt8
    static let optOut = FactKinds(rawValue: 1)
    static let optIn = FactKinds(rawValue: 2)
    static let consent = FactKinds(rawValue: 4)
    static let withdrawal = FactKinds(rawValue: 8)
    static let holding = FactKinds(rawValue: 16)
    static let event = FactKinds(rawValue: 32)
    static let appointment = FactKinds(rawValue: 64)
    static let quietTime = FactKinds(rawValue: 128)
}

extension FactKinds {
    init(of fact: UnsafePointer<Fact>) {
        switch fact.pointee.body {
        case .optOut: self = .optOut
        case .optIn: self = .optIn
        case .consent: self = .consent
        case .withdrawal: self = .withdrawal
        case .holding: self = .holding
        case .event: self = .event
        case .appointment: self = .appointment
        case .quietTime: self = .quietTime
        }
    }
}

/// Zones and places as they are found, each once.
private struct Gathering {
    let zones: UnsafeMutableBufferPointer<ZoneTable>
    let places: UnsafeMutableBufferPointer<Jurisdiction>
    let atlas: ZoneAtlas
    var zoneCount = 0
    var placeCount = 0
    var isZoneUnknown = false
    /// How many places the request itself told.
    private(set) var requestPlaceCount = 0
    /// The last keys looked up; most requests and records name the same one or two.
    private var lastKey: ZoneKey?

    init(
        zones: UnsafeMutableBufferPointer<ZoneTable>, places: UnsafeMutableBufferPointer<Jurisdiction>, atlas: ZoneAtlas
    ) {
        self.zones = zones
        self.places = places
        self.atlas = atlas
    }

    mutating func gather(_ plan: Plan, _ records: UnsafeBufferPointer<PersonRecord>) {
        let isStated = !plan.request.whereabouts.statedZones.isEmpty
        if isStated {
            for key in plan.request.whereabouts.statedZones { add(key) }
        } else {
            for key in plan.request.whereabouts.addressZones { add(key) }
        }
        for place in plan.request.whereabouts.addressJurisdictions { add(place) }
        for i in plan.request.identifiers.indices {
            if !isStated { for key in plan.request.identifiers[i].zones { add(key) } }
            for place in plan.request.identifiers[i].jurisdictions { add(place) }
        }
        requestPlaceCount = placeCount
        let requestZoneCount = zoneCount
        // What of the others is known says nothing of a merged record of which nothing is.
        var isPartZoneless = false
        var isPartPlaceless = false
        for record in records.indices where !records[record].merges.isEmpty && records[record].isMerged {
            if records[record].identifiers.allSatisfy({ $0.zones.isEmpty }) { isPartZoneless = true }
            if records[record].identifiers.allSatisfy({ $0.jurisdictions.isEmpty }) { isPartPlaceless = true }
        }
        for record in records.indices {
            for i in records[record].identifiers.indices {
                if !isStated { for key in records[record].identifiers[i].zones { add(key) } }
                for place in records[record].identifiers[i].jurisdictions { add(place) }
            }
        }
        isZoneUnknown = zoneCount == 0 || (isPartZoneless && requestZoneCount == 0)
        if isZoneUnknown { for zone in atlas.anywhere { add(zone) } }
        // Not knowing where somebody is takes no rule away.
        if placeCount == 0 || (isPartPlaceless && requestPlaceCount == 0) { add(Jurisdiction.unknown) }
    }

    /// The plan's rules, or those for all places when the records told of some that the request did not.
    func rules(of plan: Plan) -> ContiguousArray<UInt16> {
        if requestPlaceCount == 0 || requestPlaceCount == placeCount || !plan.policies.index.hasPlaces {
            return plan.rules
        }
        return plan.policies.index.rules(
            for: plan.request, family: plan.family, at: UnsafeBufferPointer(rebasing: places[..<placeCount]))
    }

    private mutating func add(_ key: ZoneKey) {
        if key == lastKey { return }
        lastKey = key
        guard let zone = atlas[key] else { return }
        for i in 0..<zoneCount where zones[i] === zone { return }
        add(zone)
    }

    private mutating func add(_ zone: ZoneTable) {
        (zones.baseAddress! + zoneCount).initialize(to: zone)
        zoneCount += 1
    }

    private mutating func add(_ place: Jurisdiction) {
        for i in 0..<placeCount where places[i] == place { return }
        (places.baseAddress! + placeCount).initialize(to: place)
        placeCount += 1
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
    /// Other forms of the endpoint, under which a no may have been told.
    var aliases: [IdentifierHash] = []

    init(_ request: borrowing ContactRequest, family: Family) {
        channel = request.channel
        purpose = request.purpose
        brand = request.brand
        product = request.product
        self.family = family
        campaign = request.campaign
        subject = request.subject
        accounts = request.accounts
        if let position = request.endpoint {
            endpoint = request.identifiers[position].hash
            var next = position + 1
            while next < request.identifiers.count, request.identifiers[next].isAlias {
                aliases.append(request.identifiers[next].hash)
                next += 1
            }
        }
    }

    init(_ touch: borrowing Touch, family: Family) {
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
    func isTouched(by scope: borrowing FactScope) -> Bool {
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
