import GovernorCore

// What a campaign guard takes: attempts or a share, over a window of its own kinds.
extension FileReader {
    func readCampaignGuard(_ keys: inout KeyReader) -> CampaignGuard? {
        let per =
            keys.take("per").flatMap { word($0, "per", [("campaign", CounterKey.Unit.campaign), ("agency", .agency)]) }
            ?? .campaign
        let attemptsNode = keys.take("attempts")
        let shareNode = keys.take("share")
        let demand: CampaignGuard.Demand?
        switch (attemptsNode, shareNode) {
        case (let node?, nil):
            demand = integer(node, "attempts", 0...1_000_000_000).map { .attempts(UInt32($0)) }
            if case .attempts(0) = demand {
                findings.report(
                    .limitZero, at: node, "no attempts at all deny everything in the rule's scope, for good",
                    hint: "a rule of kind `block` says so plainly")
            }
        case (nil, let node?): demand = readShare(node)
        case (nil, nil):
            findings.report(
                .missingKey, at: keys.head, "a campaign guard needs `attempts` or `share`",
                hint: "how many at most: `attempts: 1000`, or `share: { of: [abandoned], most: 3% }`")
            demand = nil
        case (_?, _?):
            findings.report(
                .doesNotBelong, at: keys.key("share"), "a campaign guard has `attempts` or `share`, not both",
                hint: "two guards are two rules")
            demand = nil
        }
        let node = keys.require(
            "window", findings,
            hint: "over which time: `PT1H`, `{ calendar: day }` or `{ periods: P30D }`")
        guard let window = node.flatMap({ guardWindow($0) }), let demand else { return nil }
        return CampaignGuard(per: per, demand: demand, window: window)
    }

    /// Outcomes by which a person has answered.
    static let liveAnswered = [
        "connected", "conversation", "refused", "complaint", "opt_out", "wrong_number", "abandoned", "sold",
    ]

    private func readShare(_ node: LocatedNode) -> CampaignGuard.Demand? {
        guard var keys = KeyReader(node, what: "`share`", findings: findings) else { return nil }
        let of =
            keys.require("of", findings, hint: "which outcomes there may be so few of: `of: [abandoned]`")
            .map { outcomes($0, "of") } ?? []
        var among = Self.liveAnswered
        if let node = keys.take("among") {
            if case .scalar("live_answered", _) = node.content {
                // As it is without the key.
            } else {
                among = outcomes(node, "among")
            }
        }
        let most = keys.require("most", findings, hint: "the largest share: `most: 3%`")
            .flatMap { percentage($0, "most") }
        let atLeast = keys.take("at_least").flatMap { integer($0, "at_least", 1...1_000_000) } ?? 1
        keys.finish(findings)
        guard !of.isEmpty, !among.isEmpty, let most else { return nil }
        return .share(
            of: context.names(of), among: context.names(among + of.filter { !among.contains($0) }), millionths: most,
            atLeast: UInt32(atLeast))
    }

    /// `3%` or `2.5%`, in millionths.
    private func percentage(_ node: LocatedNode, _ key: String) -> UInt32? {
        if case .refused = node.content { return nil }
        guard let text = node.scalarText, let share = Self.millionths(text) else {
            findings.report(
                .badNumber, at: node, "`\(key)` takes a percentage, not \(quoted(node.scalarText ?? node.described))",
                expected: "one such as `3%` or `0.5%`, at most four decimals")
            return nil
        }
        return share
    }

    private static func millionths(_ text: String) -> UInt32? {
        guard text.hasSuffix("%") else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            parts[0].utf8.count <= 3, let whole = UInt32(parts[0])
        else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.utf8.count <= 4,
            let rest = UInt32(decimals + String(repeating: "0", count: 4 - decimals.utf8.count))
        else { return nil }
        let share = whole * 10_000 + rest
        return share <= 1_000_000 ? share : nil
    }

    private func guardWindow(_ node: LocatedNode) -> GuardWindow? {
        if case .refused = node.content { return nil }
        guard case .mapping = node.content else {
            return reach(node, "window").flatMap { length in
                if length < .minutes(1) || length.count % 60_000 != 0 {
                    findings.report(.badDuration, at: node, "a guard counts in whole minutes")
                    return nil
                }
                return .elapsed(length)
            }
        }
        guard var keys = KeyReader(node, what: "a guard's window", findings: findings) else { return nil }
        let calendar = keys.take("calendar")
        let periods = keys.take("periods")
        let starts = keys.take("starts")
        let zoneNode = keys.take("zone")
        keys.finish(findings)
        if let periods, calendar == nil, starts == nil, zoneNode == nil {
            return reach(periods, "periods").flatMap { length in
                if length.count % 3_600_000 != 0 {
                    findings.report(.badDuration, at: periods, "the periods of a guard are whole hours")
                    return nil
                }
                return .periods(length)
            }
        }
        guard let calendar, periods == nil else {
            findings.report(
                .mixedTime, at: keys.head, "a guard's window is one kind of time",
                expected: "`calendar` with its `zone` and `starts`, or `periods`",
                hint: "elapsed time stands by itself: `window: PT1H`")
            return nil
        }
        let units: [(String, GuardWindow.Unit)] = [("hour", .hour), ("day", .day), ("week", .week), ("month", .month)]
        guard let unit = word(calendar, "calendar", units) else { return nil }
        var first = Weekday.monday
        if let starts {
            if unit == .week {
                first = word(starts, "starts", Self.weekdays) ?? .monday
            } else {
                findings.report(.doesNotBelong, at: keys.key("starts"), "`starts` belongs to `calendar: week`")
            }
        }
        return .calendar(unit, weekStarts: first, zone: zoneNode.flatMap { readZone($0) })
    }

    /// A length of elapsed time that a counter reaches back to.
    private func reach(_ node: LocatedNode, _ key: String) -> Milliseconds? {
        guard let duration = duration(node, key) else { return nil }
        guard let length = duration.elapsed else {
            findings.report(
                .mixedTime, at: node, "`\(key)` of a guard is elapsed time", expected: "one such as `PT1H` or `P30D`",
                hint: "for months write `{ calendar: month }`")
            return nil
        }
        if length > CounterRecord.windowMax {
            findings.report(.badDuration, at: node, "a guard reaches back 62 days at most")
            return nil
        }
        return length
    }
}
