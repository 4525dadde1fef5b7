import Foundation
import GovernorCore
import Synchronization

/// Checks values against schemas of one document: the part of JSON Schema that `openapi.yaml` and policy files
/// use.
///
/// A keyword that is not understood is reported like a wrong value, so that no schema is checked by half.
/// Source: JSON Schema, draft 2020-12.
public struct JSONSchema {
    /// The document that references lead into.
    let root: JSONValue

    public init(root: JSONValue) { self.root = root }

    private static let annotations: Set<String> = [
        "description", "title", "default", "example", "examples", "summary", "$schema", "definitions",
    ]

    /// What is wrong with `value`, each with its JSON path; empty when nothing is.
    public func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        guard let keywords = schema.object else { return ["\(path): its schema is not an object"] }
        var found: [String] = []
        for (keyword, argument) in keywords.sorted(by: { $0.key < $1.key }) {
            found += problems(value, keyword, argument, keywords, at: path)
        }
        return found
    }

    private func problems(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: [String: JSONValue], at path: String
    ) -> [String] {
        func unless(_ isFine: Bool, _ problem: @autoclosure () -> String) -> [String] {
            isFine ? [] : ["\(path): \(problem())"]
        }
        let bound = argument.number ?? 0
        switch keyword {
        case "$ref":
            guard let target = resolve(argument) else { return ["\(path): no schema \(argument)"] }
            return problems(value, target, at: path)
        case "type":
            let types = argument.array?.compactMap(\.string) ?? [argument.string ?? ""]
            let isNumber = value.typeName == "integer" && types.contains("number")
            return unless(types.contains(value.typeName) || isNumber, "\(value.typeName), expected \(types)")
        case "enum": return unless(argument.array?.contains(value) == true, "\(value) is none of the words")
        case "const": return unless(argument == value, "\(value) is not \(argument)")
        case "properties":
            guard let members = value.object, let known = argument.object else { return [] }
            return known.sorted { $0.key < $1.key }.flatMap { name, schema in
                members[name].map { problems($0, schema, at: "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            guard let members = value.object else { return [] }
            let known = schema["properties"]?.object ?? [:]
            let others = members.keys.sorted().filter { known[$0] == nil }
            if argument == .bool(false) { return others.map { "\(path).\($0): unknown" } }
            guard argument.object != nil else { return [] }
            return others.flatMap { name in
                members[name].map { problems($0, argument, at: "\(path).\(name)") } ?? []
            }
        case "required":
            guard let members = value.object else { return [] }
            let names = argument.array?.compactMap(\.string) ?? []
            return names.filter { members[$0] == nil }.map { "\(path).\($0): missing" }
        case "minProperties": return unless(value.object.map { Double($0.count) >= bound } ?? true, "too few members")
        case "maxProperties": return unless(value.object.map { Double($0.count) <= bound } ?? true, "too many members")
        case "items":
            return value.array?.enumerated().flatMap { problems($1, argument, at: "\(path)[\($0)]") } ?? []
        case "minItems": return unless(value.array.map { Double($0.count) >= bound } ?? true, "too few elements")
        case "maxItems": return unless(value.array.map { Double($0.count) <= bound } ?? true, "too many elements")
        case "minLength":
            return unless(value.string.map { Double($0.unicodeScalars.count) >= bound } ?? true, "too short")
        case "maxLength":
            return unless(value.string.map { Double($0.unicodeScalars.count) <= bound } ?? true, "too long")
        case "minimum": return unless(value.number.map { $0 >= bound } ?? true, "too small")
        case "maximum": return unless(value.number.map { $0 <= bound } ?? true, "too large")
        case "pattern":
            guard let text = value.string else { return [] }
            guard let pattern = argument.string, let isMatched = Patterns.matches(text, pattern) else {
                return ["\(path): the pattern \(argument) cannot be read"]
            }
            return unless(isMatched, "\(text) does not match \(pattern)")
        case "format": return problems(value, format: argument.string ?? "", at: path)
        case "allOf": return argument.array?.flatMap { problems(value, $0, at: path) } ?? []
        case "anyOf": return unless(matches(value, argument) >= 1, "fits none of several schemas")
        case "oneOf":
            let count = matches(value, argument)
            guard count != 1, let schemas = argument.array else { return [] }
            // The nearest one's problems say more than the count.
            let nearest =
                schemas.filter { mayFit(value, $0) }.map { problems(value, $0, at: path) }.min { $0.count < $1.count }
                ?? []
            return ["\(path): fits \(count) of \(schemas.count) schemas"] + nearest
        case "if":
            guard problems(value, argument, at: path).isEmpty else { return [] }
            return schema["then"].map { problems(value, $0, at: path) } ?? []
        case "then": return []
        default: return unless(Self.annotations.contains(keyword), "the schema's keyword \(keyword) is not understood")
        }
    }

    private func matches(_ value: JSONValue, _ schemas: JSONValue) -> Int {
        schemas.array?.count { mayFit(value, $0) && problems(value, $0).isEmpty } ?? 0
    }

    /// Whether no member that tells schemas apart (`kind`) says otherwise; so that most are not looked at in full.
    private func mayFit(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        guard let members = value.object, let properties = schema["properties"]?.object else { return true }
        return properties.allSatisfy { name, property in
            guard let const = property["const"], let member = members[name] else { return true }
            return member == const
        }
    }

    private func problems(_ value: JSONValue, format: String, at path: String) -> [String] {
        guard let text = value.string else { return [] }
        switch format {
        case "date-time":
            return (try? Timestamp(parsing: text)) == nil ? ["\(path): \(text) is not an instant"] : []
        case "uri-reference":
            return text.contains { $0 == " " || !$0.isASCII } ? ["\(path): \(text) is not a reference"] : []
        default: return ["\(path): the format \(format) is not understood"]
        }
    }

    /// What a reference into this document leads to.
    func resolve(_ reference: JSONValue) -> JSONValue? {
        guard let text = reference.string, text.hasPrefix("#/") else { return nil }
        return text.dropFirst(2).split(separator: "/").reduce(root as JSONValue?) { $0?[String($1)] }
    }
}

/// Regular expressions, each read once.
private enum Patterns {
    private static let known = Mutex<[String: NSRegularExpression]>([:])

    /// `nil` when the pattern cannot be read.
    static func matches(_ text: String, _ pattern: String) -> Bool? {
        known.withLock { known in
            guard let regex = known[pattern] ?? (try? NSRegularExpression(pattern: pattern)) else { return nil }
            known[pattern] = regex
            return regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        }
    }
}
