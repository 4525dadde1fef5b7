import GovernorCore

/// On which day off a holiday is observed that falls on a weekend. The holiday itself stays one.
enum ObservedDays: String, CaseIterable {
    /// Saturday on the Friday before, Sunday on the Monday after. Source: 5 U.S.C. 6103(b), for the federal holidays.
    case nearestWeekday = "nearest_weekday"
    /// The next day that is neither weekend nor holiday nor taken by another one.
    /// Source: Banking and Financial Dealings Act 1971, schedule 1, and the days proclaimed in place of others.
    case nextWeekday = "next_weekday"
    /// The same for Sundays; a Saturday stays where it is. Source: South Africa, Public Holidays Act 36 of 1994, 2(1).
    case nextWeekdayAfterSunday = "next_weekday_after_sunday"

    static let words = allCases.map { ($0.rawValue, $0) }

    /// `dates` and the days on which they are observed.
    func observed(_ dates: [LocalDate]) -> [LocalDate] {
        var days = Set(dates)
        for date in days.sorted() where date.weekday.isWeekend {
            switch (self, date.weekday) {
            case (.nearestWeekday, .saturday): days.insert(date.adding(days: -1))
            case (.nearestWeekday, _): days.insert(date.adding(days: 1))
            case (.nextWeekdayAfterSunday, .saturday): break
            case (.nextWeekday, _), (.nextWeekdayAfterSunday, _):
                var day = date.adding(days: 1)
                while day.weekday.isWeekend || days.contains(day) { day = day.adding(days: 1) }
                days.insert(day)
            }
        }
        return days.sorted()
    }
}
