package import GovernorCore

/// A rule in plain English: what it is about, what it demands, and what lifts it.
package struct RuleProse: Sendable {
    package let rule: Rule
    package let policies: PolicySet
    private let zones: ZoneAtlas

    package init(_ rule: Rule, in policies: PolicySet, zones: ZoneAtlas) {
        self.rule = rule
        self.policies = policies
        self.zones = zones
    }

    /// What it demands, in one or a few sentences.
    package var demand: String {
        switch rule.body {
        case .frequencyCap(let cap): text(cap)
        case .minGap(let gap): text(gap)
        case .coolOff(let coolOff): text(coolOff)
        case .contactHours(let hours): text(hours)
        case .quietTimes: "Not at times at which the person asked to be left alone."
        case .optOut(let optOut): text(optOut)
        case .consent(let consent): text(consent)
        case .holding(let holding): text(holding)
        case .registry(let registry): text(registry)
        case .campaignGuard(let campaignGuard): text(campaignGuard)
        case .block(let block): text(block)
        }
    }

    /// Which contacts it is about.
    package var about: String {
        let scope = rule.scope
        var text = sentenceStart(subject(scope.channels, scope.purposes))
        if !scope.methods.isEmpty { text += ", \(Phrases.list(scope.methods.map(Phrases.method)))" }
        switch scope.party {
        case .unknown: break
        case .consumer: text += ", to consumers"
        case .business: text += ", to businesses"
        }
        if !scope.lineTypes.isEmpty {
            let types = scope.lineTypes.map { $0.name.replacing("_", with: " ") }
            text += ", on \(Phrases.list(types)) numbers"
        }
        text += named("to", scope.roles)
        if !scope.jurisdictions.isEmpty { text += ", in \(Phrases.list(scope.jurisdictions.map(Phrases.place)))" }
        text += named("for brand", scope.brands) + named("for product", scope.products)
        text += named("for product family", scope.families) + named("in campaign", scope.campaigns)
        text += named("about", scope.subjects) + named("by agency", scope.agencies)
        return text + "."
    }

    /// What lifts it; empty when nothing does.
    package var exemptions: [String] { rule.unless.map { text($0) } }

    /// From when to when it is in force, and whether it decides; empty for a rule that is always in force and does.
    package var standing: [String] {
        var result: [String] = []
        if rule.mode == .shadow { result.append("In shadow: it is reported and decides nothing.") }
        switch (rule.effective?.from, rule.effective?.until) {
        case (nil, nil): break
        case (let from?, nil): result.append("In force from \(from) on, where the person is.")
        case (nil, let until?): result.append("In force before \(until), where the person is.")
        case (let from?, let until?): result.append("In force from \(from) and before \(until), where the person is.")
        }
        return result
    }

    // MARK: Kinds

    private func text(_ cap: FrequencyCap) -> String {
        if cap.limit == 0 { return "Never: the limit is 0." }
        let what = counted(cap.count, one: cap.limit == 1)
        var text = "At most \(cap.limit) \(what) \(Phrases.window(cap.window))\(per(cap.per))."
        text += outcomes(cap.count)
        if let keep = cap.keep {
            let whom = names(keep.campaigns).map { "campaign \($0)" } + names(keep.purposes)
            text += " \(keep.slots) of them \(keep.slots == 1 ? "is" : "are") kept for \(Phrases.list(whom)): "
            text += "everything else stops at \(cap.limit - min(keep.slots, cap.limit))."
        }
        return text + (cap.releasesUnreported ? Self.released : "")
    }

    private static let released = " A reservation that expires without being confirmed no longer counts."

    private func text(_ gap: MinGap) -> String {
        var text = "Not sooner than \(Phrases.wait(gap.gap, policies)) after the last \(counted(gap.count, one: true))"
        text += per(gap.per) + "." + outcomes(gap.count)
        return text + (gap.releasesUnreported ? Self.released : "")
    }

    private func text(_ coolOff: CoolOff) -> String {
        let events = Phrases.list(
            names(coolOff.after).filter { $0 != "refusal" || !names(coolOff.after).contains("refused") })
        let length = coolOff.wait == .forever ? "Never again" : "Nothing for \(Phrases.wait(coolOff.wait, policies))"
        var text = "\(length) after \(events)"
        if coolOff.count != TouchFilter() { text += " (of \(counted(coolOff.count, one: false)))" }
        return text + per(coolOff.per) + ". A new one starts it again."
    }

    private func text(_ hours: ContactHours) -> String {
        var text = "Only \(Phrases.week(hours.days))"
        if let zone = hours.zone {
            text += ", by the clock of \(zoneName(zone))."
        } else {
            text += ", by the clock of every place where the person may be."
        }
        if let calendar = hours.holidays {
            let name = policies.calendars[calendar].name
            text += " On holidays of calendar `\(name)`: \(Phrases.spans(hours.holiday ?? [])); "
            text += "after \(policies.calendars[calendar].validThrough), when it ends, never."
        }
        if !hours.closedDates.isEmpty {
            text += " Closed on \(Phrases.list(hours.closedDates.map(\.description), "and"))."
        }
        if hours.margin.count > 0 { text += " Every span closes \(Phrases.length(hours.margin)) early." }
        return text
    }

    private func text(_ optOut: OptOutRule) -> String {
        let until =
            optOut.lasts.map { "for \(Phrases.wait($0, policies)) after that" } ?? "until the person says yes again"
        var text = "Not if the person said no, \(until)."
        switch optOut.reach {
        case nil: break
        case .person: text += " A no to one number or address is a no to all."
        case .endpoint: text += " A no binds only the numbers and addresses it names."
        }
        return text
    }

    private func text(_ consent: ConsentRule) -> String {
        var ways: [String] = []
        if !consent.require.names.isAny { ways.append("with \(text(consent.require))") }
        ways += consent.or.map { text($0) }
        return "Only \(ways.joined(separator: "; or "))."
    }

    func text(_ terms: ConsentTerms) -> String {
        var text = "a consent called \(Phrases.list(names(terms.names).map { "“\($0)”" }))"
        if terms.isBoundToEndpoint { text += " that names the very number or address" }
        if terms.needsEvidence { text += ", told with evidence" }
        if let length = terms.validFor { text += ", given less than \(Phrases.wait(length, policies)) ago" }
        if !terms.voidOn.isAny { text += ", and not after \(Phrases.list(names(terms.voidOn)))" }
        return text
    }

    func text(_ relationship: Relationship) -> String {
        switch relationship {
        case .event(let event, let within): ago(event, within)
        case .holding(let holds, let status): "while the person \(has(holds, status))"
        }
    }

    private func text(_ registry: RegistryRule) -> String {
        let name = policies.names.text(registry.registry) ?? "?"
        var text = "Not if the number or address is on list `\(name)`"
        if let delay = registry.afterListing {
            text += ", and was put there \(Phrases.wait(delay, policies)) ago or more"
        }
        text += ". Nobody while that list is not loaded"
        if let age = registry.maxAge { text += " or is \(Phrases.wait(age, policies)) old" }
        let ways =
            registry.overriddenBy.map { override in
                let consent = "with \(self.text(override.consent))"
                return switch override.given {
                case .any: consent
                case .before: consent + ", given before it was put there"
                case .after: consent + ", given after it was put there"
                }
            } + registry.or.map { self.text($0) }
        return text + (ways.isEmpty ? "." : "; except \(ways.joined(separator: "; or ")).")
    }

    private func text(_ holding: HoldingRule) -> String {
        var text = "Not if the person \(has(holding.holds, holding.status))"
        let waits = Set(holding.andFor.values)
        if let only = waits.first, waits.count == 1, Set(holding.andFor.keys) == Set(holding.status) {
            text += ", nor for \(Phrases.wait(only, policies)) afterwards"
        } else if !waits.isEmpty {
            let after = HoldingStatus.allCases.compactMap { status in
                holding.andFor[status].map {
                    "for \(Phrases.wait($0, policies)) after it was \(Phrases.status(status))"
                }
            }
            text += ", nor \(Phrases.list(after))"
        }
        if let first = holding.forFirst { text += ", only for the first \(Phrases.wait(first, policies)) of that" }
        if let window = holding.renewalWindow { text += ", but not in the last \(window) before it ends" }
        return text + "."
    }

    private func text(_ campaignGuard: CampaignGuard) -> String {
        let whose = campaignGuard.per == .campaign ? "campaign" : "agency"
        var text: String
        switch campaignGuard.demand {
        case .attempts(let limit):
            text = limit == 0 ? "Never: the limit is 0" : "At most \(limit) contacts per \(whose)"
        case .share(let of, let among, let millionths, let atLeast):
            let most = Phrases.percent(millionths: millionths)
            let others = names(among).filter { !names(of).contains($0) }
            text = "Not while more than \(most) of a \(whose)'s contacts that ended "
            text += "\(Phrases.list(names(of) + others)) were \(Phrases.list(names(of)))"
            if atLeast > 1 { text += ", once there are \(atLeast) of them" }
        }
        return text + ", \(window(campaignGuard.window))."
    }

    /// `within 24 hours`, `in a day, by UTC`.
    func window(_ window: GuardWindow) -> String {
        switch window {
        case .elapsed(let length): return "within \(Phrases.length(length))"
        case .calendar(let unit, let starts, let zone):
            let clock = zone.map { "by the clock of \(zoneName($0))" } ?? "by UTC"
            switch unit {
            case .hour: return "in an hour, \(clock)"
            case .day: return "in a day, \(clock)"
            case .week: return "in a week from \(Phrases.name(starts)) on, \(clock)"
            case .month: return "in a month, \(clock)"
            }
        case .periods(let length): return "in successive periods of \(Phrases.length(length))"
        }
    }

    private func text(_ block: BlockRule) -> String {
        let dates =
            switch (block.from, block.until) {
            case (nil, nil): "Never"
            case (let from?, nil): "Never from \(from) on"
            case (nil, let until?): "Never before \(until)"
            case (let from?, let until?): "Never from \(from) until \(until)"
            }
        return block.labels.isAny
            ? dates + "." : dates + ", for numbers and addresses labelled \(Phrases.list(names(block.labels)))."
    }

    func text(_ exemption: Exemption) -> String {
        switch exemption {
        case .consent(let name, let within, let endsOn):
            var text = "with a consent called “\(policies.names.text(name) ?? "?")”"
            if let within { text += ", given less than \(Phrases.wait(within, policies)) ago" }
            let ends = endsOn.compactMap { policies.names.text($0) }
            if !ends.isEmpty { text += ", until \(Phrases.list(ends))" }
            return text + "; contacts made under it are not counted"
        case .event(let event, let within): return ago(event, within)
        case .holding(let holds, let status): return "while the person \(has(holds, status))"
        case .appointment: return "inside an agreed appointment"
        case .replyToInbound: return "as the first reply to a message from the person"
        case .stopConfirmation: return "as the one confirmation within 5 minutes of an opt-out"
        case .purpose(let purpose): return "for purpose \(policies.names.text(purpose) ?? "?")"
        }
    }

    // MARK: Parts

    func names<Kind>(_ set: NameSet<Kind>) -> [String] { set.names.compactMap { policies.names.text($0) } }

    private func named<Kind>(_ what: String, _ set: NameSet<Kind>) -> String {
        set.isAny ? "" : ", \(what) \(Phrases.list(names(set)))"
    }

    /// `voice calls and text messages for marketing`.
    private func subject(_ channels: NameSet<ChannelKind>, _ purposes: NameSet<PurposeKind>) -> String {
        var text = "every contact"
        if !channels.isAny { text = Phrases.list(names(channels).map { Phrases.channel($0) }, "and") }
        if !purposes.isAny { text += " for \(Phrases.list(names(purposes)))" }
        return text
    }

    /// What a filter counts: `voice calls for marketing in campaign x`.
    private func counted(_ filter: TouchFilter, one: Bool) -> String {
        let channels = names(filter.channels)
        var text = one ? "contact" : "contacts"
        if !channels.isEmpty { text = Phrases.list(channels.map { Phrases.channel($0, one: one) }) }
        if !filter.purposes.isAny { text += " for \(Phrases.list(names(filter.purposes)))" }
        if !filter.methods.isEmpty { text += " \(Phrases.list(filter.methods.map(Phrases.method)))" }
        text += of("brand", filter.brands) + of("product", filter.products) + of("campaign", filter.campaigns)
        text += of("role", filter.roles)
        text += of("subject", filter.subjects) + of("agency", filter.agencies) + of("account", filter.accounts)
        return text
    }

    private func of<Kind>(_ what: String, _ set: NameSet<Kind>) -> String {
        set.isAny ? "" : " of \(what) \(Phrases.list(names(set)))"
    }

    private func outcomes(_ filter: TouchFilter) -> String {
        var text = ""
        if !filter.outcomes.isAny {
            text +=
                " Only those count that ended \(Phrases.list(names(filter.outcomes))), or whose end is not known yet."
        }
        if !filter.notOutcomes.isAny {
            text += " Those that ended \(Phrases.list(names(filter.notOutcomes))) do not count."
        }
        return text
    }

    private func per(_ keys: CountKeys) -> String {
        var words: [String] = []
        switch keys.unit {
        case .person: break
        case .endpoint: words.append("number or address")
        case .household: words.append("household")
        }
        for (isKey, word) in [
            (keys.perAccount, "account"), (keys.perSubject, "subject"), (keys.perCampaign, "campaign"),
            (keys.perBrand, "brand"), (keys.perProduct, "product"), (keys.perFamily, "product family"),
            (keys.perAgency, "agency"),
        ] where isKey { words.append(word) }
        return words.isEmpty ? "" : ", per \(Phrases.list(words, "and"))"
    }

    private func ago(_ event: EventName, _ within: Wait) -> String {
        let name = policies.names.text(event) ?? "?"
        return within == .forever ? "after \(name)" : "within \(Phrases.wait(within, policies)) after \(name)"
    }

    func has(_ holds: Holds, _ status: [HoldingStatus]) -> String {
        let what: String
        switch holds {
        case .sameProduct: what = "has the same product"
        case .sameFamily: what = "has a product of the same family"
        case .any: what = "has any product"
        case .products(let products): what = "has product \(Phrases.list(names(products)))"
        case .families(let families): what = "has a product of family \(Phrases.list(names(families)))"
        }
        return what + " (\(Phrases.list(status.map(Phrases.status))))"
    }

    /// The name whose key a rule keeps.
    func zoneName(_ key: ZoneKey) -> String {
        let catalogue = zones.catalogue
        let names = catalogue.ids.lazy.map { catalogue.name(of: $0) }
        if let name = names.first(where: { ZoneKey(name: $0) == key }) { return name }
        let fixed = (-56...56).map { ZoneTable.fixedName(offsetSeconds: $0 * 900) }
        return fixed.first { ZoneKey(name: $0) == key } ?? "a zone of its own"
    }

    private func sentenceStart(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
