/// A file's text with what it takes to name a place in it. Offsets count Unicode scalars from 0, as the parser does.
package struct SourceText: Sendable {
    package let file: String
    /// UTF-8 without a byte order mark.
    package let bytes: [UInt8]
    private let lines: [Line]

    private struct Line {
        var scalarStart: Int
        /// The line break is not included.
        var scalarCount: Int
        var byteStart: Int
        /// The line break is not included.
        var byteEnd: Int
    }

    /// `bytes` must be UTF-8.
    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        var lines: [Line] = []
        var start = (scalar: 0, byte: 0)
        var scalar = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte & 0xc0 != 0x80 { scalar += 1 }
            index += 1
            guard byte == 0x0a || byte == 0x0d else { continue }
            let end = (scalar: scalar - 1, byte: index - 1)
            if byte == 0x0d, index < bytes.count, bytes[index] == 0x0a {
                scalar += 1
                index += 1
            }
            lines.append(
                Line(
                    scalarStart: start.scalar, scalarCount: end.scalar - start.scalar, byteStart: start.byte,
                    byteEnd: end.byte))
            start = (scalar, index)
        }
        lines.append(
            Line(
                scalarStart: start.scalar, scalarCount: scalar - start.scalar, byteStart: start.byte,
                byteEnd: bytes.count))
        self.lines = lines
    }

    /// Line and column from 1. An offset past the end is the end.
    package func position(of offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle].scalarStart <= offset { low = middle } else { high = middle }
        }
        let within = max(0, offset - lines[low].scalarStart)
        return (low + 1, min(within, length(ofLine: low + 1)) + 1)
    }

    /// The scalars of a line, from 1, without its break.
    package func length(ofLine line: Int) -> Int { lines[line - 1].scalarCount }

    /// `nil` for a line so long that it would not be read, and that findings should not carry along.
    package func excerpt(ofLine line: Int) -> String? {
        let line = lines[line - 1]
        guard line.byteEnd - line.byteStart <= 2_000 else { return nil }
        return String(decoding: bytes[line.byteStart..<line.byteEnd], as: UTF8.self)
    }

    /// The scalar offset of a byte offset; past the end is the end.
    package func scalarOffset(ofByte byte: Int) -> Int {
        bytes[..<min(max(0, byte), bytes.count)].reduce(into: 0) { if $1 & 0xc0 != 0x80 { $0 += 1 } }
    }
}

/// A stretch of a source text, `[start, end)` in scalars.
package struct SourceSpan: Hashable, Sendable {
    package var start: Int
    package var end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}
