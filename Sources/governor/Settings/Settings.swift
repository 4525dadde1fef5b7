import ArgumentParser
import Foundation

/// Where a setting's value comes from: flag before environment before file before default.
struct Settings {
    /// Every setting that a file may name. Its environment variable is `GOVERNOR_` and the name in capitals.
    static let names = [
        "listen", "store", "policies", "data", "event_loops", "ledger_checks", "ledger_sync", "store_deadline",
        "log_level", "secret", "unique_namespaces", "fold_email", "public_url", "inbound_keywords",
        "jobs_at_once", "jobs_list_bytes", "jobs_kept_for",
        "connections_max",
        "tls_certificate", "tls_key", "tls_client_ca", "tls_client_certificates",
        "token_issuer", "token_audience", "token_keys", "token_algorithms", "token_skew", "token_refresh",
        "token_id_claim", "token_role_claim", "token_roles", "token_agency_claim", "token_channels_claim",
        "token_campaigns_claim",
        "admin_key", "url", "key", "key_file",
    ]

    private let flags: [String: String]
    private let environment: [String: String]
    private let file: [String: String]

    /// Reads the file that `config`, or else `GOVERNOR_CONFIG`, names.
    init(
        flags: [String: String?] = [:], config: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        self.flags = flags.compactMapValues { $0 }
        self.environment = environment
        if let path = config ?? environment["GOVERNOR_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("the configuration \(path) cannot be read")
            }
            file = try Self.parse(String(decoding: data, as: UTF8.self), name: path)
        } else {
            file = [:]
        }
    }

    /// The value and where it comes from, for messages; an empty variable counts as not set.
    func found(_ name: String) -> (value: String, origin: String)? {
        if let value = flags[name] { return (value, "--" + name.replacing("_", with: "-")) }
        let variable = "GOVERNOR_" + name.uppercased()
        if let value = environment[variable], !value.isEmpty { return (value, variable) }
        if let value = file[name] { return (value, "`\(name)` of the configuration") }
        return nil
    }

    subscript(name: String) -> String? { found(name)?.value }

    /// Reads one `name: value` a line, as YAML writes them; comments, and quotes around a value, are understood.
    static func parse(_ text: String, name: String) throws(CommandFailure) -> [String: String] {
        var values: [String: String] = [:]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let here = "\(name):\(index + 1)"
            let content = line.drop { $0 == " " }
            if content.isEmpty || content.first == "#" || content == "---" { continue }
            guard content.startIndex == line.startIndex, let colon = line.firstIndex(of: ":") else {
                throw CommandFailure("\(here): write one `name: value` a line, without indentation")
            }
            let key = String(line[..<colon])
            guard names.contains(key) else {
                throw CommandFailure(
                    "\(here): there is no setting `\(key)`; there are \(names.joined(separator: ", "))")
            }
            guard values[key] == nil else { throw CommandFailure("\(here): `\(key)` is set twice") }
            let rest = line[line.index(after: colon)...]
            guard rest.isEmpty || rest.first == " " else {
                throw CommandFailure("\(here): write a space after the colon")
            }
            values[key] = try value(rest.trimmingPrefix(while: { $0 == " " }), at: here)
        }
        return values
    }

    private static func value(_ text: Substring, at here: String) throws(CommandFailure) -> String {
        if let quote = text.first, quote == "\"" || quote == "'" {
            let inner = text.dropFirst()
            guard let end = inner.firstIndex(of: quote) else {
                throw CommandFailure("\(here): the quote is not closed")
            }
            let after = inner[inner.index(after: end)...].drop { $0 == " " }
            guard after.isEmpty || after.first == "#", !inner[..<end].contains("\\") else {
                throw CommandFailure("\(here): nothing but a comment may follow the quote, and no \\ stand inside it")
            }
            return String(inner[..<end])
        }
        var bare = text
        if let comment = text.firstRange(of: " #") { bare = text[..<comment.lowerBound] }
        while bare.last == " " { bare.removeLast() }
        if let first = bare.first, "[{&*!|>%@`".contains(first) {
            throw CommandFailure("\(here): a value is a plain or quoted text")
        }
        return String(bare)
    }
}
