/// `2026-11-0001.ledger`: the month in UTC in which the file was begun and its number in that month.
struct LedgerFileName: Hashable, Comparable {
    var month: CalendarMonth
    var number: Int

    init(month: CalendarMonth, number: Int) {
        self.month = month
        self.number = number
    }

    /// nil when `text` is not the name of a ledger file.
    init?(_ text: String) {
        guard text.hasSuffix(".ledger") else { return nil }
        let parts = text.dropLast(7).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count >= 4,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), (1...12).contains(month), let number = Int(parts[2])
        else { return nil }
        self.init(month: CalendarMonth(year: year, month: month), number: number)
        guard description == text else { return nil }
    }

    /// The name of the file after this one; never before it, whatever the clock says.
    func next(in month: CalendarMonth) -> LedgerFileName {
        month > self.month
            ? LedgerFileName(month: month, number: 1) : LedgerFileName(month: self.month, number: number + 1)
    }

    static func < (a: LedgerFileName, b: LedgerFileName) -> Bool { (a.month, a.number) < (b.month, b.number) }
}

extension LedgerFileName: CustomStringConvertible {
    var description: String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(month.year, 4))-\(padded(month.month, 2))-\(padded(number, 4)).ledger"
    }
}
