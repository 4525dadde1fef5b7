import GovernorCore
import GovernorPages
import GovernorRuntime

/// Who reads a page, in which language, and by which clock.
struct Reader: Sendable {
    var language: Language
    /// The reader's own zone.
    var zone: ZoneTable
    var zoneName: String
    /// Two letters of a country: where numbers are from that are typed without one. Empty for none.
    var region: String
    /// Single letters do something.
    var hasShortcuts: Bool
    var now: Timestamp
    var session: Session?

    var caller: Caller? { session?.caller }
    var role: Role { session?.caller.role ?? .dialer }
    /// May read policies, the ledger and everybody's numbers.
    var isAuditor: Bool { role.seesEverything }

    func callAsFunction(_ word: some WordTable, _ values: [String: String] = [:]) -> String { word(language, values) }
}

// MARK: Numbers

extension Reader {
    /// `4,100`, `4.100`, `4 100`.
    func number(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        let separator =
            switch language {
            case .english: ","
            case .german: "."
            case .french: "\u{202f}"
            }
        var text = ""
        for (i, digit) in digits.enumerated() {
            if i > 0, (digits.count - i) % 3 == 0 { text += separator }
            text.append(digit)
        }
        return (value < 0 ? "−" : "") + text
    }

    /// With at most one digit behind the point: `3.5`, `3,5`.
    func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let whole = number(tenths / 10)
        let rest = abs(tenths % 10)
        return rest == 0 ? whole : whole + (language == .english ? "." : ",") + "\(rest)"
    }

    /// `12 %` of a whole; a dash of nothing.
    func share(_ part: some BinaryInteger, of whole: some BinaryInteger) -> String {
        if whole == 0 { return "–" }
        return decimal(Double(part) * 100 / Double(whole)) + (language == .english ? "%" : "\u{a0}%")
    }
}

// MARK: Time

extension Reader {
    private static let months: [Language: [String]] = [
        .english: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        .german: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
        .french: [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
        ],
    ]

    private static let weekdays: [Language: [String]] = [
        .english: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        .german: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
        .french: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    ]

    /// Monday first.
    func weekday(_ index: Int) -> String { Self.weekdays[language]?[index] ?? "" }

    /// `22 Nov 2026`, `22. Nov. 2026`, `22 nov. 2026`.
    func date(_ date: LocalDate) -> String {
        let (year, month, day) = date.components
        let name = Self.months[language]?[month - 1] ?? ""
        return language == .german ? "\(day). \(name) \(year)" : "\(day) \(name) \(year)"
    }

    func date(_ instant: Timestamp, in zone: ZoneTable? = nil) -> String { date((zone ?? self.zone).date(at: instant)) }

    /// `16:02`.
    func time(_ instant: Timestamp, in zone: ZoneTable? = nil) -> String {
        let local = (zone ?? self.zone).local(at: instant)
        return Self.two(local.hour) + ":" + Self.two(local.minute)
    }

    /// `16:02` of today, `tomorrow, 16:02`, else with the date.
    func moment(_ instant: Timestamp, in zone: ZoneTable? = nil) -> String {
        let zone = zone ?? self.zone
        let today = zone.date(at: now)
        let day = zone.date(at: instant)
        let time = time(instant, in: zone)
        if day == today { return self(TimeWords.today, ["time": time]) }
        if day == today.adding(days: 1) { return self(TimeWords.tomorrow, ["time": time]) }
        if day == today.adding(days: -1) { return self(TimeWords.yesterday, ["time": time]) }
        return date(day) + ", " + time
    }

    /// `22 Nov 2026, 16:02:11`.
    func exact(_ instant: Timestamp, in zone: ZoneTable? = nil) -> String {
        let local = (zone ?? self.zone).local(at: instant)
        return "\(date(local.date)), \(Self.two(local.hour)):\(Self.two(local.minute)):\(Self.two(local.second))"
    }

    /// `3 hours`, `2 days`: the length in its largest unit, rounded down; as it stands behind "in" and "ago".
    func length(_ length: Milliseconds) -> String {
        let seconds = abs(length.count) / 1_000
        let (count, one, many): (Int64, TimeWords, TimeWords) =
            switch seconds {
            case ..<60: (seconds, .second, .seconds)
            case ..<3_600: (seconds / 60, .minute, .minutes)
            case ..<172_800: (seconds / 3_600, .hour, .hours)
            default: (seconds / 86_400, .day, .days)
            }
        return self(count == 1 ? one : many, ["count": number(count)])
    }

    /// `3 hours ago`.
    func ago(_ instant: Timestamp) -> String { self(TimeWords.ago, ["length": length(now - instant)]) }

    /// `in 3 hours`.
    func ahead(_ instant: Timestamp) -> String { self(TimeWords.ahead, ["length": length(instant - now)]) }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
