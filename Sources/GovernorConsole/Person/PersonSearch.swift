import GovernorCore
import GovernorIdentity
import GovernorRuntime

/// What somebody typed into the search field: a phone, an address or a customer number, or several of them.
struct PersonSearch {
    /// Characters that are read; longer than anything that names a person.
    static let lengthMax = 512

    var typed: String
    var contact: ContactForm

    enum Failure: Error {
        case empty
        case tooLong(Int)
    }

    /// - Parameters:
    ///   - region: the country of numbers that are typed without one.
    ///   - namespace: of customer numbers that are typed without one.
    init(_ text: String, region: String, namespace: String) throws(Failure) {
        typed = text.trimmed
        if typed.isEmpty { throw .empty }
        guard typed.utf8.count <= Self.lengthMax else { throw .tooLong(typed.count) }
        contact = ContactForm()
        for part in typed.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
            let part = Self.withoutScheme(part.trimmed)
            if part.isEmpty { continue }
            switch Self.kind(of: part) {
            case .email: contact.email = part
            case .phone: contact.phone = part
            case .key: contact.ids.append(part)
            case .bareKey: contact.ids.append(namespace + ":" + part)
            }
        }
        if contact.phone != nil, !region.isEmpty, !(contact.phone ?? "").hasPrefix("+") { contact.country = region }
    }

    /// `tel:` and `mailto:` come from other programs.
    private static func withoutScheme(_ text: String) -> String {
        for scheme in ["tel:", "mailto:"] where text.lowercased().hasPrefix(scheme) {
            return String(text.dropFirst(scheme.count)).trimmed
        }
        return text
    }

    private enum Kind { case email, phone, key, bareKey }

    private static func kind(of text: String) -> Kind {
        if text.contains("@") { return .email }
        let isPhoneLike = text.unicodeScalars.allSatisfy {
            $0.properties.numericType != nil || "+-–.()/\u{a0} ".unicodeScalars.contains($0)
        }
        let digits = text.unicodeScalars.count { $0.properties.numericType != nil }
        if isPhoneLike, digits >= 7 || text.hasPrefix("+") { return .phone }
        if let colon = text.firstIndex(of: ":"), colon != text.startIndex { return .key }
        return .bareKey
    }
}
