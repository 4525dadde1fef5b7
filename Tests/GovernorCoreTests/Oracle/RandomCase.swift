import GovernorCore
import GovernorTesting

/// A random rule set, person and request, made so that edges meet: touches lie at the very ends of windows, and now lies
/// near changes of clocks, ends of months and hours.
struct RandomCase {
    var rules: [Rule] = []
    var calendars: [HolidayCalendar] = []
    var request: ContactRequest
    var records: [PersonRecord] = []
    var now: Timestamp
    var isHypothetical = false
    /// What every guard has counted, ascending.
    var attempts: [Attempt] = []

    struct Attempt {
        var at: Timestamp
        var outcome: EventName
    }

    static let families: [Product: Family] = ["p1": "f1", "p2": "f1", "p3": "f2"]

    /// Where clocks do what programmers forget, and when.
    private static let places: [(zones: [String], near: [String])] = [
        (["America/New_York", "America/Denver", "America/Los_Angeles"], ["2026-03-08T07:00Z", "2026-11-01T06:00Z"]),
        (["America/New_York"], ["2026-03-08T07:00Z", "2026-11-01T06:00Z", "2026-02-28T12:00Z"]),
        (["Europe/Berlin", "Europe/Lisbon", "Atlantic/Azores"], ["2026-03-29T01:00Z", "2026-10-25T01:00Z"]),
        (["Europe/Paris"], ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2024-02-29T12:00Z", "2026-12-31T12:00Z"]),
        (["Australia/Lord_Howe", "Australia/Adelaide"], ["2026-04-04T15:00Z", "2026-10-03T15:30Z"]),
        (["Asia/Kathmandu", "Asia/Kolkata", "Pacific/Chatham"], ["2026-04-04T14:00Z", "2026-09-26T14:00Z"]),
        (["America/Sao_Paulo"], ["2018-11-04T03:00Z", "2018-02-18T02:00Z"]),
        (["Africa/Cairo", "Asia/Beirut"], ["2026-04-23T22:00Z", "2026-10-29T21:00Z", "2026-03-28T22:00Z"]),
        (["Africa/Casablanca"], ["2026-02-15T02:00Z", "2026-03-22T02:00Z"]),
        (["Pacific/Apia"], ["2011-12-30T10:00Z"]),
        (["America/St_Johns"], ["2010-11-07T02:31Z", "2010-03-14T03:31Z"]),
        (["Antarctica/Troll", "America/Nuuk"], ["2026-03-29T01:00Z", "2026-10-25T01:00Z"]),
        (["Pacific/Kiritimati", "Pacific/Pago_Pago"], ["2026-05-31T10:00Z", "2026-01-31T12:00Z"]),
        (["Asia/Tokyo", "UTC-06:00"], ["2026-01-31T15:00Z", "2026-12-31T15:00Z"]),
    ]

    private static let endpoints = [IdentifierHash(high: 1, low: 1), IdentifierHash(high: 1, low: 2)]
    private static let outcomes: [EventName] = ["no_answer", "busy", "conversation", "refused", "sold"]
    private static let events: [EventName] = ["refused", "complaint", "purchase", "conversation", "reassigned"]

    private var zoneNames: [String] = []
    private var zones: [ZoneTable] = []

    init(_ random: inout SeededGenerator, atlas: ZoneAtlas) {
        let place = Self.places.randomElement(using: &random)!
        let text = place.near.randomElement(using: &random)!.replacing("Z", with: ":00Z")
        let near: Timestamp
        do { near = try Timestamp(parsing: text) } catch { preconditionFailure("\(text): \(error)") }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: now = near + .minutes(.random(in: -300...300, using: &random))
        case 1: now = near + .minutes(15 * .random(in: -400...400, using: &random))
        default: now = near + Milliseconds(.random(in: -500_000_000...200_000_000, using: &random))
        }
        request = ContactRequest(identifiers: [], endpoint: nil, channel: "voice", purpose: "marketing")
        zoneNames = Array(place.zones.shuffled(using: &random).prefix(.random(in: 1...3, using: &random)))
        zones = zoneNames.compactMap { atlas[ZoneKey(name: $0)] }
        makeCalendar(&random)
        makeRequest(&random)
        let rulesCount = Int.random(in: 2...8, using: &random)
        for i in 0..<rulesCount { rules.append(makeRule(i, &random)) }
        let recordsCount = [1, 1, 1, 1, 1, 2, 2, 0].randomElement(using: &random)!
        for i in 0..<recordsCount { records.append(makeRecord(i, of: recordsCount, &random)) }
        makeAttempts(&random)
        if chance(8, &random) {
            // "When could I have called?": an instant of the past, with all that came after it on record.
            isHypothetical = true
            request.reserve = false
            now = now - .hours(.random(in: 1...100, using: &random))
            // But for counters: by now they keep those hours more coarsely than a guard promises for the present.
            attempts.removeAll { $0.at > now }
        }
    }

    private func chance(_ percent: Int, _ random: inout SeededGenerator) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    /// Countries and regions of which some hold others.
    private static func place(_ random: inout SeededGenerator) -> Jurisdiction {
        Jurisdiction(["US", "US-NY", "US-NY", "US-FL", "FR", "FR-2A"].randomElement(using: &random)!)!
    }

    // MARK: Request

    private mutating func makeRequest(_ random: inout SeededGenerator) {
        var phone = RequestIdentifier(hash: Self.endpoints[0], kind: .phone)
        if !chance(30, &random) { phone.zones = zoneNames.map { ZoneKey(name: $0) } }
        request.identifiers = [phone]
        request.endpoint = chance(90, &random) ? 0 : nil
        request.channel = chance(80, &random) ? "voice" : "sms"
        request.purpose = chance(75, &random) ? "marketing" : "service"
        if chance(60, &random) { request.campaign = chance(50, &random) ? "c1" : "c2" }
        if chance(60, &random) { request.product = chance(50, &random) ? "p1" : "p3" }
        if chance(50, &random) { request.brand = chance(50, &random) ? "b1" : "b2" }
        if chance(30, &random) { request.subject = "s1" }
        if chance(30, &random) { request.agency = "north" }
        if chance(40, &random) { request.accounts = chance(50, &random) ? ["a1"] : ["a1", "a2"] }
        if chance(40, &random) { request.method = chance(50, &random) ? .live : .automated }
        if chance(15, &random) { request.exemption = .stopConfirmation }
        if chance(15, &random) { request.inReplyTo = FactID(high: 9, low: 9) }
        if chance(30, &random) { request.role = chance(50, &random) ? "consumer" : "attorney" }
        for registry in ["dnc", "tps"] as [RegistryName] where chance(85, &random) {
            let since = chance(80, &random) ? edge(&random) : nil
            request.registryAnswers.append(
                RegistryAnswer(
                    registry: registry, snapshotAt: edge(&random),
                    listing: chance(50, &random) ? .listed(since: since) : .notListed))
        }
        request.holdFor = .minutes([2, 10, 60].randomElement(using: &random)!)
        if chance(40, &random) { request.whereabouts.addressJurisdictions = [Self.place(&random)] }
        if chance(25, &random) { request.identifiers[0].jurisdictions = [Self.place(&random), Self.place(&random)] }
        let keys = zoneNames.map { ZoneKey(name: $0) }
        if chance(15, &random) {
            request.whereabouts.statedZones = [keys[0]]
        } else if phone.zones.isEmpty && !chance(8, &random) {
            request.whereabouts.addressZones = keys
        }
    }

    private mutating func makeCalendar(_ random: inout SeededGenerator) {
        let today = zones[0].local(at: now).date
        var dates: [LocalDate] = []
        for day in Int32(-20)...20 where chance(12, &random) { dates.append(LocalDate(days: today.days + day)) }
        let lasts: Int32 = chance(85, &random) ? 900 : Int32.random(in: -3...30, using: &random)
        calendars = [HolidayCalendar(name: "fr", dates: dates, validThrough: LocalDate(days: today.days + lasts))]
    }

    // MARK: Instants

    /// An instant that something in the rules may turn on.
    private func edge(_ random: inout SeededGenerator) -> Timestamp {
        let delta = Milliseconds([0, 0, -1, 1, 60_000, -60_000, 1_800_000].randomElement(using: &random)!)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return now - Self.lengths.randomElement(using: &random)! + delta
        case 1:
            let zone = zones.randomElement(using: &random)!
            let date = zone.local(at: now).date
            return zone.firstInstant(notBefore: LocalDate(days: date.days - .random(in: 0...8, using: &random))) + delta
        case 2:
            let zone = zones.randomElement(using: &random)!
            let steps = Self.steps.randomElement(using: &random)!
            return zone.adding(steps.negated, to: now) + delta
        case 3: return now - .minutes(.random(in: 0...3_000, using: &random))
        case 4: return now - .minutes(.random(in: 0...60_000, using: &random)) + delta
        default: return now - Milliseconds(.random(in: 0...1_000_000_000, using: &random))
        }
    }

    private func notAfterNow(_ instant: Timestamp, _ random: inout SeededGenerator) -> Timestamp {
        if chance(4, &random) { return now + Milliseconds(.random(in: 0...300_000, using: &random)) }
        return min(instant, now)
    }

    private static let lengths: [Milliseconds] = [.hours(1), .hours(4), .hours(24), .hours(72), .days(7), .days(30)]
    private static let steps: [ISODuration] = [
        ISODuration(months: 1), ISODuration(days: 1), ISODuration(days: 2, milliseconds: 21_600_000),
        ISODuration(years: 1), ISODuration(months: 3, days: 1), ISODuration(months: 18),
        ISODuration(days: 7), ISODuration(months: 1, milliseconds: 7_200_000),
    ]

    private func wait(_ random: inout SeededGenerator) -> Wait {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4: .elapsed(Self.lengths.randomElement(using: &random)!)
        case 5, 6: .localDays([1, 2, 7, 30].randomElement(using: &random)!, firstDayCounted: chance(50, &random))
        case 7:
            .businessDays([1, 3, 5].randomElement(using: &random)!, calendar: 0, firstDayCounted: chance(50, &random))
        default: .steps(Self.steps.randomElement(using: &random)!)
        }
    }

    private func window(_ random: inout SeededGenerator) -> Window {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: .elapsed(Self.lengths.randomElement(using: &random)!)
        case 4, 5: .localDays([1, 2, 7, 30].randomElement(using: &random)!)
        case 6, 7:
            .calendar(
                [.day, .week, .month, .year].randomElement(using: &random)!,
                weekStarts: chance(50, &random) ? .monday : .sunday)
        default: .steps(Self.steps.randomElement(using: &random)!)
        }
    }

    // MARK: Rules

    private func filter(_ random: inout SeededGenerator) -> TouchFilter {
        var filter = TouchFilter()
        if chance(40, &random) { filter.channels = ["voice"] }
        if chance(30, &random) { filter.purposes = ["marketing", "survey"] }
        if chance(15, &random) { filter.campaigns = ["c1"] }
        if chance(10, &random) { filter.products = ["p1"] }
        if chance(10, &random) { filter.agencies = ["north"] }
        if chance(10, &random) { filter.accounts = ["a1"] }
        if chance(6, &random) { filter.roles = ["consumer"] }
        if chance(10, &random) { filter.methods = [.live] }
        if chance(15, &random) { filter.outcomes = ["no_answer", "conversation"] }
        if chance(20, &random) { filter.notOutcomes = ["busy"] }
        return filter
    }

    private func keys(_ random: inout SeededGenerator) -> CountKeys {
        var keys = CountKeys(unit: [.person, .person, .person, .endpoint, .household].randomElement(using: &random)!)
        keys.perAccount = chance(25, &random)
        keys.perSubject = chance(10, &random)
        keys.perCampaign = chance(15, &random)
        keys.perBrand = chance(10, &random)
        keys.perProduct = chance(10, &random)
        keys.perFamily = chance(10, &random)
        keys.perAgency = chance(10, &random)
        return keys
    }

    private func hours(_ random: inout SeededGenerator) -> ContactHours {
        func span(_ open: Int32, _ close: Int32) -> ContactHours.DaySpan {
            ContactHours.DaySpan(open: open * 60_000, close: close * 60_000)
        }
        let choices: [[ContactHours.DaySpan]] = [
            [span(480, 1_260)], [span(480, 1_260)], [span(540, 720), span(840, 1_080)], [span(0, 1_440)],
            [span(0, 240), span(1_320, 1_440)], [span(30, 150)], [span(90, 151), span(1_439, 1_440)], [],
        ]
        var days: [[ContactHours.DaySpan]] = []
        let usual = choices.dropLast().randomElement(using: &random)!
        for _ in 0..<7 { days.append(chance(75, &random) ? usual : choices.randomElement(using: &random)!) }
        var hours = ContactHours(days: days)
        if chance(25, &random) {
            hours.holidays = 0
            hours.holiday = chance(70, &random) ? choices.randomElement(using: &random)! : nil
        }
        if chance(15, &random) {
            let today = zones[0].local(at: now).date
            hours.closedDates = (0..<3).map { _ in LocalDate(days: today.days + .random(in: -1...9, using: &random)) }
        }
        if chance(8, &random) { hours.zone = ZoneKey(name: "UTC-06:00") }
        if chance(20, &random) { hours.margin = .minutes(1) }
        return hours
    }

    private func exemptions(_ random: inout SeededGenerator) -> [Exemption] {
        (0..<Int.random(in: 1...2, using: &random)).map { _ in
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                .consent(
                    "express", within: chance(60, &random) ? wait(&random) : nil,
                    endsOn: chance(50, &random) ? ["conversation"] : [])
            case 2: .event("purchase", within: wait(&random))
            case 3: .holding(.sameFamily, status: [.active, .lapsed])
            case 4: .replyToInbound
            case 5: .stopConfirmation
            case 6: .purpose("service")
            default: .appointment
            }
        }
    }

    private func holds(_ random: inout SeededGenerator) -> Holds {
        [.sameProduct, .sameFamily, .any, .products(["p1"]), .families(["f1"])].randomElement(using: &random)!
    }

    private func statuses(_ random: inout SeededGenerator) -> [HoldingStatus] {
        HoldingStatus.allCases.filter { _ in chance(40, &random) }
    }

    private func terms(_ random: inout SeededGenerator) -> ConsentTerms {
        var terms = ConsentTerms(names: chance(50, &random) ? ["express", "written"] : ["express"])
        terms.isBoundToEndpoint = chance(30, &random)
        terms.needsEvidence = chance(20, &random)
        if chance(40, &random) { terms.validFor = wait(&random) }
        if chance(40, &random) { terms.voidOn = ["reassigned"] }
        return terms
    }

    private func relationships(_ random: inout SeededGenerator) -> [Relationship] {
        var or: [Relationship] = []
        if chance(40, &random) { or.append(.event("purchase", within: wait(&random))) }
        if chance(40, &random) { or.append(.holding(holds(&random), status: statuses(&random))) }
        return or
    }

    private func makeRule(_ i: Int, _ random: inout SeededGenerator) -> Rule {
        let body: RuleBody
        switch Int.random(in: 0..<29, using: &random) {
        case 0...6:
            let limit: UInt32 = chance(3, &random) ? 0 : .random(in: 1...4, using: &random)
            var cap = FrequencyCap(limit: limit, window: window(&random), count: filter(&random), per: keys(&random))
            cap.releasesUnreported = chance(30, &random)
            if chance(15, &random) {
                cap.keep = KeptBudget(
                    campaigns: ["c1"], purposes: chance(30, &random) ? ["service"] : [],
                    slots: .random(in: 0...2, using: &random))
            }
            body = .frequencyCap(cap)
        case 7...9:
            body = .minGap(
                MinGap(
                    gap: wait(&random), count: filter(&random), per: keys(&random),
                    releasesUnreported: chance(30, &random)))
        case 10...12:
            let after: NameSet<EventKind> = chance(50, &random) ? ["refused"] : ["conversation", "complaint"]
            body = .coolOff(CoolOff(after: after, wait: wait(&random), count: filter(&random), per: keys(&random)))
        case 13...16: body = .contactHours(hours(&random))
        case 17: body = .quietTimes
        case 18, 19:
            body = .optOut(
                OptOutRule(
                    lasts: chance(60, &random) ? wait(&random) : nil,
                    reach: [nil, nil, .person, .endpoint].randomElement(using: &random)!))
        case 20:
            var rule = ConsentRule(require: [])
            rule.require = terms(&random)
            rule.or = relationships(&random)
            body = .consent(rule)
        case 24, 25:
            var rule = RegistryRule(registry: chance(50, &random) ? "dnc" : "tps")
            if chance(60, &random) { rule.maxAge = wait(&random) }
            if chance(40, &random) { rule.afterListing = wait(&random) }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                rule.overriddenBy.append(
                    RegistryOverride(
                        terms(&random), given: [.any, .before, .after].randomElement(using: &random)!))
            }
            if chance(30, &random) { rule.or = relationships(&random) }
            body = .registry(rule)
        case 21, 22:
            var lingering: [HoldingStatus: Wait] = [:]
            for status in HoldingStatus.allCases where chance(30, &random) { lingering[status] = wait(&random) }
            var rule = HoldingRule(holds: holds(&random), status: statuses(&random), andFor: lingering)
            if chance(20, &random) { rule.forFirst = wait(&random) }
            if chance(20, &random) {
                rule.renewalWindow = [
                    ISODuration(days: 2), ISODuration(months: 1), ISODuration(milliseconds: 7_200_000),
                ].randomElement(using: &random)!
            }
            body = .holding(rule)
        case 27, 28: body = .campaignGuard(campaignGuard(&random))
        default:
            let from = chance(60, &random) ? now + .minutes(.random(in: -3_000...100, using: &random)) : nil
            let until = chance(85, &random) ? now + .minutes(.random(in: 0...5_000, using: &random)) : nil
            body = .block(BlockRule(from: from, until: until, labels: chance(25, &random) ? ["work"] : []))
        }
        var rule = Rule(id: "r/\(i)", body: body)
        if chance(15, &random) { rule.scope.channels = ["voice"] }
        if chance(15, &random) { rule.scope.purposes = ["marketing", "survey"] }
        if chance(8, &random) { rule.scope.campaigns = ["c1"] }
        if chance(8, &random) { rule.scope.families = ["f1"] }
        if chance(5, &random) { rule.scope.methods = [.automated] }
        if chance(5, &random) { rule.scope.roles = ["consumer"] }
        if chance(15, &random) { rule.scope.jurisdictions = [Self.place(&random)] }
        if chance(4, &random) { rule.scope.jurisdictions = [Self.place(&random), Self.place(&random)] }
        if chance(12, &random) { rule.mode = chance(70, &random) ? .shadow : .off }
        if chance(18, &random) {
            let today = zones[0].local(at: now).date
            rule.effective = EffectiveDates(
                from: chance(60, &random) ? LocalDate(days: today.days + .random(in: -4...3, using: &random)) : nil,
                until: chance(70, &random) ? LocalDate(days: today.days + .random(in: 0...6, using: &random)) : nil)
        }
        if chance(20, &random) { rule.unless = exemptions(&random) }
        return rule
    }

    // MARK: Guards

    private static let guardLengths: [Milliseconds] = [
        .minutes(7), .hours(1), .hours(2), .hours(3), .hours(24), .hours(49), .days(7), .days(30),
    ]

    private func campaignGuard(_ random: inout SeededGenerator) -> CampaignGuard {
        let window: GuardWindow =
            switch Int.random(in: 0..<10, using: &random) {
            case 0...4: .elapsed(Self.guardLengths.randomElement(using: &random)!)
            case 5...7:
                .calendar(
                    [.hour, .day, .week, .month].randomElement(using: &random)!,
                    weekStarts: chance(50, &random) ? .monday : .sunday,
                    zone: chance(60, &random) ? ZoneKey(name: zoneNames.randomElement(using: &random)!) : nil)
            default: .periods([.hours(1), .hours(5), .days(1), .days(30)].randomElement(using: &random)!)
            }
        let share = CampaignGuard.Demand.share(
            of: ["abandoned"], among: ["abandoned", "conversation", "sold"],
            millionths: [0, 30_000, 300_000, 500_000, 1_000_000].randomElement(using: &random)!,
            atLeast: [1, 1, 2, 4].randomElement(using: &random)!)
        let limit: UInt32 = chance(4, &random) ? 0 : .random(in: 1...6, using: &random)
        return CampaignGuard(
            per: chance(50, &random) ? .campaign : .agency, demand: chance(50, &random) ? .attempts(limit) : share,
            window: window)
    }

    private mutating func makeAttempts(_ random: inout SeededGenerator) {
        guard rules.contains(where: { if case .campaignGuard = $0.body { true } else { false } }) else { return }
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            var at = now - Milliseconds(.random(in: 0...200_000_000, using: &random))
            if chance(50, &random) {
                // At the very end of a window, give or take what a counter sees as one.
                let length = Self.guardLengths.randomElement(using: &random)!
                at = now - length + Milliseconds(.random(in: -70...70, using: &random) * 60_000)
            }
            if chance(20, &random) { at = Timestamp(milliseconds: at.milliseconds / 3_600_000 * 3_600_000) }
            attempts.append(
                Attempt(
                    at: min(at, now),
                    outcome: ["abandoned", "conversation", "sold", "no_answer", .none].randomElement(using: &random)!))
        }
        attempts.sort { $0.at < $1.at }
    }

    /// The counters as they are kept after all that was reported in its time.
    func counters(_ keys: [CounterKey]) -> [CounterRecord] {
        if attempts.isEmpty { return [] }
        return keys.map { key in
            var counter = CounterRecord(key: key)
            var names = NameTable()
            for text in ["abandoned", "conversation", "sold", "no_answer"] {
                _ = names.intern(text, as: EventName.self)
            }
            for attempt in attempts {
                counter.apply(CounterChange(key: key, at: attempt.at, attempts: 1), names: names, at: attempt.at)
            }
            // Outcomes come late: as late as now.
            for attempt in attempts where !attempt.outcome.isNone {
                counter.apply(
                    CounterChange(key: key, at: attempt.at, outcome: attempt.outcome), names: names,
                    at: max(now, attempt.at))
            }
            return counter
        }
    }

    // MARK: History

    private func makeRecord(_ i: Int, of count: Int, _ random: inout SeededGenerator) -> PersonRecord {
        var record = PersonRecord(id: PersonID(high: 0, low: UInt64(i + 1)), createdAt: .distantPast)
        var known = KnownIdentifier(hash: Self.endpoints[i % 2], kind: .phone, addedAt: .distantPast)
        if i == 1, chance(60, &random) { known.isShared = true }
        if i == 1, chance(30, &random) { known.isHousehold = true }
        if chance(20, &random) { known.zones = [ZoneKey(name: zoneNames.last!)] }
        if chance(25, &random) { known.jurisdictions = [Self.place(&random)] }
        if chance(20, &random) { known.labels = ["work"] }
        record.identifiers = [known]
        let touchCount = Int.random(in: 0...9, using: &random)
        record.touches = (0..<touchCount).map { makeTouch(UInt64(i * 100 + $0 + 1), &random) }.sorted { $0.at < $1.at }
        let factCount = chance(55, &random) ? Int.random(in: 0...5, using: &random) : 0
        record.facts = (0..<factCount).map { makeFact(UInt64(i * 100 + $0 + 1), &random) }.sorted { $0.at < $1.at }
        if chance(7, &random) {
            record.historyFrom = edge(&random)
            for outcome in Self.outcomes where chance(40, &random) {
                let from = chance(50, &random) ? .distantPast : min(edge(&random), record.historyFrom)
                record.spared.append(SparedOutcome(outcome, from: from))
            }
        }
        return record
    }

    private func makeTouch(_ id: UInt64, _ random: inout SeededGenerator) -> Touch {
        let at = notAfterNow(edge(&random), &random)
        var touch = Touch(
            id: TouchID(bits: id), at: at, expiresAt: at + .minutes([2, 10, 60].randomElement(using: &random)!),
            state: [.reserved, .confirmed, .reported, .reported, .external, .released, .revoked]
                .randomElement(using: &random)!,
            direction: chance(10, &random) ? .inbound : .outbound, channel: chance(80, &random) ? "voice" : "sms",
            purpose: chance(75, &random) ? "marketing" : "service")
        touch.recordedAt = chance(80, &random) ? at : min(at + .minutes(3), now)
        if touch.state == .reported || touch.state == .external, chance(80, &random) {
            touch.outcome = Self.outcomes.randomElement(using: &random)!
            touch.outcomeAt = notAfterNow(at + .minutes(.random(in: 0...90, using: &random)), &random)
        }
        if chance(50, &random) { touch.campaign = chance(50, &random) ? "c1" : "c2" }
        if chance(50, &random) { touch.product = chance(50, &random) ? "p1" : "p3" }
        if chance(40, &random) { touch.brand = chance(50, &random) ? "b1" : "b2" }
        if chance(30, &random) { touch.subject = chance(50, &random) ? "s1" : "s2" }
        if chance(30, &random) { touch.agency = chance(50, &random) ? "north" : "south" }
        if chance(40, &random) { touch.accounts = chance(50, &random) ? ["a1"] : ["a2", "a3"] }
        if chance(30, &random) { touch.method = chance(50, &random) ? .live : .automated }
        if chance(80, &random) { touch.endpoint = Self.endpoints.randomElement(using: &random)! }
        if chance(4, &random) { touch.exemption = .stopConfirmation }
        if chance(25, &random) { touch.role = chance(50, &random) ? "consumer" : "attorney" }
        if touch.direction == .inbound {
            touch.factID = FactID(high: 9, low: 9)
        } else if chance(3, &random) {
            touch.inReplyTo = FactID(high: 9, low: 9)
        }
        return touch
    }

    private func scope(_ random: inout SeededGenerator) -> FactScope {
        var scope = FactScope()
        if chance(60, &random) { return scope }
        if chance(40, &random) { scope.channels = chance(70, &random) ? ["voice"] : ["sms", "email"] }
        if chance(40, &random) { scope.purposes = ["marketing"] }
        if chance(25, &random) { scope.products = ["p1"] }
        if chance(15, &random) { scope.families = ["f1"] }
        if chance(15, &random) { scope.accounts = ["a1"] }
        if chance(15, &random) { scope.brands = ["b1"] }
        return scope
    }

    private func makeFact(_ id: UInt64, _ random: inout SeededGenerator) -> Fact {
        var at = notAfterNow(edge(&random), &random)
        let endpoints = chance(40, &random) ? [] : [Self.endpoints[chance(75, &random) ? 0 : 1]]
        let reach: Reach = chance(60, &random) ? .person : .endpoint
        let body: FactBody
        switch Int.random(in: 0..<16, using: &random) {
        case 0, 1: body = .optOut(reach: reach, endpoints: endpoints)
        case 2, 3: body = .optIn(reach: reach, endpoints: endpoints)
        case 4, 5, 6:
            body = .consent(
                chance(80, &random) ? "express" : "written", endpoints: endpoints,
                until: chance(30, &random) ? now + .minutes(.random(in: -100...2_000, using: &random)) : nil)
        case 7: body = .withdrawal(chance(50, &random) ? "express" : .none)
        case 8, 9:
            if chance(15, &random) { at = now + .hours(.random(in: 1...50, using: &random)) }
            var holding = Holding(
                product: ["p1", "p2", "p3", "p4"].randomElement(using: &random)!,
                status: HoldingStatus.allCases.randomElement(using: &random)!)
            if chance(50, &random) { holding.from = now + .hours(.random(in: -500...50, using: &random)) }
            if chance(60, &random) {
                holding.to = max(holding.from ?? .distantPast, now + .hours(.random(in: -300...100, using: &random)))
                if chance(50, &random) {
                    holding.graceUntil = holding.to! + .hours(.random(in: -5...200, using: &random))
                }
            }
            body = .holding(holding)
        case 10, 11, 12: body = .event(Self.events.randomElement(using: &random)!, endpoints: endpoints)
        case 13:
            let from = now + .minutes(.random(in: -60...3_000, using: &random))
            body = .appointment(from: from, to: from + .minutes(.random(in: 1...120, using: &random)))
        default:
            let start = Int32.random(in: 0...23, using: &random) * 3_600_000
            body = .quietTime(
                [
                    WeeklySpan(
                        days: .random(in: 1...127, using: &random), start: start,
                        end: min(start + 18_000_000, 86_400_000))
                ],
                until: chance(40, &random) ? now + .minutes(.random(in: -10...5_000, using: &random)) : nil)
        }
        var received = chance(60, &random) ? at : min(at + .hours(1), now)
        if received > now { received = now }
        return Fact(
            id: FactID(high: 5, low: id), at: at, receivedAt: received, scope: scope(&random), body: body,
            hasEvidence: chance(70, &random))
    }
}
