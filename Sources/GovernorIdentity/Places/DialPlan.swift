/// What the calling codes say of the shape of their numbers: enough to know a canonical number without the library.
struct DialPlan: Sendable {
    static let shared = DialPlan(Places.shared.data.dialling)

    /// One row for each three leading digits of a number.
    private let rows: [Row]

    private struct Row: Sendable {
        var surely: UInt32 = 0
        var possibly: UInt32 = 0
        var callingCode: UInt16 = 0
        /// Zero where no calling code starts so.
        var codeDigits: UInt16 = 0
        var rewritten: (UInt64, UInt64) = (0, 0)
    }

    init(_ table: [PlacesData.Dialling]) {
        var rows = [Row](repeating: Row(), count: 1_000)
        for code in table {
            let digits = code.callingCode < 10 ? 1 : code.callingCode < 100 ? 2 : 3
            let span = [100, 10, 1][digits - 1]
            for index in (Int(code.callingCode) * span)..<((Int(code.callingCode) + 1) * span) {
                rows[index] = Row(
                    surely: code.surely, possibly: code.possibly, callingCode: code.callingCode,
                    codeDigits: UInt16(digits), rewritten: code.rewritten)
            }
        }
        self.rows = rows
    }

    /// Whether the library surely reads `+` and these digits as the very same number and finds it possible. `text`
    /// holds at least seven ASCII digits.
    @inline(__always)
    func isSurelyCanonical(_ text: UnsafeRawBufferPointer) -> Bool {
        @inline(__always) func digit(_ at: Int) -> Int { Int(text[at] &- 0x30) }
        return rows.withUnsafeBufferPointer { rows in
            let row = rows[digit(0) * 100 + digit(1) * 10 + digit(2)]
            let codeDigits = Int(row.codeDigits)
            guard row.surely >> UInt32(truncatingIfNeeded: text.count - codeDigits) & 1 == 1 else { return false }
            let pair = digit(codeDigits) * 10 + digit(codeDigits + 1)
            let word = pair < 64 ? row.rewritten.0 : row.rewritten.1
            return word >> UInt64(pair & 63) & 1 == 0
        }
    }

    /// Whether some version of the library finds a number of this length possible.
    func isPossible(digits: UInt64, count: Int) -> Bool {
        guard count >= 4 else { return false }
        let row = rows[Int(digits / powersOfTen[count - 3])]
        let national = count - Int(row.codeDigits)
        return row.codeDigits > 0 && national < 32 && row.possibly >> UInt32(national) & 1 == 1
    }

    /// How many of the leading digits are the calling code; zero when there is no such code.
    func callingCodeDigits(digits: UInt64, count: Int) -> Int {
        count < 3 ? 0 : Int(rows[Int(digits / powersOfTen[count - 3])].codeDigits)
    }
}
