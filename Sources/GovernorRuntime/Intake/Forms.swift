/// A contact as a caller spells it.
public struct ContactForm: Sendable {
    public var phone: String?
    public var email: String?
    public var ids: [String] = []
    public var country: String?
    public var region: String?
    public var postalCode: String?
    public var timeZones: [String] = []
    public var party: String?
    public var lineType: String?
    public var role: String?

    public init() {}
}

/// A request for a decision as a caller spells it; the fields of `POST /v1/decisions`.
public struct DecisionForm: Sendable {
    public var contact = ContactForm()
    public var channel = ""
    public var purpose = ""
    public var campaign: String?
    public var subject: String?
    public var product: String?
    public var brand: String?
    public var accounts: [String] = []
    public var method: String?
    public var inReplyTo: String?
    public var exemption: String?
    public var reserve = true
    public var holdFor: String?
    public var idempotencyKey: String?
    public var ref: String?
    public var at: String?

    public init() {}
}

/// One thing wrong with a request, by the JSON path of its field.
public struct FieldError: Error, Hashable, Sendable {
    public var path: String
    /// Stable: `phone.too_short`, `zone.unknown`, …
    public var code: String
    /// What is wrong and what to do; never the value of an identifier.
    public var detail: String

    public init(path: String, code: String, detail: String) {
        self.path = path
        self.code = code
        self.detail = detail
    }
}

/// Everything wrong with a request.
public struct FieldErrors: Error, Hashable, Sendable {
    public var errors: [FieldError]
    public init(_ errors: [FieldError]) { self.errors = errors }
}
