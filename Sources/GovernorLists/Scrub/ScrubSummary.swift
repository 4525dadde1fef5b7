public import GovernorCore

/// What became of a whole list.
public struct ScrubSummary: Sendable, Equatable {
    /// Denied rows that a rule was the first reason of.
    public struct ByReason: Sendable, Equatable {
        /// The rule's id, a code where no rule stands behind it, or what is wrong with the rows.
        public var reason: String
        /// The sentence of one such row.
        public var example: String
        public var rows: Int

        public init(reason: String, example: String, rows: Int) {
            self.reason = reason
            self.example = example
            self.rows = rows
        }
    }

    /// When denied rows may be contacted.
    public enum Next: String, CaseIterable, Sendable {
        case withinAnHour = "within_an_hour"
        case withinADay = "within_a_day"
        case withinAWeek = "within_a_week"
        case withinAMonth = "within_a_month"
        case later
        /// Only an act can change it.
        case notByWaiting = "not_by_waiting"
    }

    public var rows = 0
    public var allowed = 0
    public var denied = 0
    public var duplicates = 0
    public var invalid = 0
    /// Most rows first.
    public var denials: [ByReason] = []
    public var faults: [ByReason] = []
    public var next: [Next: Int] = [:]
    public var policyRevision = ""
    public var from: Timestamp?
    public var to: Timestamp?

    public init() {}

    mutating func count(_ row: JudgedRow) {
        rows += 1
        if let at = row.at {
            from = from ?? at
            to = at
        }
        if !row.policyRevision.isEmpty { policyRevision = row.policyRevision }
        switch row.verdict {
        case .allow: allowed += 1
        case .deny:
            denied += 1
            add(row, to: &denials)
            next[row.next ?? .notByWaiting, default: 0] += 1
        case .invalid:
            invalid += 1
            add(row, to: &faults)
        case .duplicate: duplicates += 1
        }
    }

    /// A list knows few reasons, so that a walk over them is as fast as a dictionary.
    private func add(_ row: JudgedRow, to list: inout [ByReason]) {
        if let i = list.firstIndex(where: { $0.reason == row.reason }) {
            list[i].rows += 1
        } else {
            list.append(ByReason(reason: row.reason, example: row.example, rows: 1))
        }
    }

    mutating func sort() {
        denials.sort { ($1.rows, $0.reason) < ($0.rows, $1.reason) }
        faults.sort { ($1.rows, $0.reason) < ($0.rows, $1.reason) }
    }
}

extension ScrubSummary.Next {
    /// Of a span from now on; `nil`: only an act can change it.
    init(_ wait: Milliseconds?) {
        self =
            switch wait {
            case nil: .notByWaiting
            case let wait? where wait <= .hours(1): .withinAnHour
            case let wait? where wait <= .days(1): .withinADay
            case let wait? where wait <= .days(7): .withinAWeek
            case let wait? where wait <= .days(30): .withinAMonth
            default: .later
            }
    }
}
