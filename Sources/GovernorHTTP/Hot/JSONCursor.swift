/// Reads one JSON text from left to right, strictly by RFC 8259 and UTF-8, without allocating.
///
/// The caller says what it expects next; the cursor takes it or throws a `JSONFault`. Faults of single fields are gathered
/// in `faults` by `object`, and the scan goes on; whoever ends a scan looks there. Stricter than the RFC asks: no repeated
/// and no unknown members, no NUL in strings, no half surrogate pairs, no byte order mark, bounded nesting.
package struct JSONCursor {
    /// Nesting of values that nobody asked for.
    package static let depthMax = 32
    /// Faults gathered from one body; later ones are not reported.
    package static let faultsMax = 16

    private let base: UnsafePointer<UInt8>
    private let end: Int
    package private(set) var position: Int
    package private(set) var strings = WireStrings()
    package private(set) var faults: [JSONFault] = []

    /// `bytes` must stay in place while the cursor is used, and hold less than 2 GiB.
    package init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
        // An empty buffer has no address; the cursor never reads through this one.
        let empty = UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
        base = (bytes.baseAddress ?? empty).assumingMemoryBound(to: UInt8.self)
        end = bytes.count
        self.position = position
    }

    // MARK: What stands next

    /// The next byte that is not white space; zero at the end, which starts no token.
    @inline(__always)
    package mutating func next() -> UInt8 {
        while position < end {
            let byte = base[position]
            if _fastPath(byte > 0x20) { return byte }
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte == 0 ? 1 : byte }
            position &+= 1
        }
        return 0
    }

    /// Takes `null` if that is what stands next.
    @inline(__always)
    package mutating func takeNull() throws(JSONFault) -> Bool {
        guard next() == UInt8(ascii: "n") else { return false }
        try take("null")
        return true
    }

    /// Checks that nothing but white space is left.
    package mutating func finish() throws(JSONFault) {
        if next() != 0 { throw JSONFault(.trailing, at: position) }
    }

    // MARK: Values

    @inline(__always)
    package mutating func bool() throws(JSONFault) -> Bool {
        switch next() {
        case UInt8(ascii: "t"):
            try take("true")
            return true
        case UInt8(ascii: "f"):
            try take("false")
            return false
        default: throw unexpected(.bool)
        }
    }

    /// A string of 1 to `bytesMax` bytes, escapes resolved.
    @inline(__always)
    package mutating func string(bytesMax: Int) throws(JSONFault) -> WireText {
        let text = try anyString(bytesMax: bytesMax)
        if text.isAbsent { throw JSONFault(.empty, at: position &- 2) }
        return text
    }

    /// A string of 0 to `bytesMax` bytes, escapes resolved.
    @inline(__always)
    package mutating func anyString(bytesMax: Int) throws(JSONFault) -> WireText {
        guard next() == UInt8(ascii: "\"") else { throw unexpected(.string) }
        let quote = position
        let hasEscape = try skipString()
        let (start, count) = (quote &+ 1, position &- quote &- 2)
        var text = WireText(offset: start, count: count, isAside: false)
        if _slowPath(hasEscape) {
            // An escape is at most six times as long as what it stands for, so a hopeless one is not resolved at all.
            if count > bytesMax * 6 { throw JSONFault(.tooLong(bytesMax: bytesMax), at: quote) }
            text = strings.unescape(UnsafeRawBufferPointer(start: base + start, count: count))
        }
        if text.count > bytesMax { throw JSONFault(.tooLong(bytesMax: bytesMax), at: quote) }
        return text
    }

    /// A whole number without fraction or exponent.
    package mutating func integer() throws(JSONFault) -> Int64 {
        let first = next()
        guard first == UInt8(ascii: "-") || isDigit(first) else { throw unexpected(.integer) }
        let start = position
        try skipNumber()
        var value: Int64 = 0
        for at in (first == UInt8(ascii: "-") ? start + 1 : start)..<position {
            guard isDigit(base[at]) else { throw JSONFault(.type(.integer), at: start) }
            let digit = Int64(base[at] - UInt8(ascii: "0"))
            let (high, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = high.subtractingReportingOverflow(digit)
            if overflow || carry { throw JSONFault(.type(.integer), at: start) }
            value = next
        }
        if first == UInt8(ascii: "-") { return value }
        if value == .min { throw JSONFault(.type(.integer), at: start) }
        return -value
    }

    /// An object whose members are `fields`; `member` must take the value of the field it is given.
    ///
    /// Unknown, repeated, missing and wrong members are noted in `faults` and stepped over.
    @inline(__always)
    package mutating func object<Field>(
        _ fields: JSONFields<Field>,
        _ member: (Field, inout JSONCursor) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard next() == UInt8(ascii: "{") else { throw unexpected(.object) }
        let opening = position
        position &+= 1
        var seen: UInt64 = 0
        if next() == UInt8(ascii: "}") {
            position &+= 1
        } else {
            repeat {
                let key = try takeKey()
                let value = (next(), position).1
                guard let (field, index) = find(key, in: fields) else {
                    try note(.unknown, at: key.start &- 1, valueAt: value)
                    continue
                }
                let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
                guard seen & bit == 0 else {
                    try note(.duplicate, at: key.start &- 1, valueAt: value)
                    continue
                }
                seen |= bit
                if _slowPath(try takeNull()) {
                    if fields.required & bit != 0 { note(JSONFault(.notNull, at: value)) }
                    continue
                }
                do throws(JSONFault) {
                    try member(field, &self)
                } catch {
                    try note(error, valueAt: value)
                }
            } while try takeComma(closing: UInt8(ascii: "}"))
        }
        if _slowPath(fields.required & ~seen != 0) {
            for (index, field) in Field.allCases.enumerated() where (fields.required & ~seen) >> UInt64(index) & 1 != 0
            {
                note(JSONFault(.missing, at: opening, member: field.rawValue))
            }
        }
    }

    /// An array of at most `countMax` elements; `element` must take the value at the index it is given.
    @inline(__always)
    package mutating func array(
        countMax: Int, _ element: (Int, inout JSONCursor) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        guard next() == UInt8(ascii: "[") else { throw unexpected(.array) }
        let opening = position
        position &+= 1
        if next() == UInt8(ascii: "]") {
            position &+= 1
            return
        }
        var index = 0
        repeat {
            if index == countMax { throw JSONFault(.tooMany(countMax: countMax), at: opening) }
            _ = next()
            try element(index, &self)
            index &+= 1
        } while try takeComma(closing: UInt8(ascii: "]"))
    }

    /// Takes any value, checking it as strictly as one that is wanted.
    package mutating func skipValue() throws(JSONFault) {
        var isObject: UInt64 = 0  // one bit per open container, the innermost lowest
        var depth = 0
        while true {
            let first = next()
            switch first {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == Self.depthMax { throw JSONFault(.depth, at: position) }
                let isBrace = first == UInt8(ascii: "{")
                position += 1
                if next() == (isBrace ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position += 1
                } else {
                    depth += 1
                    isObject = isObject << 1 | (isBrace ? 1 : 0)
                    if isBrace { _ = try takeKey() }
                    continue
                }
            case UInt8(ascii: "\""): _ = try skipString()
            case UInt8(ascii: "t"): try take("true")
            case UInt8(ascii: "f"): try take("false")
            case UInt8(ascii: "n"): try take("null")
            default:
                guard first == UInt8(ascii: "-") || isDigit(first) else { throw malformed() }
                try skipNumber()
            }
            // The value is complete, and perhaps the containers around it.
            while true {
                if depth == 0 { return }
                if try takeComma(closing: isObject & 1 != 0 ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if isObject & 1 != 0 { _ = try takeKey() }
                    break
                }
                depth -= 1
                isObject >>= 1
            }
        }
    }

    // MARK: Faults

    /// Keeps a fault of one field; a fatal one belongs to `throw`.
    @inline(never)
    package mutating func note(_ fault: JSONFault) {
        if faults.count < Self.faultsMax { faults.append(fault) }
    }

    /// Notes the fault and steps over the value it spoilt, or throws it on when nothing behind it can be read.
    @inline(never)
    package mutating func note(_ fault: JSONFault, valueAt value: Int) throws(JSONFault) {
        if fault.isFatal { throw fault }
        note(fault)
        position = value
        try skipValue()
    }

    private mutating func note(_ kind: JSONFault.Kind, at offset: Int, valueAt value: Int) throws(JSONFault) {
        try note(JSONFault(kind, at: offset), valueAt: value)
    }

    /// Of another type, or no value at all: then nothing behind it can be read.
    @inline(never)
    private mutating func unexpected(_ wanted: JSONType) -> JSONFault {
        switch next() {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            JSONFault(.type(wanted), at: position)
        default: malformed()
        }
    }

    @inline(never)
    private mutating func malformed() -> JSONFault {
        JSONFault(next() == 0 ? .truncated : base[position] >= 0x80 ? .encoding : .syntax, at: position)
    }

    // MARK: Tokens

    /// The name of a member as it is written between its quotes.
    private struct Key {
        let start: Int
        let count: Int
        let hasEscape: Bool
    }

    /// The name of a member and the colon behind it.
    @inline(__always)
    private mutating func takeKey() throws(JSONFault) -> Key {
        guard next() == UInt8(ascii: "\"") else { throw malformed() }
        let quote = position
        let hasEscape = try skipString()
        let count = position &- quote &- 2
        guard next() == UInt8(ascii: ":") else { throw malformed() }
        position &+= 1
        return Key(start: quote &+ 1, count: count, hasEscape: hasEscape)
    }

    /// True behind a comma, false behind `closing`.
    @inline(__always)
    private mutating func takeComma(closing: UInt8) throws(JSONFault) -> Bool {
        let byte = next()
        guard byte == UInt8(ascii: ",") || byte == closing else { throw malformed() }
        position &+= 1
        return byte != closing
    }

    @inline(__always)
    private mutating func take(_ literal: StaticString) throws(JSONFault) {
        let count = literal.utf8CodeUnitCount
        if end &- position < count { throw literalFault(literal) }
        for at in 0..<count where base[position &+ at] != literal.utf8Start[at] { throw literalFault(literal) }
        position &+= count
    }

    @inline(never)
    private func literalFault(_ literal: StaticString) -> JSONFault {
        let rest = end - position
        let isPrefix =
            rest < literal.utf8CodeUnitCount && (0..<rest).allSatisfy { base[position + $0] == literal.utf8Start[$0] }
        return JSONFault(isPrefix ? .truncated : .syntax, at: position)
    }

    @inline(__always)
    private func find<Field>(_ key: Key, in fields: JSONFields<Field>) -> (field: Field, index: Int)? {
        if _slowPath(key.hasEscape) { return findEscaped(key, in: fields) }
        return fields.find(base + key.start, key.count)
    }

    /// The same for a name that is written with escapes.
    @inline(never)
    private func findEscaped<Field>(_ key: Key, in fields: JSONFields<Field>) -> (field: Field, index: Int)? {
        // No known name is longer than 16 bytes, and no escape is longer than six.
        if key.count > 96 { return nil }
        var side = WireStrings()
        _ = side.unescape(UnsafeRawBufferPointer(start: base + key.start, count: key.count))
        return side.aside.withUnsafeBufferPointer { name in
            name.baseAddress.flatMap { fields.find($0, name.count) }
        }
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Takes a number by RFC 8259's grammar.
    private mutating func skipNumber() throws(JSONFault) {
        let start = position
        func fault(_ at: Int) -> JSONFault { JSONFault(at >= end ? .truncated : .number, at: start) }
        var at = position
        func digits() -> Bool {
            let first = at
            while at < end, isDigit(base[at]) { at += 1 }
            return at > first
        }
        if base[at] == UInt8(ascii: "-") { at += 1 }
        if at < end, base[at] == UInt8(ascii: "0") {
            at += 1
            if at < end, isDigit(base[at]) { throw fault(at) }
        } else if !digits() {
            throw fault(at)
        }
        if at < end, base[at] == UInt8(ascii: ".") {
            at += 1
            if !digits() { throw fault(at) }
        }
        if at < end, base[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "-") { at += 1 }
            if !digits() { throw fault(at) }
        }
        position = at
    }

    /// Takes the string that starts at `position`, checks it wholly, and says whether it holds escapes.
    @inline(__always)
    private mutating func skipString() throws(JSONFault) -> Bool {
        var at = position &+ 1
        var hasEscape = false
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while true {
            // Eight bytes at a time as long as none of them is a quote, a backslash, a control character or beyond ASCII.
            // The lowest flagged byte is exact; a borrow can only flag bytes above a true one.
            while at &+ 8 <= end {
                let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let slash = word ^ (ones &* 0x5c)
                let flags =
                    ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- ones &* 0x20) & ~word | word)
                    & highs
                if flags == 0 {
                    at &+= 8
                } else {
                    at &+= flags.trailingZeroBitCount &>> 3
                    break
                }
            }
            guard at < end else { throw JSONFault(.truncated, at: position) }
            let byte = base[at]
            switch byte {
            case UInt8(ascii: "\""):
                position = at &+ 1
                return hasEscape
            case UInt8(ascii: "\\"):
                hasEscape = true
                at = try skipEscape(at)
            case 0..<0x20: throw JSONFault(byte == 0 ? .nul : .control, at: at)
            case 0x80...: at = try skipScalar(at)
            default: at &+= 1
            }
        }
    }

    /// The offset behind the escape at `at`.
    @inline(never)
    private func skipEscape(_ at: Int) throws(JSONFault) -> Int {
        guard at + 1 < end else { throw JSONFault(.truncated, at: at) }
        switch base[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return at + 2
        case UInt8(ascii: "u"):
            let unit = try hexUnit(at)
            if unit == 0 { throw JSONFault(.nul, at: at) }
            if unit & 0xf800 != 0xd800 { return at + 6 }
            // A high half needs its low half right behind it; a low half alone is none.
            guard unit & 0xfc00 == 0xd800 else { throw JSONFault(.surrogate, at: at) }
            guard at + 7 < end else { throw JSONFault(.truncated, at: at) }
            guard base[at + 6] == UInt8(ascii: "\\"), base[at + 7] == UInt8(ascii: "u"),
                try hexUnit(at + 6) & 0xfc00 == 0xdc00
            else { throw JSONFault(.surrogate, at: at) }
            return at + 12
        default: throw JSONFault(.escape, at: at)
        }
    }

    /// The four hexadecimal digits of the escape that starts at `at`.
    private func hexUnit(_ at: Int) throws(JSONFault) -> UInt16 {
        guard at + 6 <= end else { throw JSONFault(.truncated, at: at) }
        var unit: UInt16 = 0
        for place in at + 2..<at + 6 {
            guard let digit = hexDigit(base[place]) else { throw JSONFault(.escape, at: at) }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The offset behind the scalar of more than one byte at `at`.
    ///
    /// Source: The Unicode Standard, table 3-7, well-formed UTF-8 byte sequences.
    @inline(never)
    private func skipScalar(_ at: Int) throws(JSONFault) -> Int {
        let lead = base[at]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0xc2...0xdf: (2, 0x80...0xbf)
            case 0xe0: (3, 0xa0...0xbf)
            case 0xed: (3, 0x80...0x9f)
            case 0xe1...0xef: (3, 0x80...0xbf)
            case 0xf0: (4, 0x90...0xbf)
            case 0xf4: (4, 0x80...0x8f)
            case 0xf1...0xf3: (4, 0x80...0xbf)
            default: (0, 0x80...0xbf)
            }
        guard length > 0 else { throw JSONFault(.encoding, at: at) }
        guard at + length <= end else { throw JSONFault(.truncated, at: at) }
        guard second.contains(base[at + 1]) else { throw JSONFault(.encoding, at: at) }
        for place in at + 2..<max(at + 2, at + length) where !(0x80...0xbf).contains(base[place]) {
            throw JSONFault(.encoding, at: at)
        }
        return at + length
    }
}
