/// A strict reader of comma-separated values, or of values with another separator, fed piece by piece.
///
/// Lines end in LF or CRLF; a byte order mark at the start is dropped; empty lines are skipped. A row that breaks the
/// rules is handed out as such, and reading goes on after the next line end.
/// Source: RFC 4180.
package struct CSVParser: Sendable {
    /// One row, or why there is none, and the line that it began on, from 1.
    package struct Row: Equatable, Sendable {
        package var line: Int
        package var fields: Result<[String], CSVError>
    }

    package static let fieldBytesMax = 64 << 10
    package static let fieldsMax = 256

    private enum State: Sendable {
        case fieldStart, bare, quoted
        /// A quote inside a quoted field: its end, or the first of two.
        case quoteInQuoted
        /// A CR that must be followed by LF.
        case carriageReturn
        /// After an error: up to the line's end.
        case skipping
    }

    private let separator: UInt8
    private var state = State.fieldStart
    private var line = 1
    private var rowLine = 1
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var error: CSVError?
    private var markBytes = 0
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    package init(separator: UInt8 = UInt8(ascii: ",")) { self.separator = separator }

    /// Hands every row that ends in `bytes` to `body`.
    package mutating func feed(_ bytes: some Sequence<UInt8>, _ body: (Row) throws -> Void) rethrows {
        for byte in bytes {
            if markBytes < 3 {
                if byte == Self.mark[markBytes] {
                    markBytes += 1
                    continue
                }
                let held = Self.mark[..<markBytes]
                markBytes = 3
                for byte in held { try take(byte, body) }
            }
            try take(byte, body)
        }
    }

    /// Hands out the last row, if no line end followed it.
    package mutating func finish(_ body: (Row) throws -> Void) rethrows {
        switch state {
        case .quoted: fail(.quoteOpen)
        case .carriageReturn: fail(.bareCarriageReturn)
        case .fieldStart where fields.isEmpty: return
        default: break
        }
        try endRow(body)
    }

    private mutating func take(_ byte: UInt8, _ body: (Row) throws -> Void) rethrows {
        switch state {
        case .fieldStart:
            switch byte {
            case UInt8(ascii: "\""): state = .quoted
            case separator: endField()
            case UInt8(ascii: "\n"): try endLine(body)
            case UInt8(ascii: "\r"): state = .carriageReturn
            default:
                state = .bare
                append(byte)
            }
        case .bare:
            switch byte {
            case separator: endField()
            case UInt8(ascii: "\n"): try endLine(body)
            case UInt8(ascii: "\r"): state = .carriageReturn
            case UInt8(ascii: "\""): fail(.quoteInside)
            default: append(byte)
            }
        case .quoted:
            if byte == UInt8(ascii: "\"") {
                state = .quoteInQuoted
            } else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                append(byte)
            }
        case .quoteInQuoted:
            switch byte {
            case UInt8(ascii: "\""):
                state = .quoted
                append(byte)
            case separator: endField()
            case UInt8(ascii: "\n"): try endLine(body)
            case UInt8(ascii: "\r"): state = .carriageReturn
            default: fail(.textAfterQuote)
            }
        case .carriageReturn:
            if byte == UInt8(ascii: "\n") { try endLine(body) } else { fail(.bareCarriageReturn) }
        case .skipping:
            if byte == UInt8(ascii: "\n") { try endLine(body) }
        }
    }

    private mutating func append(_ byte: UInt8) {
        if field.count >= Self.fieldBytesMax { return fail(.fieldTooLong) }
        field.append(byte)
    }

    private mutating func fail(_ error: CSVError) {
        if self.error == nil { self.error = error }
        state = .skipping
    }

    private mutating func endField() {
        state = .fieldStart
        guard fields.count < Self.fieldsMax else { return fail(.tooManyFields) }
        if field.isEmpty {
            fields.append("")
        } else if let text = String(validating: field, as: UTF8.self) {
            fields.append(text)
        } else {
            fields.append("")
            error = error ?? .notUTF8
        }
        field.removeAll(keepingCapacity: true)
    }

    private mutating func endLine(_ body: (Row) throws -> Void) rethrows {
        line += 1
        let isEmpty =
            fields.isEmpty && field.isEmpty && error == nil && (state == .fieldStart || state == .carriageReturn)
        if isEmpty {
            state = .fieldStart
            rowLine = line
            return
        }
        try endRow(body)
    }

    private mutating func endRow(_ body: (Row) throws -> Void) rethrows {
        if error == nil { endField() }
        let row = Row(line: rowLine, fields: error.map { .failure($0) } ?? .success(fields))
        state = .fieldStart
        rowLine = line
        error = nil
        fields.removeAll(keepingCapacity: true)
        field.removeAll(keepingCapacity: true)
        try body(row)
    }
}

/// What is wrong with a row.
package enum CSVError: String, Error {
    case quoteOpen = "csv.quote_open"
    case quoteInside = "csv.quote_inside"
    case textAfterQuote = "csv.text_after_quote"
    case bareCarriageReturn = "csv.bare_carriage_return"
    case fieldTooLong = "csv.field_too_long"
    case tooManyFields = "csv.too_many_fields"
    case notUTF8 = "csv.not_utf8"

    package var detail: String {
        switch self {
        case .quoteOpen: "a quoted field is not closed before the end of the file"
        case .quoteInside: "a quote stands inside a field that does not begin with one: quote the field and double it"
        case .textAfterQuote: "something follows a closing quote: only a separator or the line's end may"
        case .bareCarriageReturn: "a carriage return without a line feed: end lines with LF or CRLF"
        case .fieldTooLong: "a field is longer than \(CSVParser.fieldBytesMax) bytes; is a quote missing?"
        case .tooManyFields: "more than \(CSVParser.fieldsMax) fields"
        case .notUTF8: "a field is not UTF-8: save the file in that encoding"
        }
    }
}
