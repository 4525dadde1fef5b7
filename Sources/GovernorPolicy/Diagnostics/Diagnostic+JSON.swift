extension Diagnostic {
    /// One JSON object with the fields of the printed form.
    public var json: String {
        var text = "{\"code\":\"\(code.id)\",\"name\":\"\(code.name)\",\"severity\":\"\(severity.rawValue)\""
        text += ",\"message\":\(Self.string(message)),\"file\":\(Self.string(file))"
        text += ",\"line\":\(line),\"column\":\(column),\"length\":\(length)"
        text += ",\"expected\":\(expected.map(Self.string) ?? "null")"
        text += ",\"hints\":[\(hints.map(Self.string).joined(separator: ","))]"
        let rows = excerpt.map { "{\"line\":\($0.line),\"text\":\(Self.string($0.text))}" }
        return text + ",\"excerpt\":[\(rows.joined(separator: ","))]}"
    }

    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension [Diagnostic] {
    /// `{"errors":1,"warnings":0,"notes":0,"findings":[…]}` on one line.
    public var json: String {
        let counts = Severity.allCases.map { severity in
            "\"\(severity.rawValue)s\":\(count(where: { $0.severity == severity }))"
        }
        return "{\(counts.joined(separator: ",")),\"findings\":[\(map(\.json).joined(separator: ","))]}"
    }
}
