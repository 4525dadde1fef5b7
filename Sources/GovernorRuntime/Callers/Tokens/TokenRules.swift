public import GovernorCore

/// Which tokens of an identity provider are believed, and what their claims mean here.
public struct TokenRules: Hashable, Sendable {
    /// The `iss` that tokens must have.
    public var issuer: String
    /// The `aud` that tokens must have, alone or among others.
    public var audience: String
    public var algorithms: Set<TokenAlgorithm> = [.rs256, .es256]
    /// By how much the provider's clock may differ from ours.
    public var skew = Milliseconds.seconds(60)
    /// The claim that names the caller; a path through objects has dots, as in `realm_access.roles`.
    public var idClaim = "sub"
    public var roleClaim = "roles"
    /// Values of the role claim by what they mean here; empty: the roles' own names.
    public var roles: [String: Role] = [:]
    /// The claim with the agency; `nil`: every token is the company's own.
    public var agencyClaim: String?
    /// The claims with channels and campaigns that the caller is limited to; `nil`: to none.
    public var channelsClaim: String?
    public var campaignsClaim: String?

    /// In a list of channels or campaigns: all of them.
    public static let all = "*"
    /// Before the name of a caller that came with a token, so that it is never that of a key.
    public static let idPrefix = "token:"
    /// Bytes of a token.
    public static let bytesMax = 8 * 1024

    public init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }
}
