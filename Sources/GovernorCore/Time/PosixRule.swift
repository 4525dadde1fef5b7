/// The rule by which a zone's clock changes in the years after the listed ones: the TZ string of POSIX, as tzfiles end.
///
/// Source: IEEE 1003.1, section 8.3 (`TZ`), with the hours from -167 to 167 of RFC 8536, section 3.3.1.
struct PosixRule: Hashable, Sendable {
    /// Seconds east of UTC, outside daylight saving.
    var standardOffset: Int
    /// Nil for a clock that does not change.
    var daylight: Daylight?

    struct Daylight: Hashable, Sendable {
        var offset: Int
        var start: Change
        var end: Change
    }

    /// A day of each year and the wall-clock seconds from its midnight.
    struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// `Jn`: 1...365, 29 February is not counted.
            case julian(Int)
            /// `n`: 0...365, 29 February is counted.
            case ordinal(Int)
            /// `Mm.w.d`: the `week`th (5 for the last) such day of the month; Sunday is 0.
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        var seconds: Int

        /// The local time of the change in seconds since 1970.
        func localSeconds(inYear year: Int) -> Int {
            let newYear = Int(LocalDate.days(year: year, month: 1, day: 1))
            let days: Int
            switch day {
            case .julian(let n):
                days = newYear + n - 1 + (LocalDate.isLeap(year) && n >= 60 ? 1 : 0)
            case .ordinal(let n):
                days = newYear + n
            case .weekday(let month, let week, let day):
                let first = LocalDate(days: LocalDate.days(year: year, month: month, day: 1))
                // Monday is 0 in `Weekday` and 1 here.
                let firstDay = (Int(first.weekday.rawValue) + 1) % 7
                var offset = (day - firstDay + 7) % 7 + (week - 1) * 7
                if offset >= LocalDate.length(ofMonth: month, year: year) { offset -= 7 }
                days = Int(first.days) + offset
            }
            return days * 86_400 + seconds
        }
    }

    /// The changes of the years given, in ascending order: seconds since 1970 in UTC and the offset from then on.
    func changes(years: ClosedRange<Int>) -> [(at: Int, offset: Int)] {
        guard let daylight else { return [] }
        var list: [(at: Int, offset: Int)] = []
        list.reserveCapacity(years.count * 2)
        for year in years {
            list.append((daylight.end.localSeconds(inYear: year) - daylight.offset, standardOffset))
            list.append((daylight.start.localSeconds(inYear: year) - standardOffset, daylight.offset))
        }
        // Almost in order already. At one instant daylight saving wins: a rule that ends as it begins again means all
        // the year.
        for index in list.indices.dropFirst() {
            var place = index
            while place > 0, precedes(list[place], list[place - 1]) {
                list.swapAt(place, place - 1)
                place -= 1
            }
        }
        return list

        func precedes(_ a: (at: Int, offset: Int), _ b: (at: Int, offset: Int)) -> Bool {
            a.at != b.at ? a.at < b.at : a.offset != daylight.offset && b.offset == daylight.offset
        }
    }

    /// Nil when the bytes are not exactly one rule.
    init?(parsing bytes: ArraySlice<UInt8>) {
        var scanner = Scanner(rest: bytes)
        guard scanner.skipName(), let west = scanner.time(hoursMax: 24) else { return nil }
        standardOffset = -west
        daylight = nil
        if scanner.rest.isEmpty { return }
        guard scanner.skipName() else { return nil }
        var offset = standardOffset + 3_600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let west = scanner.time(hoursMax: 24) else { return nil }
            offset = -west
        }
        guard scanner.skip(","), let start = scanner.change(), scanner.skip(","), let end = scanner.change(),
            scanner.rest.isEmpty
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// At least three letters, or in angle brackets at least three letters, digits and signs.
        mutating func skipName() -> Bool {
            let quoted = skip("<")
            var length = 0
            while let byte = rest.first {
                let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                let isOther =
                    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                guard isLetter || (quoted && isOther) else { break }
                rest.removeFirst()
                length += 1
            }
            return length >= 3 && (!quoted || skip(">"))
        }

        /// A number of at most three digits.
        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            var value = 0
            var length = 0
            while let byte = rest.first, (0x30...0x39).contains(byte), length < 3 {
                value = value * 10 + Int(byte - 0x30)
                length += 1
                rest.removeFirst()
            }
            return length > 0 && range.contains(value) ? value : nil
        }

        /// `[+-]h[:mm[:ss]]` in seconds.
        mutating func time(hoursMax: Int) -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard let hours = number(0...hoursMax) else { return nil }
            var seconds = hours * 3_600
            if skip(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds += minutes * 60
                if skip(":") {
                    guard let rest = number(0...59) else { return nil }
                    seconds += rest
                }
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            let day: Change.Day
            if skip("J") {
                guard let n = number(1...365) else { return nil }
                day = .julian(n)
            } else if skip("M") {
                guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
                    let weekday = number(0...6)
                else { return nil }
                day = .weekday(month: month, week: week, day: weekday)
            } else {
                guard let n = number(0...365) else { return nil }
                day = .ordinal(n)
            }
            guard skip("/") else { return Change(day: day, seconds: 7_200) }
            guard let seconds = time(hoursMax: 167) else { return nil }
            return Change(day: day, seconds: seconds)
        }
    }
}
