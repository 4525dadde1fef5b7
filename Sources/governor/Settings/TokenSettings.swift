import ArgumentParser
import Foundation
import GovernorCore
import GovernorRuntime

/// Which tokens of the company's identity provider are believed, as `serve` takes it.
struct TokenOptions: ParsableArguments {
    @Option(help: "The `iss` of tokens (JWT) that are believed; without it there are none.")
    var tokenIssuer: String?
    @Option(help: "The `aud` that tokens must have.")
    var tokenAudience: String?
    @Option(help: "The provider's key set (JWKS): a file, or an https address that is asked again and again.")
    var tokenKeys: String?
    @Option(help: "Algorithms, separated by commas (default: RS256,ES256).")
    var tokenAlgorithms: String?
    @Option(help: "By how much the provider's clock may differ (default: 60s).")
    var tokenSkew: String?
    @Option(help: "How often the key set's address is asked (default: 5 minutes, as PT5M).")
    var tokenRefresh: String?
    @Option(help: "The claim that names the caller (default: sub).")
    var tokenIdClaim: String?
    @Option(help: "The claim with roles; dots lead into objects (default: roles).")
    var tokenRoleClaim: String?
    @Option(help: "What its values mean: VALUE=ROLE, separated by commas (default: the roles' own names).")
    var tokenRoles: String?
    @Option(help: "The claim with the agency (default: every token is the company's own).")
    var tokenAgencyClaim: String?
    @Option(help: "The claim with the channels that the caller is limited to (default: not limited).")
    var tokenChannelsClaim: String?
    @Option(help: "The claim with the campaigns that the caller is limited to (default: not limited).")
    var tokenCampaignsClaim: String?

    /// As `Settings` takes them.
    var flags: [String: String?] {
        [
            "token_issuer": tokenIssuer, "token_audience": tokenAudience, "token_keys": tokenKeys,
            "token_algorithms": tokenAlgorithms, "token_skew": tokenSkew, "token_refresh": tokenRefresh,
            "token_id_claim": tokenIdClaim, "token_role_claim": tokenRoleClaim, "token_roles": tokenRoles,
            "token_agency_claim": tokenAgencyClaim, "token_channels_claim": tokenChannelsClaim,
            "token_campaigns_claim": tokenCampaignsClaim,
        ]
    }
}

/// The same, checked.
struct TokenSettings: Hashable {
    /// Where the provider's keys come from.
    enum Source: Hashable {
        case file(String)
        case address(String)
    }

    var rules: TokenRules
    var source: Source
    var refresh: Milliseconds

    static let refreshDefault = Milliseconds.minutes(5)

    /// `nil` when no issuer is named.
    init?(_ settings: Settings) throws {
        guard let issuer = settings["token_issuer"] else {
            if let other = Settings.names.first(where: { $0.hasPrefix("token_") && settings[$0] != nil }) {
                throw ValidationError("\(settings.found(other)?.origin ?? other): name --token-issuer too")
            }
            return nil
        }
        guard let audience = settings["token_audience"], let keys = settings["token_keys"] else {
            throw ValidationError("--token-issuer: name --token-audience and --token-keys too")
        }
        rules = TokenRules(issuer: issuer, audience: audience)
        source = try Self.source(keys, settings.found("token_keys")?.origin ?? "")
        if let (text, origin) = settings.found("token_algorithms") {
            rules.algorithms = []
            for name in text.split(separator: ",") {
                guard let algorithm = TokenAlgorithm(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                    throw ValidationError(
                        "\(origin): `\(name)` is not one of "
                            + TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
                }
                rules.algorithms.insert(algorithm)
            }
        }
        rules.skew = try Self.duration(settings, "token_skew", "0s", "5m", .seconds(0), .minutes(5)) ?? rules.skew
        refresh =
            try Self.duration(settings, "token_refresh", "10s", "24h", .seconds(10), .hours(24)) ?? Self.refreshDefault
        rules.idClaim = settings["token_id_claim"] ?? rules.idClaim
        rules.roleClaim = settings["token_role_claim"] ?? rules.roleClaim
        rules.agencyClaim = settings["token_agency_claim"]
        rules.channelsClaim = settings["token_channels_claim"]
        rules.campaignsClaim = settings["token_campaigns_claim"]
        if let (text, origin) = settings.found("token_roles") {
            for pair in text.split(separator: ",") {
                guard let mark = pair.lastIndex(of: "="), mark != pair.startIndex,
                    let role = Role(rawValue: String(pair[pair.index(after: mark)...]))
                else { throw ValidationError("\(origin): `\(pair)` is not VALUE=ROLE, such as call-centre=dialer") }
                rules.roles[String(pair[..<mark])] = role
            }
        }
    }

    /// Keys decide who gets in: whoever could change them on their way could get in.
    private static func source(_ text: String, _ origin: String) throws -> Source {
        guard text.contains("://") else { return .file(text) }
        guard let url = URL(string: text), let host = url.host, url.user == nil,
            url.scheme == "https" || url.scheme == "http" && ["127.0.0.1", "localhost", "::1"].contains(host)
        else {
            throw ValidationError(
                "\(origin): write a file, or an address that begins with https:// (http:// only on this machine)")
        }
        return .address(text)
    }

    private static func duration(
        _ settings: Settings, _ name: String, _ least: String, _ most: String, _ min: Milliseconds, _ max: Milliseconds
    ) throws -> Milliseconds? {
        guard let (text, origin) = settings.found(name) else { return nil }
        guard let length = ServeSettings.duration(text), length >= min, length <= max else {
            throw ValidationError("\(origin): `\(text)` is not a duration from \(least) to \(most), such as 60s")
        }
        return length
    }
}
