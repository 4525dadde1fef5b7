extension Situation {
    /// Whether a countable touch counts for a rule that looks at these names and keys.
    ///
    /// A touch without an outcome matches every filter of outcomes; a name left out on either side matches. `admitted`
    /// is `ownNames(admittedBy:)` of the rule: a touch whose names are the request's own needs no look at the filter.
    @inline(__always)
    func matches(
        _ countable: CountableTouch, _ counting: RuleTable.Counting, admitted: RuleTable.Dimensions, account: Account
    ) -> Bool {
        if !counting.keyed.isSubset(of: countable.same.union(ownNames.absent)) { return false }
        let touch = countable.touch
        return (counting.names.isSubset(of: countable.same.intersection(admitted)) || names(of: touch, pass: counting))
            && (!counting.outcomes || passes(touch, counting.filter))
            && (!counting.keys.perAccount || account.isNone || touch.pointee.accounts.isEmpty
                || touch.pointee.accounts.contains(account))
            && (!counting.keys.perFamily || isSameFamily(touch.pointee.product))
    }

    /// The same for whichever of the accounts; none named matches every touch.
    func matches(
        _ countable: CountableTouch, _ counting: RuleTable.Counting, admitted: RuleTable.Dimensions
    ) -> Bool {
        guard counting.keys.perAccount, !own.accounts.isEmpty else {
            return matches(countable, counting, admitted: admitted, account: .none)
        }
        for account in own.accounts where matches(countable, counting, admitted: admitted, account: account) {
            return true
        }
        return false
    }

    /// Of what a filter restricts, the dimensions in which the request names something that it admits.
    @inline(__always)
    func ownNames(admittedBy counting: RuleTable.Counting) -> RuleTable.Dimensions {
        let restricted = counting.names
        if restricted.isEmpty { return restricted }
        let filter = counting.filter
        var admitted = RuleTable.Dimensions()
        if restricted.contains(.channels), filter.pointee.channels.contains(own.channel) { admitted.insert(.channels) }
        if restricted.contains(.purposes), filter.pointee.purposes.contains(own.purpose) { admitted.insert(.purposes) }
        if restricted.isSubset(of: [.channels, .purposes]) { return admitted }
        if restricted.contains(.campaigns), filter.pointee.campaigns.contains(own.campaign) {
            admitted.insert(.campaigns)
        }
        if restricted.contains(.products), filter.pointee.products.contains(own.product) { admitted.insert(.products) }
        if restricted.contains(.brands), filter.pointee.brands.contains(own.brand) { admitted.insert(.brands) }
        if restricted.contains(.subjects), filter.pointee.subjects.contains(own.subject) { admitted.insert(.subjects) }
        return admitted
    }

    func sameKeys(_ touch: UnsafePointer<Touch>, _ keys: CountKeys) -> Bool {
        guard keys.perAccount, !own.accounts.isEmpty else { return sameKeys(touch, keys, account: .none) }
        for account in own.accounts where sameKeys(touch, keys, account: account) { return true }
        return false
    }

    /// Whether a touch's outcome passes; one without passes every filter.
    @inline(__always)
    func passes(_ touch: UnsafePointer<Touch>, _ filter: UnsafePointer<TouchFilter>) -> Bool {
        touch.pointee.outcome.isNone || outcomePasses(touch, filter)
    }

    private func outcomePasses(_ touch: UnsafePointer<Touch>, _ filter: UnsafePointer<TouchFilter>) -> Bool {
        (filter.pointee.outcomes.isAny || filter.pointee.outcomes.contains(touch.pointee.outcome))
            && (filter.pointee.notOutcomes.isAny || !filter.pointee.notOutcomes.contains(touch.pointee.outcome))
    }

    /// Whether a touch's names fall inside the filter; one left out matches.
    @inline(__always)
    func names(of touch: UnsafePointer<Touch>, pass counting: RuleTable.Counting) -> Bool {
        let restricted = counting.names
        if restricted.isEmpty { return true }
        let filter = counting.filter
        if restricted.contains(.channels), !filter.pointee.channels.admits(touch.pointee.channel) { return false }
        if restricted.contains(.purposes), !filter.pointee.purposes.admits(touch.pointee.purpose) { return false }
        if restricted.isSubset(of: [.channels, .purposes]) { return true }
        return rarerNames(of: touch, pass: counting)
    }

    private func rarerNames(of touch: UnsafePointer<Touch>, pass counting: RuleTable.Counting) -> Bool {
        let restricted = counting.names
        let filter = counting.filter
        if restricted.contains(.campaigns), !filter.pointee.campaigns.admits(touch.pointee.campaign) { return false }
        if restricted.contains(.products), !filter.pointee.products.admits(touch.pointee.product) { return false }
        if restricted.contains(.brands), !filter.pointee.brands.admits(touch.pointee.brand) { return false }
        if restricted.contains(.subjects), !filter.pointee.subjects.admits(touch.pointee.subject) { return false }
        if restricted.contains(.agencies), !filter.pointee.agencies.admits(touch.pointee.agency) { return false }
        if restricted.contains(.accounts), !filter.pointee.accounts.admitsAny(of: touch.pointee.accounts) {
            return false
        }
        if restricted.contains(.roles), !filter.pointee.roles.admits(touch.pointee.role) { return false }
        if restricted.contains(.methods), let method = touch.pointee.method, !filter.pointee.methods.contains(method) {
            return false
        }
        return true
    }

    private func sameKeys(_ touch: UnsafePointer<Touch>, _ keys: CountKeys, account: Account) -> Bool {
        if keys.unit == .endpoint, let endpoint = own.endpoint, let other = touch.pointee.endpoint, endpoint != other {
            return false
        }
        return
            (!keys.perAccount || account.isNone || touch.pointee.accounts.isEmpty
            || touch.pointee.accounts.contains(account))
            && (!keys.perSubject || same(touch.pointee.subject, own.subject))
            && (!keys.perCampaign || same(touch.pointee.campaign, own.campaign))
            && (!keys.perBrand || same(touch.pointee.brand, own.brand))
            && (!keys.perProduct || same(touch.pointee.product, own.product))
            && (!keys.perFamily || isSameFamily(touch.pointee.product))
            && (!keys.perAgency || same(touch.pointee.agency, plan.request.agency))
    }

    /// Whether a product may be of the request's family; one that no policy assigns to a family may be of any.
    private func isSameFamily(_ product: Product) -> Bool {
        if same(product, own.product) { return true }
        return same(plan.policies.families[product] ?? .none, own.family)
    }

    @inline(__always)
    func same<Kind>(_ a: Name<Kind>, _ b: Name<Kind>) -> Bool { a.isNone || b.isNone || a == b }
}
