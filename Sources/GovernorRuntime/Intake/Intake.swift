public import GovernorCore
public import GovernorIdentity
public import GovernorRegistry

/// Turns what callers spell into requests of the domain: every identifier becomes a keyed hash here and goes no further.
///
/// Reports everything that is wrong at once, by field.
public struct Intake: Sendable {
    public let hasher: IdentifierHasher
    public let zones: ZoneAtlas
    public let places: Places
    public let uniqueNamespaces: Set<String>
    /// The outside lists that numbers are looked up in, while they are still in clear.
    public let registries: LoadedRegistries
    /// Mail domains whose addresses get a folded form beside them.
    public let folding: EmailFolding

    public init(
        hasher: IdentifierHasher, zones: ZoneAtlas, places: Places = .shared, uniqueNamespaces: Set<String> = ["crm"],
        registries: LoadedRegistries = LoadedRegistries(), folding: EmailFolding = .none
    ) {
        self.folding = folding
        self.hasher = hasher
        self.zones = zones
        self.places = places
        self.uniqueNamespaces = uniqueNamespaces
        self.registries = registries
    }

    /// Reservations are held this long, at least and at most.
    public static let holdMin = Milliseconds.seconds(1)
    public static let holdMax = Milliseconds.hours(1)
    public static let nameBytesMax = 128
    /// A stamp may be at most this far ahead of the node's clock.
    public static let aheadMax = Milliseconds.minutes(5)

    /// A decision's request, and the instant it names for itself.
    public func request(
        _ form: DecisionForm, by caller: Caller
    ) throws(FieldErrors) -> (request: ContactRequest, asked: Timestamp?) {
        try form.withTexts { (texts) throws(FieldErrors) in try request(texts, by: caller) }
    }

    /// The same from where the texts stand in the body; copies only what the request keeps.
    public func request(
        _ form: DecisionTexts, by caller: Caller
    ) throws(FieldErrors) -> (request: ContactRequest, asked: Timestamp?) {
        var errors: [FieldError] = []
        var names = NameTable(capacity: 12)
        var number: PhoneNumber?
        var request = contact(form.contact, names: &names, errors: &errors, number: &number)
        request.channel = name(form.channel, "$.channel", &names, &errors) ?? .none
        request.purpose = name(form.purpose, "$.purpose", &names, &errors) ?? .none
        if request.channel.isNone && errors.isEmpty { errors.append(missing("$.channel")) }
        if request.purpose.isNone && errors.isEmpty { errors.append(missing("$.purpose")) }
        request.campaign = name(form.campaign, "$.campaign", &names, &errors) ?? .none
        request.subject = name(form.subject, "$.subject", &names, &errors) ?? .none
        request.product = name(form.product, "$.product", &names, &errors) ?? .none
        request.brand = name(form.brand, "$.brand", &names, &errors) ?? .none
        for (i, account) in form.accounts.enumerated() {
            if let account: Account = name(account, "$.accounts[\(i)]", &names, &errors) {
                request.accounts.append(account)
            }
        }
        request.role = name(form.contact.role, "$.contact.role", &names, &errors) ?? .none
        request.name(caller, &names)
        endpoint(of: &request, names, &errors)
        // Here, where the number is in clear, the outside lists are asked about it. A list that is not loaded gives no
        // answer, and every rule that names it denies.
        if let number, request.endpoint.map({ request.identifiers[$0].kind }) == .phone {
            request.registryAnswers = registries.answers(for: number.digits)
        }
        if let method = form.method {
            if method.spells("live") {
                request.method = .live
            } else if method.spells("automated") {
                request.method = .automated
            } else if method.spells("prerecorded") {
                request.method = .prerecorded
            } else {
                errors.append(unknown("$.method", ["live", "automated", "prerecorded"]))
            }
        }
        if let inReplyTo = form.inReplyTo { request.inReplyTo = factID(inReplyTo.string, by: caller) }
        if let exemption = form.exemption {
            if exemption.spells("stop_confirmation") {
                request.exemption = .stopConfirmation
            } else if exemption.spells("reply_to_inbound") {
                request.exemption = .replyToInbound
            } else if exemption.spells("appointment") {
                request.exemption = .appointment
            } else {
                errors.append(unknown("$.exemption", ["stop_confirmation", "reply_to_inbound", "appointment"]))
            }
        }
        request.reserve = form.reserve
        if let holdFor = form.holdFor {
            if let length = (try? ISODuration(parsing: holdFor.string))?.elapsed, length >= Self.holdMin,
                length <= Self.holdMax
            {
                request.holdFor = length
            } else {
                errors.append(
                    FieldError(
                        path: "$.hold_for", code: "duration.out_of_range",
                        detail: "write an ISO 8601 duration from PT1S to PT1H, such as PT2M"))
            }
        }
        var asked: Timestamp?
        if let at = form.at {
            asked = instant(at.string, "$.at", &errors)
            if form.reserve {
                errors.append(
                    FieldError(
                        path: "$.at", code: "at.with_reserve",
                        detail: "a reservation counts from now: leave `at` out, or ask with \"reserve\": false"))
            }
        }
        if let key = form.idempotencyKey {
            let (high, low) = callerHash(key.string, caller, "idempotency")
            request.idempotency = IdempotencyKey(high: high, low: low, fingerprint: fingerprint(form, request))
        }
        request.names = names
        if errors.isEmpty, let bounds = caller.bounds {
            errors = bounds.faults(channel: request.channel, campaign: request.campaign)
        }
        if !errors.isEmpty { throw FieldErrors(errors) }
        return (request, asked)
    }

    /// The identifiers and whereabouts of a contact, for facts and look-ups: no channel, no purpose.
    public func contact(_ form: ContactForm, by caller: Caller, at path: String = "$.contact") throws(FieldErrors)
        -> ContactRequest
    {
        var errors: [FieldError] = []
        var names = NameTable(capacity: 12)
        var number: PhoneNumber?
        var request = form.withTexts { contact($0, names: &names, errors: &errors, path: path, number: &number) }
        request.name(caller, &names)
        request.names = names
        if !errors.isEmpty { throw FieldErrors(errors) }
        return request
    }

    /// The id of a fact, hashed together with who told it.
    public func factID(_ id: String, by caller: Caller) -> FactID {
        FactID(callerHash(id, caller, "fact").0)
    }

    /// An instant of a field: RFC 3339 with an offset, years 1970 to 2200.
    public func instant(_ text: String, _ path: String, _ errors: inout [FieldError]) -> Timestamp? {
        do { return try Timestamp(parsing: text) } catch {
            errors.append(
                FieldError(
                    path: path, code: "instant.malformed",
                    detail: "\(error); write an instant as 2026-11-22T16:02:11Z or with an offset such as +01:00"))
            return nil
        }
    }

    /// A name of a field: 1…128 bytes without control characters.
    public func name<Kind>(
        _ text: String?, _ path: String, _ names: inout NameTable, _ errors: inout [FieldError]
    ) -> Name<Kind>? {
        guard var text else { return nil }
        return text.withUTF8 { name(UnsafeRawBufferPointer($0), path, &names, &errors) }
    }

    /// The same from where it stands.
    func name<Kind>(
        _ text: FormText, _ path: @autoclosure () -> String, _ names: inout NameTable, _ errors: inout [FieldError]
    ) -> Name<Kind>? {
        guard let text else { return nil }
        let count = text.count
        if count == 0 || count > Self.nameBytesMax || text.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            errors.append(
                FieldError(
                    path: path(), code: "name.malformed",
                    detail: "write 1 to \(Self.nameBytesMax) bytes without control characters"))
            return nil
        }
        let name = Name<Kind>(bits: nameBits(text))
        names.add(bits: name.bits, text: text.string)
        return name
    }

    // MARK: Parts

    /// `number` takes the phone in clear, for who still needs it so.
    private func contact(
        _ form: ContactTexts, names: inout NameTable, errors: inout [FieldError], path: String = "$.contact",
        number: inout PhoneNumber?
    ) -> ContactRequest {
        var request = ContactRequest(identifiers: [], endpoint: nil, channel: .none, purpose: .none)
        let country = address(form, path, &request.whereabouts, &errors)
        func add(_ identifier: RequestIdentifier) {
            if !request.identifiers.contains(where: { $0.hash == identifier.hash }) {
                request.identifiers.append(identifier)
            }
        }
        if let text = form.phone {
            do throws(IdentifierError) {
                let phone = try PhoneNumber(utf8: text, country: country)
                let entry = places.entry(of: phone)
                add(
                    RequestIdentifier(
                        hash: hasher.hash(phone), kind: .phone,
                        isPlaceholder: Placeholders.isPlaceholder(phone: phone), zones: places.zones(entry),
                        jurisdictions: places.jurisdictions(entry), lineType: places.lineType(entry)))
                request.lineType = places.lineType(entry)
                if let other = phone.renumbered {
                    add(
                        RequestIdentifier(
                            hash: hasher.hash(other), kind: .phone,
                            isPlaceholder: Placeholders.isPlaceholder(phone: other), isAlias: true,
                            zones: places.zones(entry), jurisdictions: places.jurisdictions(entry),
                            lineType: places.lineType(entry)))
                }
                number = phone
            } catch {
                errors.append(FieldError(path: path + ".phone", code: error.code, detail: error.description))
            }
        }
        if let text = form.email {
            do throws(IdentifierError) {
                let email = try EmailAddress(text.string)
                add(
                    RequestIdentifier(
                        hash: hasher.hash(email), kind: .email,
                        isPlaceholder: Placeholders.isPlaceholder(email: email.text)))
                // After the address itself, which stays the endpoint: what was told of either binds.
                if let folded = folding.folded(email) {
                    add(
                        RequestIdentifier(
                            hash: hasher.hash(folded), kind: .email,
                            isPlaceholder: Placeholders.isPlaceholder(email: folded.text), isAlias: true))
                }
            } catch {
                errors.append(FieldError(path: path + ".email", code: error.code, detail: error.description))
            }
        }
        for (i, text) in form.ids.enumerated() {
            do throws(IdentifierError) {
                let key = try NamespacedKey(text.string)
                let namespace = String(key.namespace)
                add(
                    RequestIdentifier(
                        hash: hasher.hash(key), kind: .key, namespace: names.intern(namespace),
                        isUniqueInNamespace: uniqueNamespaces.contains(namespace)))
            } catch {
                errors.append(FieldError(path: path + ".ids[\(i)]", code: error.code, detail: error.description))
            }
        }
        if request.identifiers.isEmpty && errors.isEmpty {
            errors.append(
                FieldError(
                    path: path, code: "contact.empty",
                    detail: "name the person by a phone, an email or an id such as crm:8841"))
        }
        if let party = form.party {
            if party.spells("consumer") {
                request.party = .consumer
            } else if party.spells("business") {
                request.party = .business
            } else {
                errors.append(unknown(path + ".party", ["consumer", "business"]))
            }
        }
        if let lineType = form.lineType {
            if let known = LineType(name: lineType.string) {
                request.lineType = known
            } else {
                errors.append(unknown(path + ".line_type", LineType.allCases.map(\.name)))
            }
        }
        for (i, zone) in form.timeZones.enumerated() {
            let key = ZoneKey(name: zone.string)
            if zones[key] != nil {
                request.whereabouts.statedZones.append(key)
            } else {
                errors.append(
                    FieldError(
                        path: path + ".time_zones[\(i)]", code: "zone.unknown",
                        detail: "write a name of the tz database, such as America/New_York; capital letters count"))
            }
        }
        return request
    }

    /// The stated country and region: jurisdictions, and the zones they allow.
    private func address(
        _ form: ContactTexts, _ path: String, _ whereabouts: inout RequestWhereabouts, _ errors: inout [FieldError]
    ) -> Jurisdiction {
        guard let country = form.country else {
            if form.region != nil {
                errors.append(
                    FieldError(
                        path: path + ".region", code: "region.without_country",
                        detail: "state the country too: a region alone may be anywhere"))
            }
            return .unknown
        }
        guard country.count == 2, let place = Jurisdiction(utf8: country) else {
            errors.append(
                FieldError(
                    path: path + ".country", code: "country.malformed",
                    detail: "write the two letters of ISO 3166-1, such as US"))
            return .unknown
        }
        var whole = place
        if let region = form.region {
            guard let inner = Jurisdiction(country: country, region: region), inner.hasRegion else {
                errors.append(
                    FieldError(
                        path: path + ".region", code: "region.malformed",
                        detail: "write the one to three letters or digits of ISO 3166-2 after the hyphen, such as NY"))
                return place
            }
            whole = inner
        }
        if let known = places.address(whole, postalCode: form.postalCode) {
            whereabouts.addressZones = known.zones
            whereabouts.addressJurisdictions = form.postalCode == nil ? [whole] : known.jurisdictions
        } else if let known = places.address(place) {
            whereabouts.addressZones = known.zones
            whereabouts.addressJurisdictions = [whole]
        } else {
            errors.append(
                FieldError(
                    path: path + ".country", code: "country.unknown",
                    detail: "no country has this code; write the two letters of ISO 3166-1"))
        }
        return place
    }

    /// The identifier that the channel acts on; a request must name it.
    private func endpoint(of request: inout ContactRequest, _ names: NameTable, _ errors: inout [FieldError]) {
        let wanted: IdentifierKind
        switch request.channel {
        case Self.voice, Self.sms, Self.whatsapp: wanted = .phone
        case Self.email: wanted = .email
        default:
            request.endpoint = request.identifiers.firstIndex { $0.kind == .key }
            return
        }
        request.endpoint = request.identifiers.firstIndex { $0.kind == wanted }
        if request.endpoint == nil && errors.isEmpty {
            let field = wanted == .phone ? "phone" : "email"
            errors.append(
                FieldError(
                    path: "$.contact.\(field)", code: "endpoint.missing",
                    detail: "the channel \(names.text(request.channel) ?? "") acts on a \(field): name it, "
                        + "so that its own opt-outs count"))
        }
    }

    private static let voice = Channel("voice")
    private static let sms = Channel("sms")
    private static let whatsapp = Channel("whatsapp")
    private static let email = Channel("email")

    private func callerHash(_ text: String, _ caller: Caller, _ domain: StaticString) -> (UInt64, UInt64) {
        var bytes = Array(caller.id.utf8)
        bytes.append(0)
        bytes.append(contentsOf: text.utf8)
        let tag = hasher.tag(domain, bytes)
        return (tag.words[0], tag.words[1])
    }

    /// Equal for requests that ask the same.
    private func fingerprint(_ form: DecisionTexts, _ request: ContactRequest) -> UInt64 {
        func bits(_ text: FormText) -> UInt64 { text.map { nameBits($0) } ?? 0 }
        var h: UInt64 = 0x9e37_79b9_7f4a_7c15
        func mix(_ word: UInt64) {
            h = (h ^ word) &* 0xff51_afd7_ed55_8ccd
            h ^= h >> 32
        }
        for identifier in request.identifiers {
            mix(identifier.hash.high)
            mix(identifier.hash.low)
        }
        for bits in [
            request.channel.bits, request.purpose.bits, request.campaign.bits, request.subject.bits,
            request.product.bits, request.brand.bits, bits(form.method), bits(form.exemption),
            bits(form.inReplyTo), request.role.bits, bits(form.contact.country), bits(form.contact.region),
            UInt64(request.holdFor.count),
        ] { mix(bits) }
        if form.contact.postalCode != nil { mix(bits(form.contact.postalCode)) }
        for account in request.accounts { mix(account.bits) }
        for zone in request.whereabouts.statedZones { mix(UInt64(zone.bits)) }
        return h
    }

    private func missing(_ path: String) -> FieldError {
        FieldError(path: path, code: "field.missing", detail: "this field is required")
    }

    private func unknown(_ path: String, _ known: [String]) -> FieldError {
        FieldError(path: path, code: "value.unknown", detail: "write one of \(known.joined(separator: ", "))")
    }
}

extension ContactRequest {
    /// Takes the agency and the caller from the caller's credentials.
    fileprivate mutating func name(_ caller: Caller, _ names: inout NameTable) {
        agency = caller.agencyName
        self.caller = caller.callerID
        names.add(bits: caller.agencyName.bits, text: caller.agency)
        names.add(bits: caller.callerID.name.bits, text: caller.id)
    }
}

extension UnsafeRawBufferPointer {
    /// A copy of text that is known to be UTF-8.
    var string: String { String(decoding: self, as: UTF8.self) }

    /// Whether these are the bytes of `text`.
    @inline(__always)
    func spells(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for i in 0..<count where self[i] != text.utf8Start[i] { return false }
        return true
    }
}

/// Identifiers that stand for nobody and so never join anybody.
enum Placeholders {
    private static let emails: Set<String> = [
        "none@none.com", "no@email.com", "noemail@noemail.com", "na@na.com", "test@test.com", "unknown@unknown.com",
        "nomail@nomail.com", "email@email.com", "no@no.com", "noreply@noreply.com", "noone@nowhere.com", "a@a.com",
        "x@x.com", "null@null.com", "refused@refused.com", "declined@declined.com", "customer@customer.com",
        "noemail@gmail.com", "none@gmail.com", "test@gmail.com", "noemail@email.com", "email@example.com",
    ]
    /// Nobody's by their kind. Source: RFC 2606, RFC 6761.
    private static let domains = ["example.com", "example.net", "example.org"]
    private static let topLevel = [".example", ".invalid", ".test", ".localhost"]
    private static let names: Set<String> = [
        "none", "noreply", "no-reply", "noemail", "nomail", "na", "unknown", "test", "null", "donotreply",
    ]

    static func isPlaceholder(email: String) -> Bool {
        if emails.contains(email) { return true }
        guard let at = email.lastIndex(of: "@") else { return false }
        let domain = email[email.index(after: at)...]
        if topLevel.contains(where: { domain.hasSuffix($0) }) { return true }
        return domains.contains { domain == $0 } && names.contains(String(email[..<at]))
    }

    /// A number whose last seven digits are all the same stands for nobody, nor does one of North America whose exchange
    /// begins with 0 or 1 (`000-0000`, `123-4567`), for there is none. Source: ATIS-0300051, NXX is 200 to 999.
    static func isPlaceholder(phone: PhoneNumber) -> Bool {
        let tail = phone.digits % 10_000_000
        return tail % 1_111_111 == 0 || (phone.digits / 10_000_000_000 == 1 && tail < 2_000_000)
    }
}
