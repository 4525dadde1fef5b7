/// The fields of a form or a query, in their order: `application/x-www-form-urlencoded`.
struct FormFields: Sendable {
    private(set) var fields: [(name: String, value: String)] = []

    /// Fields of one form, at most; what comes after them is not read.
    static let countMax = 256

    init() {}

    init(_ encoded: some Collection<UInt8>) {
        for part in encoded.split(separator: UInt8(ascii: "&")).prefix(Self.countMax) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = Self.decoded(part[..<(equals ?? part.endIndex)])
            let value = equals.map { Self.decoded(part[part.index(after: $0)...]) } ?? ""
            fields.append((name, value))
        }
    }

    init(_ fields: [(name: String, value: String)]) { self.fields = fields }

    /// The first field of that name, as it was sent.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Every value of that name: what several boxes that are ticked send.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Without white space around it; `nil` when it is missing or nothing but that.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        let text = value.trimmed
        return text.isEmpty ? nil : text
    }

    mutating func set(_ name: String, _ value: String) {
        fields.removeAll { $0.name == name }
        fields.append((name, value))
    }

    private static func decoded(_ part: some Collection<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var rest = part[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let high = digits.first?.hexValue,
                    let low = digits[digits.index(after: digits.startIndex)].hexValue
                {
                    bytes.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A value as it may stand in a query.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a
                || "-._~".utf8.contains(byte)
            if isPlain { bytes.append(byte) } else { bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `?name=value&…` of those that have a value; empty for none.
    static func query(_ pairs: [(String, String?)]) -> String {
        let parts = pairs.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(name)=\(encoded($0))" }
        }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

extension StringProtocol {
    /// Without white space at its ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
