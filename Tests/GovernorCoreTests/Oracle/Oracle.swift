import GovernorCore

/// What every rule means, said once more in the plainest way: given an instant, is the request allowed?
///
/// Knows nothing of next instants, of the solver or of how the evaluator goes about it; it counts by scanning and reads
/// the wall clock at the instant asked about.
struct Oracle {
    var rules: [Rule]
    var calendars: [HolidayCalendar]
    var families: [Product: Family]
    var request: ContactRequest
    var records: [PersonRecord]
    var zoneTable: (ZoneKey) -> ZoneTable?
    var decidedAt: Timestamp
    var isHypothetical = false
    var excluded: TouchID?
    /// What every guard has counted.
    var attempts: [RandomCase.Attempt] = []
    let clock = NaiveClock()
    private(set) var zones: [ZoneTable] = []
    private(set) var isZoneUnknown = false
    private var places: [Jurisdiction] = []

    init(
        rules: [Rule], calendars: [HolidayCalendar], families: [Product: Family], request: ContactRequest,
        records: [PersonRecord], decidedAt: Timestamp, zoneTable: @escaping (ZoneKey) -> ZoneTable?
    ) {
        self.rules = rules
        self.calendars = calendars
        self.families = families
        self.request = request
        self.records =
            records.isEmpty ? [PersonRecord(id: PersonID(high: 0, low: 0), createdAt: .distantPast)] : records
        self.zoneTable = zoneTable
        self.decidedAt = decidedAt
        var keys = Set(request.whereabouts.statedZones)
        if keys.isEmpty {
            keys.formUnion(request.whereabouts.addressZones)
            for identifier in request.identifiers { keys.formUnion(identifier.zones) }
            for record in records { for known in record.identifiers { keys.formUnion(known.zones) } }
        }
        zones = keys.sorted().compactMap(zoneTable)
        isZoneUnknown = zones.isEmpty
        if zones.isEmpty { zones = (-12...14).map { ZoneTable(fixedOffsetSeconds: $0 * 3_600) } }
        places =
            request.whereabouts.addressJurisdictions + request.identifiers.flatMap(\.jurisdictions)
            + records.flatMap { $0.identifiers.flatMap(\.jurisdictions) }
        if places.isEmpty { places = [.unknown] }
    }

    func isAllowed(at t: Timestamp) -> Bool {
        !rules.contains { $0.mode == .enforce && applies($0) && fails($0, at: t) }
    }

    func failing(_ mode: RuleMode, at t: Timestamp) -> Set<Int> {
        Set(rules.indices.filter { rules[$0].mode == mode && applies(rules[$0]) && fails(rules[$0], at: t) })
    }

    // MARK: Which rules

    private var family: Family { families[request.product] ?? .none }

    func applies(_ rule: Rule) -> Bool {
        if rule.id == "builtin/opt-out" {
            return !rules.contains {
                guard case .optOut = $0.body else { return false }
                return $0.id != rule.id && $0.mode == .enforce && $0.effective == nil && isAbout($0)
            }
        }
        return isAbout(rule)
    }

    private func isAbout(_ rule: Rule) -> Bool {
        func admits<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool {
            set.names.isEmpty || name == .none || set.names.contains(name)
        }
        let scope = rule.scope
        guard admits(scope.channels, request.channel), admits(scope.purposes, request.purpose),
            admits(scope.brands, request.brand), admits(scope.products, request.product),
            admits(scope.families, family), admits(scope.campaigns, request.campaign),
            admits(scope.subjects, request.subject), admits(scope.agencies, request.agency),
            admits(scope.roles, request.role)
        else { return false }
        if let method = request.method, !scope.methods.isEmpty, !scope.methods.contains(method) { return false }
        if scope.party != .unknown, request.party != .unknown, scope.party != request.party { return false }
        if !scope.lineTypes.isEmpty, !scope.lineTypes.contains(where: { request.lineType.mayBe($0) }) { return false }
        if scope.jurisdictions.isEmpty { return true }
        return scope.jurisdictions.contains { place in places.contains { place.covers(candidate: $0) } }
    }

    // MARK: What they say

    func fails(_ rule: Rule, at t: Timestamp) -> Bool {
        if let dates = rule.effective {
            let isInForce = zones.contains { zone in
                let today = zone.local(at: t).date
                return (dates.from.map { $0 <= today } ?? true) && (dates.until.map { today < $0 } ?? true)
            }
            if !isInForce { return false }
        }
        switch rule.body {
        case .contactHours(let hours):
            return isClosed(hours, at: t) && !isEverybodyExempt(rule.unless, at: t)
        case .block(let block):
            let isBlocked = (block.from.map { $0 <= t } ?? true) && (block.until.map { t < $0 } ?? true)
            let isLabelled =
                block.labels.names.isEmpty
                || records.contains { record in
                    record.identifiers.contains { known in
                        (endpoint == nil || known.hash == endpoint)
                            && known.labels.contains { block.labels.names.contains($0) }
                    }
                }
            return isBlocked && isLabelled && !isEverybodyExempt(rule.unless, at: t)
        case .campaignGuard(let body):
            return isUsedUp(body, at: t) && !isEverybodyExempt(rule.unless, at: t)
        default:
            return records.contains { fails(rule, on: $0, at: t) && !isExempt(rule.unless, $0, at: t) }
        }
    }

    private func fails(_ rule: Rule, on record: PersonRecord, at t: Timestamp) -> Bool {
        switch rule.body {
        case .frequencyCap(let cap): isReached(cap, rule.unless, on: record, at: t)
        case .minGap(let gap): isTooSoon(gap, rule.unless, on: record, at: t)
        case .coolOff(let coolOff): isCooling(coolOff, on: record, at: t)
        case .optOut(let optOut): isOptedOut(optOut, on: record, at: t)
        case .consent(let consent): isPerson(record) && !isPermitted(consent, on: record, at: t)
        case .holding(let holding): holds(holding, on: record, at: t)
        case .registry(let registry): isPerson(record) && isListed(registry, on: record, at: t)
        case .quietTimes: isQuiet(on: record, at: t)
        case .contactHours, .campaignGuard, .block: false
        }
    }

    /// A shared identifier's record stands for nobody when a person's is there.
    private func isPerson(_ record: PersonRecord) -> Bool {
        !isShared(record) || records.allSatisfy { isShared($0) }
    }

    private func isShared(_ record: PersonRecord) -> Bool {
        record.identifiers.contains { $0.isShared || $0.isHousehold }
    }

    private func looks(at record: PersonRecord, per unit: CountKeys.Unit) -> Bool {
        switch unit {
        case .person: isPerson(record)
        case .endpoint: true
        case .household:
            record.identifiers.contains { $0.isHousehold }
                || !records.contains { $0.identifiers.contains { $0.isHousehold } }
        }
    }

    // MARK: Counting

    private func isInWindow(_ at: Timestamp, _ window: Window, _ zone: ZoneTable, at t: Timestamp) -> Bool {
        let then = zone.local(at: at).date
        let today = zone.local(at: t).date
        switch window {
        case .elapsed(let length): return at > t - length
        case .localDays(let days): return then.days > today.days - days
        case .calendar(.day, _): return then >= today
        case .calendar(.week, let first):
            // Days since a Monday long ago, moved to the first day of the week.
            func week(_ date: LocalDate) -> Int { (Int(date.days) + 719_162 * 7 + 3 - Int(first.rawValue)) / 7 }
            return week(then) >= week(today)
        case .calendar(.month, _): return then.year * 12 + then.month >= today.year * 12 + today.month
        case .calendar(.year, _): return then.year >= today.year
        case .steps(let steps): return t < clock.adding(steps, to: at, in: zone)
        }
    }

    private func mayBe<K>(_ a: Name<K>, _ b: Name<K>) -> Bool { a == .none || b == .none || a == b }

    private func passes(_ touch: Touch, _ filter: TouchFilter) -> Bool {
        func admits<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool {
            set.names.isEmpty || name == .none || set.names.contains(name)
        }
        guard admits(filter.channels, touch.channel), admits(filter.purposes, touch.purpose),
            admits(filter.brands, touch.brand), admits(filter.products, touch.product),
            admits(filter.campaigns, touch.campaign), admits(filter.subjects, touch.subject),
            admits(filter.agencies, touch.agency), admits(filter.roles, touch.role)
        else { return false }
        if !filter.accounts.names.isEmpty, !touch.accounts.isEmpty,
            !touch.accounts.contains(where: { filter.accounts.names.contains($0) })
        {
            return false
        }
        if let method = touch.method, !filter.methods.isEmpty, !filter.methods.contains(method) { return false }
        return true
    }

    private func hasKeys(_ touch: Touch, _ keys: CountKeys, _ account: Account?) -> Bool {
        if keys.unit == .endpoint, let a = touch.endpoint, let b = endpoint, a != b { return false }
        if keys.perAccount, let account, !touch.accounts.isEmpty, !touch.accounts.contains(account) { return false }
        if keys.perSubject, !mayBe(touch.subject, request.subject) { return false }
        if keys.perCampaign, !mayBe(touch.campaign, request.campaign) { return false }
        if keys.perBrand, !mayBe(touch.brand, request.brand) { return false }
        if keys.perProduct, !mayBe(touch.product, request.product) { return false }
        if keys.perFamily, !mayBe(touch.product, request.product),
            !mayBe(families[touch.product] ?? .none, family)
        {
            return false
        }
        if keys.perAgency, !mayBe(touch.agency, request.agency) { return false }
        return true
    }

    private var endpoint: IdentifierHash? { request.endpoint.map { request.identifiers[$0].hash } }

    private func counts(
        _ touch: Touch, _ filter: TouchFilter, _ keys: CountKeys, _ account: Account?, releases: Bool,
        _ unless: [Exemption], on record: PersonRecord, at t: Timestamp
    ) -> Bool {
        if touch.direction == .inbound || touch.state == .released || touch.state == .revoked { return false }
        if touch.id == excluded || min(touch.at, touch.recordedAt) > t { return false }
        if !passes(touch, filter) || !hasKeys(touch, keys, account) { return false }
        if touch.outcome != .none {
            if !filter.outcomes.names.isEmpty && !filter.outcomes.names.contains(touch.outcome) { return false }
            if filter.notOutcomes.names.contains(touch.outcome) { return false }
        }
        if releases && touch.state == .reserved && touch.expiresAt <= t { return false }
        for case .consent(let name, let within, let endsOn) in unless {
            let made = Subject(touch, families[touch.product] ?? .none)
            if hasConsent(name, within, endsOn, for: made, on: record, at: touch.at) { return false }
        }
        return true
    }

    private func accounts(_ keys: CountKeys) -> [Account?] {
        keys.perAccount && !request.accounts.isEmpty ? request.accounts : [nil]
    }

    /// How many places are taken, at worst over accounts and zones; kept ones as far as they are not for this request.
    func used(_ cap: FrequencyCap, _ unless: [Exemption], on record: PersonRecord, at t: Timestamp) -> Int {
        var most = 0
        for account in accounts(cap.per) {
            let counted = record.touches.filter {
                counts(
                    $0, cap.count, cap.per, account, releases: cap.releasesUnreported, unless, on: record, at: t)
            }
            for zone in zones {
                let inside = counted.filter { isInWindow($0.at, cap.window, zone, at: t) }
                guard let keep = cap.keep, !draws(on: keep, request.campaign, request.purpose) else {
                    most = max(most, inside.count)
                    continue
                }
                let kept = inside.count { draws(on: keep, $0.campaign, $0.purpose) }
                most = max(most, inside.count - kept + max(Int(keep.slots), kept))
            }
        }
        return most
    }

    private func isReached(
        _ cap: FrequencyCap, _ unless: [Exemption], on record: PersonRecord, at t: Timestamp
    ) -> Bool {
        guard looks(at: record, per: cap.per.unit) else { return false }
        if cap.limit == 0 { return true }
        if record.historyFrom > .distantPast {
            let forgotten = record.historyFrom - Milliseconds(1)
            if zones.contains(where: { isInWindow(forgotten, cap.window, $0, at: t) }) { return true }
        }
        return used(cap, unless, on: record, at: t) >= Int(cap.limit)
    }

    private func draws(on keep: KeptBudget, _ campaign: Campaign, _ purpose: Purpose) -> Bool {
        keep.campaigns.names.contains(campaign) || keep.purposes.names.contains(purpose)
    }

    private func isTooSoon(_ gap: MinGap, _ unless: [Exemption], on record: PersonRecord, at t: Timestamp) -> Bool {
        guard looks(at: record, per: gap.per.unit) else { return false }
        if record.historyFrom > .distantPast, lasts(gap.gap, from: record.historyFrom - Milliseconds(1), at: t) {
            return true
        }
        return accounts(gap.per).contains { account in
            record.touches.contains {
                counts(
                    $0, gap.count, gap.per, account, releases: gap.releasesUnreported, unless, on: record, at: t)
                    && lasts(gap.gap, from: $0.at, at: t)
            }
        }
    }

    private func isCooling(_ rule: CoolOff, on record: PersonRecord, at t: Timestamp) -> Bool {
        for fact in record.facts {
            guard case .event(let name, let endpoints) = fact.body, rule.after.names.contains(name),
                min(fact.at, fact.receivedAt) <= t, Subject(request, family).isTouched(by: fact.scope)
            else { continue }
            if rule.per.unit == .endpoint, !endpoints.isEmpty, let endpoint, !endpoints.contains(endpoint) { continue }
            if lasts(rule.wait, from: fact.at, at: t) { return true }
        }
        guard looks(at: record, per: rule.per.unit) else { return false }
        if let gone = lastForgotten(rule.after.names, on: record), lasts(rule.wait, from: gone, at: t) { return true }
        return record.touches.contains { touch in
            touch.outcome != .none && rule.after.names.contains(touch.outcome) && touch.state != .released
                && touch.id != excluded && isTold(touch, at: t) && passes(touch, rule.count)
                && accounts(rule.per).contains { hasKeys(touch, rule.per, $0) }
                && lasts(rule.wait, from: touch.outcomeAt, at: t)
        }
    }

    /// The latest instant at which a touch with one of these outcomes may have been that is not on the record any more.
    private func lastForgotten(_ outcomes: [EventName], on record: PersonRecord) -> Timestamp? {
        guard record.historyFrom > .distantPast else { return nil }
        let starts = outcomes.map { outcome in
            record.spared.first { $0.outcome == outcome }.map(\.from) ?? record.historyFrom
        }
        let latest = starts.max() ?? record.historyFrom
        return latest > .distantPast ? latest - Milliseconds(1) : nil
    }

    private func isTold(_ touch: Touch, at t: Timestamp) -> Bool {
        touch.outcomeAt <= t || (!isHypothetical && t >= decidedAt)
    }

    // MARK: Waiting

    /// Whether a wait that forbids still lasts, in any zone.
    func lasts(_ wait: Wait, from start: Timestamp, at t: Timestamp) -> Bool {
        zones.contains { zone in
            switch wait {
            case .forever: true
            case .elapsed(let length): t < start + length
            case .localDays(let days, let counted):
                zone.local(at: t).date.days < zone.local(at: start).date.days + days + (counted ? 0 : 1)
            case .businessDays(let days, let calendar, let counted):
                dateAfter(days, from: zone.local(at: start).date, calendar, counted).map {
                    zone.local(at: t).date < $0
                } ?? true
            case .steps(let steps): t < clock.adding(steps, to: start, in: zone)
            }
        }
    }

    /// Whether a wait that permits still lasts, in every zone; once over it is over.
    private func permits(_ wait: Wait, from start: Timestamp, at t: Timestamp) -> Bool {
        zones.allSatisfy { zone in
            switch wait {
            case .forever: true
            case .elapsed(let length): t < start + length
            case .localDays(let days, let counted):
                t
                    < clock.firstInstant(
                        of: LocalDate(days: zone.local(at: start).date.days + days + (counted ? 0 : 1)), in: zone)
            case .businessDays(let days, let calendar, let counted):
                dateAfter(days, from: zone.local(at: start).date, calendar, counted).map {
                    t < clock.firstInstant(of: $0, in: zone)
                } ?? false
            case .steps(let steps): t < clock.adding(steps, to: start, in: zone)
            }
        }
    }

    private func dateAfter(_ days: Int32, from date: LocalDate, _ calendar: Int, _ counted: Bool) -> LocalDate? {
        var date = counted ? date : LocalDate(days: date.days + 1)
        var past: Int32 = 0
        while past < days {
            if date > calendars[calendar].validThrough { return nil }
            let isWeekend = date.weekday == .saturday || date.weekday == .sunday
            if !isWeekend && !calendars[calendar].dates.contains(date) { past += 1 }
            date = LocalDate(days: date.days + 1)
        }
        return date
    }

    // MARK: Hours

    private func isClosed(_ rule: ContactHours, at t: Timestamp) -> Bool {
        if let fixed = rule.zone.flatMap(zoneTable) { return !isOpen(rule, fixed, at: t) }
        return isZoneUnknown || zones.contains { !isOpen(rule, $0, at: t) }
    }

    private func isOpen(_ rule: ContactHours, _ zone: ZoneTable, at t: Timestamp) -> Bool {
        let local = zone.local(at: t)
        var spans = rule.days[Int(local.date.weekday.rawValue)]
        if let index = rule.holidays {
            if local.date > calendars[index].validThrough { return false }
            if calendars[index].dates.contains(local.date), let holiday = rule.holiday { spans = holiday }
        }
        if rule.closedDates.contains(local.date) { return false }
        let time = Int64(local.millisecondOfDay)
        return spans.contains { Int64($0.open) <= time && time < Int64($0.close) - rule.margin.count }
    }

    private func isQuiet(on record: PersonRecord, at t: Timestamp) -> Bool {
        record.facts.contains { fact in
            guard case .quietTime(let spans, let until) = fact.body, min(fact.at, fact.receivedAt) <= t,
                Subject(request, family).isTouched(by: fact.scope), until.map({ t < $0 }) ?? true
            else { return false }
            return zones.contains { zone in
                let local = zone.local(at: t)
                return spans.contains {
                    $0.days >> local.date.weekday.rawValue & 1 == 1 && $0.start <= local.millisecondOfDay
                        && local.millisecondOfDay < $0.end
                }
            }
        }
    }

    // MARK: Yes and no

    /// What a request or a touch is about.
    struct Subject {
        var channel: Channel
        var purpose: Purpose
        var brand: Brand
        var product: Product
        var family: Family
        var campaign: Campaign
        var subject: GovernorCore.Subject
        var accounts: [Account]
        var endpoint: IdentifierHash?

        init(_ r: ContactRequest, _ family: Family) {
            (channel, purpose, brand, product, self.family) = (r.channel, r.purpose, r.brand, r.product, family)
            (campaign, subject, accounts) = (r.campaign, r.subject, r.accounts)
            endpoint = r.endpoint.map { r.identifiers[$0].hash }
        }

        init(_ t: Touch, _ family: Family) {
            (channel, purpose, brand, product, self.family) = (t.channel, t.purpose, t.brand, t.product, family)
            (campaign, subject, accounts, endpoint) = (t.campaign, t.subject, t.accounts, t.endpoint)
        }

        func isTouched(by scope: FactScope) -> Bool {
            func may<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool {
                set.names.isEmpty || name == .none || set.names.contains(name)
            }
            return may(scope.channels, channel) && may(scope.purposes, purpose) && may(scope.brands, brand)
                && may(scope.products, product) && may(scope.families, family) && may(scope.campaigns, campaign)
                && may(scope.subjects, subject)
                && (scope.accounts.names.isEmpty || accounts.isEmpty
                    || accounts.contains { scope.accounts.names.contains($0) })
        }

        func isInside(_ scope: FactScope) -> Bool {
            func must<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool { set.names.isEmpty || set.names.contains(name) }
            return must(scope.channels, channel) && must(scope.purposes, purpose) && must(scope.brands, brand)
                && must(scope.products, product) && must(scope.families, family) && must(scope.campaigns, campaign)
                && must(scope.subjects, subject)
                && (scope.accounts.names.isEmpty
                    || (!accounts.isEmpty && accounts.allSatisfy { scope.accounts.names.contains($0) }))
        }
    }

    private var own: Subject { Subject(request, family) }

    private func isOptOut(_ fact: Fact, covering subject: Subject, at t: Timestamp) -> Bool {
        guard case .optOut(let reach, let endpoints) = fact.body, min(fact.at, fact.receivedAt) <= t,
            subject.isTouched(by: fact.scope)
        else { return false }
        return reach == .person || subject.endpoint == nil || endpoints.contains(subject.endpoint!)
    }

    /// What a rule says of the reach of every no, on top of what each says itself.
    private func isOptOut(_ fact: Fact, as reach: Reach?, at t: Timestamp) -> Bool {
        guard case .optOut(let told, let endpoints) = fact.body else { return false }
        var fact = fact
        switch reach {
        case nil: break
        case .person: fact.body = .optOut(reach: .person, endpoints: endpoints)
        case .endpoint:
            let bindsAll = endpoints.isEmpty && told == .person
            fact.body = .optOut(reach: bindsAll ? .person : .endpoint, endpoints: endpoints)
        }
        return isOptOut(fact, covering: own, at: t)
    }

    private func isOptedOut(_ rule: OptOutRule, on record: PersonRecord, at t: Timestamp) -> Bool {
        record.facts.contains { no in
            guard isOptOut(no, as: rule.reach, at: t) else { return false }
            if let wait = rule.lasts, !lasts(wait, from: no.at, at: t) { return false }
            return !record.facts.contains { yes in
                guard case .optIn(let reach, let endpoints) = yes.body else { return false }
                return yes.at > no.at && yes.at <= t && own.isInside(yes.scope)
                    && (reach == .person || (endpoint.map { endpoints.contains($0) } ?? false))
            }
        }
    }

    /// Whether nothing that the person said since has ended a consent of that time.
    private func stands(
        _ name: ConsentName, since: Timestamp, for subject: Subject, on record: PersonRecord, at t: Timestamp
    ) -> Bool {
        !record.facts.contains { fact in
            if fact.at < since || min(fact.at, fact.receivedAt) > t { return false }
            if case .withdrawal(let what) = fact.body {
                return (what == .none || what == name) && subject.isTouched(by: fact.scope)
            }
            return isOptOut(fact, covering: subject, at: t)
        }
    }

    private func isPermitted(_ rule: ConsentRule, on record: PersonRecord, at t: Timestamp) -> Bool {
        hasConsent(rule.require, on: record, at: t) || hasRelationship(rule.or, on: record, at: t)
    }

    private func isListed(_ rule: RegistryRule, on record: PersonRecord, at t: Timestamp) -> Bool {
        if hasRelationship(rule.or, on: record, at: t) { return false }
        let answer = request.registryAnswers.first { $0.registry == rule.registry }
        var since: Timestamp?
        var isOnIt = false
        if case .listed(let instant) = answer?.listing {
            since = instant
            isOnIt = true
        }
        for override in rule.overriddenBy {
            let isLifted = hasConsent(override.consent, on: record, at: t) { given in
                switch override.given {
                case .any: true
                case .before: since.map { given < $0 } ?? false
                case .after: since.map { given > $0 } ?? false
                }
            }
            if isLifted { return false }
        }
        guard let answer else { return true }
        if let age = rule.maxAge, !permits(age, from: answer.snapshotAt, at: t) { return true }
        if isOnIt, let since, let delay = rule.afterListing, permits(delay, from: since, at: t) { return false }
        return isOnIt
    }

    private func hasConsent(
        _ rule: ConsentTerms, on record: PersonRecord, at t: Timestamp,
        given isInTime: (Timestamp) -> Bool = { _ in true }
    ) -> Bool {
        record.facts.contains { fact in
            guard case .consent(let name, let endpoints, let until) = fact.body, fact.at <= t, isInTime(fact.at),
                rule.names.names.isEmpty || rule.names.names.contains(name), own.isInside(fact.scope),
                until.map({ t < $0 }) ?? true, rule.validFor.map({ permits($0, from: fact.at, at: t) }) ?? true,
                stands(name, since: fact.at, for: own, on: record, at: t)
            else { return false }
            if rule.isBoundToEndpoint, !(endpoint.map { endpoints.contains($0) } ?? false) { return false }
            if rule.needsEvidence && !fact.hasEvidence { return false }
            let isVoidByFact = record.facts.contains { other in
                guard case .event(let what, let about) = other.body, rule.voidOn.names.contains(what),
                    other.at >= fact.at, min(other.at, other.receivedAt) <= t
                else { return false }
                return about.isEmpty || endpoint == nil || about.contains(endpoint!)
            }
            let isVoidByTouch = record.touches.contains { touch in
                touch.outcome != .none && rule.voidOn.names.contains(touch.outcome) && touch.outcomeAt >= fact.at
                    && isTold(touch, at: t)
                    && (touch.endpoint == nil || endpoint == nil || touch.endpoint == endpoint)
            }
            let isForgotten = lastForgotten(rule.voidOn.names, on: record).map { $0 >= fact.at } ?? false
            return !isVoidByFact && !isVoidByTouch && !(isForgotten && !rule.voidOn.names.isEmpty)
        }
    }

    private func hasRelationship(_ or: [Relationship], on record: PersonRecord, at t: Timestamp) -> Bool {
        let saidNo = record.facts.filter { isOptOut($0, covering: own, at: t) }.map(\.at).max()
        return or.contains { relationship in
            switch relationship {
            case .event(let name, let within):
                events(name, on: record).contains { event in
                    event <= t && event > saidNo ?? .distantPast && permits(within, from: event, at: t)
                }
            case .holding(let which, let status):
                saidNo == nil && self.holdings(which, on: record, at: t).contains { status.contains($0.now.status) }
            }
        }
    }

    private func events(_ name: EventName, on record: PersonRecord) -> [Timestamp] {
        var instants: [Timestamp] = record.touches.filter { $0.outcome == name }.map(\.outcomeAt)
        for fact in record.facts {
            if case .event(let what, _) = fact.body, what == name, own.isTouched(by: fact.scope) {
                instants.append(fact.at)
            }
        }
        return instants
    }

    private func hasConsent(
        _ name: ConsentName, _ within: Wait?, _ endsOn: [EventName], for subject: Subject, on record: PersonRecord,
        at t: Timestamp
    ) -> Bool {
        record.facts.contains { fact in
            guard case .consent(let what, _, let until) = fact.body, what == name, fact.at <= t,
                subject.isInside(fact.scope), until.map({ t < $0 }) ?? true,
                within.map({ permits($0, from: fact.at, at: t) }) ?? true,
                stands(name, since: fact.at, for: subject, on: record, at: t)
            else { return false }
            let isEndedByFact = record.facts.contains { other in
                guard case .event(let what, _) = other.body else { return false }
                return endsOn.contains(what) && other.at >= fact.at && min(other.at, other.receivedAt) <= t
                    && subject.isTouched(by: other.scope)
            }
            let isEndedByTouch = record.touches.contains {
                $0.outcome != .none && endsOn.contains($0.outcome) && $0.outcomeAt >= fact.at && isTold($0, at: t)
            }
            let isForgotten = lastForgotten(endsOn, on: record).map { $0 >= fact.at } ?? false
            return !isEndedByFact && !isEndedByTouch && !(isForgotten && !endsOn.isEmpty)
        }
    }

    // MARK: Exemptions

    private func isEverybodyExempt(_ exemptions: [Exemption], at t: Timestamp) -> Bool {
        !exemptions.isEmpty && records.filter { isPerson($0) }.allSatisfy { isExempt(exemptions, $0, at: t) }
    }

    private func isExempt(_ exemptions: [Exemption], _ record: PersonRecord, at t: Timestamp) -> Bool {
        exemptions.contains { exemption in
            switch exemption {
            case .purpose(let purpose): request.purpose == purpose
            case .consent(let name, let within, let endsOn):
                hasConsent(name, within, endsOn, for: own, on: record, at: t)
            case .event(let name, let within):
                events(name, on: record).contains { $0 <= t && permits(within, from: $0, at: t) }
            case .holding(let which, let status):
                holdings(which, on: record, at: t).contains { status.contains($0.now.status) }
            case .appointment:
                record.facts.contains { fact in
                    if case .appointment(let from, let to) = fact.body {
                        return own.isInside(fact.scope) && from <= t && t < to
                    }
                    return false
                }
            case .replyToInbound:
                request.inReplyTo != nil
                    && records.contains { record in
                        record.touches.contains {
                            $0.direction == .inbound && $0.factID == request.inReplyTo && $0.at <= t
                                && $0.at >= record.historyFrom
                        }
                    }
                    && !records.contains {
                        $0.touches.contains {
                            $0.direction == .outbound && $0.state != .released && $0.state != .revoked
                                && $0.id != excluded && $0.inReplyTo == request.inReplyTo
                        }
                    }
            case .stopConfirmation: mayConfirmStop(record, at: t)
            }
        }
    }

    private func mayConfirmStop(_ record: PersonRecord, at t: Timestamp) -> Bool {
        guard request.exemption == .stopConfirmation else { return false }
        let said = record.facts.filter { isOptOut($0, covering: own, at: t) }.map { min($0.at, $0.receivedAt) }.max()
        guard let said, t < said + .minutes(5) else { return false }
        return !record.touches.contains {
            $0.exemption == .stopConfirmation && $0.direction == .outbound && $0.state != .released
                && $0.state != .revoked && $0.id != excluded && $0.at >= said
        }
    }

    // MARK: Holdings

    private typealias Stage = (status: HoldingStatus, from: Timestamp, until: Timestamp)

    /// The stages that a record of a holding goes through, by its own dates.
    private func stages(_ holding: Holding, recordedAt: Timestamp) -> [Stage] {
        let end = holding.to ?? .distantFuture
        // What is told after its end was there before it, or there would be nothing to tell.
        let start = holding.from ?? min(recordedAt, end - Milliseconds(1))
        switch holding.status {
        case .active, .grace:
            var stages: [Stage] = []
            if holding.status == .active, start > recordedAt { stages.append((.pending, recordedAt, start)) }
            stages.append((holding.status, start, end))
            let lapse = max(end, holding.graceUntil ?? end)
            stages.append((.grace, end, lapse))
            stages.append((.lapsed, lapse, .distantFuture))
            return stages
        case .cancelled, .lapsed:
            guard holding.to != nil else { return [(holding.status, recordedAt, .distantFuture)] }
            return [(.active, start, end), (holding.status, end, .distantFuture)]
        case .pending, .quote: return [(holding.status, start, end), (.lapsed, end, .distantFuture)]
        }
    }

    /// The ruling record of each product that is meant, and the stage it is in.
    private func holdings(
        _ which: Holds, on record: PersonRecord, at t: Timestamp
    ) -> [(holding: Holding, stages: [Stage], now: Stage)] {
        var ruling: [Product: (Holding, Timestamp)] = [:]
        for fact in record.facts where fact.at <= t {
            if case .holding(let holding) = fact.body { ruling[holding.product] = (holding, fact.at) }
        }
        return ruling.values.compactMap { holding, at in
            let family = holding.family == .none ? families[holding.product] ?? .none : holding.family
            let isMeant =
                switch which {
                case .any: true
                case .sameProduct: mayBe(holding.product, request.product)
                case .sameFamily: mayBe(holding.product, request.product) || mayBe(family, self.family)
                case .products(let set): set.names.contains(holding.product)
                case .families(let set): set.names.contains(family)
                }
            guard isMeant else { return nil }
            let stages = stages(holding, recordedAt: at)
            let now = stages.last { $0.from <= t && t < $0.until } ?? stages.first { t < $0.until }!
            return (holding, stages, now)
        }
    }

    private func isInRenewal(
        _ holding: Holding, _ status: HoldingStatus, _ window: ISODuration?, at t: Timestamp
    ) -> Bool {
        guard let window, holding.status == .active, status == .active, let to = holding.to else { return false }
        return zones.allSatisfy { clock.adding(window.negated, to: to, in: $0) <= t }
    }

    private func holds(_ rule: HoldingRule, on record: PersonRecord, at t: Timestamp) -> Bool {
        holdings(rule.holds, on: record, at: t).contains { holding, stages, now in
            let isStillFirst = rule.forFirst.map { lasts($0, from: now.from, at: t) } ?? true
            if rule.status.contains(now.status), isStillFirst,
                !isInRenewal(holding, now.status, rule.renewalWindow, at: t)
            {
                return true
            }
            return rule.andFor.contains { status, wait in
                if now.status == status, lasts(wait, from: now.from, at: t) { return true }
                if status == .lapsed || status == .cancelled { return false }
                let last = stages.last { $0.status == status && $0.from < $0.until }
                let left = last?.until ?? stages.first { $0.status == .lapsed || $0.status == .cancelled }!.from
                return left <= t && lasts(wait, from: left, at: t)
            }
        }
    }
}
