package import GovernorCore

/// One question that two versions answer differently, cut down to what the difference needs.
package struct DecisionDifference: Sendable {
    package enum Kind: Int, Sendable, CaseIterable {
        case toDeny, toAllow
        /// The verdict stays; a reason, the next instant or what else is told does not.
        case told
    }

    package var kind: Kind
    /// The changed rule that the search was about.
    package var rule: String
    package var at: Timestamp
    package var place: Jurisdiction
    package var zone: String
    var table: ZoneTable?
    /// `A voice call for marketing to a consumer in Florida (US-FL)`.
    package var question: String
    /// What happened before, each with its instant, in order; without one, what is so.
    package var history: [(at: Timestamp?, what: String)]
    package var old: ToldDecision
    package var new: ToldDecision
}

/// An answer by the names of its rules.
package struct ToldDecision: Hashable, Sendable {
    package var verdict: Verdict
    package var reasons: [String]
    package var nextAllowedAt: Timestamp?
    package var nextBasis: NextBasis
    package var shadow: [String]
    package var obligations: [String]
}

/// Looks for questions that two versions answer differently, rule by rule.
///
/// For every rule that changed it makes questions and pasts that the rule is about, walks the instants at which either
/// version of the rule opens or closes – the rule itself tells them –, and asks both versions in full at each of them and
/// a millisecond before. Where both deny, their next instants say where they part.
struct DiffSearch {
    let world: DiffWorld
    /// Instants judged so far: one question with one past at one instant, under both versions.
    private(set) var casesTried = 0
    private(set) var differences: [DecisionDifference] = []

    /// Instants judged for one rule, at most.
    let casesPerRuleMax: Int
    /// Instants judged after both directions were seen, or after the first difference when there is but one.
    static let afterFirstMax = 3_000

    init(_ world: DiffWorld, casesPerRuleMax: Int) {
        self.world = world
        self.casesPerRuleMax = casesPerRuleMax
    }

    /// The versions of one rule by themselves.
    private struct Alone {
        let old: PolicySet?
        let new: PolicySet?

        init(_ change: PolicyChanges.RuleChange, _ world: DiffWorld) {
            old = change.old.map { Self.set($0, world.old) }
            new = change.new.map { Self.set($0, world.new) }
        }

        /// A rule in shadow is taken as if it decided: the edges are the same.
        private static func set(_ rule: Rule, _ policies: PolicySet) -> PolicySet {
            var rule = rule
            rule.mode = .enforce
            let isBuiltIn = rule.file == "builtin"
            return PolicySet(
                rules: isBuiltIn ? [] : [rule], calendars: policies.calendars, families: policies.families,
                declaredEvents: policies.declaredEvents, names: policies.names)
        }
    }

    mutating func search(_ change: PolicyChanges.RuleChange) {
        let rules = [change.old, change.new].compactMap { $0 }
        let kit = DiffKit(world, without: rules)
        let alone = Alone(change, world)
        let questions = DiffQuestions(world: world, rules: rules).questions(kit)
        let budget = casesTried + casesPerRuleMax
        var found: [DecisionDifference.Kind: DecisionDifference] = [:]
        var stopAt = budget
        for question in questions {
            for anchor in anchors(change, in: question.place) {
                let histories = DiffHistories(rules: rules, question: question, anchor: anchor, world: world)
                for history in histories.histories() {
                    if casesTried >= stopAt || found.keys.contains(.toDeny) && found.keys.contains(.toAllow) {
                        return keep(found)
                    }
                    let test = DiffCase(
                        request: question.request, place: question.place, items: history, kit: kit
                    ).placed
                    for t in instants(test, alone, from: anchor) where casesTried < budget {
                        guard let difference = judge(test, change.id, at: t), found[difference.kind] == nil else {
                            continue
                        }
                        if difference.kind != .told && found[.toDeny] == nil && found[.toAllow] == nil {
                            stopAt = min(budget, casesTried + Self.afterFirstMax)
                        }
                        found[difference.kind] = difference
                    }
                }
            }
        }
        keep(found)
    }

    /// Differences in what is told are worth telling where no verdict differs.
    private mutating func keep(_ found: [DecisionDifference.Kind: DecisionDifference]) {
        let flips = [found[.toDeny], found[.toAllow]].compactMap { $0 }
        differences += flips.isEmpty ? [found[.told]].compactMap { $0 } : flips
    }

    // MARK: Instants

    /// Noon of a working day, and of the days around every date that one version names.
    private func anchors(_ change: PolicyChanges.RuleChange, in place: DiffPlace) -> [Timestamp] {
        guard let zone = world.zones[place.zone] else { return [world.start] }
        func noon(_ date: LocalDate) -> Timestamp { zone.instant(of: date, millisecondOfDay: 43_200_000) }
        var day = zone.date(at: world.start)
        // A Tuesday: neither a weekend nor the day after one.
        while day.weekday != .tuesday { day = day.adding(days: 1) }
        var anchors = [noon(day)]
        var dates: [LocalDate] = []
        for rule in [change.old, change.new].compactMap({ $0 }) {
            dates += [rule.effective?.from, rule.effective?.until].compactMap { $0 }
            switch rule.body {
            case .block(let block):
                for instant in [block.from, block.until].compactMap({ $0 }) { anchors.append(instant - .hours(1)) }
            case .contactHours(let hours): dates += hours.closedDates.suffix(4)
            default: break
            }
        }
        dates += calendarDates(change)
        if isByTheCalendar(change) {
            // From the end of a long month into the shortest one, and over a month of 31 days.
            let year = day.year + 1
            dates += [LocalDate(year: year, month: 2, day: 1), LocalDate(year: year, month: 3, day: 16)].compactMap {
                $0
            }
        }
        var seen: Set<LocalDate> = []
        for date in dates.prefix(12) {
            for near in [date.adding(days: -1), date] where seen.insert(near).inserted { anchors.append(noon(near)) }
        }
        return anchors
    }

    /// Whether a version of the rule measures in months, whose lengths differ.
    private func isByTheCalendar(_ change: PolicyChanges.RuleChange) -> Bool {
        let facets =
            (change.old.map { RuleProse($0, in: world.old, zones: world.zones).facets } ?? [])
            + (change.new.map { RuleProse($0, in: world.new, zones: world.zones).facets } ?? [])
        return facets.contains { facet in
            facet.words.contains { $0.contains("by the calendar") || $0.contains("month") || $0.contains("year") }
        }
    }

    /// Dates on which the calendars of the two versions differ.
    private func calendarDates(_ change: PolicyChanges.RuleChange) -> [LocalDate] {
        let before = change.old?.calendars.map { world.old.calendars[$0] } ?? []
        let after = change.new?.calendars.map { world.new.calendars[$0] } ?? []
        var dates: Set<LocalDate> = []
        for calendar in before {
            guard let other = after.first(where: { $0.name == calendar.name }) else { continue }
            dates.formUnion(Set(calendar.dates).symmetricDifference(other.dates))
            if calendar.validThrough != other.validThrough {
                dates.insert(min(calendar.validThrough, other.validThrough).adding(days: 1))
            }
        }
        if before.isEmpty != after.isEmpty {
            let today = LocalDate(days: Int32(world.start.milliseconds / 86_400_000))
            dates.formUnion((before + after).flatMap(\.dates).filter { $0 >= today })
        }
        return dates.sorted()
    }

    private static let edgesMax = 40

    /// The instants at which either version of the rule opens or closes, each with the millisecond before it, as far as the
    /// versions say different things there.
    private mutating func instants(_ test: DiffCase, _ alone: Alone, from anchor: Timestamp) -> [Timestamp] {
        var instants: Set<Timestamp> = [anchor + .seconds(1)]
        for policies in [alone.old, alone.new].compactMap({ $0 }) {
            for edge in edges(test, policies, from: anchor + .seconds(1)) {
                instants.insert(edge)
                instants.insert(edge - Milliseconds(1))
            }
        }
        return instants.sorted().filter { t in
            casesTried += 1
            guard let old = alone.old, let new = alone.new else { return true }
            let (a, b) = (test.decide(old, world.zones, at: t), test.decide(new, world.zones, at: t))
            return a.verdict != b.verdict || !ToldDecision(a, old).says(the: ToldDecision(b, new)) || isMarked(alone)
        }
    }

    /// A change of what is said or of the mode shows although both versions close and open alike.
    private func isMarked(_ alone: Alone) -> Bool {
        guard let old = alone.old?.rules.first, let new = alone.new?.rules.first else { return false }
        let was = world.old.rules.first { $0.id == old.id }
        let now = world.new.rules.first { $0.id == new.id }
        return was?.mode != now?.mode || old.obligations != new.obligations
    }

    private func edges(_ test: DiffCase, _ policies: PolicySet, from start: Timestamp) -> [Timestamp] {
        var request = test
        request.request.reserve = true
        request.request.holdFor = .days(800)
        let record = [test.record(at: start)]
        var edges: [Timestamp] = []
        var t = start
        while edges.count < Self.edgesMax {
            let plan = policies.plan(for: request.request(at: t), zones: world.zones, at: t, isHypothetical: true)
            let evaluation = evaluate(
                plan, record, counters: test.counters(of: plan, at: t), at: t, touchID: TouchID(bits: .max))
            let next: Timestamp
            if let touch = evaluation.touch {
                if touch.expiresAt >= t + request.request.holdFor { break }
                next = touch.expiresAt
            } else {
                guard let open = evaluation.decision.nextAllowedAt else { break }
                next = open
            }
            if next <= t { break }
            edges.append(next)
            t = next
        }
        return edges
    }

    // MARK: Judging

    /// Asks both versions in full, at `t` and where they say they will let it pass.
    private mutating func judge(_ test: DiffCase, _ rule: String, at t: Timestamp) -> DecisionDifference? {
        var told: DecisionDifference?
        var pending = [t]
        var seen: Set<Timestamp> = []
        while let t = pending.popLast(), seen.count < 6 {
            guard seen.insert(t).inserted else { continue }
            casesTried += 1
            let old = test.decide(world.old, world.zones, at: t)
            let new = test.decide(world.new, world.zones, at: t)
            if old.verdict != new.verdict {
                // Several changes meet in one question: the example is for the rule that denies.
                let denying = old.verdict == .deny ? (old, world.old) : (new, world.new)
                if denying.0.reasons.contains(where: { $0.rule.map { denying.1.rules[Int($0)].id } == rule }) {
                    return difference(test, rule, at: t, old, new)
                }
                continue
            }
            if told == nil, ToldDecision(old, world.old) != ToldDecision(new, world.new) {
                told = difference(test, rule, at: t, old, new)
            }
            if old.verdict == .deny {
                for next in [new.nextAllowedAt, old.nextAllowedAt].compactMap({ $0 }) where next != t {
                    pending.append(next)
                }
            }
        }
        return told
    }

    private func difference(
        _ test: DiffCase, _ rule: String, at t: Timestamp, _ old: Decision, _ new: Decision
    ) -> DecisionDifference {
        let kind: DecisionDifference.Kind =
            old.verdict == new.verdict ? .told : new.verdict == .deny ? .toDeny : .toAllow
        let least = cutDown(test, at: t, kind)
        return DecisionDifference(
            kind: kind, rule: rule, at: t, place: least.place.jurisdiction, zone: zoneName(least.place.zone),
            table: world.zones[least.place.zone],
            question: least.question(world), history: least.history(at: t, world),
            old: ToldDecision(least.decide(world.old, world.zones, at: t), world.old),
            new: ToldDecision(least.decide(world.new, world.zones, at: t), world.new))
    }

    /// Takes away whatever the difference does not need.
    private func cutDown(_ test: DiffCase, at t: Timestamp, _ kind: DecisionDifference.Kind) -> DiffCase {
        var least = test
        func isStill(_ smaller: DiffCase) -> Bool {
            let (old, new) = (
                smaller.decide(world.old, world.zones, at: t), smaller.decide(world.new, world.zones, at: t)
            )
            switch kind {
            case .toDeny: return old.verdict == .allow && new.verdict == .deny
            case .toAllow: return old.verdict == .deny && new.verdict == .allow
            case .told: return ToldDecision(old, world.old) != ToldDecision(new, world.new)
            }
        }
        func attempt(_ change: (inout DiffCase) -> Void) {
            var smaller = least
            change(&smaller)
            if isStill(smaller) { least = smaller }
        }
        for i in least.items.indices.reversed() { attempt { $0.items.remove(at: i) } }
        for i in least.kit.consents.indices.reversed() { attempt { $0.kit.consents.remove(at: i) } }
        for i in least.kit.registries.indices.reversed() { attempt { $0.kit.registries.remove(at: i) } }
        return least
    }

    private func zoneName(_ key: ZoneKey) -> String {
        let catalogue = world.zones.catalogue
        return catalogue.ids.lazy.map { catalogue.name(of: $0) }.first { ZoneKey(name: $0) == key } ?? "UTC"
    }
}

extension ToldDecision {
    init(_ decision: Decision, _ policies: PolicySet) {
        func told(_ reason: Reason) -> String {
            var text = reason.rule.map { policies.rules[Int($0)].id } ?? "(no rule)"
            text += " (\(reason.code.name)"
            if reason.limit > 0 || reason.code == .capReached { text += " \(reason.count) of \(reason.limit)" }
            return text + (reason.until.map { ", until \($0))" } ?? ")")
        }
        verdict = decision.verdict
        reasons = decision.reasons.map(told)
        nextAllowedAt = decision.nextAllowedAt
        nextBasis = decision.nextBasis
        shadow = decision.shadow.map(told)
        obligations = decision.obligations.flatMap { policies.rules[Int($0)].obligations }
    }

    /// The same but for what is said beside the decision.
    func says(the other: ToldDecision) -> Bool {
        verdict == other.verdict && reasons == other.reasons && nextAllowedAt == other.nextAllowedAt
            && nextBasis == other.nextBasis
    }
}
