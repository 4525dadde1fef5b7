import Foundation
import GovernorCore
import GovernorLedger

/// Checkpoints in a file, one JSON object a line.
enum CheckpointFile {
    private struct Line: Codable {
        var format = 1
        var node: String
        var sequence: UInt64
        var hash: String
        var at: String
        var signature: String
    }

    static func line(_ checkpoint: LedgerCheckpoint) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            node: checkpoint.node.description, sequence: checkpoint.head.sequence,
            hash: checkpoint.head.hash.description, at: checkpoint.at.description,
            signature: Data(checkpoint.signature).base64EncodedString())
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }

    /// - Throws: `CommandFailure` for a file that is not there, or a line that is no checkpoint.
    static func read(_ path: String) throws(CommandFailure) -> [LedgerCheckpoint] {
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("the checkpoints \(path) cannot be read")
        }
        var checkpoints: [LedgerCheckpoint] = []
        let lines = String(decoding: contents, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, text) in lines.enumerated() where !text.isEmpty {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)), line.format == 1,
                let node = NodeID(hexadecimal: line.node), let head = LedgerHead("\(line.sequence):\(line.hash)"),
                let at = try? Timestamp(parsing: line.at), let signature = Data(base64Encoded: line.signature)
            else { throw CommandFailure("\(path):\(number + 1) is no checkpoint") }
            checkpoints.append(LedgerCheckpoint(node: node, head: head, at: at, signature: [UInt8](signature)))
        }
        return checkpoints
    }
}

/// Ed25519 keys as OpenSSL writes them. Source: RFC 8410, sections 4 and 7.
enum SigningKeyFile {
    /// What stands before the 32 bytes of the key.
    private static let privateHead: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let publicHead: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]

    static func privateKey(_ path: String) throws(CommandFailure) -> [UInt8] {
        try key(path, privateHead, "PRIVATE KEY", "openssl genpkey -algorithm ed25519 -out \(path)")
    }

    static func publicKey(_ path: String) throws(CommandFailure) -> [UInt8] {
        try key(path, publicHead, "PUBLIC KEY", "openssl pkey -in PRIVATE -pubout -out \(path)")
    }

    private static func key(
        _ path: String, _ head: [UInt8], _ label: String, _ hint: String
    ) throws(CommandFailure) -> [UInt8] {
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("the key \(path) cannot be read; `\(hint)` makes one")
        }
        let text = String(decoding: contents, as: UTF8.self)
        guard let begin = text.range(of: "-----BEGIN \(label)-----"),
            let end = text.range(of: "-----END \(label)-----", range: begin.upperBound..<text.endIndex),
            let bytes = Data(
                base64Encoded: String(text[begin.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters),
            bytes.count == head.count + 32, Array(bytes.prefix(head.count)) == head
        else {
            throw CommandFailure("\(path) is not a \(label.lowercased()) of Ed25519 in PEM; `\(hint)` makes one")
        }
        return Array(bytes.suffix(32))
    }
}
