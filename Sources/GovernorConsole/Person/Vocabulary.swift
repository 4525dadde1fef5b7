import GovernorCore
import Synchronization

/// The channels, purposes and brands that a set of policies speaks of.
final class Vocabulary: Sendable {
    let channels: [String]
    let purposes: [String]
    let brands: [String]
    private let revision: String

    private init(_ policies: PolicySet) {
        func texts<Kind>(_ path: KeyPath<RuleScope, NameSet<Kind>>) -> [String] {
            var bits: Set<UInt64> = []
            var texts: [String] = []
            for rule in policies.rules {
                for name in rule.scope[keyPath: path].names where bits.insert(name.bits).inserted {
                    if let text = policies.names.text(name) { texts.append(text) }
                }
            }
            return texts.sorted()
        }
        channels = texts(\.channels)
        purposes = texts(\.purposes)
        brands = texts(\.brands)
        revision = policies.revision
    }

    private static let last = Mutex<Vocabulary?>(nil)

    /// Made once for every revision.
    static func of(_ policies: PolicySet) -> Vocabulary {
        if let known = last.withLock({ $0 }), known.revision == policies.revision { return known }
        let made = Vocabulary(policies)
        last.withLock { $0 = made }
        return made
    }
}
