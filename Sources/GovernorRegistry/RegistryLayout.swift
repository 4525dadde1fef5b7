import GovernorCore

/// How the rows of a list are laid out: guessed from its first rows, or said.
public struct RegistryLayout: Hashable, Sendable {
    public enum Number: Hashable, Sendable {
        /// One column holds the number.
        case column(Int)
        /// Area code and the rest stand in two columns, as North America's national list has them.
        case split(area: Int, rest: Int)
    }

    /// Nil: the whole row is the number.
    public var separator: UInt8?
    public var number: Number
    public var dateColumn: Int?
    /// The first row names the columns.
    public var hasHeader: Bool

    public init(separator: UInt8?, number: Number, dateColumn: Int? = nil, hasHeader: Bool = false) {
        self.separator = separator
        self.number = number
        self.dateColumn = dateColumn
        self.hasHeader = hasHeader
    }

    private static let numberNames: Set<String> = [
        "phone", "phone_number", "phonenumber", "number", "msisdn", "telephone", "tel", "mobile", "telefon",
        "rufnummer",
        "numero", "telefono",
    ]
    private static let dateNames: Set<String> = [
        "date", "listed", "listed_on", "registered", "registration_date", "added", "since", "datum",
    ]

    /// Reads the layout off the first rows.
    ///
    /// - Parameters:
    ///   - column, dateColumn: names of the header or positions from 1, where the caller says them.
    /// - Returns: nil when a column that was named is not there, or no column looks like a number.
    public static func guess(
        from rows: [[UInt8]], column: String? = nil, dateColumn: String? = nil
    ) -> RegistryLayout? {
        guard let first = rows.first else { return RegistryLayout(separator: nil, number: .column(0)) }
        let separator = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")].first {
            first.contains($0)
        }
        let head = fields(of: first, separator)
        let names = head.map {
            String(decoding: $0, as: UTF8.self).lowercased().replacing(" ", with: "_").replacing("-", with: "_")
        }
        let hasHeader = !head.contains { $0.count(where: isDigit) >= 3 } && names.contains { !$0.isEmpty }
        func position(_ text: String?, among known: Set<String>) -> Int?? {
            guard let text else { return hasHeader ? .some(names.firstIndex { known.contains($0) }) : .some(nil) }
            if let position = Int(text) { return position >= 1 && position <= head.count ? .some(position - 1) : nil }
            let wanted = text.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
            return names.firstIndex(of: wanted).map { .some($0) }
        }
        guard let named = position(column, among: numberNames), let dated = position(dateColumn, among: dateNames)
        else {
            return nil
        }
        if let named {
            return RegistryLayout(separator: separator, number: .column(named), dateColumn: dated, hasHeader: hasHeader)
        }
        let samples = rows.dropFirst(hasHeader ? 1 : 0).map { fields(of: $0, separator) }.filter { $0 != [[]] }
        guard let sample = samples.first else {
            return RegistryLayout(separator: separator, number: .column(0), dateColumn: dated, hasHeader: hasHeader)
        }
        // A row here and there may be wrong.
        func mostly(_ isSo: ([[UInt8]]) -> Bool) -> Bool { samples.count(where: isSo) * 4 >= samples.count * 3 }
        if mostly({ $0.count >= 2 && $0[0].count == 3 && $0[1].count == 7 && ($0[0] + $0[1]).allSatisfy(isDigit) }) {
            return RegistryLayout(
                separator: separator, number: .split(area: 0, rest: 1), dateColumn: dated, hasHeader: hasHeader)
        }
        if sample.count == 1 {
            return RegistryLayout(separator: separator, number: .column(0), dateColumn: dated, hasHeader: hasHeader)
        }
        let column = sample.indices.first { i in
            mostly { $0.count > i && (7...15).contains($0[i].count(where: isDigit)) && !looksDated($0[i]) }
        }
        guard let column else { return nil }
        let date = dated ?? sample.indices.first { i in mostly { $0.count > i && looksDated($0[i]) } }
        return RegistryLayout(separator: separator, number: .column(column), dateColumn: date, hasHeader: hasHeader)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// `2020-05-01`.
    private static func looksDated(_ field: [UInt8]) -> Bool {
        field.count == 10 && field[4] == UInt8(ascii: "-") && field[7] == UInt8(ascii: "-")
            && field.count(where: isDigit) == 8
    }

    private static func fields(of row: [UInt8], _ separator: UInt8?) -> [[UInt8]] {
        let parts =
            separator.map { row.split(separator: $0, omittingEmptySubsequences: false).map(Array.init) } ?? [row]
        return parts.map { part in part.filter { $0 != UInt8(ascii: "\"") && $0 != 0x20 && $0 != 0x0d } }
    }
}
