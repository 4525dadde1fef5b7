import GovernorCore

/// What an installation's own key says: the format and the secret of everything in it, and the version of the identifier
/// rules that it began with.
struct InstallationMark: Hashable, Sendable {
    private let must: String
    private let normaliserVersion: UInt32

    init(_ configuration: RedisConfiguration) {
        let secret = configuration.secretFingerprint.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        must = "format=\(StoredValue.formatVersion) secret=\(secret) normaliser="
        normaliserVersion = configuration.normaliserVersion
    }

    var text: String { must + String(normaliserVersion) }

    /// Whether what says this of itself can be used: the same format and secret, and identifier rules no newer than
    /// ours; what earlier ones wrote is found by aliases.
    func admits(_ found: String) -> Bool {
        found.hasPrefix(must) && UInt32(found.dropFirst(must.count)).map { $0 <= normaliserVersion } ?? false
    }
}
