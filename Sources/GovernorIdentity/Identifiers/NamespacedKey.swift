/// A key of the company's own, `crm:8841`: a namespace and a value, compared byte by byte.
///
/// The namespace is `[a-z][a-z0-9_-]{0,31}`, the value 1…256 bytes of UTF-8 without control characters and without a
/// space at either end. The value may hold further colons and is taken as it stands: case counts.
public struct NamespacedKey: Hashable, Sendable {
    public let text: String
    /// How many bytes of `text` come before the colon.
    public let namespaceCount: Int

    public static let namespaceBytesMax = 32
    public static let valueBytesMax = 256

    public init(_ text: String) throws(IdentifierError) {
        namespaceCount = try withUTF8(text) { (bytes) throws(IdentifierError) in try Self.validate(utf8: bytes) }
        self.text = text
    }

    public var namespace: Substring { text[..<text.utf8.index(text.startIndex, offsetBy: namespaceCount)] }
    public var value: Substring { text[text.utf8.index(text.startIndex, offsetBy: namespaceCount + 1)...] }

    /// Checks a key without building one; returns how many bytes come before the colon. Does not allocate.
    public static func validate(utf8 bytes: UnsafeRawBufferPointer) throws(IdentifierError) -> Int {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .key(.colonMissing) }
        guard colon > 0 else { throw .key(.namespaceEmpty) }
        guard colon <= namespaceBytesMax else { throw .key(.namespaceTooLong) }
        guard (0x61...0x7a).contains(bytes[0]) else { throw .key(.namespaceStart) }
        for byte in bytes[1..<colon] {
            switch byte {
            case 0x61...0x7a, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "-"): continue
            default: throw .key(.namespaceCharacter)
            }
        }
        let value = UnsafeRawBufferPointer(rebasing: bytes[(colon + 1)...])
        guard let first = value.first, let last = value.last else { throw .key(.valueEmpty) }
        guard value.count <= valueBytesMax else { throw .key(.valueTooLong) }
        guard first != 0x20, last != 0x20 else { throw .key(.valueSpaceAtEnd) }
        var isASCII = true
        for byte in value {
            if byte < 0x20 || byte == 0x7f { throw .key(.valueControlCharacter) }
            if byte >= 0x80 { isASCII = false }
        }
        if !isASCII {
            guard isValidUTF8(value) else { throw .key(.invalidUTF8) }
            // The controls U+0080…U+009F are C2 80…C2 9F.
            var previous: UInt8 = 0
            for byte in value {
                if previous == 0xc2, byte < 0xa0 { throw .key(.valueControlCharacter) }
                previous = byte
            }
        }
        return colon
    }
}
