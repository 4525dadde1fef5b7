import Foundation
import GovernorCore
import GovernorPolicy
import GovernorTesting
import Testing

/// One layout for all policies: nothing is lost, and what is formatted stays as it is.
@Suite struct FormatTests {
    private static func format(_ text: String) -> String? {
        PolicyFormatter.format(PolicySource(name: "a.yaml", text: text)).text
    }

    static let rows: [(before: String, after: String, why: String)] = [
        ("policy:   a\n", "policy: a\n", "one space behind the colon"),
        ("policy: a", "policy: a\n", "a line break at the end"),
        ("policy: a\r\nrules: []\r\n", "policy: a\nrules: []\n", "line breaks of other systems"),
        ("\u{feff}policy: a\n", "policy: a\n", "no byte order mark"),
        ("---\npolicy: a\n...\n", "policy: a\n", "no marks of documents"),
        ("policy: a   \n\n\n\nevents: []\n\n", "policy: a\n\nevents: []\n", "at most one empty line"),
        ("events: [ a,b ,  c ]\n", "events: [a, b, c]\n", "a list in brackets"),
        ("x: {a:  1,b: {c: []}}\n", "x: { a: 1, b: { c: [] } }\n", "groups in braces"),
        ("rules:\n- id: a\n  kind: block\n", "rules:\n  - id: a\n    kind: block\n", "lists stand in"),
        ("rules:\n    -   id: a\n        kind: block\n", "rules:\n  - id: a\n    kind: block\n", "two spaces a level"),
        (
            "rules:\n- id: a\n  kind: block\n- id: b\n  kind: block\n",
            "rules:\n  - id: a\n    kind: block\n\n  - id: b\n    kind: block\n", "an empty line between rules"
        ),
        ("a: 'x # y'   # z\n", "a: 'x # y'   # z\n", "a comment beside a line stays where it is"),
        ("a: 1 # z\n", "a: 1  # z\n", "two spaces before a comment"),
        ("a: 1     # x\nbc: 2 # y\n", "a: 1     # x\nbc: 2    # y\n", "comments below each other"),
        ("# x\n\na: 1\n#y\n", "# x\n\na: 1\n#y\n", "comments on lines of their own"),
        ("a:\n# x\n  b: 1\n", "a:\n  # x\n  b: 1\n", "a comment inside a group"),
        ("a: # x\n  b: 1\n", "a:  # x\n  b: 1\n", "a comment beside the head of a group"),
        ("a: >\n     x\n       y\n\nb: |+\n  z\n\n", "a: >\n  x\n    y\n\nb: |+\n  z\n\n", "texts of several lines"),
        ("a: \"x\n      y\"\n", "a: \"x\n  y\"\n", "a quoted text over two lines"),
        ("a:\nb: ~\nc: ''\n", "a:\nb: ~\nc: ''\n", "nothing, three times"),
        ("- - a\n  - b\n", "- - a\n  - b\n", "a list in a list"),
        ("a: [x, # y\n z]\n", "a: [x, # y\n  z]\n", "a comment inside of brackets stays where it is"),
    ]

    @Test(arguments: rows)
    func layout(row: (before: String, after: String, why: String)) {
        let once = Self.format(row.before)
        #expect(once == row.after, "\(row.why)")
        #expect(once.flatMap { Self.format($0) } == row.after, "\(row.why), again")
    }

    /// Everything at once, in a file that somebody might have written.
    @Test func golden() throws {
        let folder = GoldenTests.goldens.appending(path: "format")
        let text = try String(contentsOf: folder.appending(path: "comments.yaml"), encoding: .utf8)
        let formatted = try #require(Self.format(text))
        try expectGolden(formatted, at: folder.appending(path: "comments.expected"))
        #expect(Self.format(formatted) == formatted)
    }

    /// Every file of the repository means the same afterwards, and formatting it again changes nothing.
    @Test func everyFileKeepsItsMeaning() throws {
        var count = 0
        for folder in ["policies", "Tests/GovernorPolicyTests/Goldens", "Scripts/demo/policies"] {
            let url = repository.appending(path: folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name.hasSuffix(".yaml") {
                let bytes = Array(try Data(contentsOf: url.appending(path: name)))
                let (text, findings) = PolicyFormatter.format(PolicySource(name: name, bytes: bytes))
                guard let text else {
                    // Only a file that cannot be read at all is left alone.
                    #expect(findings.hasErrors, "\(name)")
                    continue
                }
                count += 1
                #expect(Self.format(text) == text, "\(name) is not stable")
                let before = loader().load(files: [PolicySource(name: name, bytes: bytes)])
                let after = loader().load(files: [PolicySource(name: name, text: text)])
                #expect(before.findings.map(\.message).sorted() == after.findings.map(\.message).sorted(), "\(name)")
            }
        }
        #expect(count > 40)
    }

    /// The policies that people start from are in the layout that `format` gives; `make golden` lays them out.
    @Test(arguments: ["policies", "policies/packs", "Scripts/demo/policies"])
    func policiesAreLaidOut(folder: String) throws {
        let url = repository.appending(path: folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
        where PolicySource.isPolicy(fileName: name) {
            let bytes = Array(try Data(contentsOf: url.appending(path: name)))
            let text = try #require(PolicyFormatter.format(PolicySource(name: name, bytes: bytes)).text)
            try expectGolden(text, at: url.appending(path: name))
        }
    }

    /// Lines of a policy put together at random, with comments and odd spaces: never lost, never unstable.
    @Test func randomFiles() {
        var generator = SeededGenerator.announced("FormatTests.randomFiles")
        let pieces = [
            "policy: a", "rules:", "  - id: x", "    kind: block", "    # c", "# d", "  # e  ", "", "    unless: [a,b]",
            "    scope: { channels: [ voice ] } # f", "  -   id: y", "      because: 'it''s'", "    because: |",
            "      t",
            "  - { id: z, kind: opt_out } #g", "events:", "- a", "- b", "x: \"q", "  r\"", "\ty: 1", "    for: >-",
            "       u",
        ]
        var formatted = 0
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 1...14, using: &generator)).map { _ in
                generator.pick(pieces)
            }.joined(separator: "\n")
            guard let once = Self.format(text) else { continue }
            formatted += 1
            #expect(Self.format(once) == once, "not stable:\n\(text)\n---\n\(once)")
            let comments = { (text: String) in text.count { $0 == "#" } }
            #expect(comments(text) == comments(once), "a comment is lost:\n\(text)")
        }
        #expect(formatted > 400)
    }
}
