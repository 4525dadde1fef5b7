public import GovernorCore
public import GovernorIdentity
public import GovernorStore

/// What reservation ids are encrypted with, for doors that only hand it on.
public typealias ReservationSecret = IdentifierHasher

/// Why a store could not do it, for doors that only say so.
public typealias StoreFailure = StoreError

/// The id of a reservation as callers hold it: `rsv_` and 33 characters that say nothing and cannot be guessed.
///
/// The touch's random id, and the person's id under a keystream that the identifier secret makes from it. A forged token
/// decrypts to a person and touch that do not exist; no index is needed to find the record of a real one.
public enum ReservationToken {
    public static let prefix = "rsv_"

    public static func make(touch: TouchID, person: PersonID, hasher: IdentifierHasher) -> String {
        withText(touch: touch, person: person, hasher: hasher) { String(decoding: $0, as: UTF8.self) }
    }

    /// The same without a copy on the heap: calls `use` with the text's bytes, which are ASCII.
    public static func withText<Value>(
        touch: TouchID, person: PersonID, hasher: IdentifierHasher, _ use: (UnsafeRawBufferPointer) -> Value
    ) -> Value {
        let mask = mask(touch, hasher)
        return withUnsafeTemporaryAllocation(byteCount: 37, alignment: 1) { text in
            text.copyBytes(from: prefix.utf8)
            write(touch.bits, to: text, at: 4)
            write(person.high ^ mask.0, to: text, at: 15)
            write(person.low ^ mask.1, to: text, at: 26)
            return use(UnsafeRawBufferPointer(text))
        }
    }

    /// `nil` for anything that `make` cannot have given.
    public static func read(
        _ text: some Collection<UInt8>, hasher: IdentifierHasher
    ) -> (touch: TouchID, person: PersonID)? {
        guard text.starts(with: prefix.utf8) else { return nil }
        let digits = Array(text.dropFirst(prefix.utf8.count))
        guard digits.count == 33, let touch = word(digits[0..<11]), let high = word(digits[11..<22]),
            let low = word(digits[22..<33])
        else { return nil }
        let mask = mask(TouchID(bits: touch), hasher)
        return (TouchID(bits: touch), PersonID(high: high ^ mask.0, low: low ^ mask.1))
    }

    private static func mask(_ touch: TouchID, _ hasher: IdentifierHasher) -> (UInt64, UInt64) {
        let tag = withUnsafeBytes(of: touch.bits.littleEndian) { hasher.tag("reservation", $0) }
        return (tag.words[0], tag.words[1])
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (i, c) in alphabet.enumerated() { values[Int(c)] = UInt8(i) }
        return values
    }()

    /// Eleven digits of six bits, lowest first.
    private static func write(_ word: UInt64, to text: UnsafeMutableRawBufferPointer, at start: Int) {
        var rest = word
        for i in 0..<11 {
            text[start + i] = alphabet[Int(rest & 63)]
            rest >>= 6
        }
    }

    private static func word(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for (i, digit) in digits.enumerated() {
            let value = values[Int(digit)]
            // The eleventh digit holds only the four highest bits.
            guard value != 0xff, i < 10 || value < 16 else { return nil }
            word |= UInt64(value) << UInt64(6 * i)
        }
        return word
    }
}
