import GovernorPages
import GovernorRuntime

/// The pages of the menu, and who may open each.
enum Place: CaseIterable {
    case person, overview, decisions, policies, check, shadow, guards, registries, optOuts

    /// Below the console's root.
    var path: String {
        switch self {
        case .person: "/person"
        case .overview: "/overview"
        case .decisions: "/decisions"
        case .policies: "/policies"
        case .check: "/check"
        case .shadow: "/shadow"
        case .guards: "/guards"
        case .registries: "/registries"
        case .optOuts: "/opt-outs"
        }
    }

    var title: FrameWords {
        switch self {
        case .person: .person
        case .overview: .overview
        case .decisions: .decisions
        case .policies: .policies
        case .check: .check
        case .shadow: .shadow
        case .guards: .guards
        case .registries: .registries
        case .optOuts: .optOuts
        }
    }

    var icon: Icon {
        switch self {
        case .person: .person
        case .overview: .overview
        case .decisions: .decisions
        case .policies: .policies
        case .check: .check
        case .shadow: .shadow
        case .guards: .guards
        case .registries: .registries
        case .optOuts: .optOuts
        }
    }

    /// The roles that may open it: those of the operations that show the same.
    var roles: Set<Role> { self == .person ? [.agent, .compliance, .admin] : [.compliance, .admin] }

    static func all(for role: Role) -> [Place] { allCases.filter { $0.roles.contains(role) } }
}
