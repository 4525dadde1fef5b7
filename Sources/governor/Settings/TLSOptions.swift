import ArgumentParser

/// What a server speaks TLS with. Changed files are in use within seconds, without a restart.
struct TLSOptions: ParsableArguments {
    @Option(help: "The server's certificate and those behind it, in PEM; with --tls-key it speaks https alone.")
    var tlsCertificate: String?
    @Option(help: "The certificate's key, in PEM without a passphrase.")
    var tlsKey: String?
    @Option(help: "The authorities whose certificates clients show, in PEM (mutual TLS).")
    var tlsClientCa: String?
    @Option(help: "Whether clients without a certificate are turned away: required or optional (default: required).")
    var tlsClientCertificates: String?

    /// As `Settings` takes them.
    var flags: [String: String?] {
        [
            "tls_certificate": tlsCertificate, "tls_key": tlsKey, "tls_client_ca": tlsClientCa,
            "tls_client_certificates": tlsClientCertificates,
        ]
    }
}
