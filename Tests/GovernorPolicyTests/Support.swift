import Foundation
import GovernorCore
import GovernorPolicy
import Testing

/// The repository this file lies in.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

let today = LocalDate(year: 2026, month: 11, day: 22)!

func loader(today: LocalDate? = today) -> PolicyLoader {
    PolicyLoader(today: today, clocks: clocks) { bytes in
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

/// The clocks of a few places, and some codes that are none.
@Sendable func clocks(_ place: Jurisdiction) -> [PlaceClock]? {
    switch place.description {
    case "UK", "ZZ", "US-XX": nil
    case "US": (-10 ... -5).map { PlaceClock(january: $0 * 3_600, july: $0 * 3_600 + ($0 == -10 ? 0 : 3_600)) }
    case "RU": (2...12).map { PlaceClock(january: $0 * 3_600, july: $0 * 3_600) }
    default: []
    }
}

func load(_ text: String, name: String = "test.yaml") -> (policies: PolicySet?, findings: [Diagnostic]) {
    loader().load(files: [PolicySource(name: name, text: text)])
}

/// The one rule of a file that must load without errors and warnings.
func rule(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Rule {
    let (policies, findings) = load(text)
    #expect(!findings.hasFindings, "\(findings.report)", sourceLocation: sourceLocation)
    return try #require(policies?.rules.first, sourceLocation: sourceLocation)
}

/// A file with one rule of the lines given, indented as they need to be.
func file(_ lines: String, head: String = "") -> String {
    "policy: t\n\(head)rules:\n  - id: r\n    because: b\n"
        + lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
}

let calendarFR = "calendars: { fr: { dates: [2026-12-25, 2027-01-01], valid_through: 2030-12-31 } }\n"
let lifeProducts = "products: { term-life: { family: life }, whole-life: { family: life } }\n"

extension [Diagnostic] {
    var codes: [String] { map(\.code.id) }
}

/// Whether goldens are to be written rather than compared.
let rewritesGoldens =
    ProcessInfo.processInfo.environment["GOVERNOR_GOLDEN"] == "rewrite"
    || ProcessInfo.processInfo.environment["GOVERNOR_REWRITE_GOLDENS"] == "1"

/// Compares a text with the file that holds it, or writes the file when goldens are rewritten.
func expectGolden(_ text: String, at url: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if rewritesGoldens {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
        return
    }
    let kept = try? String(contentsOf: url, encoding: .utf8)
    #expect(kept == text, "\(url.lastPathComponent) differs; `make golden` rewrites it", sourceLocation: sourceLocation)
}
