import GovernorCore

/// What the files of one load share: declarations, and the names that rules use. Belongs to one load and one task.
final class LoadContext {
    let today: LocalDate?
    let isKnownZone: ((String) -> Bool)?

    private(set) var calendars: [HolidayCalendar] = []
    private var calendarIndex: [String: Int] = [:]
    private var usedCalendars: Set<String> = []

    private(set) var families: [Product: Family] = [:]
    private var familyNames: [String: String] = [:]
    /// The products of each family, in the order of their declaration.
    private(set) var productsOfFamily: [String: [String]] = [:]

    /// Some declaration could not be read, so that an unknown family says nothing.
    var hasBrokenProducts = false

    private(set) var declaredEvents: [String] = []
    private var knownEvents = Set(WellKnown.outcomes + WellKnown.events)
    private var usedEvents: Set<String> = []

    /// The longest that any file says.
    private(set) var retention: [RecordKind: ISODuration] = [:]
    private(set) var onStoreFailure: [Purpose: FailurePolicy] = [:]
    /// Where each rule id, calendar, product and purpose was declared first, by its kind and name.
    private var declarations: [String: String] = [:]
    private var texts: Set<String> = []

    init(today: LocalDate?, isKnownZone: ((String) -> Bool)?) {
        self.today = today
        self.isKnownZone = isKnownZone
    }

    /// Remembers the text for the set's name table.
    func name<Kind>(_ text: String) -> Name<Kind> {
        texts.insert(text)
        return Name(text)
    }

    func names<Kind>(_ texts: [String]) -> NameSet<Kind> { NameSet(texts.map { name($0) }) }

    var nameCount: Int { texts.count }

    var nameTable: NameTable {
        var table = NameTable()
        for text in texts.sorted() { _ = table.intern(text, as: Name<LabelKind>.self) }
        return table
    }

    /// Where it was declared before, as `file:line`; `nil` when this is the first time.
    func declare(_ kind: String, _ name: String, at place: String) -> String? {
        if let earlier = declarations["\(kind) \(name)"] { return earlier }
        declarations["\(kind) \(name)"] = place
        return nil
    }

    func add(_ calendar: HolidayCalendar) {
        calendarIndex[calendar.name] = calendars.count
        calendars.append(calendar)
    }

    var calendarNames: [String] { calendars.map(\.name) }

    func useCalendar(_ name: String) -> Int? {
        usedCalendars.insert(name)
        return calendarIndex[name]
    }

    func isUsed(calendar: String) -> Bool { usedCalendars.contains(calendar) }

    func add(product: String, family: String) {
        families[name(product)] = name(family)
        familyNames[product] = family
        productsOfFamily[family, default: []].append(product)
    }

    /// Whether it was not known before.
    func add(event: String) -> Bool {
        guard knownEvents.insert(event).inserted else { return false }
        declaredEvents.append(event)
        texts.insert(event)
        return true
    }

    var eventNames: [String] { WellKnown.outcomes + WellKnown.events + declaredEvents }

    func useEvent(_ name: String) -> Bool {
        usedEvents.insert(name)
        return knownEvents.contains(name)
    }

    func isUsed(event: String) -> Bool { usedEvents.contains(event) }

    func keep(_ kind: RecordKind, for length: ISODuration) {
        // Calendar steps and elapsed time are told apart by no more than a few days over years.
        func days(_ length: ISODuration) -> Int64 {
            Int64(length.years) * 1_461 / 4 + Int64(length.months) * 1_461 / 48 + Int64(length.days)
                + length.milliseconds / 86_400_000
        }
        if let known = retention[kind], days(known) >= days(length) { return }
        retention[kind] = length
    }

    func setFailurePolicy(_ policy: FailurePolicy, purpose: String) { onStoreFailure[name(purpose)] = policy }
}

/// The names that need no declaration.
public enum WellKnown {
    public static let channels = ["voice", "sms", "email", "push", "mail", "whatsapp"]
    public static let purposes = ["marketing", "service", "collections", "survey", "transactional"]
    /// Outcomes of a touch.
    public static let outcomes = [
        "no_answer", "busy", "voicemail", "connected", "conversation", "refused", "complaint", "opt_out",
        "wrong_number",
        "abandoned", "sold", "delivered", "bounced", "failed",
    ]
    /// Events that no touch of ours caused, besides those that share an outcome's name.
    public static let events = ["refusal", "purchase", "inquiry", "reassigned", "attorney", "deceased"]
}
