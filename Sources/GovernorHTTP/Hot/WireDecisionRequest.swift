/// The body of `POST /v1/decisions`, and an item of a batch, as it stands on the wire.
///
/// Texts are ranges of the body (`WireText`); nothing is interpreted beyond JSON: what a channel, an instant or a phone may
/// be is decided by whoever turns this into a request of the domain.
package struct WireDecisionRequest: Sendable {
    package struct Contact: Sendable {
        package var phone = WireText.absent
        package var email = WireText.absent
        package var ids = WireTexts()
        package var country = WireText.absent
        package var region = WireText.absent
        package var postalCode = WireText.absent
        package var timeZones = WireTexts()
        package var party = WireText.absent
        package var lineType = WireText.absent
        package var role = WireText.absent
        /// Where the contact stands in the body, for faults about the whole of it.
        package var offset = 0

        init() {}
    }

    package var contact = Contact()
    package var channel = WireText.absent
    package var purpose = WireText.absent
    package var campaign = WireText.absent
    package var subject = WireText.absent
    package var product = WireText.absent
    package var brand = WireText.absent
    package var accounts = WireTexts()
    package var method = WireText.absent
    package var inReplyTo = WireText.absent
    package var exemption = WireText.absent
    /// True when the field is left out or null.
    package var reserve = true
    package var holdFor = WireText.absent
    package var idempotencyKey = WireText.absent
    package var ref = WireText.absent
    package var at = WireText.absent
    package var strings = WireStrings()

    /// A body may not be longer than this.
    package static let bodyBytesMax = 64 * 1024

    private init() {}

    /// Scans a whole body.
    package static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> WireDecisionRequest {
        var cursor = JSONCursor(body)
        return try scan(&cursor, isWhole: true)
    }

    /// Scans the object that starts at `offset` in a batch whose JSON is known to be well-formed.
    package static func scan(itemAt offset: Int, in body: UnsafeRawBufferPointer) throws(JSONFaults)
        -> WireDecisionRequest
    {
        var cursor = JSONCursor(body, from: offset)
        return try scan(&cursor, isWhole: false)
    }

    @inline(__always)
    private static func scan(_ cursor: inout JSONCursor, isWhole: Bool) throws(JSONFaults) -> WireDecisionRequest {
        var request = WireDecisionRequest()
        do throws(JSONFault) {
            try cursor.object(fields) { (field: Field, cursor) throws(JSONFault) in
                switch field {
                case .contact: try request.contact.scan(&cursor)
                case .channel: request.channel = try cursor.string(bytesMax: 64)
                case .purpose: request.purpose = try cursor.string(bytesMax: 64)
                case .campaign: request.campaign = try cursor.string(bytesMax: 128)
                case .subject: request.subject = try cursor.string(bytesMax: 128)
                case .product: request.product = try cursor.string(bytesMax: 128)
                case .brand: request.brand = try cursor.string(bytesMax: 128)
                case .accounts: try cursor.strings(into: &request.accounts, countMax: 16, bytesMax: 128)
                case .method: request.method = try cursor.string(bytesMax: 32)
                case .inReplyTo: request.inReplyTo = try cursor.string(bytesMax: 128)
                case .exemption: request.exemption = try cursor.string(bytesMax: 64)
                case .reserve: request.reserve = try cursor.bool()
                case .holdFor: request.holdFor = try cursor.string(bytesMax: 32)
                case .idempotencyKey: request.idempotencyKey = try cursor.string(bytesMax: 128)
                case .ref: request.ref = try cursor.string(bytesMax: 256)
                case .at: request.at = try cursor.string(bytesMax: 40)
                }
            }
            if isWhole { try cursor.finish() }
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        request.strings = cursor.strings
        return request
    }

    package enum Field: String, JSONField {
        case contact, channel, purpose, campaign, subject, product, brand, accounts, method
        case inReplyTo = "in_reply_to"
        case exemption, reserve
        case holdFor = "hold_for"
        case idempotencyKey = "idempotency_key"
        case ref, at

        package var isRequired: Bool { self == .contact || self == .channel || self == .purpose }
    }

    private static let fields = JSONFields<Field>()
}

extension WireDecisionRequest.Contact {
    package enum Field: String, JSONField {
        case phone, email, ids, country, region
        case postalCode = "postal_code"
        case timeZones = "time_zones"
        case party
        case lineType = "line_type"
        case role

        package var isRequired: Bool { false }
    }

    private static let fields = JSONFields<Field>()

    @inline(__always)
    mutating func scan(_ cursor: inout JSONCursor) throws(JSONFault) {
        offset = cursor.position
        try cursor.object(Self.fields) { (field: Field, cursor) throws(JSONFault) in
            switch field {
            case .phone: phone = try cursor.string(bytesMax: 64)
            case .email: email = try cursor.string(bytesMax: 320)
            case .ids: try cursor.strings(into: &ids, countMax: 16, bytesMax: 192)
            case .country: country = try cursor.string(bytesMax: 64)
            case .region: region = try cursor.string(bytesMax: 64)
            case .postalCode: postalCode = try cursor.string(bytesMax: 32)
            case .timeZones: try cursor.strings(into: &timeZones, countMax: 16, bytesMax: 64)
            case .party: party = try cursor.string(bytesMax: 32)
            case .lineType: lineType = try cursor.string(bytesMax: 32)
            case .role: role = try cursor.string(bytesMax: 32)
            }
        }
    }
}

extension JSONCursor {
    /// Appends the strings of an array, at most `countMax`, none of them empty. A field comes once, so `texts` is empty before.
    @inline(__always)
    package mutating func strings(
        into texts: inout WireTexts, countMax: Int, bytesMax: Int
    ) throws(JSONFault) {
        try array(countMax: min(countMax, WireTexts.capacity)) { (_, cursor) throws(JSONFault) in
            texts.append(try cursor.string(bytesMax: bytesMax))
        }
    }
}
