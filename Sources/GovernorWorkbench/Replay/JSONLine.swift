import GovernorPolicy

/// Reads one line of JSON (RFC 8259) into the tree that test files are read into, so that both know the same bodies.
struct JSONLine {
    /// What is wrong, and at which byte of the line, from 0.
    struct Malformed: Error {
        var at: Int
        var expected: String
    }

    /// Objects and lists inside each other, at most.
    static let depthMax = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    /// - Throws: `Malformed`.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Malformed) -> LocatedNode {
        var reader = JSONLine(bytes: bytes)
        reader.skipSpace()
        let node = try reader.value()
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.malformed("the end of the line") }
        return node
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func malformed(_ expected: String) -> Malformed { Malformed(at: position, expected: expected) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a { position += 1 }
    }

    private mutating func value() throws(Malformed) -> LocatedNode {
        let start = position
        switch next {
        case UInt8(ascii: "{"): return try object(start)
        case UInt8(ascii: "["): return try list(start)
        case UInt8(ascii: "\""): return node(.scalar(try text(), isPlain: false), start)
        case nil: throw malformed("a value")
        default:
            while let byte = next, Self.isPlain(byte) { position += 1 }
            let word = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
            guard ["true", "false", "null"].contains(word) || Self.isNumber(word) else {
                position = start
                throw malformed("a value")
            }
            return node(.scalar(word, isPlain: true), start)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Numbers of requests and answers are counts; whatever reads as one will do.
    private static func isNumber(_ word: String) -> Bool {
        guard let first = word.utf8.first, first == UInt8(ascii: "-") || first >= 0x30 && first <= 0x39 else {
            return false
        }
        return Double(word) != nil
    }

    private func node(_ content: LocatedNode.Content, _ start: Int) -> LocatedNode {
        LocatedNode(content: content, span: SourceSpan(start: start, end: position))
    }

    private mutating func object(_ start: Int) throws(Malformed) -> LocatedNode {
        try enter()
        var entries: [LocatedNode.Entry] = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            leave()
            return node(.mapping([]), start)
        }
        while true {
            skipSpace()
            let keyStart = position
            guard next == UInt8(ascii: "\"") else { throw malformed("a key in quotes") }
            let name = try text()
            let key = node(.scalar(name, isPlain: false), keyStart)
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw malformed("a colon") }
            position += 1
            skipSpace()
            entries.append(LocatedNode.Entry(key: key, name: name, value: try value()))
            skipSpace()
            if next == UInt8(ascii: "}") {
                leave()
                return node(.mapping(entries), start)
            }
            guard next == UInt8(ascii: ",") else { throw malformed("a comma or the end of the object") }
            position += 1
        }
    }

    private mutating func list(_ start: Int) throws(Malformed) -> LocatedNode {
        try enter()
        var items: [LocatedNode] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            leave()
            return node(.sequence([]), start)
        }
        while true {
            skipSpace()
            items.append(try value())
            skipSpace()
            if next == UInt8(ascii: "]") {
                leave()
                return node(.sequence(items), start)
            }
            guard next == UInt8(ascii: ",") else { throw malformed("a comma or the end of the list") }
            position += 1
        }
    }

    private mutating func enter() throws(Malformed) {
        position += 1
        depth += 1
        if depth > Self.depthMax { throw malformed("fewer levels") }
    }

    private mutating func leave() {
        position += 1
        depth -= 1
    }

    private mutating func text() throws(Malformed) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), as: UTF8.self)
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw malformed("an escaped control character")
            default: unescaped.append(byte)
            }
        }
        throw malformed("the end of the text")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Malformed) {
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5c, UInt8(ascii: "/"): 0x2f, UInt8(ascii: "b"): 0x08,
            UInt8(ascii: "f"): 0x0c, UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09,
        ]
        guard let byte = next else { throw malformed("an escape") }
        position += 1
        if let known = plain[byte] { return text.append(known) }
        guard byte == UInt8(ascii: "u") else { throw malformed("an escape") }
        var scalar = try unit()
        if (0xd800..<0xdc00).contains(scalar) {
            guard next == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
            else {
                throw malformed("the second half of a character")
            }
            position += 2
            let low = try unit()
            guard (0xdc00..<0xe000).contains(low) else { throw malformed("the second half of a character") }
            scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let character = Unicode.Scalar(scalar) else { throw malformed("a whole character") }
        text.append(contentsOf: Array(String(character).utf8))
    }

    private mutating func unit() throws(Malformed) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(
                String(decoding: UnsafeBufferPointer(rebasing: bytes[position..<position + 4]), as: UTF8.self),
                radix: 16)
        else { throw malformed("four hexadecimal digits") }
        position += 4
        return value
    }
}
