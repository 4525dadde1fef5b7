import GovernorCore
import Testing
import Yams

/// `openapi.yaml` is whole, closed and in step with the words of the core.
@Suite struct OpenAPITests {
    let document: Node

    init() throws { document = try #require(try Yams.compose(yaml: Repository.text("openapi.yaml"))) }

    /// Every mapping of the document with its path.
    private func mappings(_ node: Node? = nil, at path: String = "#") -> [(path: String, node: Node)] {
        let node = node ?? document
        switch node {
        case .mapping(let mapping):
            return [(path, node)]
                + mapping.flatMap { key, value in mappings(value, at: "\(path)/\(key.string ?? "?")") }
        case .sequence(let sequence):
            return sequence.enumerated().flatMap { mappings($1, at: "\(path)/\($0)") }
        case .scalar, .alias: return []
        }
    }

    /// A status under `responses`; its quoted key is a text, which a subscript would take for a number.
    private func answer(_ status: String, of operation: Node) -> Node? {
        operation["responses"]?.mapping?.first { $0.key.string == status }?.value
    }

    private func schema(_ name: String) throws -> Node {
        try #require(document["components"]?["schemas"]?[name], "no schema \(name)")
    }

    private var operations: [(name: String, node: Node)] {
        document["paths"]?.mapping?.flatMap { path, item in
            ["get", "post", "delete", "put", "patch"].compactMap { method in
                item[method].map { ("\(method) \(path.string ?? "?")", $0) }
            }
        } ?? []
    }

    @Test func everyReferenceResolves() {
        for (path, node) in mappings() {
            guard let reference = node["$ref"]?.string else { continue }
            let target = reference.dropFirst(2).split(separator: "/").reduce(document as Node?) { $0?[String($1)] }
            #expect(reference.hasPrefix("#/") && target != nil, "\(path): \(reference)")
        }
    }

    @Test func everyObjectIsClosedAndEveryTextAndListOfARequestBounded() throws {
        for (path, node) in mappings(document["components"]?["schemas"], at: "#/components/schemas") {
            let types = node["type"]?.string.map { [$0] } ?? node["type"]?.array(of: String.self) ?? []
            if types.contains("object") {
                #expect(node["additionalProperties"]?.bool == false, "\(path) is open")
            }
            if types.contains("string") {
                let isBounded = node["maxLength"] != nil || node["enum"] != nil || node["pattern"] != nil
                let isCondition = path.contains("/anyOf/") || path.contains("/if/")
                #expect(isBounded || isCondition || path.hasSuffix("/message"), "\(path) is unbounded")
            }
        }
    }

    @Test func everyOperationSaysWhoMayAndHowItFails() {
        let roles: Set = ["dialer", "agent", "compliance", "admin"]
        var ids: Set<String> = []
        for (name, node) in operations {
            let isOwn = ids.insert(node["operationId"]?.string ?? "").inserted
            #expect(isOwn, "\(name) has no id of its own")
            if node["security"]?.sequence?.isEmpty == true { continue }
            let named = Set(node["x-roles"]?.array(of: String.self) ?? [])
            #expect(!named.isEmpty && named.isSubset(of: roles) && named.contains("admin"), "\(name): \(named)")
            for status in ["200", "400", "401", "403", "503"] {
                #expect(answer(status, of: node) != nil, "\(name) has no answer \(status)")
            }
            // A list is of any length; everything else has a bound.
            if node["requestBody"]?["content"]?["application/json"] != nil {
                #expect(answer("413", of: node) != nil, "\(name) has no answer 413")
            }
        }
        #expect(operations.count >= 36)
    }

    @Test func wordsAreThoseOfTheCore() throws {
        func words(_ node: Node?) -> Set<String> { Set(node?["enum"]?.array(of: String.self) ?? []) }
        #expect(try words(schema("ReasonCode")) == Set(ReasonCode.allCases.map(\.name)))
        let contact = try schema("Contact")["properties"]
        #expect(words(contact?["line_type"]).subtracting(["null"]) == Set(LineType.allCases.map(\.name)))
        let bases: [NextBasis] = [.time, .act, .never, .horizon]
        #expect(try words(schema("NextBasis")) == Set(bases.map(\.name)))
        #expect(try words(schema("Method")).subtracting(["null"]).count == ContactMethod.allCases.count)
        #expect(try words(schema("HoldingStatus")).count == HoldingStatus.allCases.count)
        #expect(
            try words(schema("DecisionRequest")["properties"]?["exemption"]).subtracting(["null"]).count
                == RequestedExemption.allCases.count)
    }
}
