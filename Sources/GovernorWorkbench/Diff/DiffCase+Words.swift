import GovernorCore

extension DiffCase {
    /// `A voice call for marketing to a consumer in New Zealand (NZ) for product a-product`.
    func question(_ world: DiffWorld) -> String {
        var kind = ContactKind()
        func text<Kind>(_ name: Name<Kind>) -> String? { name.isNone ? nil : world.names.text(name) }
        kind.channel = text(request.channel)
        kind.purpose = text(request.purpose)
        kind.campaign = text(request.campaign)
        kind.product = text(request.product)
        kind.subject = text(request.subject)
        kind.brand = text(request.brand)
        kind.agency = text(request.agency)
        kind.method = request.method
        kind.party = request.party
        kind.lineType = request.lineType
        kind.jurisdictions = [place.jurisdiction]
        var title = kind.title
        if let role = text(request.role) { title += " as \(role)" }
        if !request.accounts.isEmpty { title += " about \(Phrases.list(request.accounts.compactMap(text), "and"))" }
        switch request.exemption {
        case nil: break
        case .stopConfirmation: title += ", claimed to confirm an opt-out"
        case .replyToInbound: title += ", claimed to be a reply"
        case .appointment: title += ", claimed to be agreed"
        }
        if request.inReplyTo != nil { title += ", in reply to a message" }
        return title
    }

    /// Everything that is on record at `t`, in order; what has no instant comes first.
    func history(at t: Timestamp, _ world: DiffWorld) -> [(at: Timestamp?, what: String)] {
        var lines = items.map { (at: $0.at, what: words($0, world)) }
        for consent in kit.consents {
            lines.append((t - .hours(1), "consent “\(world.names.text(consent) ?? "?")” for this number or address"))
        }
        for registry in kit.registries {
            lines.append((nil, "list `\(world.names.text(registry) ?? "?")`, an hour old, does not name it"))
        }
        return lines.sorted { ($0.at ?? .distantPast) < ($1.at ?? .distantPast) }
    }

    private func words(_ item: Item, _ world: DiffWorld) -> String {
        func text<Kind>(_ name: Name<Kind>) -> String { world.names.text(name) ?? "?" }
        switch item {
        case .label(let label): return "the number or address is labelled \(text(label))"
        case .others(let count, let outcome, _):
            let ended = outcome.isNone ? "" : ", \(text(outcome))"
            return "\(Phrases.count(Int64(count), "contact")) of the same campaign and agency with others\(ended)"
        case .household: return "the number or address stands for a household"
        case .listing(let answer):
            let name = text(answer.registry)
            switch answer.listing {
            case .notListed: return "list `\(name)` of \(answer.snapshotAt) does not name it"
            case .listed(nil): return "list `\(name)` of \(answer.snapshotAt) names it"
            case .listed(let since?): return "list `\(name)` of \(answer.snapshotAt) names it since \(since)"
            }
        case .touch(let touch): return words(touch, world)
        case .fact(let fact): return words(fact, world)
        }
    }

    private func words(_ touch: Touch, _ world: DiffWorld) -> String {
        func text<Kind>(_ name: Name<Kind>) -> String { world.names.text(name) ?? "?" }
        var words = touch.direction == .inbound ? "inbound " : ""
        words += Phrases.channel(text(touch.channel), one: true) + " for \(text(touch.purpose))"
        var more: [String] = []
        if touch.campaign != request.campaign, !touch.campaign.isNone {
            more.append("campaign \(text(touch.campaign))")
        }
        if touch.product != request.product, !touch.product.isNone { more.append("product \(text(touch.product))") }
        if touch.brand != request.brand, !touch.brand.isNone { more.append("brand \(text(touch.brand))") }
        if touch.subject != request.subject, !touch.subject.isNone { more.append("about \(text(touch.subject))") }
        if touch.agency != request.agency, !touch.agency.isNone { more.append("by agency \(text(touch.agency))") }
        if touch.role != request.role, !touch.role.isNone { more.append("to \(text(touch.role))") }
        if touch.accounts != request.accounts { more += touch.accounts.map { "about \(text($0))" } }
        if let method = touch.method, method != request.method { more.append(Phrases.method(method)) }
        if touch.endpoint == DiffWorld.otherEndpoint { more.append("to another number or address") }
        if touch.state == .reserved { more.append("reserved and never confirmed") }
        if !touch.outcome.isNone { more.append(text(touch.outcome)) }
        return ([words] + more).joined(separator: ", ")
    }

    private func words(_ fact: Fact, _ world: DiffWorld) -> String {
        func text<Kind>(_ name: Name<Kind>) -> String { world.names.text(name) ?? "?" }
        func whom(_ endpoints: [IdentifierHash]) -> String {
            if endpoints.isEmpty { return "" }
            return endpoints.contains(DiffWorld.endpoint)
                ? " for this number or address" : " for another number or address"
        }
        switch fact.body {
        case .optOut(let reach, let endpoints):
            return "opt-out\(whom(endpoints))" + (reach == .endpoint ? " alone" : "")
        case .optIn(_, let endpoints): return "opt-in\(whom(endpoints))"
        case .consent(let name, let endpoints, _):
            return "consent “\(text(name))”\(whom(endpoints))" + (fact.hasEvidence ? "" : " without evidence")
        case .withdrawal: return "withdrawal of consent"
        case .holding(let holding):
            var words = "holding \(text(holding.product)), \(Phrases.status(holding.status))"
            if let from = holding.from { words += ", from \(from)" }
            if let to = holding.to { words += ", to \(to)" }
            if let grace = holding.graceUntil { words += ", grace until \(grace)" }
            return words
        case .event(let name, let endpoints): return "\(text(name))\(whom(endpoints))"
        case .appointment(let from, let to): return "appointment from \(from) to \(to)"
        case .quietTime: return "quiet times"
        }
    }
}
