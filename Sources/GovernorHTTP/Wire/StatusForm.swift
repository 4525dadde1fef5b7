import GovernorRuntime

/// The bodies of `POST /v1/status` and `POST /v1/people/lookup`.
struct StatusForm: Sendable {
    /// A body may not be longer than this.
    static let bodyBytesMax = 64 * 1024
    /// Channels of one body, and purposes.
    static let dimensionMax = 16

    var contact = ContactForm()
    var channels: [String] = []
    var purposes: [String] = []
    var campaign: String?
    var subject: String?
    var product: String?
    var brand: String?
    var accounts: [String] = []
    var method: String?
    var at: String?

    private enum Field: String, JSONField {
        case contact, channels, purposes, campaign, subject, product, brand, accounts, method, at
        var isRequired: Bool { self == .contact }
    }

    private enum LookupField: String, JSONField {
        case contact
        var isRequired: Bool { true }
    }

    private static let fields = JSONFields<Field>()
    private static let lookupFields = JSONFields<LookupField>()

    static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> StatusForm {
        var form = StatusForm()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(fields) { (field: Field, cursor) throws(JSONFault) in
                switch field {
                case .contact: form.contact = try cursor.contact(in: body)
                case .channels: form.channels = try dimension(&cursor, body)
                case .purposes: form.purposes = try dimension(&cursor, body)
                case .campaign: form.campaign = try cursor.text(bytesMax: 128, in: body)
                case .subject: form.subject = try cursor.text(bytesMax: 128, in: body)
                case .product: form.product = try cursor.text(bytesMax: 128, in: body)
                case .brand: form.brand = try cursor.text(bytesMax: 128, in: body)
                case .accounts: form.accounts = try cursor.texts(countMax: 16, bytesMax: 128, in: body)
                case .method: form.method = try cursor.text(bytesMax: 32, in: body)
                case .at: form.at = try cursor.text(bytesMax: 40, in: body)
                }
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }

    private static func dimension(
        _ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer
    ) throws(JSONFault) -> [String] {
        let opening = cursor.position
        let names = try cursor.texts(countMax: dimensionMax, bytesMax: 64, in: body)
        if names.isEmpty { throw JSONFault(.empty, at: opening) }
        return names
    }

    static func scanLookup(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> ContactForm {
        var form = ContactForm()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(lookupFields) { (_: LookupField, cursor) throws(JSONFault) in
                form = try cursor.contact(in: body)
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }
}
