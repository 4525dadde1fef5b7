/// The members of one JSON object: the cases are the fields, the raw values their names (at most 16 bytes, at most 64 fields).
package protocol JSONField: RawRepresentable<String>, CaseIterable, Sendable {
    /// A required field must be present and must not be null; any other may be either.
    var isRequired: Bool { get }
}

/// Finds a field by the bytes of its name: one hash, one comparison of two words.
///
/// The hash is perfect for the fields it was built for; building tries multipliers until it is.
package struct JSONFields<Field: JSONField>: Sendable {
    struct Slot: Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0
        /// Zero in an empty slot, which no name matches.
        var length = 0
        var index = 0
        var field: Field?
    }

    let slots: [Slot]
    let multiplier: UInt64
    /// A bit per field, in the order of `allCases`.
    let required: UInt64

    package init() {
        let fields = Array(Field.allCases)
        precondition(fields.count <= 64 && fields.allSatisfy { (1...16).contains($0.rawValue.utf8.count) })
        var required: UInt64 = 0
        for (index, field) in fields.enumerated() where field.isRequired { required |= 1 << UInt64(index) }
        self.required = required

        var multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15
        while true {
            var slots = [Slot](repeating: Slot(), count: 128)
            let isPerfect = fields.enumerated().allSatisfy { index, field in
                var name = field.rawValue
                let words = name.withUTF8 { Self.words($0.baseAddress!, $0.count) }
                let length = field.rawValue.utf8.count
                let place = Self.place(words.low, words.high, length, multiplier)
                guard slots[place].length == 0 else { return false }
                slots[place] = Slot(low: words.low, high: words.high, length: length, index: index, field: field)
                return true
            }
            if isPerfect {
                self.slots = slots
                self.multiplier = multiplier
                return
            }
            multiplier = (multiplier &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) | 1
        }
    }

    /// The field of that name and its place in `allCases`.
    @inline(__always)
    func find(_ name: UnsafePointer<UInt8>, _ length: Int) -> (field: Field, index: Int)? {
        if length == 0 || length > 16 { return nil }
        let (low, high) = Self.words(name, length)
        return slots.withUnsafeBufferPointer { slots in
            let place = Self.place(low, high, length, multiplier)
            guard slots[place].low == low, slots[place].high == high, slots[place].length == length,
                let field = slots[place].field
            else { return nil }
            return (field, slots[place].index)
        }
    }

    @inline(__always)
    private static func place(_ low: UInt64, _ high: UInt64, _ length: Int, _ multiplier: UInt64) -> Int {
        Int(truncatingIfNeeded: ((low ^ (high &<< 1) ^ UInt64(truncatingIfNeeded: length)) &* multiplier) &>> 57)
    }

    /// The name as two little-endian words, zero-padded; reads no byte outside it.
    @inline(__always)
    private static func words(_ name: UnsafePointer<UInt8>, _ length: Int) -> (low: UInt64, high: UInt64) {
        let raw = UnsafeRawPointer(name)
        func load(_ at: Int) -> UInt64 { UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
        if length >= 8 {
            let tail = length == 8 ? 0 : load(length - 8) &>> UInt64((16 - length) * 8)
            return (load(0), tail)
        }
        if length >= 4 {
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let end = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)))
            return (low | (end &<< UInt64((length - 4) * 8)), 0)
        }
        return (UInt64(name[0]) | UInt64(name[length / 2]) &<< 8 | UInt64(name[length - 1]) &<< 16, 0)
    }
}
