package import GovernorCore

/// A fact that has passed validation, ready for the runtime.
package enum FactWork: Sendable {
    case tell(ToldFact)
    case touch(Touch, about: ContactRequest, evidence: String?)
    case link(IdentifierNote, about: ContactRequest, evidence: String?)

    package var about: ContactRequest {
        switch self {
        case .tell(let told): told.about
        case .touch(_, let about, _): about
        case .link(_, let about, _): about
        }
    }
}

/// Turns facts as callers spell them into facts of the domain, and reports everything that is wrong at once.
package struct FactIntake {
    package let intake: Intake
    package let caller: Caller
    package let policies: PolicySet
    package let now: Timestamp

    private var errors: [FieldError] = []
    /// Whom the fact is about, and the texts of every name in it.
    private var about = ContactRequest(identifiers: [], endpoint: nil, channel: .none, purpose: .none)
    /// Whom every fact is about when its form names nobody.
    private let known: ContactRequest?

    /// - Parameter known: whom a fact is about whose form names nobody, for doors that know the person already.
    package init(
        intake: Intake, caller: Caller, policies: PolicySet, now: Timestamp, about known: ContactRequest? = nil
    ) {
        self.known = known
        self.intake = intake
        self.caller = caller
        self.policies = policies
        self.now = now
    }

    /// - Parameter path: where the fact stands in the body: `$`, `$.items[3]`.
    package mutating func read(_ form: FactForm, _ kind: FactKind, at path: String = "$") throws(FieldErrors)
        -> FactWork
    {
        errors = []
        let work: FactWork?
        switch kind {
        case .touch: work = touch(form)
        case .link, .identifier: work = link(form, kind)
        default: work = fact(form, kind)
        }
        if let work, errors.isEmpty { return work }
        throw FieldErrors(
            errors.map { FieldError(path: path + $0.path.dropFirst(), code: $0.code, detail: $0.detail) })
    }

    // MARK: Kinds

    private mutating func fact(_ form: FactForm, _ kind: FactKind) -> FactWork? {
        readContact(form.contact)
        let body: FactBody? =
            switch kind {
            case .optOut: .optOut(reach: reach(form.reach), endpoints: endpoints)
            case .optIn: .optIn(reach: reach(form.reach), endpoints: endpoints)
            case .consent: consent(form)
            case .withdrawal: .withdrawal(name(form.name, "$.name") ?? .none)
            case .holding: holding(form)
            case .event: event(form)
            case .touch, .link, .identifier: nil
            }
        // A contract may begin, and an appointment lie, ahead.
        let mayBeAhead = kind == .holding || form.event == "appointment"
        let at = instant(form.at, "$.at", mayBeAhead: mayBeAhead) ?? now
        let scope = scope(form.scope)
        // What takes a contact away is always heard; what permits one is bound by the key.
        if kind == .consent || kind == .optIn, errors.isEmpty, let bounds = caller.bounds {
            errors = bounds.faults(ofPermission: scope)
        }
        let source: Name<LabelKind> = name(form.source, "$.source") ?? .none
        checkText(form.evidence, "$.evidence")
        guard let body else { return nil }
        let fact = Fact(
            id: intake.factID(form.id, by: caller), at: at, receivedAt: now, scope: scope, body: body,
            caller: about.caller, source: source, hasEvidence: form.evidence != nil)
        return .tell(
            ToldFact(about: about, fact: fact, evidence: form.evidence, kind: kind.rawValue, callerText: caller.id))
    }

    private mutating func consent(_ form: FactForm) -> FactBody {
        let until = instant(form.until, "$.until", mayBeAhead: true)
        if let until, let at = form.at.flatMap({ try? Timestamp(parsing: $0) }), until <= at {
            fault("$.until", "span.empty", "write an instant after `at`: the consent ends there")
        }
        return .consent(name(form.name, "$.name") ?? .none, endpoints: endpoints, until: until)
    }

    private mutating func holding(_ form: FactForm) -> FactBody? {
        let product: Product = name(form.product, "$.product") ?? .none
        var family: Family = name(form.family, "$.family") ?? .none
        if family.isNone, let declared = policies.families[product] {
            family = declared
            about.names.adopt(declared, from: policies.names)
        }
        let status = HoldingStatus.allCases.first { $0.name == form.status }
        if status == nil { unknown("$.status", HoldingStatus.allCases.map(\.name)) }
        let from = instant(form.from, "$.from", mayBeAhead: true)
        let to = instant(form.to, "$.to", mayBeAhead: true)
        let graceUntil = instant(form.graceUntil, "$.grace_until", mayBeAhead: true)
        if let from, let to, to <= from { fault("$.to", "span.empty", "write an instant after `from`") }
        if let graceUntil {
            if let to {
                if graceUntil < to { fault("$.grace_until", "span.empty", "write an instant not before `to`") }
            } else if form.to == nil {
                fault("$.grace_until", "grace.without_end", "say with `to` when the holding ends: grace begins there")
            }
        }
        guard let status else { return nil }
        return .holding(
            Holding(product: product, family: family, status: status, from: from, to: to, graceUntil: graceUntil))
    }

    private mutating func event(_ form: FactForm) -> FactBody? {
        let event = form.event ?? ""
        let takes: Set<String>
        switch event {
        case "appointment": takes = ["from", "to"]
        case "quiet_time": takes = ["hours", "until"]
        default: takes = []
        }
        let given = [
            ("from", form.from != nil), ("to", form.to != nil), ("hours", form.hours != nil),
            ("until", form.until != nil),
        ]
        for (field, isGiven) in given where isGiven && !takes.contains(field) {
            fault("$.\(field)", "field.not_here", "an event of this name takes no `\(field)`: leave it out")
        }
        switch event {
        case "appointment":
            let from = instant(form.from, "$.from", mayBeAhead: true)
            let to = instant(form.to, "$.to", mayBeAhead: true)
            if form.from == nil { fault("$.from", "field.missing", "say when the appointment begins") }
            if form.to == nil { fault("$.to", "field.missing", "say when the appointment ends") }
            guard let from, let to else { return nil }
            if to <= from { fault("$.to", "span.empty", "write an instant after `from`") }
            return .appointment(from: from, to: to)
        case "quiet_time":
            let until = instant(form.until, "$.until", mayBeAhead: true)
            guard let hours = form.hours else {
                fault("$.hours", "field.missing", "say which hours of the week are quiet")
                return nil
            }
            return .quietTime(weeklySpans(hours), until: until)
        default:
            let known = EventNames.all + policies.declaredEvents
            if !known.contains(event) {
                let nearest = Nearest.name(to: event, in: known)
                fault(
                    "$.event", "event.unknown",
                    (nearest.map { "did you mean `\($0)`? " } ?? "")
                        + "Write one of \(EventNames.all.joined(separator: ", ")), or declare the name in a policy's `events`"
                )
            }
            return .event(name(event, "$.event") ?? .none, endpoints: endpoints)
        }
    }

    private mutating func touch(_ form: FactForm) -> FactWork? {
        var asked = DecisionForm()
        asked.contact = form.contact
        asked.channel = form.channel ?? ""
        asked.purpose = form.purpose ?? ""
        asked.campaign = form.campaign
        asked.subject = form.subject
        asked.product = form.product
        asked.brand = form.brand
        asked.accounts = form.accounts
        asked.method = form.method
        asked.reserve = false
        do throws(FieldErrors) { about = try intake.request(asked, by: caller).request } catch {
            errors += error.errors
        }
        let at = instant(form.at, "$.at", mayBeAhead: false) ?? now
        var touch = about.touch(TouchID(bits: 0), at: at, expiresAt: at)
        touch.state = .external
        touch.whereabouts = nil
        touch.registryAnswers = []
        touch.factID = intake.factID(form.id, by: caller)
        switch form.direction {
        case nil, "outbound": break
        case "inbound": touch.direction = .inbound
        default: unknown("$.direction", ["outbound", "inbound"])
        }
        if let agency = form.agency {
            if agency != caller.agency && !caller.role.seesEverything {
                fault("$.agency", "agency.foreign", "a key may speak for its own agency alone: leave this field out")
            } else {
                touch.agency = name(agency, "$.agency") ?? .none
            }
        }
        if let outcome = form.outcome {
            if !OutcomeNames.isKnown(outcome, declared: policies.declaredEvents) {
                let nearest = Nearest.name(to: outcome, in: OutcomeNames.builtIn + policies.declaredEvents)
                fault(
                    "$.outcome", "outcome.unknown",
                    (nearest.map { "did you mean `\($0)`? " } ?? "")
                        + "Write one of \(OutcomeNames.builtIn.joined(separator: ", ")), or declare it in a policy's `events`"
                )
            }
            touch.outcome = name(outcome, "$.outcome") ?? .none
            touch.outcomeAt = instant(form.outcomeAt, "$.outcome_at", mayBeAhead: false) ?? at
        } else if form.outcomeAt != nil {
            fault("$.outcome_at", "outcome.missing", "name the `outcome` that this is the time of, or leave both out")
        }
        checkText(form.evidence, "$.evidence")
        touch.source = name(form.source, "$.source") ?? .none
        return .touch(touch, about: about, evidence: form.evidence)
    }

    private mutating func link(_ form: FactForm, _ kind: FactKind) -> FactWork? {
        readContact(form.contact)
        _ = instant(form.at, "$.at", mayBeAhead: false)
        if errors.isEmpty {
            if kind == .link && !about.namesSeveral {
                fault("$.contact", "link.single", "name at least two different identifiers that belong together")
            }
            if kind == .identifier && about.namesSeveral {
                fault(
                    "$.contact", "identifier.several", "name exactly one identifier: what is said is said of it alone")
            }
        }
        var note = IdentifierNote()
        note.isShared = form.shared
        note.isHousehold = form.household
        note.labels = form.labels?.enumerated().compactMap { i, text in name(text, "$.labels[\(i)]") }
        note.source = name(form.source, "$.source") ?? .none
        checkText(form.evidence, "$.evidence")
        return .link(note, about: about, evidence: form.evidence)
    }

    // MARK: Parts

    private mutating func readContact(_ form: ContactForm) {
        if let known {
            about = known
            return
        }
        do throws(FieldErrors) { about = try intake.contact(form, by: caller) } catch { errors += error.errors }
    }

    /// The addresses and keys that the contact names.
    private var endpoints: [IdentifierHash] { about.identifiers.map(\.hash) }

    private mutating func reach(_ text: String?) -> Reach {
        switch text {
        case nil, "person": return .person
        case "endpoint": return .endpoint
        default:
            unknown("$.reach", ["person", "endpoint"])
            return .person
        }
    }

    private mutating func scope(_ form: ScopeForm) -> FactScope {
        func names<Kind>(_ field: ScopeField, _ kind: Name<Kind>.Type) -> NameSet<Kind> {
            NameSet(
                (form.values[field] ?? []).enumerated().compactMap { i, text -> Name<Kind>? in
                    name(text, "$.scope.\(field.rawValue)[\(i)]")
                })
        }
        var scope = FactScope()
        scope.channels = names(.channels, Channel.self)
        scope.purposes = names(.purposes, Purpose.self)
        scope.brands = names(.brands, Brand.self)
        scope.products = names(.products, Product.self)
        scope.families = names(.families, Family.self)
        scope.campaigns = names(.campaigns, Campaign.self)
        scope.subjects = names(.subjects, Subject.self)
        scope.accounts = names(.accounts, Account.self)
        return scope
    }

    private mutating func name<Kind>(_ text: String?, _ path: String) -> Name<Kind>? {
        intake.name(text, path, &about.names, &errors)
    }

    private mutating func instant(_ text: String?, _ path: String, mayBeAhead: Bool) -> Timestamp? {
        guard let text, let instant = intake.instant(text, path, &errors) else { return nil }
        if !mayBeAhead && instant > now + Intake.aheadMax {
            fault(path, "instant.ahead", "this may not be more than 5 minutes ahead of the governor's clock")
        }
        return instant
    }

    private mutating func checkText(_ text: String?, _ path: String) {
        if let text, text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            fault(path, "text.malformed", "write it without control characters")
        }
    }

    /// The hours of a week: a named day beats `weekdays` and `weekend`, which beat `daily`.
    private mutating func weeklySpans(_ hours: [String: [String]]) -> [WeeklySpan] {
        var masks: [Clock: UInt8] = [:]
        for (day, own) in Days.names.enumerated() {
            let group = day < 5 ? "weekdays" : "weekend"
            guard let key = [own, group, "daily"].first(where: { hours[$0] != nil }), let texts = hours[key] else {
                continue
            }
            for text in texts {
                if let span = Clock(text) { masks[span, default: 0] |= 1 << UInt8(day) }
            }
        }
        var isWrong = false
        for key in hours.keys.sorted() {
            for (i, text) in (hours[key] ?? []).enumerated() where Clock(text) == nil {
                isWrong = true
                fault(
                    "$.hours.\(key)[\(i)]", "hours.malformed",
                    "write a span as 09:00-17:00, its end after its start and at most 24:00; split one that passes midnight"
                )
            }
        }
        if masks.isEmpty && !isWrong { fault("$.hours", "hours.empty", "name at least one span of hours") }
        return masks.map { WeeklySpan(days: $0.value, start: $0.key.start, end: $0.key.end) }
            .sorted { ($0.start, $0.end, $0.days) < ($1.start, $1.end, $1.days) }
    }

    private mutating func unknown(_ path: String, _ known: [String]) {
        fault(path, "value.unknown", "write one of \(known.joined(separator: ", "))")
    }

    private mutating func fault(_ path: String, _ code: String, _ detail: String) {
        errors.append(FieldError(path: path, code: code, detail: detail))
    }
}

/// `09:00-17:00` in milliseconds of the day.
package struct Clock: Hashable {
    package let start: Int32
    package let end: Int32

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 11, bytes[5] == UInt8(ascii: "-"), let start = Self.minute(bytes[0..<5]),
            let end = Self.minute(bytes[6..<11]), start < end
        else { return nil }
        self.start = Int32(start) * 60_000
        self.end = Int32(end) * 60_000
    }

    /// `09:00`, up to `24:00`.
    package static func text(_ millisecond: Int32) -> String {
        let minute = Int(millisecond) / 60_000
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }

    private static func minute(_ bytes: ArraySlice<UInt8>) -> Int? {
        let digits = bytes.map { Int($0) - 0x30 }
        guard bytes[bytes.startIndex + 2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (0...9).contains(digits[$0]) })
        else { return nil }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
        guard minute < 60, hour < 24 || hour == 24 && minute == 0 else { return nil }
        return hour * 60 + minute
    }
}

package enum Days {
    /// Monday first, as the bits of `WeeklySpan.days`.
    package static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}

/// Outcomes of a touch. Source: SPEC section 2.
package enum OutcomeNames {
    package static let builtIn = [
        "no_answer", "busy", "voicemail", "connected", "conversation", "refused", "complaint", "opt_out",
        "wrong_number", "abandoned", "sold", "delivered", "bounced", "failed",
    ]

    package static func isKnown(_ text: String, declared: [String]) -> Bool {
        builtIn.contains(text) || declared.contains(text)
    }
}

/// Events that need no declaration.
package enum EventNames {
    package static let all =
        OutcomeNames.builtIn + [
            "refusal", "purchase", "inquiry", "reassigned", "attorney", "deceased", "appointment", "quiet_time",
        ]
}

/// The name that a misspelt one may have meant.
package enum Nearest {
    /// `nil` when none is within two edits, or the text is too short to tell.
    package static func name(to text: String, in known: [String]) -> String? {
        let close = known.map { ($0, distance(Array(text.utf8.prefix(64)), Array($0.utf8))) }.min { $0.1 < $1.1 }
        guard let close, close.1 <= min(2, text.utf8.count / 3) else { return nil }
        return close.0
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

extension HoldingStatus {
    package var name: String {
        switch self {
        case .active: "active"
        case .grace: "grace"
        case .lapsed: "lapsed"
        case .cancelled: "cancelled"
        case .pending: "pending"
        case .quote: "quote"
        }
    }
}
