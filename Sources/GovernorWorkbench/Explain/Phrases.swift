import Foundation
import GovernorCore

/// Words for the values of rules.
enum Phrases {
    /// `a`, `a or b`, `a, b or c`.
    static func list(_ words: [String], _ joint: String = "or") -> String {
        guard let last = words.last else { return "" }
        if words.count == 1 { return last }
        return words.dropLast().joined(separator: ", ") + " \(joint) " + last
    }

    /// `1 hour`, `5 minutes`.
    static func count(_ n: Int64, _ unit: String) -> String { "\(n) \(unit)\(n == 1 ? "" : "s")" }

    /// `3 %`, `2.5 %`.
    static func percent(millionths: UInt32) -> String {
        var decimals = String(String(10_000 + millionths % 10_000).dropFirst())
        while decimals.last == "0" { decimals.removeLast() }
        return "\(millionths / 10_000)\(decimals.isEmpty ? "" : "." + decimals) %"
    }

    /// `24 hours`, `7 days`, `1 day and 6 hours`: days are of 24 hours, and said so when that can be misread.
    static func length(_ length: Milliseconds) -> String {
        var rest = length.count
        var parts: [String] = []
        // Up to two days in hours, so that nobody takes 24 hours for a date.
        if rest >= 72 * 3_600_000 {
            parts.append(count(rest / 86_400_000, "day"))
            rest %= 86_400_000
        }
        for (unit, size) in [("hour", 3_600_000), ("minute", 60_000), ("second", 1_000), ("millisecond", 1)] {
            let n = rest / Int64(size)
            rest %= Int64(size)
            if n > 0 { parts.append(count(n, unit)) }
        }
        return list(parts, "and")
    }

    static func steps(_ duration: ISODuration) -> String {
        var parts: [String] = []
        if duration.years != 0 { parts.append(count(Int64(duration.years), "year")) }
        if duration.months != 0 { parts.append(count(Int64(duration.months), "month")) }
        if duration.days != 0 { parts.append(count(Int64(duration.days), "day")) }
        if duration.milliseconds != 0 { parts.append(length(Milliseconds(duration.milliseconds))) }
        return list(parts, "and") + " by the calendar"
    }

    static func wait(_ wait: Wait, _ policies: PolicySet) -> String {
        switch wait {
        case .elapsed(let span): length(span)
        case .localDays(let days, let counted):
            count(Int64(days), "local date") + (counted ? ", the day itself counted" : ", from the day after")
        case .businessDays(let days, let calendar, let counted):
            count(Int64(days), "business day") + " of calendar `\(policies.calendars[calendar].name)`"
                + (counted ? ", the day itself counted" : "")
        case .steps(let duration): steps(duration)
        case .forever: "ever"
        }
    }

    /// `in any 24 hours`, `on 7 local dates together, today included`, `in a calendar week`.
    static func window(_ window: Window) -> String {
        switch window {
        case .elapsed(let span): return "in any \(length(span))"
        case .localDays(let days):
            return days == 1 ? "on one local date" : "on any \(days) local dates in a row, today included"
        case .calendar(let unit, let starts):
            switch unit {
            case .day: return "on one calendar day"
            case .week: return "in one calendar week" + (starts == .monday ? "" : ", which starts on \(name(starts))")
            case .month: return "in one calendar month"
            case .year: return "in one calendar year"
            }
        case .steps(let duration): return "in any \(steps(duration))"
        }
    }

    static func name(_ day: Weekday) -> String {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][Int(day.rawValue)]
    }

    /// `voice calls`; `one` for the singular.
    static func channel(_ name: String, one: Bool = false) -> String {
        switch name {
        case "voice": one ? "voice call" : "voice calls"
        case "sms": one ? "text message" : "text messages"
        case "email": one ? "e-mail" : "e-mails"
        case "push": one ? "push message" : "push messages"
        case "mail": one ? "letter" : "letters"
        case "whatsapp": one ? "WhatsApp message" : "WhatsApp messages"
        default: "contact\(one ? "" : "s") by \(name)"
        }
    }

    static func method(_ method: ContactMethod) -> String {
        switch method {
        case .live: "made live"
        case .automated: "dialled or sent automatically"
        case .prerecorded: "with a recorded or artificial voice"
        }
    }

    static func status(_ status: HoldingStatus) -> String {
        switch status {
        case .active: "active"
        case .grace: "in grace"
        case .lapsed: "lapsed"
        case .cancelled: "cancelled"
        case .pending: "pending"
        case .quote: "an open quote"
        }
    }

    /// `Florida (US-FL)`, `France (FR)`, `CH-ZH`.
    static func place(_ place: Jurisdiction) -> String {
        if place.isUnknown { return "a place that is not known" }
        if place.hasRegion {
            return Regions.name(place.description).map { "\($0) (\(place))" } ?? place.description
        }
        let name = Locale(identifier: "en_US").localizedString(forRegionCode: place.countryCode)
        return name.map { "\($0) (\(place))" } ?? place.description
    }

    /// `10:00–20:00`, `closed`.
    static func spans(_ spans: [ContactHours.DaySpan]) -> String {
        if spans.isEmpty { return "closed" }
        return list(spans.map { "\(time($0.open))–\(time($0.close))" }, "and")
    }

    private static func time(_ milliseconds: Int32) -> String {
        let minutes = milliseconds / 60_000
        func two(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// `Monday to Friday 10:00–20:00, Saturday 10:00–13:00, Sunday closed`.
    static func week(_ days: [[ContactHours.DaySpan]]) -> String {
        if days.allSatisfy({ $0 == days[0] }) { return "every day \(spans(days[0]))" }
        var parts: [String] = []
        var first = 0
        while first < 7 {
            var last = first
            while last + 1 < 7, days[last + 1] == days[first] { last += 1 }
            let names = [first, last].compactMap { Weekday(rawValue: UInt8($0)) }.map(name)
            let joint = last == first + 1 ? "and" : "to"
            parts.append((first == last ? names[0] : "\(names[0]) \(joint) \(names[1])") + " " + spans(days[first]))
            first = last + 1
        }
        return parts.joined(separator: ", ")
    }
}

/// Names of the regions that rules are about most.
/// Source: ISO 3166-2:US and ISO 3166-2:CA.
enum Regions {
    static func name(_ code: String) -> String? { names[code] }

    /// In alphabetical order.
    static var codes: [String] { names.keys.sorted() }

    private static let names: [String: String] = [
        "US-AL": "Alabama", "US-AK": "Alaska", "US-AZ": "Arizona", "US-AR": "Arkansas", "US-CA": "California",
        "US-CO": "Colorado", "US-CT": "Connecticut", "US-DE": "Delaware", "US-DC": "the District of Columbia",
        "US-FL": "Florida", "US-GA": "Georgia", "US-HI": "Hawaii", "US-ID": "Idaho", "US-IL": "Illinois",
        "US-IN": "Indiana", "US-IA": "Iowa", "US-KS": "Kansas", "US-KY": "Kentucky", "US-LA": "Louisiana",
        "US-ME": "Maine", "US-MD": "Maryland", "US-MA": "Massachusetts", "US-MI": "Michigan", "US-MN": "Minnesota",
        "US-MS": "Mississippi", "US-MO": "Missouri", "US-MT": "Montana", "US-NE": "Nebraska", "US-NV": "Nevada",
        "US-NH": "New Hampshire", "US-NJ": "New Jersey", "US-NM": "New Mexico", "US-NY": "New York",
        "US-NC": "North Carolina", "US-ND": "North Dakota", "US-OH": "Ohio", "US-OK": "Oklahoma", "US-OR": "Oregon",
        "US-PA": "Pennsylvania", "US-RI": "Rhode Island", "US-SC": "South Carolina", "US-SD": "South Dakota",
        "US-TN": "Tennessee", "US-TX": "Texas", "US-UT": "Utah", "US-VT": "Vermont", "US-VA": "Virginia",
        "US-WA": "Washington", "US-WV": "West Virginia", "US-WI": "Wisconsin", "US-WY": "Wyoming",
        "US-PR": "Puerto Rico", "US-GU": "Guam", "US-VI": "the US Virgin Islands", "CA-AB": "Alberta",
        "CA-BC": "British Columbia", "CA-MB": "Manitoba", "CA-NB": "New Brunswick",
        "CA-NL": "Newfoundland and Labrador", "CA-NS": "Nova Scotia", "CA-NT": "the Northwest Territories",
        "CA-NU": "Nunavut", "CA-ON": "Ontario", "CA-PE": "Prince Edward Island", "CA-QC": "Quebec",
        "CA-SK": "Saskatchewan", "CA-YT": "Yukon",
    ]
}

extension Phrases {
    /// `A voice call`, `An e-mail`.
    static func article(_ noun: String) -> String {
        ("aeiouAEIOU".contains(noun.first ?? "x") ? "An " : "A ") + noun
    }
}
