/// Writes rows as `CSVParser` reads them. Source: RFC 4180.
package enum CSVText {
    /// Appends one row and its line end (CRLF).
    package static func append(
        _ cells: some Sequence<String>, separator: UInt8 = UInt8(ascii: ","), to bytes: inout [UInt8]
    ) {
        var isFirst = true
        for cell in cells {
            if !isFirst { bytes.append(separator) }
            isFirst = false
            append(cell, separator: separator, to: &bytes)
        }
        endRow(&bytes)
    }

    /// Appends one cell, in quotes where it must be.
    package static func append(_ cell: String, separator: UInt8 = UInt8(ascii: ","), to bytes: inout [UInt8]) {
        var cell = cell
        cell.withUTF8 { text in
            let needsQuotes = text.contains {
                $0 == separator || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
            }
            if !needsQuotes { return bytes.append(contentsOf: text) }
            bytes.append(UInt8(ascii: "\""))
            for byte in text {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    package static func endRow(_ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}
