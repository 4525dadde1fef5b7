import GovernorCore
import GovernorPages
import GovernorRuntime

/// Reasons in the reader's language.
struct ReasonText {
    let reader: Reader

    /// The sentence that may be read to the person: the rule's own words where it has any; of a cap the count behind them.
    func sentence(_ reason: Reason, of answer: DecisionAnswer) -> String {
        let rule = reason.rule.map { answer.policies.rules[Int($0)] }
        let isCount = reason.code == .capReached && reason.limit > 0
        let own = isCount ? rule?.because.map { $0 + " " } ?? "" : ""
        if reader.language == .english { return own + answer.sentence(reason, for: reader.role) }
        let since = reason.since.map { " " + reader(ReasonWords.last, ["when": reader.moment($0)]) } ?? ""
        switch reason.code {
        case .capReached where isCount: return own + words(reason) + since
        case .gapTooShort: return (rule?.because ?? words(reason)) + since
        default: return rule?.because ?? words(reason)
        }
    }

    private func words(_ reason: Reason) -> String {
        let word: ReasonWords =
            switch reason.code {
            case .capReached: reason.limit == 0 ? .capZero : .capReached
            case .capKept: .capKept
            case .gapTooShort: .gapTooShort
            case .coolingOff: .coolingOff
            case .hoursClosed: .hoursClosed
            case .hoursUnknownZone: .hoursUnknownZone
            case .calendarRunOut: .calendarRunOut
            case .quietTime: .quietTime
            case .optedOut: .optedOut
            case .consentMissing: .consentMissing
            case .alreadyHolds: .alreadyHolds
            case .blocked: .blocked
            case .historyIncomplete: .historyIncomplete
            case .recordFull: .recordFull
            case .reservationGone: .reservationGone
            case .storeUnavailable: .storeUnavailable
            case .registryListed: .registryListed
            case .registryStale: .registryStale
            case .registryNotLoaded: .registryNotLoaded
            case .guardAttempts: .guardAttempts
            case .guardShare: .guardShare
            }
        return reader(word, ["count": reader.number(reason.count), "limit": reader.number(reason.limit)])
    }

    /// What would have to happen for a reason to go that time alone does not take away.
    func help(_ code: ReasonCode) -> String {
        let word: PersonWords =
            switch code {
            case .optedOut: .helpsOptIn
            case .consentMissing: .helpsConsent
            case .blocked: .helpsBlock
            case .registryListed: .helpsConsent
            case .registryStale, .registryNotLoaded: .helpsRegistry
            case .hoursUnknownZone: .helpsZone
            case .calendarRunOut: .helpsCalendar
            case .alreadyHolds: .helpsHolding
            case .historyIncomplete: .helpsHistory
            case .guardAttempts, .guardShare: .helpsGuard
            case .capReached, .capKept, .gapTooShort, .coolingOff, .hoursClosed, .quietTime, .recordFull,
                .reservationGone, .storeUnavailable:
                .helpsOther
            }
        return reader(word)
    }
}
