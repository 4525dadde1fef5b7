/// A string of a request as a range of bytes: in the body itself or, when it held escapes, in the side buffer of its `WireStrings`.
///
/// Never longer than its field's bound, never holding NUL, always valid UTF-8. Absent when the field was absent or null; an
/// empty string is refused by the scanner, so a present text has at least one byte.
package struct WireText: Hashable, Sendable {
    fileprivate var offset: UInt32
    fileprivate var lengthAndPlace: UInt32

    package static let absent = WireText(offset: 0, lengthAndPlace: 0)

    @inline(__always)
    private init(offset: UInt32, lengthAndPlace: UInt32) {
        self.offset = offset
        self.lengthAndPlace = lengthAndPlace
    }

    @inline(__always)
    init(offset: Int, count: Int, isAside: Bool) {
        self.init(
            offset: UInt32(truncatingIfNeeded: offset),
            lengthAndPlace: UInt32(truncatingIfNeeded: count) | (isAside ? 0x8000_0000 : 0))
    }

    @inline(__always) package var isAbsent: Bool { lengthAndPlace == 0 }
    /// Bytes of UTF-8, escapes resolved.
    @inline(__always) package var count: Int { Int(lengthAndPlace & 0x7fff_ffff) }
    fileprivate var isAside: Bool { lengthAndPlace & 0x8000_0000 != 0 }
}

/// At most 16 texts, in their order, without an allocation.
package struct WireTexts: Sendable {
    package static let capacity = 16

    private var elements = InlineArray<16, WireText>(repeating: .absent)
    package private(set) var count = 0

    package init() {}

    @inline(__always) package var isEmpty: Bool { count == 0 }

    package subscript(index: Int) -> WireText {
        precondition(index < count)
        return elements[index]
    }

    mutating func append(_ text: WireText) {
        elements[count] = text
        count += 1
    }
}

/// The way from a `WireText` back to its bytes.
package struct WireStrings: Sendable {
    /// Strings that held escapes, resolved, one behind the other. Empty in nearly every request.
    package private(set) var aside: [UInt8] = []

    package init() {}

    /// Calls `use` with the bytes of `text`, no bytes when it is absent. `body` must be the body it was scanned from.
    @inline(__always)
    package func withBytes<R>(
        of text: WireText, in body: UnsafeRawBufferPointer, _ use: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        let start = Int(text.offset)
        if _fastPath(!text.isAside) {
            return try use(UnsafeRawBufferPointer(rebasing: body[start..<start + text.count]))
        }
        return try aside.withUnsafeBytes {
            try use(UnsafeRawBufferPointer(rebasing: $0[start..<start + text.count]))
        }
    }

    /// Calls `use` with a look-up of the bytes of any text, `nil` for an absent one; they are valid until it returns.
    @inline(__always)
    package func withTexts<R>(
        in body: UnsafeRawBufferPointer, _ use: ((WireText) -> UnsafeRawBufferPointer?) throws -> R
    ) rethrows -> R {
        try aside.withUnsafeBytes { aside in
            try use { text in
                if text.isAbsent { return nil }
                let start = Int(text.offset)
                return UnsafeRawBufferPointer(rebasing: (text.isAside ? aside : body)[start..<start + text.count])
            }
        }
    }

    /// A copy of the text, `nil` when it is absent.
    package func string(of text: WireText, in body: UnsafeRawBufferPointer) -> String? {
        if text.isAbsent { return nil }
        return withBytes(of: text, in: body) { String(decoding: $0, as: UTF8.self) }
    }

    /// Appends the string in `bytes`, which is valid JSON between its quotes, with its escapes resolved.
    @inline(never)
    mutating func unescape(_ bytes: UnsafeRawBufferPointer) -> WireText {
        let start = aside.count
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte != UInt8(ascii: "\\") {
                aside.append(byte)
                at += 1
                continue
            }
            let escape = bytes[at + 1]
            at += 2
            switch escape {
            case UInt8(ascii: "b"): aside.append(0x08)
            case UInt8(ascii: "f"): aside.append(0x0c)
            case UInt8(ascii: "n"): aside.append(0x0a)
            case UInt8(ascii: "r"): aside.append(0x0d)
            case UInt8(ascii: "t"): aside.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = hexUnit(bytes, at)
                at += 4
                if scalar & 0xfc00 == 0xd800 {
                    scalar = 0x10000 + (scalar & 0x3ff) << 10 + hexUnit(bytes, at + 2) & 0x3ff
                    at += 6
                }
                // The scanner let through no surrogate that stands alone, so there is always a scalar.
                aside.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
            default: aside.append(escape)
            }
        }
        return WireText(offset: start, count: aside.count - start, isAside: true)
    }
}

/// The value of the four hexadecimal digits at `at`, which were checked before.
private func hexUnit(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    (at..<at + 4).reduce(0) { $0 << 4 | UInt32(hexDigit(bytes[$1]) ?? 0) }
}

/// The value of a hexadecimal digit.
@inline(__always)
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
}
