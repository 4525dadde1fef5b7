/// How a token may be signed: by a private key whose public half the identity provider publishes. There is no `none`,
/// and no algorithm with a shared secret. Source: RFC 7518, section 3.1; RFC 8037, section 3.1.
public enum TokenAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case edDSA = "EdDSA"
}
