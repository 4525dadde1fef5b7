import GovernorCore

/// Compares lengths of time of different kinds. `true` is proven for every zone and date; clocks change by an hour or two,
/// for which three are set aside.
enum Lengths {
    private static let slack: Int64 = 3 * 3_600_000
    private static let day: Int64 = 86_400_000

    /// Whether `a` never ends before `b`.
    static func isAtLeast(_ a: Wait, _ b: Wait) -> Bool {
        switch (a, b) {
        case (.forever, _): true
        case (.elapsed(let a), .elapsed(let b)): a >= b
        case (.steps(let a), .steps(let b)): isAtLeast(a, b)
        case (.localDays(let n, let counted), .localDays(let m, let other)):
            dates(n, counted) >= dates(m, other)
        case (.businessDays(let n, let calendar, let counted), .businessDays(let m, let same, let other)):
            calendar == same && counted == other && n >= m
        // Business days are dates, with others between them.
        case (.businessDays(let n, _, let counted), .localDays(let m, let other)):
            dates(n, counted) >= dates(m, other)
        case (.elapsed(let a), .localDays(let n, let counted)):
            a.count >= Int64(dates(n, counted)) * day + slack
        case (.localDays(let n, let counted), .elapsed(let b)):
            Int64(dates(n, counted) - 1) * day - slack >= b.count
        default: false
        }
    }

    /// Dates from the event's own to the first on which it is over.
    private static func dates(_ count: Int32, _ isFirstCounted: Bool) -> Int32 { count + (isFirstCounted ? 0 : 1) }

    private static func isAtLeast(_ a: ISODuration, _ b: ISODuration) -> Bool {
        let months = { (length: ISODuration) in Int64(length.years) * 12 + Int64(length.months) }
        return months(a) >= months(b) && a.days >= b.days && a.milliseconds >= b.milliseconds
    }

    /// Whether `a` always reaches as far back as `b`.
    static func isAtLeast(_ a: Window, _ b: Window) -> Bool {
        switch (a, b) {
        case (.elapsed(let a), .elapsed(let b)): a >= b
        case (.steps(let a), .steps(let b)): isAtLeast(a, b)
        case (.localDays(let n), .localDays(let m)): n >= m
        case (.calendar(let unit, let starts), .calendar(let other, let otherStarts)):
            unit == other && (unit != .week || starts == otherStarts)
                || unit != .day && other == .day || unit == .year && other == .month
        case (.localDays(let n), .calendar(let unit, _)): n >= datesMax(unit)
        case (.elapsed(let a), .localDays(let n)): a.count >= Int64(n) * day + slack
        case (.elapsed(let a), .calendar(let unit, _)): a.count >= Int64(datesMax(unit)) * day + slack
        case (.localDays(let n), .elapsed(let b)): Int64(n - 1) * day - slack >= b.count
        default: false
        }
    }

    private static func datesMax(_ unit: CalendarUnit) -> Int32 {
        switch unit {
        case .day: 1
        case .week: 7
        case .month: 31
        case .year: 366
        }
    }
}
