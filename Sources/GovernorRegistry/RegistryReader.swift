import Glibc
public import GovernorCore
import GovernorIdentity

/// Reads the rows of a list and hands on every number; rows that hold none are refused by line.
///
/// Plain digits of North America and numbers that begin with `+` are read where they stand, some 50 ns; anything else goes
/// through libphonenumber, some 10 µs.
public struct RegistryReader {
    public let layout: RegistryLayout
    /// Where numbers without a calling code are dialled from.
    public let country: Jurisdiction
    public private(set) var rowCount = 0
    public private(set) var refusedCount = 0
    private let isNorthAmerica: Bool
    private var isHeaderDue: Bool
    private var line = 0
    private var rest: [UInt8] = []

    private static let rowBytesMax = 4_096

    public init(layout: RegistryLayout, country: Jurisdiction) {
        self.layout = layout
        self.country = country
        isNorthAmerica = (try? PhoneNumber("2125550100", country: country))?.digits == 12_125_550_100
        isHeaderDue = layout.hasHeader
    }

    /// Reads the next bytes of a file; a row may go on in the bytes that follow.
    ///
    /// - Parameters:
    ///   - take: a number, and since when it is listed, in days since 1970; 0 when the list does not say.
    ///   - refuse: the line, from 1, what stands there, and why it is refused.
    public mutating func read(
        _ bytes: UnsafeRawBufferPointer, take: (UInt64, UInt16) -> Void, refuse: (Int, String, String) -> Void
    ) {
        var start = 0
        while start < bytes.count {
            guard
                let found = memchr(bytes.baseAddress! + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
            else { break }
            let end = UnsafeRawPointer(found) - bytes.baseAddress!
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if rest.isEmpty {
                row(piece, take, refuse)
            } else {
                rest.append(contentsOf: piece)
                let whole = rest
                rest = []
                whole.withUnsafeBytes { row($0, take, refuse) }
            }
            start = end + 1
        }
        if start < bytes.count {
            rest.append(contentsOf: bytes[start...])
            // A row without end is cut: it is refused for its length.
            if rest.count > Self.rowBytesMax * 2 { rest.removeLast(rest.count - Self.rowBytesMax * 2) }
        }
    }

    /// The last row of a file that does not end with a line break. The next file begins with its own header.
    public mutating func endFile(take: (UInt64, UInt16) -> Void, refuse: (Int, String, String) -> Void) {
        let last = rest
        rest = []
        if !last.isEmpty { last.withUnsafeBytes { row($0, take, refuse) } }
        line = 0
        isHeaderDue = layout.hasHeader
    }

    private mutating func row(
        _ bytes: UnsafeRawBufferPointer, _ take: (UInt64, UInt16) -> Void, _ refuse: (Int, String, String) -> Void
    ) {
        line += 1
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { return }
        if isHeaderDue {
            isHeaderDue = false
            return
        }
        rowCount += 1
        func refused(_ why: String) {
            refusedCount += 1
            refuse(line, String(decoding: bytes.prefix(80), as: UTF8.self).filter { $0 != "\r" }, why)
        }
        if bytes.count > Self.rowBytesMax { return refused("the row is longer than \(Self.rowBytesMax) bytes") }
        var day: UInt16 = 0
        if let column = layout.dateColumn {
            let text = field(column, bytes)
            if !text.isEmpty {
                guard let date = try? LocalDate(parsing: text), date.days > 0, date.days <= Int32(UInt16.max) else {
                    return refused("`\(String(decoding: text, as: UTF8.self))` is not a date such as 2020-05-01")
                }
                day = UInt16(date.days)
            }
        }
        switch layout.number {
        case .split(let area, let rest):
            let (first, second) = (field(area, bytes), field(rest, bytes))
            withUnsafeTemporaryAllocation(byteCount: first.count + second.count, alignment: 1) { both in
                both.copyBytes(from: first)
                UnsafeMutableRawBufferPointer(rebasing: both[first.count...]).copyBytes(from: second)
                let bytes = UnsafeRawBufferPointer(both)
                if let digits = number(bytes) { take(digits, day) } else { refused(why(bytes)) }
            }
        case .column(let column):
            if let digits = number(field(column, bytes)) {
                take(digits, day)
            } else {
                refused(why(field(column, bytes)))
            }
        }
    }

    private func why(_ text: UnsafeRawBufferPointer) -> String {
        country.isUnknown && !text.contains(UInt8(ascii: "+")) && text.contains { $0 &- 0x30 < 10 }
            ? "without a country, a number begins with + and its calling code" : "this is not a number"
    }

    /// A column without the quotes and blanks around it; empty when the row is shorter.
    private func field(_ column: Int, _ row: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = row.count
        if let separator = layout.separator {
            var at = 0
            var i = 0
            while i < row.count {
                if row[i] == separator {
                    if at == column {
                        end = i
                        break
                    }
                    at += 1
                    start = i + 1
                }
                i += 1
            }
            if at < column { return UnsafeRawBufferPointer(rebasing: row[row.count...]) }
        }
        func isEdge(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == UInt8(ascii: "\"") || byte == 0x0d || byte == 0x09
        }
        while start < end, isEdge(row[start]) { start += 1 }
        while end > start, isEdge(row[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: row[start..<end])
    }

    private func number(_ text: UnsafeRawBufferPointer) -> UInt64? {
        if isNorthAmerica, text.count == 10, text[0] >= UInt8(ascii: "2"), text.allSatisfy({ $0 &- 0x30 < 10 }) {
            // As libphonenumber reads it whenever it takes ten digits for a number of this country.
            return withUnsafeTemporaryAllocation(byteCount: 12, alignment: 1) { buffer in
                buffer[0] = UInt8(ascii: "+")
                buffer[1] = UInt8(ascii: "1")
                UnsafeMutableRawBufferPointer(rebasing: buffer[2...]).copyMemory(from: text)
                return (try? PhoneNumber(utf8: UnsafeRawBufferPointer(buffer), country: country))?.digits
            }
        }
        return (try? PhoneNumber(utf8: text, country: country))?.digits
    }
}
