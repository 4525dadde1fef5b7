package import GovernorCore

/// An inbound message as a gateway's caller spells it.
package struct InboundForm: Sendable {
    package var id = ""
    package var channel = ""
    package var from = ""
    package var country: String?
    package var text = ""
    package var at: String?
    package var brand: String?
    package var purpose: String?
    package var scope = ScopeForm()
    package var language: String?

    package init() {}

    package static let bodyBytesMax = 64 * 1024
    package static let textBytesMax = 8_192
    /// The one confirmation of a no is due within this. Source: 47 CFR 64.1200(a)(12).
    package static let confirmationWithin = Milliseconds.minutes(5)
}

package enum InboundField: String, CaseIterable, Sendable {
    case id, channel, from, to, country, text, at, brand, purpose, scope, language
    package var isRequired: Bool { [.id, .channel, .from, .text].contains(self) }
}

/// An inbound message read: what it asks for, and what is to be put on record for it, the no or yes first.
package struct InboundWork: Sendable {
    package var match: KeywordMatch
    package var language: KeywordLanguage
    package var fact: FactWork?
    package var touch: FactWork
}

extension FactIntake {
    /// Reads an inbound message: a touch from her to us, and the no or yes that its words say.
    ///
    /// A no is for everything, on every channel, unless the scope says otherwise; a yes for the channel it came by.
    package mutating func read(_ form: InboundForm, _ mode: KeywordMode) throws(FieldErrors) -> InboundWork {
        var errors: [FieldError] = []
        if !["sms", "whatsapp"].contains(form.channel) {
            errors.append(
                FieldError(path: "$.channel", code: "value.unknown", detail: "write one of sms, whatsapp"))
        }
        let stated = form.language.map { KeywordLanguage(rawValue: $0) }
        if case .some(.none) = stated {
            errors.append(
                FieldError(
                    path: "$.language", code: "value.unknown",
                    detail: "write one of \(KeywordLanguage.allCases.map(\.rawValue).joined(separator: ", "))"))
        }
        let match = KeywordReader.read(form.text, mode)
        var touch = FactForm()
        touch.id = form.id
        touch.contact.phone = form.from
        touch.contact.country = form.country
        touch.at = form.at
        touch.source = "inbound"
        touch.channel = form.channel
        touch.purpose = form.purpose ?? "service"
        touch.brand = form.brand
        touch.direction = "inbound"
        var work: FactWork?
        func add(_ body: () throws(FieldErrors) -> FactWork) -> FactWork? {
            do throws(FieldErrors) { return try body() } catch {
                for fault in error.errors {
                    // The message's own fields.
                    let path =
                        fault.path == "$.contact.phone"
                        ? "$.from" : fault.path == "$.contact.country" ? "$.country" : fault.path
                    if !errors.contains(where: { $0.path == path }) {
                        errors.append(FieldError(path: path, code: fault.code, detail: fault.detail))
                    }
                }
                return nil
            }
        }
        if match.meaning == .stop || match.meaning == .start {
            var fact = FactForm()
            fact.id = "\(form.id):\(match.meaning.rawValue)"
            fact.contact = touch.contact
            fact.at = form.at
            fact.source = "keyword"
            fact.evidence = "`\(match.keyword ?? "")` in an inbound message by \(form.channel.prefix(16))"
            fact.scope = form.scope
            if match.meaning == .start && fact.scope.values[.channels] == nil {
                fact.scope.values[.channels] = [form.channel]
            }
            if let brand = form.brand, fact.scope.values[.brands] == nil { fact.scope.values[.brands] = [brand] }
            let kind: FactKind = match.meaning == .stop ? .optOut : .optIn
            work = add { () throws(FieldErrors) in try read(fact, kind) }
        }
        let inbound = add { () throws(FieldErrors) in try read(touch, .touch) }
        guard errors.isEmpty, let inbound else { throw FieldErrors(errors) }
        return InboundWork(
            match: match, language: (stated ?? nil) ?? match.language ?? .english, fact: work, touch: inbound)
    }
}
