import GovernorCore

/// What one key of a rule says, in a few words: `limit` says `1`, `scope.channels` says `voice` and `sms`.
struct RuleFacet: Hashable, Sendable {
    /// As the policy language names it.
    var key: String
    /// Empty where the key says nothing.
    var words: [String]
}

extension RuleProse {
    /// Every key of the rule in the order of the policy language, those that say nothing too, so that two versions can be
    /// compared key by key. Names and calendars are told by their texts: their numbers differ from load to load.
    var facets: [RuleFacet] {
        var facets: [RuleFacet] = []
        func add(_ key: String, _ words: [String]) { facets.append(RuleFacet(key: key, words: words)) }
        func add(_ key: String, _ word: String?) { add(key, word.map { [$0] } ?? []) }
        add("kind", rule.body.kind)
        add("mode", rule.mode == .shadow ? "shadow" : "enforce")
        let scope = rule.scope
        add("scope.channels", names(scope.channels))
        add("scope.purposes", names(scope.purposes))
        add("scope.brands", names(scope.brands))
        add("scope.products", names(scope.products))
        add("scope.families", names(scope.families))
        add("scope.campaigns", names(scope.campaigns))
        add("scope.subjects", names(scope.subjects))
        add("scope.agencies", names(scope.agencies))
        add("scope.methods", scope.methods.map(Self.name))
        add("scope.jurisdictions", scope.jurisdictions.map(\.description))
        add("scope.party", scope.party == .unknown ? nil : scope.party == .consumer ? "consumer" : "business")
        add("scope.line_types", scope.lineTypes.map(\.name))
        add("scope.roles", names(scope.roles))
        add("effective.from", rule.effective?.from?.description)
        add("effective.until", rule.effective?.until?.description)
        facets += bodyFacets
        add("unless", rule.unless.map { text($0) })
        add("because", rule.because)
        add("cite", rule.cite)
        add("obligations", rule.obligations)
        return facets
    }

    private var bodyFacets: [RuleFacet] {
        func one(_ key: String, _ word: String?) -> RuleFacet { RuleFacet(key: key, words: word.map { [$0] } ?? []) }
        func wait(_ wait: Wait?) -> String? { wait.map { Phrases.wait($0, policies) } }
        switch rule.body {
        case .frequencyCap(let cap):
            var keep: [String] = []
            if let kept = cap.keep {
                keep = ["slots: \(kept.slots)"] + names(kept.campaigns).map { "campaign \($0)" }
                keep += names(kept.purposes).map { "purpose \($0)" }
            }
            return [one("limit", "\(cap.limit)"), one("window", Phrases.window(cap.window))]
                + counting(cap.count, cap.per, cap.releasesUnreported) + [RuleFacet(key: "keep", words: keep)]
        case .minGap(let gap):
            return [one("gap", wait(gap.gap))] + counting(gap.count, gap.per, gap.releasesUnreported)
        case .coolOff(let coolOff):
            return [RuleFacet(key: "after", words: names(coolOff.after)), one("for", wait(coolOff.wait))]
                + counting(coolOff.count, coolOff.per, false)
        case .contactHours(let hours):
            let calendar = hours.holidays.map { policies.calendars[$0].name }
            return [
                one("open", Phrases.week(hours.days)), one("open.holiday", hours.holiday.map(Phrases.spans)),
                one("holidays", calendar), RuleFacet(key: "closed", words: hours.closedDates.map(\.description)),
                one("zone", hours.zone.map(zoneName)),
                one("margin", hours.margin.count == 0 ? nil : Phrases.length(hours.margin)),
            ]
        case .quietTimes: return []
        case .optOut(let optOut):
            let reach = optOut.reach.map { $0 == .person ? "person" : "endpoint" }
            return [one("for", wait(optOut.lasts)), one("reach", reach)]
        case .consent(let consent):
            return terms(consent.require) + [RuleFacet(key: "or", words: consent.or.map { text($0) })]
        case .holding(let holding):
            let after = HoldingStatus.allCases.compactMap { status in
                holding.andFor[status].map { "\(Phrases.status(status)): \(Phrases.wait($0, policies))" }
            }
            return [
                one("holds", has(holding.holds, holding.status)), RuleFacet(key: "and_for", words: after),
                one("for_first", wait(holding.forFirst)),
                one("renewal_window", holding.renewalWindow.map { "\($0)" }),
            ]
        case .registry(let registry):
            let given: [RegistryOverride.Given: String] = [.any: "", .before: ", before", .after: ", after"]
            return [
                one("registry", policies.names.text(registry.registry)), one("max_age", wait(registry.maxAge)),
                one("after_listing", wait(registry.afterListing)),
                RuleFacet(
                    key: "overridden_by",
                    words: registry.overriddenBy.map { text($0.consent) + (given[$0.given] ?? "") }),
                RuleFacet(key: "or", words: registry.or.map { text($0) }),
            ]
        case .campaignGuard(let body):
            var facets = [one("per", body.per == .campaign ? "campaign" : "agency")]
            switch body.demand {
            case .attempts(let limit): facets.append(one("limit", "\(limit)"))
            case .share(let of, let among, let millionths, let atLeast):
                facets += [
                    RuleFacet(key: "share.of", words: names(of)), RuleFacet(key: "share.among", words: names(among)),
                    one("share.max", Phrases.percent(millionths: millionths)), one("share.at_least", "\(atLeast)"),
                ]
            }
            return facets + [one("window", window(body.window))]
        case .block(let block):
            return [
                one("from", block.from?.description), one("until", block.until?.description),
                RuleFacet(key: "labels", words: names(block.labels)),
            ]
        }
    }

    private func terms(_ terms: ConsentTerms) -> [RuleFacet] {
        func one(_ key: String, _ word: String?) -> RuleFacet { RuleFacet(key: key, words: word.map { [$0] } ?? []) }
        return [
            RuleFacet(key: "require", words: names(terms.names)),
            one("bound_to", terms.isBoundToEndpoint ? "endpoint" : nil),
            one("evidence", terms.needsEvidence ? "required" : nil),
            one("valid_for", terms.validFor.map { Phrases.wait($0, policies) }),
            RuleFacet(key: "void_on", words: names(terms.voidOn)),
        ]
    }

    private func counting(_ filter: TouchFilter, _ keys: CountKeys, _ releases: Bool) -> [RuleFacet] {
        var per = [keys.unit == .person ? "person" : keys.unit == .endpoint ? "endpoint" : "household"]
        for (isKey, word) in [
            (keys.perAccount, "account"), (keys.perSubject, "subject"), (keys.perCampaign, "campaign"),
            (keys.perBrand, "brand"), (keys.perProduct, "product"), (keys.perFamily, "family"),
            (keys.perAgency, "agency"),
        ] where isKey { per.append(word) }
        return [
            RuleFacet(key: "count.channels", words: names(filter.channels)),
            RuleFacet(key: "count.purposes", words: names(filter.purposes)),
            RuleFacet(key: "count.brands", words: names(filter.brands)),
            RuleFacet(key: "count.products", words: names(filter.products)),
            RuleFacet(key: "count.campaigns", words: names(filter.campaigns)),
            RuleFacet(key: "count.subjects", words: names(filter.subjects)),
            RuleFacet(key: "count.agencies", words: names(filter.agencies)),
            RuleFacet(key: "count.accounts", words: names(filter.accounts)),
            RuleFacet(key: "count.roles", words: names(filter.roles)),
            RuleFacet(key: "count.methods", words: filter.methods.map(Self.name)),
            RuleFacet(key: "outcomes", words: names(filter.outcomes)),
            RuleFacet(key: "not_outcomes", words: names(filter.notOutcomes)), RuleFacet(key: "per", words: per),
            RuleFacet(key: "unreported", words: releases ? ["release"] : []),
        ]
    }

    static func name(_ method: ContactMethod) -> String {
        switch method {
        case .live: "live"
        case .automated: "automated"
        case .prerecorded: "prerecorded"
        }
    }
}
