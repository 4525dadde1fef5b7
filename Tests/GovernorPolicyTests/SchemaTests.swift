import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorPolicy

/// The schema that editors use: what the loader takes, it takes; its keys and words are those that the loader asks for.
@Suite struct SchemaTests {
    static let schema = try? JSONValue(json: Array(PolicySchema.text.utf8))

    static func problems(_ yaml: String) throws -> [String] {
        let schema = try #require(schema)
        // The reader of these tests takes `off` for a truth value, as old versions of YAML did.
        let yaml = yaml.replacing("mode: off", with: "mode: \"off\"")
        return JSONSchema(root: schema).problems(try JSONValue(yaml: yaml), schema)
    }

    /// The examples of the language's page as files.
    static func examples() throws -> [String] {
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        return page.components(separatedBy: "```yaml\n").dropFirst().map { block in
            let block = block.components(separatedBy: "```")[0]
            return block.hasPrefix("- ")
                ? "policy: example\n" + calendarFR + lifeProducts + "events: [site_visit]\nrules:\n"
                    + block.split(separator: "\n").map { "  \($0)\n" }.joined()
                : block
        }
    }

    @Test func isWritten() throws {
        try expectGolden(PolicySchema.text, at: repository.appending(path: "docs/policy.schema.json"))
    }

    @Test(arguments: ["policies", "policies/packs"])
    func takesThePoliciesOfTheRepository(folder: String) throws {
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: folder).path)
        where PolicySource.isPolicy(fileName: name) {
            let text = try String(contentsOf: repository.appending(path: "\(folder)/\(name)"), encoding: .utf8)
            let found = try Self.problems(text)
            #expect(found == [], "\(name)")
            count += 1
        }
        #expect(count >= 2)
    }

    @Test func takesTheExamplesOfTheLanguage() throws {
        for text in try Self.examples() {
            let found = try Self.problems(text)
            #expect(found.isEmpty, "\(found.prefix(4)) in \(text)")
        }
    }

    /// What lints propose loads, so the schema takes it.
    @Test(arguments: DiagnosticCode.all.filter { $0.example != nil }.map(\.id))
    func takesTheCures(id: String) throws {
        let code = try #require(DiagnosticCode.named(id))
        let found = try Self.problems(code.instead)
        #expect(found == [])
    }

    @Test(arguments: [
        "policy: House\n", "policies: house\n", "policy: a\nrules: [{ id: r, kind: blok }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, window: PT24H }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: -1, window: PT24H }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: 1, window: { local_days: 1, calendar: week } }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: 1, window: { local_days: 1, business_days: 2 } }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: 1, window: P1W, keep: { campaigns: [x] } }]\n",
        "policy: a\nrules: [{ id: r, kind: block, limit: 1 }]\n",
        "policy: a\nrules: [{ id: r, kind: block, scope: { chanels: [voice] } }]\n",
        "policy: a\nrules: [{ id: r, kind: block, scope: { jurisdictions: [us] } }]\n",
        "policy: a\nrules: [{ id: r, kind: block, from: 2026-01-01 }]\n",
        "policy: a\nrules: [{ id: r, kind: contact_hours, open: { daily: [\"8-21\"] } }]\n",
        "policy: a\nrules: [{ id: r, kind: min_gap, gap: 4h }]\n",
        "policy: a\nrules: [{ id: r, kind: min_gap, gap: forever }]\n",
        "policy: a\nrules: [{ id: r, kind: registry, registry: us-dnc, max_age: forever }]\n",
        "policy: a\nrules: [{ id: r, kind: registry, registry: us-dnc, overridden_by: [{ given: after }] }]\n",
        "policy: a\nrules: [{ id: r, kind: opt_out, reach: household }]\n",
        "policy: a\nrules: [{ id: r, kind: consent, require: [] }]\n",
        "policy: a\nrules: [{ id: r, kind: holding, holds: same }]\n",
        "policy: a\nrules: [{ id: r, kind: block, confidence: certain }]\n",
        "policy: a\ncalendars: { fr: { dates: [25.12.2026], valid_through: 2030-12-31 } }\n",
        "policy: a\nrules: [{ id: r, kind: campaign_guard, attempts: 1, window: { calendar: year } }]\n",
        "policy: a\nrules: [{ id: r, kind: campaign_guard, share: { of: [abandoned], most: 3 }, window: PT1H }]\n",
        "policy: a\nretention: { letters: P5Y }\n", "policy: a\nlanguage: 2\n",
    ])
    func refusesWhatTheLoaderRefuses(text: String) throws {
        let found = try Self.problems(text)
        #expect(!found.isEmpty)
        #expect(load(text).policies == nil)
    }

    // MARK: Keys and words, both ways

    /// What a loader asked for while it read every example and every golden file.
    private final class Asked {
        var groups: [String: Set<String>] = [:]
        var words: [String: Set<Set<String>>] = [:]

        init() throws {
            var texts =
                try SchemaTests.examples()
                + RuleKind.allCases.map { "policy: a\nrules: [{ id: r, kind: \($0.rawValue) }]\n" }
            texts += DiagnosticCode.all.compactMap(\.example)
            texts.append(
                """
                policy: a
                rules:
                  - { id: a, kind: holding, holds: any, and_for: { local_days: 3 } }
                  - { id: b, kind: holding, holds: any, and_for: { active: { local_days: 3 } } }
                  - id: c
                    kind: opt_out
                    except: 
                      [{ consent: x }, { event: purchase, within: P1D }, { holding: any }, { purpose: service }]
                    unless:
                      [{ consent: x }, { event: purchase, within: P1D }, { holding: any }, { purpose: service }]
                """)
            for text in texts {
                let reader = FileReader(
                    PolicySource(name: "a.yaml", text: text), context: LoadContext(today: nil, isKnownZone: nil))
                reader.findings.onGroup = { [self] what, keys in groups[what, default: []].formUnion(keys) }
                reader.findings.onWord = { [self] key, words in self.words[key, default: []].insert(Set(words)) }
                reader.readHead()
                _ = reader.readRules()
            }
        }
    }

    /// The schema as a test walks it.
    private struct Schema {
        let root: JSONValue

        /// The node and all that stand for it: behind references, alternatives and lists, but not inside of groups.
        func shapes(of node: JSONValue, depth: Int = 0) -> [JSONValue] {
            guard depth < 12 else { return [] }
            var result = [node]
            if let reference = node["$ref"]?.string {
                let target = reference.split(separator: "/").dropFirst().reduce(root as JSONValue?) { $0?[String($1)] }
                result += target.map { shapes(of: $0, depth: depth + 1) } ?? []
            }
            for keyword in ["anyOf", "oneOf", "allOf"] {
                for part in node[keyword]?.array ?? [] { result += shapes(of: part, depth: depth + 1) }
            }
            if let item = node["items"] { result += shapes(of: item, depth: depth + 1) }
            return result
        }

        /// The keys that may stand in it; empty when it is not a group.
        func keys(of node: JSONValue) -> Set<String> {
            shapes(of: node).reduce(into: []) { $0.formUnion(($1["properties"]?.object ?? [:]).keys) }
        }

        func words(of node: JSONValue) -> Set<String> {
            shapes(of: node).reduce(into: []) { $0.formUnion(($1["enum"]?.array ?? []).compactMap(\.string)) }
        }

        /// A name of one's own may stand there.
        func takesNames(_ node: JSONValue) -> Bool {
            shapes(of: node).contains { $0["$ref"]?.string == "#/definitions/name" }
        }

        /// Every member of every group, by its key.
        func members() -> [(key: String, node: JSONValue)] {
            var result: [(String, JSONValue)] = []
            func gather(_ node: JSONValue) {
                for (key, member) in node["properties"]?.object ?? [:] { result.append((key, member)) }
                for member in node.object?.values.map({ $0 }) ?? [] { gather(member) }
                for item in node.array ?? [] { gather(item) }
            }
            gather(root)
            return result
        }

        func definition(_ name: String) -> JSONValue { root["definitions"]?[name] ?? .null }

        /// What the loader calls `what` in its messages.
        func nodes(_ what: String) -> [JSONValue] {
            switch what {
            case "a policy file": return [.object(["properties": root["properties"] ?? .null])]
            case "a scope": return [definition("scope")]
            case "a window": return [definition("window")]
            case "a guard's window": return [definition("guard_window")]
            case "a calendar": return [definition("calendar")]
            case "a product": return root["properties"]?["products"]?["additionalProperties"].map { [$0] } ?? []
            default: break
            }
            if let kind = RuleKind.allCases.first(where: { $0.described == what }) {
                return definition("rule")["oneOf"]?.array?.filter {
                    $0["properties"]?["kind"]?["const"]?.string == kind.rawValue
                } ?? []
            }
            let parts = what.split(separator: "`")
            return members().filter { $0.key == parts.last.map(String.init) && !keys(of: $0.node).isEmpty }.map(\.node)
        }
    }

    /// Asked for so that its refusal says why.
    private static let refused: [String: Set<String>] = ["a window": ["business_days"]]

    /// Every group that the loader reads has the same keys in the schema, and the schema has no other group.
    @Test func knowsTheKeysOfTheLoader() throws {
        let asked = try Asked()
        let schema = Schema(root: try #require(Self.schema))
        var compared: Set<Set<String>> = []
        for (what, keys) in asked.groups.sorted(by: { $0.key < $1.key })
        where what != "a rule" {
            let nodes = schema.nodes(what)
            #expect(!nodes.isEmpty, "\(what)")
            for node in nodes {
                let known = schema.keys(of: node)
                compared.insert(known)
                let wanted = keys.subtracting(Self.refused[what] ?? [])
                #expect(known == wanted, "\(what): \(known.symmetricDifference(wanted).sorted())")
            }
        }
        for (key, node) in schema.members() {
            let keys = schema.keys(of: node)
            #expect(keys.isEmpty || key == "rules" || compared.contains(keys), "\(key): \(keys.sorted())")
        }
    }

    @Test func knowsTheWordsOfTheLoader() throws {
        let asked = try Asked()
        let schema = Schema(root: try #require(Self.schema))
        let members = schema.members()
        // Values that the loader compares by itself.
        let others: Set<String> = ["forever", "all"]
        for (key, sets) in asked.words.sorted(by: { $0.key < $1.key }) where key != "kind" {
            let nodes =
                key == "on_store_failure"
                ? [schema.root["properties"]?[key]?["additionalProperties"] ?? .null]
                : members.filter { $0.key == key && !schema.words(of: $0.node).isEmpty && !schema.takesNames($0.node) }
                    .map(\.node)
            let known = Set(nodes.map { schema.words(of: $0).subtracting(others) })
            #expect(known == sets, "\(key): \(known.symmetricDifference(sets).map { $0.sorted() })")
        }
        for (key, node) in members where !schema.takesNames(node) {
            let words = schema.words(of: node).subtracting(others)
            #expect(words.isEmpty || asked.words[key] != nil, "\(key): \(words.sorted())")
        }
        let kinds = Set(
            schema.definition("rule")["oneOf"]?.array?.compactMap { $0["properties"]?["kind"]?["const"]?.string } ?? [])
        #expect(kinds == Set(RuleKind.allCases.map(\.rawValue)))
    }
}
