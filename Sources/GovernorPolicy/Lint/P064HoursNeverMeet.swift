import GovernorCore

extension DiagnosticCode {
    /// Hours that leave no instant.
    static let hoursNeverMeet = DiagnosticCode(
        "P064", "hours-never-meet", .warning,
        what: """
            All hours that apply to the same contact must be open at once, in every zone in which the person may be. \
            Here they never are: two rules have no hour in common, or the zones of a place lie too far apart for these \
            hours.
            """,
        why: """
            Such a contact is denied for good, and no time is named at which it would be allowed. Holidays and single \
            closed dates are not looked at.
            """,
        example: """
            policy: house
            rules:
              - id: mornings
                kind: contact_hours
                scope: { channels: [voice] }
                open: { daily: ["08:00-12:00"] }
                because: We only call in the morning.
              - id: after-lunch
                kind: contact_hours
                scope: { channels: [voice], purposes: [survey] }
                open: { daily: ["14:00-18:00"] }
                because: We only ask after lunch.
            """,
        instead: """
            policy: house
            rules:
              - id: mornings
                kind: contact_hours
                scope: { channels: [voice], purposes: [marketing] }
                open: { daily: ["08:00-12:00"] }
                because: We only call in the morning.
              - id: after-lunch
                kind: contact_hours
                scope: { channels: [voice], purposes: [survey] }
                open: { daily: ["14:00-18:00"] }
                because: We only ask after lunch.
            """)
}

extension MeaningChecks {
    /// Rules of hours that are compared with each other, at most; past it the check is silent.
    private static let hoursMax = 1_500

    func checkHours() {
        let strictness = Strictness(families: context.families)
        let all = rules.indices.filter {
            guard case .contactHours = rules[$0].rule.body else { return false }
            return rules[$0].rule.mode == .enforce
        }
        guard all.count <= Self.hoursMax else { return }
        var reported: Set<[Int]> = []
        for index in all {
            let read = rules[index]
            guard case .contactHours(let hours) = read.rule.body else { continue }
            // Those that apply whenever this one does, on the same clock.
            let together = all.filter {
                guard case .contactHours(let other) = rules[$0].rule.body, other.zone == hours.zone else {
                    return false
                }
                return strictness.applies(rules[$0].rule, whenever: read.rule)
            }
            let weeks = together.compactMap { index -> Week? in
                if case .contactHours(let hours) = rules[index].rule.body { Week(hours) } else { nil }
            }
            guard weeks.allSatisfy({ !$0.isEmpty }), let first = weeks.first else { continue }
            let shared = weeks.dropFirst().reduce(first) { $0.intersection($1) }
            if shared.isEmpty {
                guard reported.insert(together).inserted else { continue }
                let others = together.filter { $0 != index }.map { rules[$0] }
                read.findings.report(
                    .hoursNeverMeet, at: read.span("open"),
                    "\(quoted(read.rule.id)) has no hour in common with \(names(others)), so that nothing is ever open",
                    hint: "all hours that apply must be open at once; narrow the scope of one of them")
            } else if hours.zone == nil {
                checkZones(read, shared)
            }
        }
    }

    private func names(_ others: [ReadRule]) -> String {
        let shown = others.prefix(3).map { "\(quoted($0.rule.id)) (\($0.place))" }.joined(separator: " and ")
        return others.count > 3 ? shown + " and others" : shown
    }

    /// Somebody of whom only the place is known may be in each of its zones.
    private func checkZones(_ read: ReadRule, _ week: Week) {
        guard let clocks else { return }
        for (place, node) in zip(read.rule.scope.jurisdictions, read.items("scope", "jurisdictions")) {
            guard let zones = clocks(place), zones.count > 1 else { continue }
            let seasons: [[Int32]] = [zones.map(\.january), zones.map(\.july)]
            let isNever = seasons.allSatisfy { offsets in
                guard let first = offsets.first else { return false }
                return Set(offsets).reduce(week.moved(bySeconds: first)) {
                    $0.intersection(week.moved(bySeconds: $1))
                }.isEmpty
            }
            guard isNever, let west = zones.map(\.january).min(), let east = zones.map(\.january).max() else {
                continue
            }
            read.findings.report(
                .hoursNeverMeet, at: node,
                "from \(Self.offset(west)) to \(Self.offset(east)), the zones of \(quoted("\(place)")) have no instant of these hours in common",
                hint:
                    "whoever may be anywhere in it is never contacted; widen the hours, or write a rule for each region"
            )
        }
    }

    private static func offset(_ seconds: Int32) -> String {
        let minutes = abs(seconds) / 60
        let two = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        return "UTC\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

extension Strictness {
    /// Whether `other` is evaluated for every contact that `rule` is evaluated for.
    fileprivate func applies(_ other: Rule, whenever rule: Rule) -> Bool {
        (other.effective == nil || other.effective == rule.effective) && covers(other.scope, rule.scope)
    }
}

/// The open hours of a week from Monday on, on one clock.
struct Week: Hashable {
    private static let length: Int64 = 7 * 86_400_000

    /// Ascending and disjoint, inside of the week.
    private(set) var spans: [Range<Int64>] = []

    var isEmpty: Bool { spans.isEmpty }

    /// The ordinary days, less the margin.
    init(_ hours: ContactHours) {
        for (day, daySpans) in hours.days.enumerated() {
            let midnight = Int64(day) * 86_400_000
            for span in daySpans {
                let close = Int64(span.close) - hours.margin.count
                if close > Int64(span.open) { spans.append(midnight + Int64(span.open)..<midnight + close) }
            }
        }
    }

    private init(spans: [Range<Int64>]) { self.spans = spans }

    func intersection(_ other: Week) -> Week {
        var result: [Range<Int64>] = []
        var (i, j) = (0, 0)
        while i < spans.count, j < other.spans.count {
            let both = spans[i].clamped(to: other.spans[j])
            if !both.isEmpty { result.append(both) }
            if spans[i].upperBound < other.spans[j].upperBound { i += 1 } else { j += 1 }
        }
        return Week(spans: result)
    }

    /// The same in UTC, read on a clock that is so many seconds east of it.
    func moved(bySeconds seconds: Int32) -> Week {
        var result: [Range<Int64>] = []
        for span in spans {
            let low = (span.lowerBound - Int64(seconds) * 1_000 + Self.length) % Self.length
            let high = low + (span.upperBound - span.lowerBound)
            if high <= Self.length {
                result.append(low..<high)
            } else {
                result.append(low..<Self.length)
                result.append(0..<high - Self.length)
            }
        }
        return Week(spans: result.sorted { $0.lowerBound < $1.lowerBound })
    }
}
