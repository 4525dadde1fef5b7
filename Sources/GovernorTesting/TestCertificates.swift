import Foundation

/// An authority of the test's own, `ca`, with certificates for `server` and `client`, and another authority, `other`, with
/// `next` and `stranger`.
public final class TestCertificates: Sendable {
    public let folder: String

    public struct Failed: Error {
        public let call: String
    }

    public init() throws {
        folder = NSTemporaryDirectory() + "governor-certificates-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for authority in ["ca", "other"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=Test \(authority)", "-keyout", path("\(authority).key"), "-out", path("\(authority).crt"))
        }
        for (name, authority) in [("server", "ca"), ("client", "ca"), ("next", "other"), ("stranger", "other")] {
            try openssl(
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)",
                "-keyout", path("\(name).key"), "-out", path("\(name).csr"))
            try "subjectAltName=DNS:localhost,DNS:redis.test".write(
                toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
            try openssl(
                "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).crt"), "-CAkey",
                path("\(authority).key"),
                "-CAcreateserial", "-days", "2", "-extfile", path("\(name).ext"), "-out", path("\(name).crt"))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    public func path(_ name: String) -> String { folder + "/" + name }

    private func openssl(_ arguments: String...) throws {
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        tool.arguments = arguments
        tool.standardOutput = FileHandle.nullDevice
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        if tool.terminationStatus != 0 { throw Failed(call: arguments[0]) }
    }
}
