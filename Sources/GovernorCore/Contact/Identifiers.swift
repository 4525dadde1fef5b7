/// The keyed hash of an identifier: the first 16 bytes of HMAC-SHA256 over its kind and canonical form.
///
/// The only form in which an identifier leaves the request. Order is by bytes, so that stores lock in one order.
public struct IdentifierHash: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable public static func < (a: IdentifierHash, b: IdentifierHash) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }
}

/// A person's random id: 128 bits that say nothing about who it is.
public struct PersonID: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable public static func < (a: PersonID, b: PersonID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
