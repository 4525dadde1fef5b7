import GovernorIdentity
import GovernorRuntime

/// 32 hexadecimal digits that stand for a file's contents, the same everywhere; fed in pieces of any length.
///
/// Not a secret, and no proof: it tells a file that was there before.
package struct ContentDigest: Sendable {
    private var words = SIMD4<UInt64>()
    private var piece: [UInt8] = []

    private static let pieceBytes = 256 << 10
    private static let hasher: IdentifierHasher = {
        do throws(SecretError) { return try IdentifierHasher(secret: Array("governor import digest".utf8)) } catch {
            preconditionFailure("\(error)")
        }
    }()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.pieceBytes - piece.count)
            piece.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if piece.count == Self.pieceBytes { close() }
        }
    }

    package mutating func finish() -> String {
        if !piece.isEmpty { close() }
        return hexadecimal(words[0]) + hexadecimal(words[1])
    }

    private mutating func close() {
        let before = (0..<4).flatMap { i in withUnsafeBytes(of: words[i].bigEndian) { Array($0) } }
        words = Self.hasher.tag("import", before + piece).words
        piece.removeAll(keepingCapacity: true)
    }
}
