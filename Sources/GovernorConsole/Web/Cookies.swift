import GovernorPages

/// The console's cookies.
enum Cookie {
    /// Names the session.
    static let session = "governor_session"
    /// The language and the time zone that a reader chose, which outlive a session: `de.Europe/Berlin.DE`.
    static let choices = "governor_choices"

    /// The value of a cookie that a request brings.
    static func value(_ name: String, in request: SiteRequest) -> String? {
        for field in request.fields where field.name == "cookie" {
            for part in field.value.split(separator: ";") {
                let pair = part.trimmed
                if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.count + 1)) }
            }
        }
        return nil
    }

    /// A field that sets one, for the console's paths alone and out of reach of scripts and other sites.
    ///
    /// - Parameter seconds: how long the browser keeps it; `nil`: until it is closed; 0: no longer.
    static func field(
        _ name: String, _ value: String, seconds: Int? = nil, root: String, isSecure: Bool
    ) -> (name: String, value: String) {
        var text = "\(name)=\(value); Path=\(root); HttpOnly; SameSite=Strict"
        if let seconds { text += "; Max-Age=\(seconds)" }
        if isSecure { text += "; Secure" }
        return ("set-cookie", text)
    }
}

extension SiteRequest {
    /// It reached us, or whoever stands before us, over TLS.
    var isSecure: Bool {
        self["x-forwarded-proto"]?.split(separator: ",").first?.trimmed.lowercased() == "https"
    }

    /// Who asks: the address of the connection, or what a proxy on this machine or in a private network says of it.
    var client: String {
        guard Self.isNear(peer), let forwarded = self["x-forwarded-for"]?.split(separator: ",").last?.trimmed,
            !forwarded.isEmpty, forwarded.utf8.count <= 64
        else { return peer }
        return forwarded
    }

    /// Loopback and private addresses. Source: RFC 1918; RFC 4193.
    private static func isNear(_ address: String) -> Bool {
        if address == "::1" || address.hasPrefix("127.") || address.hasPrefix("10.") { return true }
        if address.hasPrefix("192.168.") || address.hasPrefix("fd") || address.hasPrefix("fc") { return true }
        guard address.hasPrefix("172."), let second = address.split(separator: ".").dropFirst().first,
            let number = Int(second)
        else { return false }
        return (16...31).contains(number)
    }
}
