extension Situation {
    /// Whether a touch counts for a rule that looks at these names and keys, at `t`.
    ///
    /// A touch without an outcome matches every filter of outcomes; a name left out on either side matches.
    @inline(__always)
    func matches(_ touch: UnsafePointer<Touch>, _ counting: RuleTable.Counting, account: Account, at t: Timestamp) -> Bool {
        guard touch.pointee.isCountable, touch.pointee.at <= t || touch.pointee.recordedAt <= t else { return false }
        if let excluded, touch.pointee.id == excluded { return false }
        return (!counting.names || names(of: touch, pass: counting.filter))
            && (!counting.isKeyed || sameKeys(touch, counting.keys, account: account))
            && (!counting.outcomes || touch.pointee.outcome.isNone || outcomePasses(touch, counting.filter))
    }

    /// The same for whichever of the accounts; none named matches every touch.
    func matches(_ touch: UnsafePointer<Touch>, _ counting: RuleTable.Counting, at t: Timestamp) -> Bool {
        guard counting.keys.perAccount, !own.accounts.isEmpty else {
            return matches(touch, counting, account: .none, at: t)
        }
        for account in own.accounts where matches(touch, counting, account: account, at: t) { return true }
        return false
    }

    func sameKeys(_ touch: UnsafePointer<Touch>, _ keys: CountKeys) -> Bool {
        guard keys.perAccount, !own.accounts.isEmpty else { return sameKeys(touch, keys, account: .none) }
        for account in own.accounts where sameKeys(touch, keys, account: account) { return true }
        return false
    }

    private func outcomePasses(_ touch: UnsafePointer<Touch>, _ filter: UnsafePointer<TouchFilter>) -> Bool {
        (filter.pointee.outcomes.isAny || filter.pointee.outcomes.contains(touch.pointee.outcome))
            && (filter.pointee.notOutcomes.isAny || !filter.pointee.notOutcomes.contains(touch.pointee.outcome))
    }

    func names(of touch: UnsafePointer<Touch>, pass filter: UnsafePointer<TouchFilter>) -> Bool {
        filter.pointee.channels.admits(touch.pointee.channel) && filter.pointee.purposes.admits(touch.pointee.purpose)
            && filter.pointee.campaigns.admits(touch.pointee.campaign)
            && filter.pointee.products.admits(touch.pointee.product) && filter.pointee.brands.admits(touch.pointee.brand)
            && filter.pointee.subjects.admits(touch.pointee.subject)
            && filter.pointee.agencies.admits(touch.pointee.agency)
            && (filter.pointee.accounts.isAny || filter.pointee.accounts.admitsAny(of: touch.pointee.accounts))
            && (filter.pointee.methods.isEmpty || touch.pointee.method == nil
                || filter.pointee.methods.contains(touch.pointee.method!))
    }

    private func sameKeys(_ touch: UnsafePointer<Touch>, _ keys: CountKeys, account: Account) -> Bool {
        if keys.unit == .endpoint, let endpoint = own.endpoint, let other = touch.pointee.endpoint, endpoint != other {
            return false
        }
        return (!keys.perAccount || account.isNone || touch.pointee.accounts.isEmpty
            || touch.pointee.accounts.contains(account))
            && (!keys.perSubject || same(touch.pointee.subject, own.subject))
            && (!keys.perCampaign || same(touch.pointee.campaign, own.campaign))
            && (!keys.perBrand || same(touch.pointee.brand, own.brand))
            && (!keys.perProduct || same(touch.pointee.product, own.product))
            && (!keys.perAgency || same(touch.pointee.agency, plan.pointee.request.agency))
    }

    @inline(__always)
    func same<Kind>(_ a: Name<Kind>, _ b: Name<Kind>) -> Bool { a.isNone || b.isNone || a == b }
}
