/// The little JSON that commands write themselves.
enum JSONText {
    enum Value {
        case text(String)
        case optional(String?)
        case texts([String])
        case number(Int)
        case optionalNumber(Int?)
        case flag(Bool)
        /// JSON already.
        case raw(String)
    }

    static func object(_ fields: [(String, Value)]) -> String {
        var text = "{"
        for (index, (name, value)) in fields.enumerated() {
            if index > 0 { text += "," }
            append(name, to: &text)
            text += ":"
            append(value, to: &text)
        }
        return text + "}"
    }

    private static func append(_ value: Value, to text: inout String) {
        switch value {
        case .text(let value): append(value, to: &text)
        case .optional(let value):
            if let value { append(value, to: &text) } else { text += "null" }
        case .texts(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                append(value, to: &text)
            }
            text += "]"
        case .number(let value): text += String(value)
        case .optionalNumber(let value): text += value.map(String.init) ?? "null"
        case .flag(let value): text += value ? "true" : "false"
        case .raw(let value): text += value
        }
    }

    static func append(_ value: String, to text: inout String) {
        text += "\""
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            text += value
            text += "\""
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
