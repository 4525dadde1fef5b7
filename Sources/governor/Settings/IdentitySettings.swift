import ArgumentParser
import GovernorIdentity
import GovernorRuntime

/// What an installation says of identifiers, for every command that reads them.
struct IdentitySettings {
    /// Namespaces of keys that hold one identifier for each person.
    var uniqueNamespaces: Set<String>
    var folding: EmailFolding

    init(_ settings: Settings) throws {
        uniqueNamespaces = GovernorConfiguration().uniqueNamespaces
        if let (text, origin) = settings.found("unique_namespaces") {
            let names = text == "none" ? [] : text.split(separator: ",").map { $0.filter { $0 != " " } }
            for name in names where (try? NamespacedKey(name + ":1")) == nil {
                throw ValidationError("\(origin): `\(name)` is no namespace, such as crm")
            }
            uniqueNamespaces = Set(names)
        }
        folding = .none
        if let (text, origin) = settings.found("fold_email") {
            guard let rules = EmailFolding(parsing: text) else {
                throw ValidationError("\(origin): `\(text)` is not DOMAIN=dots+tags, such as gmail.com=dots+tags")
            }
            folding = rules
        }
    }
}
