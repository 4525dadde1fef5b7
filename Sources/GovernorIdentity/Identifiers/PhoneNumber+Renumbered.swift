extension PhoneNumber {
    /// The form that the same line has on the other side of a change of its country's numbers; `nil` for nearly all.
    ///
    /// Lists and opt-outs outlive such a change: who said no under the old number has said no under the new one. Only
    /// changes are told of that gave each old number exactly one new one, and left the old one to nobody; where the new
    /// number depends on the operator it does not follow from the old one alone.
    /// Source: national numbering plans as notified to ITU-T under E.129. Brazil put a 9 before mobile numbers from 2012
    /// to 2016; Viet Nam shortened mobile prefixes in 2018; Benin put 01 before every number on 30 November 2024.
    public var renumbered: PhoneNumber? {
        let count = digitCount
        switch digits / powersOfTen[count - 2] {
        case 22: return benin(count)
        case 55: return brazil(count - 2)
        case 84: return vietNam(count - 2)
        default: return nil
        }
    }

    private func benin(_ count: Int) -> PhoneNumber? {
        let eight: UInt64 = 100_000_000
        if count == 11, digits / eight == 229 { return PhoneNumber(digits: 229_01 * eight + digits % eight) }
        if count == 13, digits / eight == 229_01 { return PhoneNumber(digits: 229 * eight + digits % eight) }
        return nil
    }

    private func brazil(_ national: Int) -> PhoneNumber? {
        let eight: UInt64 = 100_000_000
        let line = digits % eight
        // Mobile numbers began with 6 to 9 before the change, fixed ones begin with 2 to 5.
        guard line >= 60_000_000 else { return nil }
        let rest = digits / eight
        if national == 10 { return PhoneNumber(digits: (rest * 10 + 9) * eight + line) }
        if national == 11, rest % 10 == 9 { return PhoneNumber(digits: rest / 10 * eight + line) }
        return nil
    }

    private func vietNam(_ national: Int) -> PhoneNumber? {
        let seven: UInt64 = 10_000_000
        let prefix = digits / seven
        let other: UInt64?
        switch national {
        case 10: other = vietNamPrefixes.first { $0.old == prefix }?.new
        case 9: other = vietNamPrefixes.first { $0.new == prefix }?.old
        default: other = nil
        }
        return other.map { PhoneNumber(digits: $0 * seven + digits % seven) }
    }
}

private let vietNamPrefixes: [(old: UInt64, new: UInt64)] = [
    (84_120, 84_70), (84_121, 84_79), (84_122, 84_77), (84_126, 84_76), (84_128, 84_78), (84_123, 84_83),
    (84_124, 84_84), (84_125, 84_85), (84_127, 84_81), (84_129, 84_82), (84_162, 84_32), (84_163, 84_33),
    (84_164, 84_34), (84_165, 84_35), (84_166, 84_36), (84_167, 84_37), (84_168, 84_38), (84_169, 84_39),
    (84_186, 84_56), (84_188, 84_58), (84_199, 84_59),
]
