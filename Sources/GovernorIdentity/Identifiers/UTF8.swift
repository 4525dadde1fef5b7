/// Whether the bytes are well-formed UTF-8. Does not allocate.
func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var i = 0
    let n = bytes.count
    // Source: The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
    while i < n {
        let lead = bytes[i]
        if lead < 0x80 {
            i += 1
            continue
        }
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xbf
        switch lead {
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, low) = (3, 0xa0)
        case 0xed: (length, high) = (3, 0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, low) = (4, 0x90)
        case 0xf1...0xf3: length = 4
        case 0xf4: (length, high) = (4, 0x8f)
        default: return false
        }
        guard i + length <= n, bytes[i + 1] >= low, bytes[i + 1] <= high else { return false }
        var k = 2
        while k < length {
            guard bytes[i + k] & 0xc0 == 0x80 else { return false }
            k += 1
        }
        i += length
    }
    return true
}

/// White space that people paste around an identifier: ASCII blanks, and U+00A0, U+FEFF, U+200B as UTF-8.
func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    var end = bytes.count
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }
    func isBlankSequence(_ at: Int) -> Int {
        if at + 2 <= end, bytes[at] == 0xc2, bytes[at + 1] == 0xa0 { return 2 }
        if at + 3 <= end, bytes[at] == 0xef, bytes[at + 1] == 0xbb, bytes[at + 2] == 0xbf { return 3 }
        if at + 3 <= end, bytes[at] == 0xe2, bytes[at + 1] == 0x80, bytes[at + 2] == 0x8b { return 3 }
        return 0
    }
    while start < end {
        if isBlank(bytes[start]) {
            start += 1
            continue
        }
        let step = isBlankSequence(start)
        if step == 0 { break }
        start += step
    }
    while end > start {
        if isBlank(bytes[end - 1]) {
            end -= 1
        } else if end - start >= 2, isBlankSequence(end - 2) == 2 {
            end -= 2
        } else if end - start >= 3, isBlankSequence(end - 3) == 3 {
            end -= 3
        } else {
            break
        }
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

/// `String.withUTF8` with a typed error.
func withUTF8<R>(
    _ text: String, _ body: (UnsafeRawBufferPointer) throws(IdentifierError) -> R
) throws(IdentifierError) -> R {
    var text = text
    let result = text.withUTF8 { bytes -> Result<R, IdentifierError> in
        do throws(IdentifierError) {
            return .success(try body(UnsafeRawBufferPointer(bytes)))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}
