/// What every answer says to browsers: take nothing for what it is not called, keep nothing, show nothing in a frame.
///
/// There is no field of CORS: a page of another origin cannot read an answer, nor send a request with a key.
enum SecurityFields {
    /// Source: OWASP, REST Security Cheat Sheet, "Security Headers"; RFC 6797.
    static func of(_ configuration: HTTPConfiguration) -> [(name: String, value: String)] {
        let fields = [("x-content-type-options", "nosniff"), ("cache-control", "no-store")]
        return configuration.certificates == nil ? fields : fields + [("strict-transport-security", "max-age=31536000")]
    }

    /// Further ones for what is not read by programs alone; a page that has its own keeps them.
    static let further = [
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"), ("referrer-policy", "no-referrer"),
    ]
}
