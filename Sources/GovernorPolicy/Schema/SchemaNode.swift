/// A JSON Schema, or a part of one, with its members in the order in which they are written.
indirect enum SchemaNode {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([SchemaNode])
    case group([(String, SchemaNode)])

    /// Indented by two spaces, with a line for each member and item that is not short.
    func json(indent: Int = 0) -> String {
        if let short = flat(most: 100 - indent) { return short }
        let pad = String(repeating: " ", count: indent + 2)
        let end = "\n" + String(repeating: " ", count: indent)
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            return "[\n" + items.map { pad + $0.json(indent: indent + 2) }.joined(separator: ",\n") + end + "]"
        case .group(let members):
            let lines = members.map { pad + Self.quoted($0.0) + ": " + $0.1.json(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        }
    }

    /// On one line; `nil` when that would be longer than `most`.
    private func flat(most: Int) -> String? {
        switch self {
        case .text(let text):
            let result = Self.quoted(text)
            return result.count <= most ? result : nil
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            var parts: [String] = []
            var left = most - 2
            for item in items {
                guard let part = item.flat(most: left) else { return nil }
                parts.append(part)
                left -= part.count + 2
            }
            return left < -2 ? nil : "[" + parts.joined(separator: ", ") + "]"
        case .group(let members):
            if members.isEmpty { return "{}" }
            var parts: [String] = []
            var left = most - 4
            for (name, node) in members {
                let key = Self.quoted(name) + ": "
                guard let part = node.flat(most: left - key.count) else { return nil }
                parts.append(key + part)
                left -= key.count + part.count + 2
            }
            return left < -2 ? nil : "{ " + parts.joined(separator: ", ") + " }"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension SchemaNode: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

// The shapes that policies are made of.
extension SchemaNode {
    static func reference(_ name: String) -> SchemaNode { .group([("$ref", .text("#/definitions/\(name)"))]) }

    /// The same with a sentence that editors show.
    func described(_ text: String) -> SchemaNode {
        switch self {
        // Beside a reference other members are not looked at.
        case .group(let members) where members.contains(where: { $0.0 == "$ref" }):
            return .group([("description", .text(text)), ("allOf", .list([self]))])
        case .group(let members): return .group([("description", .text(text))] + members)
        default: return self
        }
    }

    static var string: SchemaNode { .group([("type", "string")]) }

    static func integer(_ range: ClosedRange<Int>) -> SchemaNode {
        .group([
            ("type", "integer"), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
        ])
    }

    /// One of these words and no other.
    static func words(_ words: [String]) -> SchemaNode {
        .group([("enum", .list(words.map { .text($0) }))])
    }

    /// A name of one's own; editors propose these.
    static func names(_ known: [String]) -> SchemaNode {
        .group([("anyOf", .list([words(known), reference("name")]))])
    }

    /// A list, for which a single value may stand.
    static func oneOrMore(_ item: SchemaNode, mayBeEmpty: Bool = false) -> SchemaNode {
        var list: [(String, SchemaNode)] = [("type", "array"), ("items", item)]
        if !mayBeEmpty { list.append(("minItems", .number(1))) }
        return .group([("anyOf", .list([.group(list), item]))])
    }

    static func object(
        _ members: [(String, SchemaNode)], required: [String] = []
    ) -> SchemaNode {
        var result: [(String, SchemaNode)] = [("type", "object"), ("properties", .group(members))]
        if !required.isEmpty { result.append(("required", .list(required.map { .text($0) }))) }
        return .group(result + [("additionalProperties", .flag(false))])
    }

    /// A group whose keys are names.
    static func named(_ value: SchemaNode) -> SchemaNode {
        .group([("type", "object"), ("additionalProperties", value)])
    }

    static func any(of nodes: [SchemaNode]) -> SchemaNode { .group([("anyOf", .list(nodes))]) }
}
