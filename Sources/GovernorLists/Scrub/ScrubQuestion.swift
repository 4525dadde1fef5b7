public import GovernorRuntime

/// What is asked about every row of a list: the fields that all rows have in common.
public struct ScrubQuestion: Sendable {
    /// `reserve` is false, `contact` holds what rows may leave out, such as a country.
    public let form: DecisionForm
    public let caller: Caller

    /// The fields that may be given, as in a decision's body.
    public static let names = [
        "channel", "purpose", "campaign", "subject", "product", "brand", "accounts", "method", "at", "country",
        "region",
        "party", "line_type", "role",
    ]

    /// - Parameter fields: names and values; `accounts` have spaces between them.
    /// - Throws: everything that is wrong with the fields, each by its name.
    public init(_ fields: [(name: String, value: String)], by caller: Caller, intake: Intake) throws(FieldErrors) {
        var form = DecisionForm()
        form.reserve = false
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (name, value) in fields {
            guard Self.names.contains(name) else {
                errors.append(
                    FieldError(
                        path: name, code: "field.unknown",
                        detail: "there is no such parameter; there are \(Self.names.joined(separator: ", "))"))
                continue
            }
            if !seen.insert(name).inserted {
                errors.append(FieldError(path: name, code: "field.duplicate", detail: "this parameter is there twice"))
            }
            switch name {
            case "channel": form.channel = value
            case "purpose": form.purpose = value
            case "campaign": form.campaign = value
            case "subject": form.subject = value
            case "product": form.product = value
            case "brand": form.brand = value
            case "accounts": form.accounts = value.split(separator: " ").map(String.init)
            case "method": form.method = value
            case "at": form.at = value
            default: if let column = ContactColumn(rawValue: name) { form.contact.set(column, value) }
            }
        }
        // A contact that nobody can find fault with shows what is wrong with the rest.
        var probe = form
        probe.contact.phone = "+12125550100"
        probe.contact.email = "a@example.com"
        probe.contact.ids = ["crm:1"]
        do throws(FieldErrors) { _ = try intake.request(probe, by: caller) } catch {
            errors += error.errors.map { error in
                var error = error
                error.path = Self.column(error.path)
                return error
            }
        }
        if !errors.isEmpty { throw FieldErrors(errors) }
        self.form = form
        self.caller = caller
    }

    /// `$.contact.phone` is `phone` to who reads a list.
    static func column(_ path: String) -> String {
        var field = Substring(path)
        for prefix in ["$", ".", "contact."] where field.hasPrefix(prefix) { field = field.dropFirst(prefix.count) }
        if let bracket = field.firstIndex(of: "[") { field = field[..<bracket] }
        return String(field)
    }
}
