import Foundation
import GovernorCore
import GovernorLists

extension ScrubSummary {
    /// The last line of a server's answer.
    init?(json: Data) {
        struct Entry: Decodable {
            var reason: String
            var rows: Int
            var example: String
        }
        struct Summary: Decodable {
            var rows: Int
            var allow: Int
            var deny: Int
            var duplicate: Int
            var invalid: Int
            var denials: [Entry]
            var faults: [Entry]
            var next: [String: Int]
            var policy_revision: String
            var evaluated_from: String?
            var evaluated_to: String?
        }
        guard let read = try? JSONDecoder().decode(Summary.self, from: json) else { return nil }
        self.init()
        rows = read.rows
        allowed = read.allow
        denied = read.deny
        duplicates = read.duplicate
        invalid = read.invalid
        denials = read.denials.map { ByReason(reason: $0.reason, example: $0.example, rows: $0.rows) }
        faults = read.faults.map { ByReason(reason: $0.reason, example: $0.example, rows: $0.rows) }
        for (name, count) in read.next { if let next = Next(rawValue: name), count > 0 { self.next[next] = count } }
        policyRevision = read.policy_revision
        from = read.evaluated_from.flatMap { try? Timestamp(parsing: $0) }
        to = read.evaluated_to.flatMap { try? Timestamp(parsing: $0) }
    }

    /// As a person reads it on a terminal.
    func text(_ name: String, seconds: Double) -> String {
        let rate = seconds > 0 ? Int(Double(rows) / seconds) : rows
        let tenths = Int((seconds * 10).rounded())
        var lines = [
            "\(name): \(ProgressBar.grouped(rows)) rows in \(tenths / 10).\(tenths % 10) s (\(ProgressBar.grouped(rate)) rows/s)"
        ]
        let width = ProgressBar.grouped(rows).count
        func line(_ count: Int, _ words: String) {
            let number = ProgressBar.grouped(count)
            let share = rows == 0 ? 0 : Double(count) / Double(rows) * 100
            let percent = String(format: "%5.1f %%", share)
            lines.append(
                "  " + String(repeating: " ", count: max(0, width - number.count)) + number + "  " + percent + "  "
                    + words)
        }
        line(allowed, "may be contacted")
        line(denied, "may not be contacted")
        for entry in denials { line(entry.rows, "  \(entry.reason): \(entry.example)") }
        line(duplicates, "about somebody who is in the list already")
        line(invalid, "cannot be read")
        for entry in faults { line(entry.rows, "  \(entry.reason): \(entry.example)") }
        return lines.joined(separator: "\n")
    }
}

extension ScrubSummary.Next {
    /// When rows may be contacted, in words.
    var words: String {
        switch self {
        case .withinAnHour: "within an hour"
        case .withinADay: "within a day"
        case .withinAWeek: "within a week"
        case .withinAMonth: "within 30 days"
        case .later: "later than that"
        case .notByWaiting: "not by waiting: only an act of theirs or ours changes it"
        }
    }
}
