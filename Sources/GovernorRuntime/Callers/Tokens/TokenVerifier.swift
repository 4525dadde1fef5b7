import Foundation
import GovernorCore

/// Why a token lets nobody in; for counters and tests, never for the caller.
public enum TokenRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// Not three parts of base 64 with JSON in them, or too long.
    case malformed
    /// An algorithm that is not allowed, or header fields that must be understood and are not.
    case algorithm
    /// Signed with a key that the provider does not publish (any longer, or yet).
    case unknownKey = "unknown_key"
    case signature
    case issuer
    case audience
    /// Past its end, without one, or not yet begun.
    case time
    /// No role, no name, or a claim that is needed is missing.
    case claims
}

/// Decides whether a token is good, and for whom. Pure. Source: RFC 7519, section 7.2; RFC 8725.
struct TokenVerifier {
    let rules: TokenRules

    struct Verified {
        var caller: Caller
        var expiresAt: Timestamp
    }

    /// Cheap things first, the signature last.
    func verify(_ token: String, with keys: TokenKeySet, at now: Timestamp) throws(TokenRefusal) -> Verified {
        guard token.utf8.count <= TokenRules.bytesMax else { throw .malformed }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2]), !signature.isEmpty
        else { throw .malformed }
        guard let name = header["alg"] as? String, let algorithm = TokenAlgorithm(rawValue: name),
            rules.algorithms.contains(algorithm), header["crit"] == nil
        else { throw .algorithm }
        guard claims["iss"] as? String == rules.issuer else { throw .issuer }
        let audiences = (claims["aud"] as? String).map { [$0] } ?? claims["aud"] as? [String] ?? []
        guard audiences.contains(rules.audience) else {
            throw .audience
        }
        let expiresAt = try end(claims, at: now)
        let caller = try caller(claims)
        var id: String?
        if let text = header["kid"] {
            guard let text = text as? String else { throw .malformed }
            id = text
        }
        let candidates = keys.candidates(id: id, algorithm)
        if candidates.isEmpty { throw id.map { keys.knows(id: $0) } ?? false ? .algorithm : .unknownKey }
        let message = Data(token.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
        // Without a name in its header any key may fit; they are few.
        guard candidates.prefix(Self.candidatesMax).contains(where: { $0.isValid(signature, for: message, algorithm) })
        else { throw .signature }
        return Verified(caller: caller, expiresAt: expiresAt)
    }

    /// Keys that are tried for a token that names none.
    static let candidatesMax = 4

    private static func object(_ part: Substring) -> [String: Any]? {
        Base64URL.decode(part).flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
    }

    /// When it ends, with the skew; it must have an end, and have begun.
    private func end(_ claims: [String: Any], at now: Timestamp) throws(TokenRefusal) -> Timestamp {
        func instant(_ name: String) throws(TokenRefusal) -> Timestamp? {
            guard let value = claims[name] else { return nil }
            // Seconds since 1970; a text or a truth is none.
            guard let seconds = (value as? Double), seconds.isFinite, abs(seconds) < 1e11, !(value is String) else {
                throw .time
            }
            return Timestamp(milliseconds: Int64(seconds * 1_000))
        }
        guard let expiry = try instant("exp") else { throw .time }
        let end = expiry + rules.skew
        guard end > now else { throw .time }
        for name in ["nbf", "iat"] {
            if let begin = try instant(name), begin > now + rules.skew { throw .time }
        }
        return end
    }

    private func caller(_ claims: [String: Any]) throws(TokenRefusal) -> Caller {
        guard let id = value(rules.idClaim, claims) as? String, Self.isName(id) else { throw .claims }
        let given = Set(texts(value(rules.roleClaim, claims)) ?? [])
        // Whoever has several may do what the greatest of them may.
        let role = [Role.admin, .compliance, .agent, .dialer].first { role in
            rules.roles.isEmpty
                ? given.contains(role.rawValue) : rules.roles.contains { $0.value == role && given.contains($0.key) }
        }
        guard let role else { throw .claims }
        var agency = ""
        if let claim = rules.agencyClaim {
            switch value(claim, claims) {
            case let text as String where Self.isName(text): agency = text
            case nil where role.seesEverything: break
            default: throw .claims
            }
        }
        var limits = KeyLimits()
        limits.channels = try names(rules.channelsClaim, claims, role)
        limits.campaigns = try names(rules.campaignsClaim, claims, role)
        return Caller(
            id: TokenRules.idPrefix + id, role: role, agency: agency,
            bounds: limits.isEmpty ? nil : CallerBounds(limits))
    }

    /// The names that a claim limits the caller to; none: to nothing. A claim that is asked for must be there, except for
    /// those who see everything anyway.
    private func names(_ claim: String?, _ claims: [String: Any], _ role: Role) throws(TokenRefusal) -> [String] {
        guard let claim else { return [] }
        guard let names = texts(value(claim, claims)) else {
            if role.seesEverything && value(claim, claims) == nil { return [] }
            throw .claims
        }
        if names.contains(TokenRules.all) { return [] }
        guard !names.isEmpty, names.count <= KeyLimits.namesMax, names.allSatisfy(Self.isName) else { throw .claims }
        return names
    }

    private func value(_ path: String, _ claims: [String: Any]) -> Any? {
        // A claim whose own name has dots, such as an address, comes before a path.
        if let value = claims[path] { return value }
        var here: Any? = claims
        for part in path.split(separator: ".") { here = (here as? [String: Any])?[String(part)] }
        return here
    }

    /// A list of texts, or one text with spaces between them.
    private func texts(_ value: Any?) -> [String]? {
        if let text = value as? String { return text.split(separator: " ").map(String.init) }
        return value as? [String]
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= Intake.nameBytesMax - TokenRules.idPrefix.utf8.count
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }
}
