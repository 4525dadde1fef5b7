/// The fields of a form as browsers and mail providers send them: `application/x-www-form-urlencoded` or
/// `multipart/form-data`. Source: the URL Standard, section 5.1; RFC 7578.
package struct FormBody: Sendable {
    package private(set) var fields: [(name: String, value: String)] = []

    /// Bytes of one body, and fields in it.
    package static let bytesMax = 16 * 1024
    package static let fieldsMax = 256

    /// `nil` when it is neither, or not written as it should be.
    package init?(_ bytes: [UInt8], contentType: String?) {
        let parts = (contentType ?? "").split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.trimmingASCIISpace() }
        switch parts.first?.lowercased() {
        case "application/x-www-form-urlencoded":
            guard let read = Self.urlencoded(bytes) else { return nil }
            fields = read
        case "multipart/form-data":
            let boundary = parts.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }
                .map { $0.dropFirst("boundary=".count).filter { $0 != "\"" } }
            guard let boundary, (1...70).contains(boundary.utf8.count),
                let read = Self.multipart(bytes, boundary: Array(boundary.utf8))
            else { return nil }
            fields = read
        default: return nil
        }
    }

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    package func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    // MARK: Reading

    private static func urlencoded(_ bytes: [UInt8]) -> [(String, String)]? {
        var fields: [(String, String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count < fieldsMax, let name = decoded(parts[0]) else { return nil }
            guard let value = parts.count > 1 ? decoded(parts[1]) : "" else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var i = bytes.startIndex
        while i < bytes.endIndex {
            switch bytes[i] {
            case UInt8(ascii: "+"): result.append(0x20)
            case UInt8(ascii: "%"):
                guard i + 2 < bytes.endIndex, let high = hexDigit(bytes[i + 1]), let low = hexDigit(bytes[i + 2]) else {
                    return nil
                }
                result.append(UInt8(high << 4 | low))
                i += 2
            default: result.append(bytes[i])
            }
            i += 1
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func multipart(_ bytes: [UInt8], boundary: [UInt8]) -> [(String, String)]? {
        let delimiter = Array("--".utf8) + boundary
        var fields: [(String, String)] = []
        guard var rest = bytes.firstRange(of: delimiter).map({ bytes[$0.upperBound...] }) else { return nil }
        while true {
            if rest.starts(with: Array("--".utf8)) { return fields }
            // Up to two line ends: some senders write LF alone.
            guard let line = rest.firstIndex(of: 0x0a), let end = rest.firstRange(of: delimiter) else { return nil }
            guard line < end.lowerBound else { return nil }
            let part = rest[(line + 1)..<end.lowerBound]
            guard fields.count < fieldsMax, let field = field(part) else { return nil }
            fields.append(field)
            rest = rest[end.upperBound...]
        }
    }

    private static func field(_ part: ArraySlice<UInt8>) -> (String, String)? {
        let text = String(decoding: part, as: UTF8.self).replacing("\r\n", with: "\n")
        guard let gap = text.firstRange(of: "\n\n") else { return nil }
        let head = text[..<gap.lowerBound].split(separator: "\n")
            .first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let head else { return nil }
        let name = head.split(separator: ";").map { $0.trimmingASCIISpace() }
            .first { $0.lowercased().hasPrefix("name=") }?.dropFirst("name=".count)
        guard let name else { return nil }
        var value = text[gap.upperBound...]
        if value.hasSuffix("\n") { value.removeLast() }
        return (name.filter { $0 != "\"" }, String(value))
    }
}

extension StringProtocol {
    func trimmingASCIISpace() -> String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
