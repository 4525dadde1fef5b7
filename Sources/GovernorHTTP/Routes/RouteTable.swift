import GovernorLists
import GovernorRuntime
import HTTPTypes

/// One operation of the API off the hot path: how it is found, and who may use it. The roles are those of `openapi.yaml`.
struct ColdRoute: Sendable {
    enum Action: Sendable {
        case facts(FactKind)
        case status, lookup, person, reservations
        case erase
        case merge, unmerge, conflicts, keepApart
        case scrub
        case postImport(ImportKind)
        case postScrub
        case jobList(Job.Family)
        case job(Job.Family)
        case endJob(Job.Family)
        case refusedRows
        case scrubbed(JobPart)
        case registries
        case stream
        case links(LinkKind)
        case inbound
        case page(PersonPage)
        case policies, policy
        case health, readiness, metrics, description
    }

    let method: HTTPRequest.Method
    /// With its parameters in braces; also the label in metrics.
    let path: String
    /// `nil`: no key is needed.
    let roles: Set<Role>?
    let action: Action
    /// Zero: takes no body.
    let bodyBytesMax: Int

    static let all: [ColdRoute] =
        FactKind.allCases.map {
            ColdRoute(.post, $0.path, $0.roles, .facts($0), bodyBytesMax: FactKind.bodyBytesMax)
        }
        + ImportKind.allCases.map {
            ColdRoute(.post, "/v1/imports/\($0.rawValue)", $0.fact.roles, .postImport($0))
        } + [
            ColdRoute(.post, "/v1/status", everyone, .status, bodyBytesMax: StatusForm.bodyBytesMax),
            ColdRoute(.post, "/v1/people/lookup", knowing, .lookup, bodyBytesMax: StatusForm.bodyBytesMax),
            ColdRoute(.get, "/v1/people/conflicts", knowing, .conflicts),
            ColdRoute(.post, "/v1/people/apart", auditing, .keepApart, bodyBytesMax: MergeForm.bodyBytesMax),
            ColdRoute(.post, "/v1/merges", knowing, .merge, bodyBytesMax: MergeForm.bodyBytesMax),
            ColdRoute(.delete, "/v1/merges/{id}", auditing, .unmerge),
            ColdRoute(.get, "/v1/people/{id}", knowing, .person),
            ColdRoute(.delete, "/v1/people/{id}", auditing, .erase),
            ColdRoute(.get, "/v1/reservations", everyone, .reservations),
            ColdRoute(.post, "/v1/scrub", everyone, .scrub),
            ColdRoute(.post, "/v1/scrubs", everyone, .postScrub),
            ColdRoute(.get, "/v1/scrubs", everyone, .jobList(.scrubs)),
            ColdRoute(.get, "/v1/scrubs/{id}", everyone, .job(.scrubs)),
            ColdRoute(.delete, "/v1/scrubs/{id}", everyone, .endJob(.scrubs)),
            ColdRoute(.get, "/v1/scrubs/{id}/kept", everyone, .scrubbed(.kept)),
            ColdRoute(.get, "/v1/scrubs/{id}/dropped", everyone, .scrubbed(.dropped)),
            ColdRoute(.get, "/v1/imports", everyone, .jobList(.imports)),
            ColdRoute(.get, "/v1/imports/{id}", everyone, .job(.imports)),
            ColdRoute(.delete, "/v1/imports/{id}", everyone, .endJob(.imports)),
            ColdRoute(.get, "/v1/imports/{id}/refused", everyone, .refusedRows),
            ColdRoute(.get, "/v1/registries", everyone, .registries),
            ColdRoute(.get, "/v1/stream", everyone, .stream),
            ColdRoute(
                .post, "/v1/unsubscribe-links", everyone, .links(.unsubscribe), bodyBytesMax: LinkForm.bodyBytesMax),
            ColdRoute(
                .post, "/v1/preference-links", everyone, .links(.preferences), bodyBytesMax: LinkForm.bodyBytesMax),
            ColdRoute(.post, "/v1/inbound-messages", everyone, .inbound, bodyBytesMax: InboundForm.bodyBytesMax),
            ColdRoute(.get, "/u/{token}", nil, .page(.unsubscribeQuestion)),
            ColdRoute(.post, "/u/{token}", nil, .page(.unsubscribe), bodyBytesMax: FormBody.bytesMax),
            ColdRoute(.get, "/p/{token}", nil, .page(.preferences)),
            ColdRoute(.post, "/p/{token}", nil, .page(.choose), bodyBytesMax: FormBody.bytesMax),
            ColdRoute(.get, "/v1/policies", auditing, .policies),
            ColdRoute(.get, "/v1/policies/{revision}", auditing, .policy),
            ColdRoute(.get, "/healthz", nil, .health),
            ColdRoute(.get, "/readyz", nil, .readiness),
            ColdRoute(.get, "/metrics", nil, .metrics),
            ColdRoute(.get, "/openapi.yaml", nil, .description),
        ]

    /// Is read by people in a browser: no JSON, neither in nor out.
    var isPage: Bool { if case .page = action { true } else { false } }

    /// Goes on until its reader leaves.
    var isStream: Bool { if case .stream = action { true } else { false } }

    static let everyone = Set(Role.allCases)
    /// Those who may know who a person is.
    static let knowing: Set<Role> = [.agent, .compliance, .admin]
    /// Those who answer for what the policies say.
    static let auditing: Set<Role> = [.compliance, .admin]

    init(
        _ method: HTTPRequest.Method, _ path: String, _ roles: Set<Role>?, _ action: Action, bodyBytesMax: Int = 0
    ) {
        self.method = method
        self.path = path
        self.roles = roles
        self.action = action
        self.bodyBytesMax = bodyBytesMax
    }

    /// Whether parameters may stand behind a question mark.
    var takesQuery: Bool {
        switch action {
        case .reservations, .conflicts, .scrub, .postImport, .postScrub: true
        default: roles == nil
        }
    }

    /// Reads its body by itself, for it may be of any length.
    var takesList: Bool {
        switch action {
        case .scrub, .postImport, .postScrub: true
        default: false
        }
    }

    /// The parameter in `path`, an empty text when the route has none; `nil` when the path is another's.
    func match(_ path: Substring) -> Substring? {
        guard let brace = self.path.firstIndex(of: "{") else { return path == self.path ? "" : nil }
        let prefix = self.path[..<brace]
        guard path.hasPrefix(prefix) else { return nil }
        let suffix = self.path[brace...].drop { $0 != "}" }.dropFirst()
        guard path.count > prefix.count + suffix.count, path.hasSuffix(suffix) else { return nil }
        let parameter = path.dropFirst(prefix.count).dropLast(suffix.count)
        return parameter.isEmpty || parameter.contains("/") ? nil : parameter
    }
}

extension FactKind {
    var roles: Set<Role> {
        switch self {
        case .optOut, .consent, .withdrawal, .touch, .event, .link: ColdRoute.everyone
        case .optIn, .holding, .identifier: ColdRoute.knowing
        }
    }
}
