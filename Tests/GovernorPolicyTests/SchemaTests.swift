import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorPolicy

/// The schema that editors use: what the loader takes, it takes; the keys it knows are those that the loader knows.
@Suite struct SchemaTests {
    static func problems(_ yaml: String) throws -> [String] {
        let schema = try JSONValue(json: Array(PolicySchema.text.utf8))
        return JSONSchema(root: schema).problems(try JSONValue(yaml: yaml), schema)
    }

    @Test func isWritten() throws {
        try expectGolden(PolicySchema.text, at: repository.appending(path: "docs/policy.schema.json"))
    }

    @Test func takesThePoliciesOfTheRepository() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "policies").path)
        where PolicySource.isPolicy(fileName: name) {
            let text = try String(contentsOf: repository.appending(path: "policies/\(name)"), encoding: .utf8)
            #expect(try Self.problems(text) == [], "\(name)")
        }
    }

    @Test func takesTheExamplesOfTheLanguage() throws {
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        for block in page.components(separatedBy: "```yaml\n").dropFirst().map({ $0.components(separatedBy: "```")[0] })
        {
            var text = block
            if block.hasPrefix("- ") {
                text = "policy: example\nrules:\n" + block.split(separator: "\n").map { "  \($0)\n" }.joined()
            }
            // The reader of these tests takes `off` for a truth value, as old versions of YAML did.
            let found = try Self.problems(text.replacing("mode: off", with: "mode: \"off\""))
            #expect(found.isEmpty, "\(found.prefix(4)) in \(block)")
        }
    }

    @Test(arguments: [
        "policy: House\n", "policies: house\n", "policy: a\nrules: [{ id: r, kind: blok }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, window: PT24H }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: -1, window: PT24H }]\n",
        "policy: a\nrules: [{ id: r, kind: frequency_cap, limit: 1, window: { local_days: 1, calendar: week } }]\n",
        "policy: a\nrules: [{ id: r, kind: block, limit: 1 }]\n",
        "policy: a\nrules: [{ id: r, kind: block, scope: { chanels: [voice] } }]\n",
        "policy: a\nrules: [{ id: r, kind: block, scope: { jurisdictions: [us] } }]\n",
        "policy: a\nrules: [{ id: r, kind: contact_hours, open: { daily: [\"8-21\"] } }]\n",
        "policy: a\nrules: [{ id: r, kind: min_gap, gap: 4h }]\n",
        "policy: a\ncalendars: { fr: { dates: [25.12.2026], valid_through: 2030-12-31 } }\n",
    ])
    func refusesWhatTheLoaderRefuses(text: String) throws {
        #expect(!(try Self.problems(text)).isEmpty)
        #expect(load(text).policies == nil)
    }

    /// Every key that the loader asks for, group by group, stands in the schema, and no other does.
    @Test func knowsTheKeysOfTheLoader() throws {
        let asked = Asked()
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        var texts = page.components(separatedBy: "```yaml\n").dropFirst().map { block in
            let block = block.components(separatedBy: "```")[0]
            return block.hasPrefix("- ")
                ? "policy: example\n" + calendarFR + lifeProducts + "events: [site_visit]\nrules:\n"
                    + block.split(separator: "\n").map { "  \($0)\n" }.joined()
                : block
        }
        texts += RuleKind.allCases.map { "policy: a\nrules: [{ id: r, kind: \($0.rawValue) }]\n" }
        for text in texts {
            let reader = FileReader(
                PolicySource(name: "a.yaml", text: text), context: LoadContext(today: nil, isKnownZone: nil))
            reader.findings.onGroup = { what, keys in asked.note(what, keys) }
            reader.readHead()
            _ = reader.readRules()
        }
        let schema = try JSONValue(json: Array(PolicySchema.text.utf8))
        var groups: [Set<String>] = []
        func gather(_ node: JSONValue) {
            if let properties = node["properties"]?.object { groups.append(Set(properties.keys)) }
            for member in node.object?.values.map({ $0 }) ?? [] { gather(member) }
            for item in node.array ?? [] { gather(item) }
        }
        gather(schema)
        for (what, keys) in asked.groups {
            // Some readers stop asking once they know which of several shapes they read, and some merge shapes.
            #expect(
                groups.contains { keys.isSubset(of: $0) || !$0.isDisjoint(with: keys) && $0.isSubset(of: keys) },
                "\(what): \(keys.sorted())")
        }
        // Kinds that this version does not keep have no keys of their own.
        for kind in RuleKind.allCases where kind != .registry && kind != .campaignGuard {
            guard let rule = asked.groups[kind.described]?.subtracting(["reach"]) else { continue }
            let own = groups.first { $0.contains("kind") && rule.isSubset(of: $0) }
            #expect(own != nil, "\(kind.rawValue): \(rule.sorted())")
        }
    }

    private final class Asked {
        var groups: [String: Set<String>] = [:]
        func note(_ what: String, _ keys: [String]) { groups[what, default: []].formUnion(keys) }
    }
}
