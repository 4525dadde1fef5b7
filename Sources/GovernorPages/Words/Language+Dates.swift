import Foundation

extension Language {
    private var locale: Locale {
        switch self {
        case .english: Locale(identifier: "en_GB")
        case .german: Locale(identifier: "de_DE")
        case .french: Locale(identifier: "fr_FR")
        }
    }

    /// A date as people write it, in UTC: `3 March 2026`.
    public func date(millisecondsSince1970 milliseconds: Int64) -> String {
        var style = Date.FormatStyle(date: .long, time: .omitted, locale: locale)
        style.timeZone = .gmt
        return Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(style)
    }
}
