package import GovernorCore

/// A link that is asked for, as a caller spells it.
package struct LinkForm: Sendable {
    package var contact = ContactForm()
    package var scope = ScopeForm()
    package var brand: String?
    package var reach: String?
    package var expiresIn: String?

    package init() {}

    /// Links of one body.
    package static let itemsMax = 1_000
    package static let bodyBytesMax = 1024 * 1024
    /// How long a preference link works when its caller does not say; and at most.
    package static let lifetime = Milliseconds.days(30)
    package static let lifetimeMax = Milliseconds.days(400)
}

package enum UnsubscribeLinkField: String, CaseIterable, Sendable {
    case contact, scope, brand, reach
    package var isRequired: Bool { self == .contact }
}

package enum PreferenceLinkField: String, CaseIterable, Sendable {
    case contact, brand
    case expiresIn = "expires_in"
    package var isRequired: Bool { self == .contact }
}

extension Intake {
    /// A link as its caller spells it; the contact names exactly one phone or address, which is hashed here.
    ///
    /// Without a scope, an unsubscribe link says no to marketing by the channel of its address (for a phone, to texts).
    /// It works for good: a person may open an old mail. A preference link ends.
    package func link(
        _ form: LinkForm, _ kind: ContactLink.Kind, by caller: Caller, at path: String = "$", now: Timestamp
    ) throws(FieldErrors) -> ContactLink {
        var errors: [FieldError] = []
        var about: ContactRequest?
        do throws(FieldErrors) { about = try contact(form.contact, by: caller, at: path + ".contact") } catch {
            errors += error.errors
        }
        if let about, about.namesSeveral || about.identifiers[0].kind == .key {
            errors.append(
                FieldError(
                    path: path + ".contact", code: "link.one_address",
                    detail: "name exactly one phone or email: the link is for whoever reads it there"))
        }
        var names = NameTable()
        var scope: [ContactLink.ScopeDimension: [String]] = [:]
        for (field, texts) in form.scope.values {
            for (i, text) in texts.enumerated() {
                let _: Name<LabelKind>? = name(text, "\(path).scope.\(field.rawValue)[\(i)]", &names, &errors)
            }
            scope[ContactLink.ScopeDimension(field)] = texts
        }
        let _: Brand? = name(form.brand, path + ".brand", &names, &errors)
        if let brand = form.brand {
            if let brands = scope[.brands], !brands.contains(brand) {
                errors.append(
                    FieldError(
                        path: path + ".brand", code: "brand.outside_scope",
                        detail: "the scope names other brands: name this one among them, or leave one of both out"))
            }
        }
        let reach: Reach? = [nil: .person, "person": .person, "endpoint": .endpoint][form.reach]
        if reach == nil {
            errors.append(
                FieldError(path: path + ".reach", code: "value.unknown", detail: "write one of person, endpoint"))
        }
        var lifetime = LinkForm.lifetime
        if let text = form.expiresIn {
            if let length = (try? ISODuration(parsing: text))?.elapsed, length >= .minutes(1),
                length <= LinkForm.lifetimeMax
            {
                lifetime = length
            } else {
                errors.append(
                    FieldError(
                        path: path + ".expires_in", code: "duration.out_of_range",
                        detail: "write an ISO 8601 duration from PT1M to P400D, such as P30D"))
            }
        }
        guard errors.isEmpty, let identifier = about?.identifiers.first else { throw FieldErrors(errors) }
        if kind == .unsubscribe && form.scope.values.isEmpty {
            scope[.channels] = identifier.kind == .email ? ["email"] : ["sms", "whatsapp"]
            scope[.purposes] = ["marketing"]
        }
        if kind == .unsubscribe, let brand = form.brand, scope[.brands] == nil { scope[.brands] = [brand] }
        return ContactLink(
            kind: kind, endpoint: identifier.hash, identifier: identifier.kind, reach: reach ?? .person, scope: scope,
            brand: form.brand ?? "", caller: caller.id, agency: caller.agency, issuedAt: now,
            expiresAt: kind == .preferences ? now + lifetime : nil)
    }
}

extension ContactLink.ScopeDimension {
    init(_ field: ScopeField) {
        switch field {
        case .channels: self = .channels
        case .purposes: self = .purposes
        case .brands: self = .brands
        case .products: self = .products
        case .families: self = .families
        case .campaigns: self = .campaigns
        case .subjects: self = .subjects
        case .accounts: self = .accounts
        }
    }
}
