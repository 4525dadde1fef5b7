import Foundation
import GovernorCore
import GovernorPolicy

extension TestReport {
    /// The same for programs: one object on one line, its keys in alphabetical order, without times that vary.
    package var json: String {
        struct Failure: Encodable {
            var file: String
            var line: Int
            var column: Int
            var what: String
            var expected: String
            var actual: String
        }
        struct Test: Encodable {
            var name: String
            var file: String
            var line: Int
            var passed: Bool
            var failures: [Failure]
            var timeline: [String]
        }
        struct Gap: Encodable {
            var rule: String
            var file: String
            var line: Int
            var denied: Int?
            var allowed: Int?
            var exempted: Int?
        }
        struct Covered: Encodable {
            var percent: Double
            var branches: Int
            var covered: Int
            var rules: [Gap]
        }
        struct Report: Encodable {
            var passed: Int
            var failed: Int
            var skipped: Int
            var tests: [Test]
            var coverage: Covered
        }
        let tests = results.map { result in
            Test(
                name: result.scenario.name, file: result.scenario.place.file, line: result.scenario.place.line,
                passed: result.isPassed,
                failures: result.mismatches.map {
                    Failure(
                        file: $0.place.file, line: $0.place.line, column: $0.place.column, what: $0.what,
                        expected: $0.expected, actual: $0.actual)
                }, timeline: result.isPassed ? [] : Timeline(result: result).lines.map(\.trimmedEnd))
        }
        let rules = coverage.ordered.map { key, branches in
            Gap(
                rule: key.id, file: key.file, line: key.line, denied: branches[.denied], allowed: branches[.allowed],
                exempted: branches[.exempted])
        }
        let report = Report(
            passed: results.count - failed.count, failed: failed.count, skipped: skipped, tests: tests,
            coverage: Covered(
                percent: coverage.percent, branches: coverage.branchCount, covered: coverage.coveredCount,
                rules: rules))
        var text = Self.encoded(report)
        // The findings have a writer of their own; theirs is one object too.
        text.removeLast()
        return text + ",\"lint\":\(findings.json)}"
    }

    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { preconditionFailure("texts and numbers can be encoded") }
        return String(decoding: data, as: UTF8.self)
    }
}
