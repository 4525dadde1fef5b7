import GovernorCore

// The four kinds of time, which the syntax never blurs: elapsed, local dates, calendar periods, calendar steps.
extension FileReader {
    static let elapsedMax = Milliseconds.days(36_600)

    /// `first_day:` as written beside a wait.
    struct FirstDay {
        var isCounted: Bool
        var span: SourceSpan
    }

    /// A duration that is not zero. `key` is for messages.
    func duration(_ node: LocatedNode, _ key: String) -> ISODuration? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            if case .refused = node.content { return nil }
            findings.report(.wrongType, at: node, "`\(key)` takes a duration, not \(node.described)")
            return nil
        }
        do throws(TimeFormatError) {
            let duration = try ISODuration(parsing: text)
            guard !duration.isZero else {
                findings.report(.badDuration, at: node, "\(quoted(text)) has no length")
                return nil
            }
            let tooLong: Bool
            if let elapsed = duration.elapsed {
                tooLong = elapsed > Self.elapsedMax
            } else {
                tooLong =
                    Int(duration.years) * 12 + Int(duration.months) > 1_200
                    || Milliseconds(Int64(duration.days) * 86_400_000 + duration.milliseconds) > Self.elapsedMax
            }
            guard !tooLong else {
                findings.report(.badDuration, at: node, "\(quoted(text)) is longer than 100 years")
                return nil
            }
            return duration
        } catch {
            findings.report(
                .badDuration, at: node, "\(quoted(text)) is not a duration",
                expected: "one such as `PT24H`, `P30D` or `P6M`",
                hint: DurationHint.hint(for: text))
            return nil
        }
    }

    /// A duration without months or years.
    func elapsed(_ node: LocatedNode, _ key: String) -> Milliseconds? {
        guard let duration = duration(node, key) else { return nil }
        if let elapsed = duration.elapsed { return elapsed }
        findings.report(
            .badDuration, at: node, "`\(key)` takes hours, minutes or days; a month has no length of its own")
        return nil
    }

    /// What a duration by itself means: elapsed time, or calendar steps when it has months or years.
    private func plainWait(_ duration: ISODuration) -> Wait {
        duration.elapsed.map { .elapsed($0) } ?? .steps(duration)
    }

    /// How long something lasts after an instant.
    func wait(_ node: LocatedNode, _ key: String, mayBeForever: Bool = false, firstDay: FirstDay? = nil) -> Wait? {
        if case .refused = node.content { return nil }
        guard case .mapping = node.content else {
            if case .scalar("forever", _) = node.content {
                guard mayBeForever else {
                    findings.report(.badDuration, at: node, "`\(key)` cannot be `forever`")
                    return nil
                }
                refuse(firstDay, "`forever`")
                return .forever
            }
            refuse(firstDay, "elapsed time")
            return duration(node, key).map { plainWait($0) }
        }
        guard var keys = KeyReader(node, what: "`\(key)`", findings: findings) else { return nil }
        let localDays = keys.take("local_days")
        let businessDays = keys.take("business_days")
        let calendarNode = keys.take("calendar")
        let steps = keys.take("steps")
        let firstDay = self.firstDay(&keys) ?? firstDay
        keys.finish(findings)
        guard [localDays, businessDays, steps].count(where: { $0 != nil }) == 1,
            calendarNode == nil || businessDays != nil
        else {
            findings.report(
                .mixedTime, at: keys.head, "`\(key)` says more or less than one length of time",
                expected: "`local_days`, `business_days` with its `calendar`, or `steps`",
                hint: "elapsed time stands by itself: `\(key): PT24H`")
            return nil
        }
        if let localDays {
            guard let count = integer(localDays, "local_days", 1...36_600) else { return nil }
            return .localDays(Int32(count), firstDayCounted: firstDay?.isCounted ?? false)
        }
        if let businessDays {
            let count = integer(businessDays, "business_days", 1...3_660)
            guard let calendarNode else {
                findings.report(
                    .missingKey, at: keys.head, "`business_days` needs the `calendar` of its holidays",
                    hint: "write `{ business_days: 5, calendar: NAME }`")
                return nil
            }
            guard let calendar = calendar(calendarNode, "calendar"), let count else { return nil }
            return .businessDays(Int32(count), calendar: calendar, firstDayCounted: firstDay?.isCounted ?? false)
        }
        refuse(firstDay, "calendar steps")
        return steps.flatMap { duration($0, "steps") }.map { .steps($0) }
    }

    private func refuse(_ firstDay: FirstDay?, _ what: String) {
        guard let firstDay else { return }
        findings.report(
            .doesNotBelong, at: firstDay.span, "`first_day` has no effect on \(what)",
            hint: "it belongs to `local_days` and `business_days`")
    }

    func firstDay(_ keys: inout KeyReader) -> FirstDay? {
        guard let node = keys.take("first_day"),
            let isCounted = word(node, "first_day", [("counted", true), ("not_counted", false)])
        else { return nil }
        return FirstDay(isCounted: isCounted, span: keys.key("first_day"))
    }

    /// The span over which a cap counts.
    func window(_ node: LocatedNode) -> Window? {
        if case .refused = node.content { return nil }
        guard case .mapping = node.content else {
            guard let duration = duration(node, "window") else { return nil }
            if case .scalar("P1D", _) = node.content {
                findings.report(
                    .dayIs24Hours, at: node, "`P1D` is 24 hours of elapsed time, not a calendar day",
                    hint: "write `PT24H`, or `{ calendar: day }` for the day by the wall clock")
            }
            reportReach(duration, node)
            return duration.elapsed.map { .elapsed($0) } ?? .steps(duration)
        }
        guard var keys = KeyReader(node, what: "a window", findings: findings) else { return nil }
        let localDays = keys.take("local_days")
        let calendar = keys.take("calendar")
        let steps = keys.take("steps")
        let starts = keys.take("starts")
        let businessDays = keys.take("business_days")
        keys.finish(findings)
        if businessDays != nil {
            findings.report(
                .mixedTime, at: keys.key("business_days"), "a window cannot count business days",
                expected: "`local_days`, `calendar` or `steps`")
            return nil
        }
        guard [localDays, calendar, steps].count(where: { $0 != nil }) == 1 else {
            findings.report(
                .mixedTime, at: keys.head, "a window is one kind of time, not several",
                expected: "one of `local_days`, `calendar` or `steps`",
                hint: "two windows are two rules; elapsed time stands by itself: `window: PT24H`")
            return nil
        }
        if let starts, calendar == nil {
            findings.report(
                .doesNotBelong, at: keys.key("starts"), "`starts` belongs to `calendar: week`",
                hint: "remove it, or write `{ calendar: week, starts: \(starts.scalarText ?? "monday") }`")
        }
        if let localDays {
            guard let count = integer(localDays, "local_days", 1...3_660) else { return nil }
            if count == 1 { reportMidnight(localDays) }
            if count > 400 { reportReach(localDays) }
            return .localDays(Int32(count))
        }
        if let calendar {
            let units: [(String, CalendarUnit)] = [("day", .day), ("week", .week), ("month", .month), ("year", .year)]
            guard let unit = word(calendar, "calendar", units) else { return nil }
            if unit == .day { reportMidnight(calendar) }
            var first = Weekday.monday
            if let starts {
                if unit == .week {
                    first = word(starts, "starts", Self.weekdays) ?? .monday
                } else {
                    findings.report(.doesNotBelong, at: keys.key("starts"), "`starts` belongs to `calendar: week`")
                }
            }
            return .calendar(unit, weekStarts: first)
        }
        guard let steps, let duration = duration(steps, "steps") else { return nil }
        reportReach(duration, steps)
        return .steps(duration)
    }

    static let weekdays: [(String, Weekday)] = [
        ("monday", .monday), ("tuesday", .tuesday), ("wednesday", .wednesday), ("thursday", .thursday),
        ("friday", .friday), ("saturday", .saturday), ("sunday", .sunday),
    ]

    private func reportMidnight(_ node: LocatedNode) {
        findings.report(
            .midnightDouble, at: node, "23:00 and midnight: one contact late and one just after it are both allowed",
            hint: "to keep contacts 24 hours apart, write `window: PT24H`")
    }

    private func reportReach(_ duration: ISODuration, _ node: LocatedNode) {
        let days = Int64(duration.years) * 365 + Int64(duration.months) * 30 + Int64(duration.days)
        if Milliseconds(days * 86_400_000 + duration.milliseconds) > .days(400) { reportReach(node) }
    }

    private func reportReach(_ node: LocatedNode) {
        findings.report(.pastHistory, at: node, "the window reaches further back than the 400 days that records keep")
    }
}

extension LocatedNode {
    var scalarText: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}

/// What somebody who wrote `24h` or `7 local days` probably means.
enum DurationHint {
    static func hint(for text: String) -> String? {
        let lower = text.lowercased()
        if (try? ISODuration(parsing: text.uppercased())) != nil { return "write `\(text.uppercased())`" }
        let digits = lower.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0, number < 1_000_000 else { return nil }
        let rest = lower.dropFirst(digits.count).filter { $0.isASCII && $0.isLetter }
        switch rest {
        case "s", "sec", "second", "seconds": return "write `PT\(number)S`"
        case "m": return "write `PT\(number)M` for minutes or `P\(number)M` for months"
        case "min", "minute", "minutes", "mins": return "write `PT\(number)M`"
        case "h", "hour", "hours", "hr", "hrs": return "write `PT\(number)H`"
        case "d", "day", "days":
            return "write `P\(number)D` for \(number) times 24 hours or `{ local_days: \(number) }` for dates"
        case "localday", "localdays": return "write `{ local_days: \(number) }`"
        case "businessday", "businessdays": return "write `{ business_days: \(number), calendar: NAME }`"
        case "w", "week", "weeks":
            return "write `P\(number)W` for \(number * 7) times 24 hours or `{ local_days: \(number * 7) }` for dates"
        case "mo", "month", "months": return "write `P\(number)M`"
        case "y", "year", "years": return "write `P\(number)Y`"
        default: return nil
        }
    }
}
