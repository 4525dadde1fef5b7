import GovernorCore

// One function for each kind of rule: the keys that only this kind takes.
extension FileReader {
    func readFrequencyCap(_ keys: inout KeyReader, _ scope: ScopeKeys) -> FrequencyCap? {
        let limitNode = keys.require("limit", findings, hint: "how many touches at most: `limit: 1`")
        let limit = limitNode.flatMap { integer($0, "limit", 0...1_000_000) }
        let windowNode = keys.require(
            "window", findings,
            hint: "over which time: `PT24H`, `{ local_days: 7 }`, `{ calendar: week }` or `{ steps: P12M }`")
        let length = windowNode.flatMap { window($0) }
        let count = readCount(&keys, scope)
        let per = readPer(&keys)
        let releases = readUnreported(&keys)
        let keep = keys.take("keep").flatMap { readKeep($0, limit: limit) }
        if let limitNode, let limit {
            if limit == 0 {
                findings.report(
                    .limitZero, at: limitNode, "a limit of 0 denies everything in the rule's scope, for good",
                    hint: "a rule of kind `block` says so plainly")
            } else if limit >= 1_000 {
                findings.report(
                    .capLimitsNothing, at: limitNode, "no person's record holds as many as \(limit) touches",
                    hint: "a record is full at 1,000")
            }
        }
        guard let limit, let length else { return nil }
        return FrequencyCap(
            limit: UInt32(limit), window: length, count: count, per: per, releasesUnreported: releases, keep: keep)
    }

    private func readUnreported(_ keys: inout KeyReader) -> Bool {
        guard let node = keys.take("unreported") else { return false }
        return word(node, "unreported", [("count", false), ("release", true)]) ?? false
    }

    private func readKeep(_ node: LocatedNode, limit: Int?) -> KeptBudget? {
        guard var keys = KeyReader(node, what: "`keep`", findings: findings) else { return nil }
        let campaigns = keys.take("campaigns").map { names($0, "campaigns") } ?? []
        let purposes = keys.take("purposes").map { names($0, "purposes") } ?? []
        let slotsNode = keys.require("slots", findings, hint: "how many of the limit are kept: `slots: 1`")
        let slots = slotsNode.flatMap { integer($0, "slots", 1...1_000_000) }
        if !keys.has("campaigns"), !keys.has("purposes") {
            findings.report(
                .missingKey, at: keys.head, "`keep` needs `campaigns` or `purposes`",
                hint: "for whom are the slots kept?")
        }
        keys.finish(findings)
        guard let slots else { return nil }
        if let limit, let slotsNode, slots >= limit {
            findings.report(
                .keptBudget, at: slotsNode, "\(slots) of \(limit) are kept, so that nothing is left for others",
                expected: limit > 1 ? "1 to \(limit - 1)" : nil)
        }
        return KeptBudget(campaigns: context.names(campaigns), purposes: context.names(purposes), slots: UInt32(slots))
    }

    func readMinGap(_ keys: inout KeyReader, _ scope: ScopeKeys) -> MinGap? {
        let node = keys.require("gap", findings, hint: "the time between two touches: `gap: PT4H`")
        let gap = node.flatMap { wait($0, "gap") }
        let count = readCount(&keys, scope)
        let per = readPer(&keys)
        let releases = readUnreported(&keys)
        return gap.map { MinGap(gap: $0, count: count, per: per, releasesUnreported: releases) }
    }

    func readCoolOff(_ keys: inout KeyReader, _ scope: ScopeKeys) -> CoolOff? {
        let afterNode = keys.require(
            "after", findings, hint: "the outcomes or events that start it: `after: [refused]`")
        let after = afterNode.map { events($0, "after") } ?? []
        let node = keys.require("for", findings, hint: "how long: `for: P30D`, `{ local_days: 7 }` or `forever`")
        let first = firstDay(&keys)
        let length = node.flatMap { wait($0, "for", mayBeForever: true, firstDay: first) }
        let count = readCount(&keys, scope)
        let per = readPer(&keys)
        guard !after.isEmpty, let length else { return nil }
        if let node = afterNode, !after.contains(where: { isSeen($0, by: count) }) {
            findings.report(
                .capLimitsNothing, at: node, "no outcome that starts this cool-off is among those it looks at",
                hint: "`outcomes` and `not_outcomes` say which contacts it looks at; most cool-offs need neither")
        }
        return CoolOff(after: context.names(after), wait: length, count: count, per: per)
    }

    /// Events are no contacts and always seen.
    private func isSeen(_ name: String, by count: TouchFilter) -> Bool {
        if WellKnown.events.contains(name) { return true }
        let name: EventName = context.name(name)
        return (count.outcomes.isAny || count.outcomes.contains(name)) && !count.notOutcomes.contains(name)
    }

    func readOptOut(_ keys: inout KeyReader, _ unless: inout [Exemption]) -> OptOutRule? {
        if let node = keys.take("except") { unless += readExemptions(node, "except") }
        let reach = keys.take("reach").flatMap {
            word($0, "reach", [("as_told", Reach?.none), ("person", .person), ("endpoint", .endpoint)])
        }
        let key = keys.has("for") ? "for" : "lasts"
        let node = keys.take("for")
        let lasts = keys.take("lasts")
        if node != nil, lasts != nil {
            findings.report(
                .doesNotBelong, at: keys.key("lasts"), "`for` and `lasts` mean the same", hint: "keep one of the two")
        }
        guard let node = node ?? lasts else { return OptOutRule(reach: reach ?? nil) }
        guard let length = wait(node, key, mayBeForever: true) else { return nil }
        return OptOutRule(lasts: length == .forever ? nil : length, reach: reach ?? nil)
    }

    func readConsent(_ keys: inout KeyReader) -> ConsentRule? {
        let require = keys.take("require").map { names($0, "require") } ?? []
        let or = keys.take("or").map { readRelationships($0) } ?? []
        if !keys.has("require"), !keys.has("or") {
            findings.report(
                .missingKey, at: keys.head, "a consent rule needs `require`",
                hint: "the consents of which one is enough: `require: [written]`")
        }
        var rule = ConsentRule(require: [], or: or)
        rule.require = readConsentTerms(&keys, require)
        return rule
    }

    func readRelationships(_ node: LocatedNode) -> [Relationship] {
        list(node, "or").compactMap { item in
            guard var keys = KeyReader(item, what: "an entry of `or`", findings: findings) else { return nil }
            if keys.has("event") {
                return readEventWithin(&keys).map { .event($0.0, within: $0.1) }
            }
            if keys.has("holding") {
                return readHoldingIn(&keys).map { .holding($0.0, status: $0.1) }
            }
            findings.report(
                .missingKey, at: keys.head, "an entry of `or` needs `event` or `holding`",
                hint: "write `{ event: purchase, within: P18M }` or `{ holding: same_product, status: [active] }`")
            return nil
        }
    }

    private func readEventWithin(_ keys: inout KeyReader) -> (EventName, Wait)? {
        let event = keys.take("event").flatMap { eventName($0, "event") }
        let within = keys.require("within", findings, hint: "how long it holds: `within: P18M`")
            .flatMap { wait($0, "within", mayBeForever: true) }
        keys.finish(findings)
        guard let event, let within else { return nil }
        return (context.name(event), within)
    }

    private func readHoldingIn(_ keys: inout KeyReader) -> (Holds, [HoldingStatus])? {
        let holds = keys.take("holding").flatMap { readHolds($0, "holding") }
        let status = keys.take("status").map { readStatus($0) } ?? [.active]
        keys.finish(findings)
        return holds.map { ($0, status) }
    }

    /// What lifts this rule and only this one.
    func readExemptions(_ node: LocatedNode, _ key: String) -> [Exemption] {
        list(node, key).compactMap { item in
            if case .mapping = item.content { return readExemption(item, key) }
            let words: [(String, Exemption)] = [
                ("transactional", .purpose(context.name("transactional"))), ("stop_confirmation", .stopConfirmation),
                ("reply_to_inbound", .replyToInbound), ("appointment", .appointment),
            ]
            return word(item, key, words)
        }
    }

    private func readExemption(_ node: LocatedNode, _ key: String) -> Exemption? {
        guard var keys = KeyReader(node, what: "an entry of `\(key)`", findings: findings) else { return nil }
        if let node = keys.take("consent") {
            let name = name(node, "consent")
            let within = keys.take("within").flatMap { wait($0, "within", mayBeForever: true) }
            let ends = keys.take("ends_on").map { events($0, "ends_on") } ?? []
            keys.finish(findings)
            return name.map {
                .consent(
                    context.name($0), within: within == .forever ? nil : within, endsOn: ends.map { context.name($0) })
            }
        }
        if keys.has("event") { return readEventWithin(&keys).map { .event($0.0, within: $0.1) } }
        if keys.has("holding") { return readHoldingIn(&keys).map { .holding($0.0, status: $0.1) } }
        if let node = keys.take("purpose") {
            let name = name(node, "purpose")
            if let name { warnIfMisspelt(name, node, among: WellKnown.purposes, "purpose") }
            keys.finish(findings)
            return name.map { .purpose(context.name($0)) }
        }
        findings.report(
            .missingKey, at: keys.head, "an entry of `\(key)` needs `consent`, `event`, `holding` or `purpose`",
            hint: "or a word by itself: `appointment`, `reply_to_inbound`, `stop_confirmation` or `transactional`")
        return nil
    }

    func readHolding(_ keys: inout KeyReader) -> HoldingRule? {
        let holds = keys.require("holds", findings, hint: "which product: `same_product`, `same_family` or `any`")
            .flatMap { readHolds($0, "holds") }
        let status = keys.take("status").map { readStatus($0) } ?? [.active, .grace, .pending]
        var andFor: [HoldingStatus: Wait] = [:]
        if let node = keys.take("and_for") {
            let names = HoldingStatus.names.map(\.0)
            if case .mapping(let entries) = node.content, entries.contains(where: { names.contains($0.name) }) {
                if var keys = KeyReader(node, what: "`and_for`", findings: findings) {
                    for (name, status) in HoldingStatus.names {
                        if let node = keys.take(name) { andFor[status] = wait(node, name, mayBeForever: true) }
                    }
                    keys.finish(findings)
                }
            } else if let length = wait(node, "and_for", mayBeForever: true) {
                // After it left any of the states that the rule names.
                for status in status { andFor[status] = length }
            }
        }
        let first = keys.take("for_first").flatMap { wait($0, "for_first") }
        let renewal = keys.take("renewal_window").flatMap { duration($0, "renewal_window") }
        if let renewal, renewal.milliseconds < 0 || !status.contains(.active) {
            findings.report(
                .doesNotBelong, at: keys.key("renewal_window"), "a renewal window belongs to the status `active`")
        }
        return holds.map {
            HoldingRule(holds: $0, status: status, andFor: andFor, forFirst: first, renewalWindow: renewal)
        }
    }

    private func readStatus(_ node: LocatedNode) -> [HoldingStatus] {
        list(node, "status").compactMap { word($0, "status", HoldingStatus.names) }
    }

    private func readHolds(_ node: LocatedNode, _ key: String) -> Holds? {
        guard case .mapping = node.content else {
            return word(node, key, [("same_product", Holds.sameProduct), ("same_family", .sameFamily), ("any", .any)])
        }
        guard var keys = KeyReader(node, what: "`\(key)`", findings: findings) else { return nil }
        let products = keys.take("products").map { names($0, "products") }
        let families = keys.take("families").map { self.families($0, "families") }
        keys.finish(findings)
        switch (products, families) {
        case (let products?, nil): return .products(context.names(products))
        case (nil, let families?): return .families(context.names(families))
        default:
            findings.report(
                .doesNotBelong, at: keys.head, "`\(key)` names products or families, one of the two",
                hint: "two lists are two rules")
            return nil
        }
    }

    func readBlock(_ keys: inout KeyReader) -> BlockRule {
        let from = keys.take("from").flatMap { instant($0, "from") }
        let untilNode = keys.take("until")
        let until = untilNode.flatMap { instant($0, "until") }
        if let from, let until, let untilNode, until <= from {
            findings.report(.emptyPeriod, at: untilNode, "the block ends before it begins")
        } else if let until, let untilNode, let today = context.today,
            until.milliseconds < today.localMilliseconds - 86_400_000
        {
            findings.report(.over, at: untilNode, "the block ended at \(until)")
        }
        let labels = keys.take("labels").map { names($0, "labels") } ?? []
        return BlockRule(from: from, until: until, labels: context.names(labels))
    }
}

extension HoldingStatus {
    /// The words of policies and requests.
    static let names: [(String, HoldingStatus)] = [
        ("active", .active), ("grace", .grace), ("lapsed", .lapsed), ("cancelled", .cancelled), ("pending", .pending),
        ("quote", .quote),
    ]
}
