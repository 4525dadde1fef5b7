import Foundation
import GovernorPolicy
import GovernorTesting
import Testing

/// Damaged policy files: never a crash, never a hang, and either a set or an error at a place that exists.
@Suite struct FuzzTests {
    @Test func damagedFiles() throws {
        var generator = SeededGenerator.announced("FuzzTests.damagedFiles")
        var corpus = try ["house.yaml", "insurer.yaml"].map {
            Array(try Data(contentsOf: repository.appending(path: "policies/\($0)")))
        }
        corpus += DiagnosticCode.all.compactMap { $0.example.map { Array($0.utf8) } }
        // `FUZZ_SECONDS=600` goes on for that long, over the packs too.
        let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap { Int($0) }
        if seconds != nil {
            corpus += try ["us-reg-f", "france", "us-dnc", "canada"].map {
                Array(try Data(contentsOf: repository.appending(path: "policies/packs/\($0).yaml")))
            }
        }
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var rounds = 0
        var loaded = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (rounds < 600) {
            let round = rounds
            rounds += 1
            var bytes = generator.pick(corpus)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, corpus, &generator) }
            var files = [PolicySource(name: "a.yaml", bytes: bytes)]
            if generator.oneIn(4) { files.append(PolicySource(name: "b.yaml", bytes: generator.pick(corpus))) }
            let started = ContinuousClock.now
            let (policies, findings) = loader().load(files: files)
            let took = ContinuousClock.now - started
            #expect(took < .seconds(5), "round \(round)")
            #expect((policies == nil) == findings.hasErrors, "round \(round)")
            if policies != nil { loaded += 1 }
            for finding in findings {
                let text = files.first { $0.name == finding.file }?.bytes ?? []
                let lines = text.count(where: { $0 == 0x0a || $0 == 0x0d }) + 1
                #expect(
                    (1...lines).contains(finding.line) && finding.column >= 1 && finding.length >= 1, "round \(round)")
                #expect(!finding.description.isEmpty && !finding.json.isEmpty && !finding.message.isEmpty)
            }
        }
        print("FuzzTests.damagedFiles: \(loaded) of \(rounds) still load")
        #expect(loaded > 0 && loaded < rounds)
    }

    private func damage(_ bytes: inout [UInt8], _ corpus: [[UInt8]], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[at] = UInt8.random(in: .min ... .max, using: &generator)
        case 2: bytes.remove(at: at)
        case 3: bytes.insert(generator.pick(Array("{}[]:,-&*!|>'\"%@`#? \t\n\r~<".utf8)), at: at)
        case 4: bytes = Array(bytes[..<at])
        case 5:
            let other = generator.pick(corpus)
            let from = Int.random(in: 0..<other.count, using: &generator)
            let to = Int.random(in: from...other.count, using: &generator)
            bytes.insert(contentsOf: other[from..<to], at: at)
        default:
            // Drop, double or move a line.
            var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
            let line = Int.random(in: 0..<lines.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: lines.remove(at: line)
            case 1: lines.insert(lines[line], at: line)
            default:
                lines.insert(lines.remove(at: line), at: Int.random(in: 0..<max(1, lines.count), using: &generator))
            }
            bytes = Array(lines.joined(separator: [0x0a]))
        }
    }

    /// Words of the language in any order and nesting, so that more than the YAML is reached.
    @Test func randomRules() throws {
        var generator = SeededGenerator.announced("FuzzTests.randomRules")
        let keys = [
            "id", "kind", "scope", "limit", "window", "count", "per", "gap", "after", "for", "open", "holidays",
            "closed",
            "zone", "margin", "except", "unless", "require", "or", "bound_to", "valid_for", "void_on", "holds",
            "status",
            "and_for", "from", "until", "effective", "mode", "because", "cite", "obligations", "keep", "unreported",
            "outcomes", "not_outcomes", "first_day", "channels", "families", "local_days", "calendar", "business_days",
            "steps", "starts", "observed", "attempts", "share", "periods", "registry", "max_age", "overridden_by",
            "daily", "mon", "holiday", "consent", "event", "within", "holding", "slots", "cancelled",
        ]
        let values = [
            "frequency_cap", "min_gap", "cool_off", "contact_hours", "opt_out", "consent", "holding", "block",
            "registry", "1", "0",
            "-1", "PT24H", "P18M", "forever", "any", "all", "~", "true", "\"08:00-21:00\"", "\"21:00-08:00\"", "[]",
            "{}", "fr",
            "2026-12-25", "2026-12-25T00:00:00Z", "UTC-06:00", "voice", "[voice, sms]", "refused", "active",
            "same_product",
            "person", "counted", "week", "shadow", "transactional", "appointment", "life", "US-NY",
            "text of many words",
        ]
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 3 ? 1 : 4), using: &generator) {
            case 1:
                "["
                    + (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth + 1) }.joined(
                        separator: ", ") + "]"
            case 2:
                "{ "
                    + (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                        "\(generator.pick(keys)): \(value(depth + 1))"
                    }.joined(separator: ", ") + " }"
            default: generator.pick(values)
            }
        }
        for round in 0..<600 {
            var text = "policy: t\n" + calendarFR + lifeProducts + "rules:\n"
            for id in 0..<3 {
                text += "  - id: r\(id)\n    kind: \(generator.pick(Array(values[..<9])))\n"
                for key in Set((0..<6).map { _ in generator.pick(Array(keys.dropFirst(2))) }).sorted() {
                    text += "    \(key): \(value(0))\n"
                }
            }
            let (policies, findings) = load(text)
            #expect((policies == nil) == findings.hasErrors, "round \(round):\n\(text)")
        }
    }
}
