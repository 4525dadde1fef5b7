extension Situation {
    /// Whether `touch` counts for a rule with this filter and these keys, at `t`.
    ///
    /// A touch without an outcome matches every filter of outcomes; a name left out on either side matches.
    func matches(
        _ touch: borrowing Touch, _ filter: TouchFilter, _ keys: CountKeys, account: Account, at t: Timestamp
    ) -> Bool {
        guard touch.isCountable, touch.countsFrom <= t, touch.id != excluded else { return false }
        return names(of: touch, pass: filter) && sameKeys(touch, keys, account: account)
            && (touch.outcome.isNone || outcomePasses(touch.outcome, filter))
    }

    /// The same for whichever of the accounts; none named matches every touch.
    func matches(
        _ touch: borrowing Touch, _ filter: TouchFilter, _ keys: CountKeys, anyOf accounts: [Account], at t: Timestamp
    ) -> Bool {
        guard keys.perAccount, !accounts.isEmpty else { return matches(touch, filter, keys, account: .none, at: t) }
        for account in accounts where matches(touch, filter, keys, account: account, at: t) { return true }
        return false
    }

    func sameKeys(_ touch: borrowing Touch, _ keys: CountKeys, anyOf accounts: [Account]) -> Bool {
        guard keys.perAccount, !accounts.isEmpty else { return sameKeys(touch, keys, account: .none) }
        for account in accounts where sameKeys(touch, keys, account: account) { return true }
        return false
    }

    @inline(__always)
    func outcomePasses(_ outcome: EventName, _ filter: TouchFilter) -> Bool {
        (filter.outcomes.isAny || filter.outcomes.contains(outcome))
            && (filter.notOutcomes.isAny || !filter.notOutcomes.contains(outcome))
    }

    @inline(__always)
    func names(of touch: borrowing Touch, pass filter: TouchFilter) -> Bool {
        filter.channels.admits(touch.channel) && filter.purposes.admits(touch.purpose)
            && filter.campaigns.admits(touch.campaign) && filter.products.admits(touch.product)
            && filter.brands.admits(touch.brand) && filter.subjects.admits(touch.subject)
            && filter.agencies.admits(touch.agency) && filter.accounts.admitsAny(of: touch.accounts)
            && (filter.methods.isEmpty || touch.method == nil || filter.methods.contains(touch.method!))
    }

    @inline(__always)
    func sameKeys(_ touch: borrowing Touch, _ keys: CountKeys, account: Account) -> Bool {
        if keys.unit == .endpoint, let endpoint = own.endpoint, let other = touch.endpoint, endpoint != other {
            return false
        }
        return (!keys.perAccount || account.isNone || touch.accounts.isEmpty || touch.accounts.contains(account))
            && (!keys.perSubject || same(touch.subject, request.subject))
            && (!keys.perCampaign || same(touch.campaign, request.campaign))
            && (!keys.perBrand || same(touch.brand, request.brand))
            && (!keys.perProduct || same(touch.product, request.product))
            && (!keys.perAgency || same(touch.agency, request.agency))
    }

    @inline(__always)
    func same<Kind>(_ a: Name<Kind>, _ b: Name<Kind>) -> Bool { a.isNone || b.isNone || a == b }
}
