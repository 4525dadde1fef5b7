/// One rule of a policy, compiled: where it applies, how long, and what it demands.
public struct Rule: Sendable {
    /// `policy/id`, unique in a policy set.
    public var id: String
    /// Where it was written: `policies/house.yaml`, line from 1.
    public var file: String
    public var line: Int
    public var mode: RuleMode
    public var scope: RuleScope
    /// In force by the local dates of the places it protects; `nil` for always.
    public var effective: EffectiveDates?
    /// Each lifts this rule, and only this one, while it holds.
    public var unless: [Exemption]
    public var body: RuleBody
    /// The sentence that an agent may read out.
    public var because: String?
    /// The law or house rule it comes from.
    public var cite: String?
    /// What an allowed caller must do.
    public var obligations: [String]
    /// The date on which its author last read the law behind it.
    public var readOn: LocalDate?
    /// How sure its author is of that law; `nil` where nothing is said, as for a rule of the house.
    public var confidence: Confidence?
    /// For the next author, not for callers.
    public var note: String?

    public init(
        id: String, file: String = "", line: Int = 0, mode: RuleMode = .enforce, scope: RuleScope = RuleScope(),
        effective: EffectiveDates? = nil, unless: [Exemption] = [], body: RuleBody, because: String? = nil,
        cite: String? = nil, obligations: [String] = [], readOn: LocalDate? = nil, confidence: Confidence? = nil,
        note: String? = nil
    ) {
        self.id = id
        self.file = file
        self.line = line
        self.mode = mode
        self.scope = scope
        self.effective = effective
        self.unless = unless
        self.body = body
        self.because = because
        self.cite = cite
        self.obligations = obligations
        self.readOn = readOn
        self.confidence = confidence
        self.note = note
    }
}

/// How a rule's author knows the law behind it.
public enum Confidence: UInt8, Hashable, Sendable, CaseIterable {
    /// The operative text was read, or is quoted word for word by what was read.
    case text = 1
    /// Two sources that do not depend on each other agree.
    case twoSources = 2
    case oneSource = 3
    case memory = 4

    /// Enough for a rule that decides.
    public var isEnough: Bool { self == .text || self == .twoSources }
}

/// What a rule demands; one case per kind of SPEC's table. A new kind is one case here, one file in `Rules/` for its
/// meaning, one in the policy loader for its YAML, one scenario table.
public enum RuleBody: Sendable {
    case frequencyCap(FrequencyCap)
    case minGap(MinGap)
    case coolOff(CoolOff)
    case contactHours(ContactHours)
    case quietTimes
    case optOut(OptOutRule)
    case consent(ConsentRule)
    case holding(HoldingRule)
    case registry(RegistryRule)
    case campaignGuard(CampaignGuard)
    case block(BlockRule)

    /// The kind as policies and answers name it.
    public var kind: String {
        switch self {
        case .frequencyCap: "frequency_cap"
        case .minGap: "min_gap"
        case .coolOff: "cool_off"
        case .contactHours: "contact_hours"
        case .quietTimes: "quiet_times"
        case .optOut: "opt_out"
        case .consent: "consent"
        case .holding: "holding"
        case .registry: "registry"
        case .campaignGuard: "campaign_guard"
        case .block: "block"
        }
    }
}

public enum RuleMode: UInt8, Sendable {
    case enforce = 1
    /// Evaluated and reported, decides nothing.
    case shadow = 2
    case off = 3
}

/// Which requests a rule is about. Every dimension left out admits everything; a key that the request leaves out is
/// admitted by every set.
public struct RuleScope: Hashable, Sendable {
    public var channels: NameSet<ChannelKind> = []
    public var purposes: NameSet<PurposeKind> = []
    public var brands: NameSet<BrandKind> = []
    public var products: NameSet<ProductKind> = []
    public var families: NameSet<FamilyKind> = []
    public var campaigns: NameSet<CampaignKind> = []
    public var subjects: NameSet<SubjectKind> = []
    public var agencies: NameSet<AgencyKind> = []
    /// Empty: any.
    public var methods: [ContactMethod] = []
    /// Empty: anywhere. Applies if any candidate jurisdiction of the person may be in any of these.
    public var jurisdictions: [Jurisdiction] = []
    /// `unknown`: both.
    public var party: Party = .unknown
    /// Empty: any; a number whose type is not known is admitted by every list.
    public var lineTypes: [LineType] = []
    /// Who the contacted person is in the matter: `consumer`, `attorney`, …
    public var roles: NameSet<RoleKind> = []

    public init() {}
}

/// Local dates `[from, until)`; in force if any candidate zone's date is inside.
public struct EffectiveDates: Hashable, Sendable {
    public var from: LocalDate?
    public var until: LocalDate?

    public init(from: LocalDate? = nil, until: LocalDate? = nil) {
        self.from = from
        self.until = until
    }
}

/// What lifts a rule, typed, and written on the rule itself.
public enum Exemption: Hashable, Sendable {
    /// A consent of that name, given less than `within` ago, not withdrawn, and not ended by one of the events since;
    /// touches made under it stay uncounted.
    case consent(ConsentName, within: Wait?, endsOn: [EventName])
    /// An event or outcome of that name less than `within` ago.
    case event(EventName, within: Wait)
    /// A holding of the request's product (or family, or any) in one of these states.
    case holding(Holds, status: [HoldingStatus])
    /// Now lies inside an agreed appointment.
    case appointment
    /// The request replies to an inbound touch on record that nobody has replied to yet.
    case replyToInbound
    /// The one confirmation within 5 minutes of an opt-out.
    case stopConfirmation
    /// The request's purpose is that one (`transactional`).
    case purpose(Purpose)
}

/// How long something lasts after an instant. Four different things, never blurred.
public enum Wait: Hashable, Sendable {
    /// Elapsed time, whatever the clocks do.
    case elapsed(Milliseconds)
    /// Whole local dates; with the first day counted, `n` days from the event's own date on, else from the day after.
    case localDays(Int32, firstDayCounted: Bool)
    /// Business days of a calendar: local dates that are neither weekend nor holiday in it.
    case businessDays(Int32, calendar: Int, firstDayCounted: Bool)
    /// Calendar steps on the person's wall clock; months clamp to the month's end; days and the rest follow.
    case steps(ISODuration)
    case forever
}

/// The span over which a cap counts: `(now - length, now]`, or dates.
public enum Window: Hashable, Sendable {
    case elapsed(Milliseconds)
    /// `n` consecutive local dates, today included.
    case localDays(Int32)
    /// The calendar period that contains now, in the person's zone.
    case calendar(CalendarUnit, weekStarts: Weekday)
    /// Calendar steps back from now: a touch leaves at its instant plus the steps.
    case steps(ISODuration)
}

public enum CalendarUnit: UInt8, Hashable, Sendable {
    case day = 1
    case week = 2
    case month = 3
    case year = 4
}

/// Which touches count.
public struct TouchFilter: Hashable, Sendable {
    public var channels: NameSet<ChannelKind> = []
    public var purposes: NameSet<PurposeKind> = []
    public var brands: NameSet<BrandKind> = []
    public var products: NameSet<ProductKind> = []
    public var campaigns: NameSet<CampaignKind> = []
    public var subjects: NameSet<SubjectKind> = []
    public var agencies: NameSet<AgencyKind> = []
    public var accounts: NameSet<AccountKind> = []
    public var roles: NameSet<RoleKind> = []
    /// Empty: any.
    public var methods: [ContactMethod] = []
    /// Only touches with one of these outcomes; one without an outcome yet matches.
    public var outcomes: NameSet<EventKind> = []
    /// Touches with one of these outcomes do not count.
    public var notOutcomes: NameSet<EventKind> = []

    public init() {}
}

/// Whose touches, and by which keys within them: `per: [person, account]`.
public struct CountKeys: Hashable, Sendable {
    public enum Unit: UInt8, Hashable, Sendable {
        case person = 1
        case endpoint = 2
        case household = 3
    }

    public var unit: Unit = .person
    public var perAccount = false
    public var perSubject = false
    public var perCampaign = false
    public var perBrand = false
    public var perProduct = false
    /// The products of one family share a count.
    public var perFamily = false
    public var perAgency = false

    public init(unit: Unit = .person) { self.unit = unit }
}

/// At most `limit` touches in any `window`. Zero means never.
public struct FrequencyCap: Hashable, Sendable {
    public var limit: UInt32
    public var window: Window
    public var count: TouchFilter
    public var per: CountKeys
    /// What an expired reservation that nobody confirmed or reported does: stay counted (the default) or be released.
    public var releasesUnreported: Bool
    public var keep: KeptBudget?

    public init(
        limit: UInt32, window: Window, count: TouchFilter = TouchFilter(), per: CountKeys = CountKeys(),
        releasesUnreported: Bool = false, keep: KeptBudget? = nil
    ) {
        self.limit = limit
        self.window = window
        self.count = count
        self.per = per
        self.releasesUnreported = releasesUnreported
        self.keep = keep
    }
}

/// A part of a cap's budget kept for named campaigns or purposes: others pass only while
/// `others + max(slots, kept use) < limit`.
public struct KeptBudget: Hashable, Sendable {
    public var campaigns: NameSet<CampaignKind>
    public var purposes: NameSet<PurposeKind>
    public var slots: UInt32

    public init(campaigns: NameSet<CampaignKind> = [], purposes: NameSet<PurposeKind> = [], slots: UInt32) {
        self.campaigns = campaigns
        self.purposes = purposes
        self.slots = slots
    }
}

/// Not sooner than `gap` after the last touch.
public struct MinGap: Hashable, Sendable {
    public var gap: Wait
    public var count: TouchFilter
    public var per: CountKeys
    public var releasesUnreported: Bool

    public init(
        gap: Wait, count: TouchFilter = TouchFilter(), per: CountKeys = CountKeys(), releasesUnreported: Bool = false
    ) {
        self.gap = gap
        self.count = count
        self.per = per
        self.releasesUnreported = releasesUnreported
    }
}

/// Nothing for `wait` after an event or an outcome of one of these names; a new one starts it again.
public struct CoolOff: Hashable, Sendable {
    public var after: NameSet<EventKind>
    public var wait: Wait
    /// Which touches' outcomes start it (inbound ones too); events are matched by their scope.
    public var count: TouchFilter
    public var per: CountKeys

    public init(after: NameSet<EventKind>, wait: Wait, count: TouchFilter = TouchFilter(), per: CountKeys = CountKeys())
    {
        self.after = after
        self.wait = wait
        self.count = count
        self.per = per
    }
}

/// Only inside local hours, in every candidate zone.
public struct ContactHours: Hashable, Sendable {
    /// A span of a day by the wall clock, `[open, close)` in milliseconds of the day, 0…86,400,000.
    public struct DaySpan: Hashable, Sendable {
        public var open: Int32
        public var close: Int32
        public init(open: Int32, close: Int32) {
            self.open = open
            self.close = close
        }
    }

    /// The spans of Monday…Sunday (0…6), ascending and disjoint; empty: closed.
    public var days: [[DaySpan]]
    /// The spans of a date in the holiday calendar; `nil`: holidays are ordinary days.
    public var holiday: [DaySpan]?
    /// Index into `PolicySet.calendars`.
    public var holidays: Int?
    /// Single dates that are closed, whatever the weekday says.
    public var closedDates: [LocalDate]
    /// A fixed zone in place of the person's.
    public var zone: ZoneKey?
    /// Taken off the end of every span.
    public var margin: Milliseconds

    public init(
        days: [[DaySpan]], holiday: [DaySpan]? = nil, holidays: Int? = nil, closedDates: [LocalDate] = [],
        zone: ZoneKey? = nil, margin: Milliseconds = Milliseconds(0)
    ) {
        self.days = days
        self.holiday = holiday
        self.holidays = holidays
        self.closedDates = closedDates
        self.zone = zone
        self.margin = margin
    }
}

/// The person said no.
public struct OptOutRule: Hashable, Sendable {
    /// How long an opt-out lasts; `nil`: until an opt-in.
    public var lasts: Wait?
    /// Whom every opt-out binds, whatever it says itself: the person, or only the endpoints it names. `nil`: as it says.
    public var reach: Reach?

    public init(lasts: Wait? = nil, reach: Reach? = nil) {
        self.lasts = lasts
        self.reach = reach
    }
}

/// Only with permission.
public struct ConsentRule: Hashable, Sendable {
    public var require: ConsentTerms
    /// In place of a consent.
    public var or: [Relationship]

    public init(
        require: NameSet<ConsentKind>, isBoundToEndpoint: Bool = false, needsEvidence: Bool = false,
        validFor: Wait? = nil, voidOn: NameSet<EventKind> = [], or: [Relationship] = []
    ) {
        self.require = ConsentTerms(
            names: require, isBoundToEndpoint: isBoundToEndpoint, needsEvidence: needsEvidence, validFor: validFor,
            voidOn: voidOn)
        self.or = or
    }
}

/// A dated relationship or a current contract in place of consent; an opt-out that covers the request ends it.
public enum Relationship: Hashable, Sendable {
    case event(EventName, within: Wait)
    case holding(Holds, status: [HoldingStatus])
}

/// Which holdings a rule looks at.
public enum Holds: Hashable, Sendable {
    /// The request's product; a request without one matches every holding.
    case sameProduct
    /// A product of the same family as the request's.
    case sameFamily
    case any
    case products(NameSet<ProductKind>)
    case families(NameSet<FamilyKind>)
}

/// Not if the person already has it.
public struct HoldingRule: Hashable, Sendable {
    public var holds: Holds
    public var status: [HoldingStatus]
    /// Also for this long after a holding left that status; per status.
    public var andFor: [HoldingStatus: Wait]
    /// Only for the first while in that status: after a purchase, say. `nil`: as long as the status lasts.
    public var forFirst: Wait?
    /// Not in the last while before an active holding ends, when it may be renewed.
    public var renewalWindow: ISODuration?

    public init(
        holds: Holds, status: [HoldingStatus], andFor: [HoldingStatus: Wait] = [:], forFirst: Wait? = nil,
        renewalWindow: ISODuration? = nil
    ) {
        self.holds = holds
        self.status = status
        self.andFor = andFor
        self.forFirst = forFirst
        self.renewalWindow = renewalWindow
    }
}

/// The campaign, or the agency, has used up its right: whatever counts wider than a person.
///
/// A guard counts the contacts that it applies to, from the moment at which it is first loaded.
public struct CampaignGuard: Hashable, Sendable {
    public enum Demand: Hashable, Sendable {
        /// At most this many attempts in any window.
        case attempts(UInt32)
        /// At most `millionths` of the contacts with an outcome in `among` may have one in `of`; not judged while fewer
        /// than `atLeast` have one in `among`.
        case share(of: NameSet<EventKind>, among: NameSet<EventKind>, millionths: UInt32, atLeast: UInt32)
    }

    public var per: CounterKey.Unit
    public var demand: Demand
    public var window: GuardWindow

    public init(per: CounterKey.Unit, demand: Demand, window: GuardWindow) {
        self.per = per
        self.demand = demand
        self.window = window
    }
}

/// The span over which a guard counts; at most `CounterRecord.windowMax` long.
public enum GuardWindow: Hashable, Sendable {
    public enum Unit: UInt8, Hashable, Sendable {
        case hour = 1
        case day = 2
        case week = 3
        case month = 4
    }

    /// `(now - length, now]`, seen in whole minutes up to two hours, quarters of an hour up to two days, hours beyond:
    /// what was counted in the one that the window cuts stays in.
    case elapsed(Milliseconds)
    /// The calendar period that contains now, in one zone for everybody; `nil`: UTC.
    case calendar(Unit, weekStarts: Weekday, zone: ZoneKey?)
    /// Successive periods of whole hours from the hour of the first contact counted.
    case periods(Milliseconds)
}

/// Never here, in `[from, until)`.
public struct BlockRule: Hashable, Sendable {
    public var from: Timestamp?
    public var until: Timestamp?
    /// Only endpoints that carry one of these labels (`workplace`); empty: any.
    public var labels: NameSet<LabelKind>

    public init(from: Timestamp? = nil, until: Timestamp? = nil, labels: NameSet<LabelKind> = []) {
        self.from = from
        self.until = until
        self.labels = labels
    }
}

/// Dates that a policy names: holidays of a country, business days of a regulator.
public struct HolidayCalendar: Hashable, Sendable {
    public var name: String
    /// Ascending.
    public var dates: [LocalDate]
    /// The last date it speaks for; after it every question is denied.
    public var validThrough: LocalDate

    public init(name: String, dates: [LocalDate], validThrough: LocalDate) {
        self.name = name
        self.dates = dates.sorted()
        self.validThrough = validThrough
    }

    /// Whether `date` is a holiday; `nil` past its end.
    @inlinable public func isHoliday(_ date: LocalDate) -> Bool? {
        if date > validThrough { return nil }
        var low = 0
        var high = dates.count
        while low < high {
            let middle = (low + high) / 2
            if dates[middle] < date { low = middle + 1 } else { high = middle }
        }
        return low < dates.count && dates[low] == date
    }
}
