import GovernorCore

extension FileReader {
    private static let dayKeys = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let dayMax: Int32 = 86_400_000

    func readContactHours(_ keys: inout KeyReader) -> ContactHours? {
        let openNode = keys.require(
            "open", findings, hint: "when contact is permitted: `open: { daily: [\"08:00-21:00\"] }`")
        let errors = findings.errorCount
        let open = openNode.flatMap { readOpen($0) }
        let isUnderstood = findings.errorCount == errors
        var holidays: Int?
        var namesCalendar = false
        if let node = keys.take("holidays") {
            namesCalendar = true
            holidays = calendar(node, "holidays")
        }
        var closed: [LocalDate] = []
        if let node = keys.take("closed") {
            closed = list(node, "closed").compactMap { date($0, "closed") }.sorted()
        }
        let zone = keys.take("zone").flatMap { readZone($0) }
        var margin = Milliseconds(0)
        if let node = keys.take("margin"), let length = elapsed(node, "margin") {
            if length < .hours(24) {
                margin = length
            } else {
                findings.report(.badDuration, at: node, "a margin of a day or more leaves no hours")
            }
        }
        guard let openNode, let open else { return nil }
        if open.holiday != nil, !namesCalendar {
            findings.report(
                .missingKey, at: openNode, "hours for holidays need to know the holidays",
                hint: "name a calendar: `holidays: NAME`")
        }
        let spans = open.days.joined() + (open.holiday ?? [])
        if isUnderstood, !spans.contains(where: { Int64($0.close - $0.open) > margin.count }) {
            findings.report(
                .neverOpen, at: openNode, "these hours never open: everything in the rule's scope is denied")
        } else if isUnderstood, let short = spans.first(where: { Int64($0.close - $0.open) <= margin.count }) {
            findings.report(
                .neverOpen, at: keys.key("margin"), "the margin leaves nothing of \(quoted(Self.text(short)))",
                hint: "make the span longer or the margin shorter")
        }
        // A calendar that is named and given no hours of its own closes its days.
        let holiday = open.holiday ?? (namesCalendar ? [] : nil)
        return ContactHours(
            days: open.days, holiday: holiday, holidays: holidays, closedDates: closed, zone: zone, margin: margin)
    }

    /// A named day beats `weekdays` and `weekend`, which beat `daily`; an unnamed day is closed.
    private func readOpen(
        _ node: LocatedNode
    ) -> (days: [[ContactHours.DaySpan]], holiday: [ContactHours.DaySpan]?)? {
        guard var keys = KeyReader(node, what: "`open`", findings: findings) else { return nil }
        let daily = keys.take("daily").map { readSpans($0, "daily") }
        let weekdays = keys.take("weekdays").map { readSpans($0, "weekdays") }
        let weekend = keys.take("weekend").map { readSpans($0, "weekend") }
        var days: [[ContactHours.DaySpan]] = []
        for (index, key) in Self.dayKeys.enumerated() {
            let named = keys.take(key).map { readSpans($0, key) }
            days.append(named ?? (index < 5 ? weekdays : weekend) ?? daily ?? [])
        }
        let holiday = keys.take("holiday").map { readSpans($0, "holiday") }
        keys.finish(findings)
        return (days, holiday)
    }

    /// `["08:00-12:00", "14:00-21:00"]`; an empty list is a closed day.
    private func readSpans(_ node: LocatedNode, _ key: String) -> [ContactHours.DaySpan] {
        var spans: [(span: ContactHours.DaySpan, node: LocatedNode)] = []
        for item in list(node, key, mayBeEmpty: true) {
            if let span = readSpan(item, key) { spans.append((span, item)) }
        }
        spans.sort { ($0.span.open, $0.span.close) < ($1.span.open, $1.span.close) }
        var result: [ContactHours.DaySpan] = []
        for (span, node) in spans {
            guard let last = result.last, span.open <= last.close else {
                result.append(span)
                continue
            }
            if span.open < last.close {
                findings.report(
                    .hoursOverlap, at: node,
                    "\(quoted(Self.text(span))) overlaps \(quoted(Self.text(last)))",
                    hint:
                        "if both are meant, write \(quoted(Self.text(.init(open: last.open, close: max(last.close, span.close)))))"
                )
            }
            // Spans that touch are one, so that a margin is taken off where the hours really end.
            result[result.count - 1].close = max(last.close, span.close)
        }
        return result
    }

    private func readSpan(_ node: LocatedNode, _ key: String) -> ContactHours.DaySpan? {
        guard case .scalar(let text, let isPlain) = node.content, !node.isNull else {
            if case .refused = node.content { return nil }
            findings.report(.wrongType, at: node, "`\(key)` takes spans of hours, not \(node.described)")
            return nil
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let open = Self.minutes(parts[0]), let close = Self.minutes(parts[1]) else {
            let isClosed = ["closed", "none"].contains(text.lowercased())
            findings.report(
                .badHours, at: node, "\(quoted(text)) is not a span of hours", expected: "one such as \"08:00-21:00\"",
                hint: isClosed ? "a closed day is an empty list: `\(key): []`" : Self.hint(for: text))
            return nil
        }
        guard !isPlain else {
            findings.report(
                .badHours, at: node, "hours need quotes", hint: "write \"\(text)\"")
            return nil
        }
        guard open < close else {
            let next = Self.pad(open) + "-24:00"
            findings.report(
                .hoursPastMidnight, at: node, "\(quoted(text)) ends before it begins",
                hint: close == 0
                    ? "midnight at the end of a day is 24:00: \"\(next)\""
                    : open == close
                        ? "for the whole day write \"00:00-24:00\", for a closed day an empty list"
                        : "hours past midnight are two spans: \"\(next)\" on this day and \"00:00-\(Self.pad(close))\" on the next"
            )
            return nil
        }
        return ContactHours.DaySpan(open: open * 60_000, close: close * 60_000)
    }

    /// `HH:MM` from 00:00 to 24:00, as minutes of the day.
    private static func minutes(_ text: Substring) -> Int32? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int32($0) - 0x30 }
        guard digits.allSatisfy({ $0 >= 0 && $0 <= 9 }) else { return nil }
        let hour = digits[0] * 10 + digits[1]
        let minute = digits[2] * 10 + digits[3]
        guard hour <= 24, minute <= 59, hour < 24 || minute == 0 else { return nil }
        return hour * 60 + minute
    }

    private static func pad(_ minutes: Int32) -> String {
        let two = { (value: Int32) in value < 10 ? "0\(value)" : "\(value)" }
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    private static func text(_ span: ContactHours.DaySpan) -> String {
        pad(span.open / 60_000) + "-" + pad(span.close / 60_000)
    }

    /// `8-21`, `8:00 - 21:00`, `8am-9pm` and the like, as they should be written.
    private static func hint(for text: String) -> String? {
        let parts = text.lowercased().filter { $0 != " " }.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let times = parts.compactMap { part -> Int32? in
            let isAfternoon = part.hasSuffix("pm")
            let isTwelveHour = isAfternoon || part.hasSuffix("am")
            let part = isTwelveHour ? part.dropLast(2) : part
            let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
            guard (1...2).contains(pieces.count), let hour = Int32(pieces[0]), (0...24).contains(hour) else {
                return nil
            }
            let minute = pieces.count == 2 ? Int32(pieces[1]) : 0
            guard let minute, (0...59).contains(minute) else { return nil }
            let total = (isTwelveHour ? hour % 12 : hour) * 60 + minute + (isAfternoon ? 720 : 0)
            return total <= 1_440 ? total : nil
        }
        guard times.count == 2, times[0] < times[1] else { return nil }
        return "write \"\(pad(times[0]))-\(pad(times[1]))\""
    }

    func readZone(_ node: LocatedNode) -> ZoneKey? {
        guard let name = name(node, "zone") else { return nil }
        let isFixed = name.hasPrefix("UTC")
        let looksRight = isFixed ? Self.isFixedZone(name) : Self.isZoneName(name)
        if looksRight, isFixed || context.isKnownZone?(name) ?? true { return ZoneKey(name: name) }
        findings.report(
            .badZone, at: node, "\(quoted(name)) is not a time zone",
            expected: "a name such as `America/New_York`, or `UTC-06:00`",
            hint: isFixed ? "write hours and minutes, in quarters of an hour: `UTC-06:00`" : nil)
        return nil
    }

    /// `UTC`, or with hours and quarters of an hour, at most 14 hours.
    private static func isFixedZone(_ name: String) -> Bool {
        if name == "UTC" { return true }
        let bytes = Array(name.utf8)
        guard bytes.count == 9, bytes[3] == UInt8(ascii: "+") || bytes[3] == UInt8(ascii: "-"),
            let minutes = minutes(name.suffix(5))
        else { return false }
        return minutes <= 14 * 60 && minutes % 15 == 0
    }

    /// An area and a place; abbreviations are not taken, even those that the tz database keeps.
    private static func isZoneName(_ name: String) -> Bool {
        name.contains("/") && !name.hasPrefix("/") && !name.hasSuffix("/") && !name.hasPrefix("Etc/")
            && name.utf8.allSatisfy { byte in
                (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (byte >= 0x30 && byte <= 0x39)
                    || "/_+-".utf8.contains(byte)
            }
    }
}
