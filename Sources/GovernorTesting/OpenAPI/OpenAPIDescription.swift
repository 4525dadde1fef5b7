/// `openapi.yaml` as a test uses it: to hold a server's requests and answers against it.
public struct OpenAPIDescription: Sendable {
    public struct Operation: Hashable, Sendable {
        /// Upper case.
        public var method: String
        /// With its parameters in braces.
        public var path: String
        public var roles: [String]
        /// Needs no key.
        public var isOpen: Bool
    }

    public let operations: [Operation]
    private let root: JSONValue

    /// - Throws: what Yams says of text that is not YAML.
    public init(yaml: String) throws {
        root = try JSONValue(yaml: yaml)
        let methods = ["get", "post", "put", "patch", "delete"]
        operations = (root["paths"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { path, item in
            methods.compactMap { method in
                item[method].map { node in
                    Operation(
                        method: method.uppercased(), path: path,
                        roles: node["x-roles"]?.array?.compactMap(\.string) ?? [],
                        isOpen: node["security"] == .array([]))
                }
            }
        }
    }

    /// The operation that a request of this method and path (without its query) means; `nil` when there is none.
    public func operation(_ method: String, _ path: String) -> Operation? {
        let steps = path.split(separator: "/", omittingEmptySubsequences: false)
        return operations.first { operation in
            let template = operation.path.split(separator: "/", omittingEmptySubsequences: false)
            return operation.method == method.uppercased() && template.count == steps.count
                && zip(template, steps).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
        }
    }

    /// What is wrong with a request's JSON body, each with its JSON path; empty when nothing is.
    public func problems(inRequest body: [UInt8], _ method: String, _ path: String) -> [String] {
        guard let node = node(method, path) else { return ["\(method) \(path) is not described"] }
        guard let schema = node["requestBody"]?["content"]?["application/json"]?["schema"] else {
            return body.isEmpty ? [] : ["\(method) \(path) takes no body"]
        }
        return problems(body, schema)
    }

    /// What is wrong with an answer: an undescribed status or content type, or a body unlike its schema.
    public func problems(
        inAnswer body: [UInt8], status: Int, contentType: String, _ method: String, _ path: String
    ) -> [String] {
        guard let node = node(method, path) else { return ["\(method) \(path) is not described"] }
        guard var answer = node["responses"]?[String(status)] ?? (status >= 400 ? node["responses"]?["default"] : nil)
        else {
            return ["\(method) \(path): status \(status) is not described"]
        }
        if let reference = answer["$ref"] { answer = JSONSchema(root: root).resolve(reference) ?? .null }
        let type = contentType.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard let content = answer["content"]?[type] else {
            return ["\(method) \(path): \(status) with content type \(contentType) is not described"]
        }
        guard type.hasSuffix("json"), let schema = content["schema"] else { return [] }
        return problems(body, schema)
    }

    /// What is wrong with a value of the named schema.
    public func problems(_ value: JSONValue, schema name: String) -> [String] {
        JSONSchema(root: root).problems(value, .object(["$ref": .string("#/components/schemas/\(name)")]))
    }

    /// Every example of a request, with its operation and what is wrong with it.
    public func problemsInExamples() -> [(operation: Operation, name: String, problems: [String])] {
        operations.flatMap { operation in
            let content = node(operation.method, operation.path)?["requestBody"]?["content"]?["application/json"]
            return (content?["examples"]?.object ?? [:]).map { name, example in
                let found = JSONSchema(root: root).problems(example["value"] ?? .null, content?["schema"] ?? .null)
                return (operation, name, found)
            }
        }
    }

    private func problems(_ body: [UInt8], _ schema: JSONValue) -> [String] {
        guard let value = try? JSONValue(json: body) else { return ["$: not JSON"] }
        return JSONSchema(root: root).problems(value, schema)
    }

    private func node(_ method: String, _ path: String) -> JSONValue? {
        operation(method, path).flatMap { root["paths"]?[$0.path]?[$0.method.lowercased()] }
    }
}
