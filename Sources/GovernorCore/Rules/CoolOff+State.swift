extension Situation {
    /// Closed while the wait after the latest matching event or outcome lasts; a new one starts it again.
    func state(_ rule: CoolOff, of record: PersonRecord, at t: Timestamp) -> RuleState {
        var until = Timestamp.distantPast
        var since: Timestamp?
        func start(_ at: Timestamp, boundFrom: Timestamp) {
            if boundFrom > t { return }
            let end = self.end(of: rule.wait, from: at)
            if end > until {
                until = end
                since = at
            }
        }
        for fact in record.facts {
            guard case .event(let name, let endpoints) = fact.body, rule.after.contains(name) else { continue }
            if admits(fact.scope) && concerns(endpoints, per: rule.per.unit) {
                start(fact.at, boundFrom: fact.bindsFrom)
            }
        }
        if counts(record, for: rule.per.unit) {
            for account in rule.per.perAccount && !request.accounts.isEmpty ? request.accounts : [.none] {
                for touch in record.touches where !touch.outcome.isNone && rule.after.contains(touch.outcome) {
                    // Inbound touches never count in caps but start cool-offs.
                    guard touch.id != excluded, touch.state != .released,
                        names(of: touch, pass: rule.count), sameKeys(touch, rule.per, account: account)
                    else { continue }
                    start(touch.outcomeAt, boundFrom: touch.outcomeAt)
                }
            }
        }
        return until > t ? .closed(Closure(.coolingOff, until: until, since: since)) : .open
    }

    /// Whether a fact with this scope is about this request: a name left out on either side matches.
    func admits(_ scope: FactScope) -> Bool {
        scope.channels.admits(request.channel) && scope.purposes.admits(request.purpose)
            && scope.brands.admits(request.brand) && scope.products.admits(request.product)
            && scope.families.admits(plan.family) && scope.campaigns.admits(request.campaign)
            && scope.subjects.admits(request.subject) && scope.accounts.admitsAny(of: request.accounts)
    }

    /// Whether this request lies wholly inside the scope: what permits must have been meant for it.
    func isInside(_ scope: FactScope) -> Bool {
        func inside<K>(_ set: NameSet<K>, _ name: Name<K>) -> Bool { set.isAny || (!name.isNone && set.contains(name)) }
        return inside(scope.channels, request.channel) && inside(scope.purposes, request.purpose)
            && inside(scope.brands, request.brand) && inside(scope.products, request.product)
            && inside(scope.families, plan.family) && inside(scope.campaigns, request.campaign)
            && inside(scope.subjects, request.subject)
            && (scope.accounts.isAny
                || (!request.accounts.isEmpty && request.accounts.allSatisfy { scope.accounts.contains($0) }))
    }

    /// Whether an event about these endpoints concerns the request, for a rule that counts per `unit`.
    private func concerns(_ endpoints: [IdentifierHash], per unit: CountKeys.Unit) -> Bool {
        guard unit == .endpoint, !endpoints.isEmpty, let own = request.endpoint else { return true }
        return endpoints.contains(request.identifiers[own].hash)
    }
}
