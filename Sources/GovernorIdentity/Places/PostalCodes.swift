import GovernorCore

/// What postal codes tell of states and zones: those of the United States, by their first three digits.
///
/// Every state and zone that any code with these digits has; other countries' codes tell nothing here.
/// Source: Scripts/make-postal.py.
public struct PostalCodes: Sendable {
    public static let shared = PostalCodes()

    /// The source and its version, for `governor --version`.
    public static var version: String { PostalData.version }

    static let unitedStates = Jurisdiction("US") ?? .unknown

    private let places: [AddressPlace?]

    private init() {
        var places = [AddressPlace?](repeating: nil, count: 1_000)
        for line in PostalData.unitedStates.description.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let prefix = Int(fields[0]), places.indices.contains(prefix) else { continue }
            places[prefix] = AddressPlace(
                zones: fields[2].split(separator: ",").map { ZoneKey(name: String($0)) },
                jurisdictions: fields[1].split(separator: ",").compactMap { Jurisdiction("US-\($0)") })
        }
        self.places = places
    }

    /// A code of five digits, or of nine with or without a hyphen; `nil` for anything else, and where nothing is known.
    public func place(_ code: UnsafeRawBufferPointer) -> AddressPlace? {
        var digits = 0
        var prefix = 0
        for (i, byte) in code.enumerated() {
            if byte == UInt8(ascii: "-") && i == 5 { continue }
            guard (0x30...0x39).contains(byte) else { return nil }
            digits += 1
            if digits <= 3 { prefix = prefix * 10 + Int(byte - 0x30) }
        }
        return digits == 5 || digits == 9 ? places[prefix] : nil
    }

    public func place(_ code: String) -> AddressPlace? {
        var code = code
        return code.withUTF8 { place(UnsafeRawBufferPointer($0)) }
    }
}
