import GovernorCore
import Testing

@Suite struct LocalDateTests {
    @Test(arguments: [
        ("1970-01-01", 0, Weekday.thursday), ("1969-12-31", -1, .wednesday), ("2000-02-29", 11_016, .tuesday),
        ("2000-03-01", 11_017, .wednesday), ("1900-03-01", -25_508, .thursday), ("2100-02-28", 47_540, .sunday),
        ("2100-03-01", 47_541, .monday), ("2026-11-22", 20_779, .sunday), ("0000-01-01", -719_528, .saturday),
        ("0000-02-29", -719_469, .tuesday), ("9999-12-31", 2_932_896, .friday),
    ])
    func daysAndWeekdays(text: String, days: Int32, weekday: Weekday) throws {
        let date = try LocalDate(parsing: text)
        #expect(date.days == days)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
        #expect(LocalDate(year: date.year, month: date.month, day: date.day) == date)
    }

    @Test func everyDayFollowsTheOneBefore() {
        var (year, month, day) = (1895, 12, 31)
        for days in Int32(-27_028)...Int32(85_000) {
            let date = LocalDate(days: days)
            day += 1
            if day > [31, LocalDate.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] {
                (month, day) = (month + 1, 1)
            }
            if month == 13 { (year, month) = (year + 1, 1) }
            if date.components != (year, month, day) || LocalDate(year: year, month: month, day: day) != date {
                Issue.record("\(days) reads \(date.components) for \((year, month, day))")
                return
            }
        }
    }

    @Test func theEndsOfTheRangeHold() {
        for days in [Int32.min, -1_000_000_000, 1_000_000_000, Int32.max] {
            let date = LocalDate(days: days)
            let (year, month, day) = date.components
            #expect((1...12).contains(month) && (1...LocalDate.length(ofMonth: month, year: year)).contains(day))
            _ = (date.weekday, date.startOfWeek(), date.startOfMonth, date.startOfYear, date.description)
            _ = date.adding(years: .max, months: .max, days: .max)
            _ = date.adding(years: .min, months: .min, days: .min)
        }
        #expect(LocalDate(days: .max).adding(days: 1).days == .max)
        #expect(LocalDate(days: .min).adding(days: -1).days == .min)
    }

    @Test(arguments: [
        ("2026-01-31", 0, 1, 0, "2026-02-28"), ("2024-01-31", 0, 1, 0, "2024-02-29"),
        ("2024-02-29", 1, 0, 0, "2025-02-28"), ("2024-02-29", 4, 0, 0, "2028-02-29"),
        ("2025-08-31", 0, 18, 0, "2027-02-28"), ("2026-12-31", 0, 1, 1, "2027-02-01"),
        ("2026-01-31", 0, 1, 1, "2026-03-01"), ("2026-03-31", 0, -1, 0, "2026-02-28"),
        ("2026-01-15", 0, -1, 0, "2025-12-15"), ("2026-01-15", -1, -13, 0, "2023-12-15"),
        ("2026-05-31", 0, 12, 0, "2027-05-31"), ("2026-12-31", 0, 0, 1, "2027-01-01"),
        ("2100-01-31", 0, 1, 0, "2100-02-28"), ("2026-03-01", 0, 0, -1, "2026-02-28"),
    ])
    func steps(from: String, years: Int, months: Int, days: Int, to: String) throws {
        let date = try LocalDate(parsing: from).adding(years: years, months: months, days: days)
        #expect(date.description == to)
    }

    @Test(arguments: [
        ("2026-11-22", Weekday.monday, "2026-11-16"), ("2026-11-22", .sunday, "2026-11-22"),
        ("2026-11-23", .monday, "2026-11-23"), ("2026-11-23", .sunday, "2026-11-22"),
        ("2026-11-23", .saturday, "2026-11-21"), ("2027-01-01", .monday, "2026-12-28"),
        ("1969-12-31", .monday, "1969-12-29"), ("1969-12-28", .monday, "1969-12-22"),
    ])
    func weeks(from: String, first: Weekday, start: String) throws {
        #expect(try LocalDate(parsing: from).startOfWeek(first: first).description == start)
    }

    @Test func monthsAndYears() throws {
        let date = try LocalDate(parsing: "2024-02-29")
        #expect(date.startOfMonth.description == "2024-02-01")
        #expect(date.startOfYear.description == "2024-01-01")
        #expect(
            (1...12).map { LocalDate.length(ofMonth: $0, year: 2026) } == [
                31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
            ])
    }

    @Test(arguments: [
        ("", TimeFormatError.malformed(at: 0)), ("2026-11-2", .malformed(at: 9)), ("2026-11-222", .malformed(at: 10)),
        ("2026-11-22 ", .malformed(at: 10)), ("2026/11/22", .malformed(at: 4)), ("2026-11.22", .malformed(at: 7)),
        ("+026-11-22", .malformed(at: 0)), ("2026-1a-22", .malformed(at: 6)), ("2026-00-22", .noSuchValue(at: 5)),
        ("2026-13-22", .noSuchValue(at: 5)), ("2026-11-00", .noSuchValue(at: 8)), ("2026-11-31", .noSuchValue(at: 8)),
        ("2026-02-29", .noSuchValue(at: 8)), ("1900-02-29", .noSuchValue(at: 8)), ("２026-11-2", .malformed(at: 0)),
    ])
    func refused(text: String, error: TimeFormatError) {
        #expect(throws: error) { try LocalDate(parsing: text) }
    }

    @Test func noSuchDay() {
        #expect(LocalDate(year: 2026, month: 2, day: 29) == nil)
        #expect(LocalDate(year: 2026, month: 0, day: 1) == nil)
        #expect(LocalDate(year: 2026, month: 1, day: 0) == nil)
        #expect(LocalDate(year: .max, month: 1, day: 1) == nil)
    }
}
