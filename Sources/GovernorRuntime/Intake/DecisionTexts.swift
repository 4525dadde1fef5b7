/// A text of a request as UTF-8 bytes where they stand; `nil` when it is left out.
public typealias FormText = UnsafeRawBufferPointer?

/// A contact as it stands in a request's body: what the hot path reads without copying a text.
///
/// Valid as long as the bytes are.
public struct ContactTexts {
    public var phone: FormText = nil
    public var email: FormText = nil
    public var ids: [UnsafeRawBufferPointer] = []
    public var country: FormText = nil
    public var region: FormText = nil
    public var postalCode: FormText = nil
    public var timeZones: [UnsafeRawBufferPointer] = []
    public var party: FormText = nil
    public var lineType: FormText = nil
    public var role: FormText = nil

    public init() {}
}

/// A request for a decision as it stands in its body.
public struct DecisionTexts {
    public var contact = ContactTexts()
    public var channel: FormText = nil
    public var purpose: FormText = nil
    public var campaign: FormText = nil
    public var subject: FormText = nil
    public var product: FormText = nil
    public var brand: FormText = nil
    public var accounts: [UnsafeRawBufferPointer] = []
    public var method: FormText = nil
    public var inReplyTo: FormText = nil
    public var exemption: FormText = nil
    public var reserve = true
    public var holdFor: FormText = nil
    public var idempotencyKey: FormText = nil
    public var at: FormText = nil

    public init() {}
}

/// Copies of texts in one piece of memory, for those who have them as strings.
private struct TextArena {
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>?] = []

    mutating func add(_ text: String?) {
        guard let text else { return ranges.append(nil) }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        ranges.append(start..<bytes.count)
    }

    /// Gives the texts back in the order in which they were added.
    func withTexts<Value, Failure: Error>(
        _ use: (inout TextReader) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        // One byte more, so that even an arena of empty texts has an address.
        let padded = bytes + [0]
        return try padded.withUnsafeBufferPointer { (buffer) throws(Failure) -> Value in
            var reader = TextReader(bytes: UnsafeRawBufferPointer(buffer), ranges: ranges)
            return try use(&reader)
        }
    }

    struct TextReader {
        let bytes: UnsafeRawBufferPointer
        let ranges: [Range<Int>?]
        var at = 0

        mutating func next() -> FormText {
            defer { at += 1 }
            return ranges[at].map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
        }

        mutating func next(_ count: Int) -> [UnsafeRawBufferPointer] { (0..<count).compactMap { _ in next() } }
    }
}

extension TextArena {
    mutating func add(_ contact: ContactForm) {
        for text in [
            contact.phone, contact.email, contact.country, contact.region, contact.postalCode, contact.party,
            contact.lineType,
            contact.role,
        ] { add(text) }
        for text in contact.ids + contact.timeZones { add(text) }
    }
}

extension TextArena.TextReader {
    mutating func contact(_ form: ContactForm) -> ContactTexts {
        var texts = ContactTexts()
        texts.phone = next()
        texts.email = next()
        texts.country = next()
        texts.region = next()
        texts.postalCode = next()
        texts.party = next()
        texts.lineType = next()
        texts.role = next()
        texts.ids = next(form.ids.count)
        texts.timeZones = next(form.timeZones.count)
        return texts
    }
}

extension ContactForm {
    func withTexts<Value, Failure: Error>(
        _ use: (ContactTexts) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var arena = TextArena()
        arena.add(self)
        return try arena.withTexts { (reader) throws(Failure) in try use(reader.contact(self)) }
    }
}

extension DecisionForm {
    func withTexts<Value, Failure: Error>(
        _ use: (DecisionTexts) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var arena = TextArena()
        arena.add(contact)
        // An empty channel or purpose is one that was never set.
        for text in [
            channel.isEmpty ? nil : channel, purpose.isEmpty ? nil : purpose, campaign, subject, product, brand, method,
            inReplyTo, exemption, holdFor, idempotencyKey, at,
        ] { arena.add(text) }
        for account in accounts { arena.add(account) }
        return try arena.withTexts { (reader) throws(Failure) in
            var texts = DecisionTexts()
            texts.contact = reader.contact(contact)
            texts.channel = reader.next()
            texts.purpose = reader.next()
            texts.campaign = reader.next()
            texts.subject = reader.next()
            texts.product = reader.next()
            texts.brand = reader.next()
            texts.method = reader.next()
            texts.inReplyTo = reader.next()
            texts.exemption = reader.next()
            texts.holdFor = reader.next()
            texts.idempotencyKey = reader.next()
            texts.at = reader.next()
            texts.accounts = reader.next(accounts.count)
            texts.reserve = reserve
            return try use(texts)
        }
    }
}
