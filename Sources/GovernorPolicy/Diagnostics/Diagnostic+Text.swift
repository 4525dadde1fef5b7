extension Diagnostic: CustomStringConvertible {
    /// `policies/house.yaml:14:7: error[P011]: unknown key …`, the excerpt with a caret, and the hints.
    public var description: String {
        var text = "\(file):\(line):\(column): \(severity.rawValue)[\(code.id)]: \(message)\n"
        let width = String(line).count
        let margin = String(repeating: " ", count: width)
        if !excerpt.isEmpty { text += "\(margin) |\n" }
        for row in excerpt {
            let number = String(row.line)
            let pad = String(repeating: " ", count: width - number.count)
            let isMarked = row.line == line
            let shown = DisplayLine(row.text, column: isMarked ? column : 1, length: isMarked ? length : 1)
            text += "\(pad)\(number) | \(shown.text)".trimmedSpaces + "\n"
            if isMarked {
                text += "\(margin) | " + String(repeating: " ", count: shown.caretStart)
                text += String(repeating: "^", count: max(1, shown.caretWidth))
                if let expected { text += " expected \(expected)" }
                text += "\n"
            }
        }
        if excerpt.isEmpty, let expected { text += "\(margin) = expected: \(expected)\n" }
        for hint in hints { text += "\(margin) = hint: \(hint)\n" }
        text += "\(margin) = more: governor policy explain \(code.id)"
        return text
    }
}

extension [Diagnostic] {
    /// Every finding, with an empty line between them; empty when there is none.
    public var report: String { map { $0.description + "\n" }.joined(separator: "\n") }

    /// `2 errors, 1 warning`; empty when there is none.
    public var summary: String {
        Severity.allCases.compactMap { severity in
            let count = count(where: { $0.severity == severity })
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }
}

/// A source line as a terminal shows it: tabs as spaces, control characters replaced, long lines cut around the caret.
/// The one place that turns columns into display width.
struct DisplayLine {
    var text = ""
    var caretStart = 0
    var caretWidth = 0

    private static let widthMax = 120

    init(_ line: String, column: Int, length: Int) {
        let first = column - 1
        var scalars = Array(line.unicodeScalars)
        var offset = 0
        if scalars.count > Self.widthMax {
            offset = max(0, min(first - Self.widthMax / 3, scalars.count - Self.widthMax))
            let end = min(scalars.count, offset + Self.widthMax)
            let isCut = end < scalars.count
            scalars = Array(scalars[offset..<end])
            if offset > 0 { scalars[0] = "…" }
            if isCut { scalars[scalars.count - 1] = "…" }
        }
        var width = 0
        for (index, scalar) in scalars.enumerated() {
            let position = index + offset
            if position == first { caretStart = width }
            let scalarWidth: Int
            if scalar == "\t" {
                scalarWidth = 4
                text += "    "
            } else if scalar.properties.generalCategory == .control || scalar.properties.isBidiControl {
                scalarWidth = 1
                text += "\u{fffd}"
            } else {
                scalarWidth = Self.width(of: scalar)
                text.unicodeScalars.append(scalar)
            }
            if position >= first && position < first + length { caretWidth += scalarWidth }
            width += scalarWidth
        }
        if first >= offset + scalars.count { caretStart = width }
    }

    /// Columns of a terminal: none for marks that combine, two for East Asian wide ones and emoji.
    /// Source: Unicode Standard Annex 11, the blocks whose characters are Wide by default.
    static func width(of scalar: Unicode.Scalar) -> Int {
        let category = scalar.properties.generalCategory
        if category == .nonspacingMark || category == .enclosingMark || category == .format { return 0 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
            0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
            0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}

extension String {
    var trimmedSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
