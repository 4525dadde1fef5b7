/// The texts behind `Name` bits: what a record, a request or a policy needs to speak of its names again.
///
/// Small by nature (a person's campaigns and brands), so look-up is a linear search.
public struct NameTable: Hashable, Sendable {
    @usableFromInline var bits: [UInt64] = []
    @usableFromInline var texts: [String] = []

    public init() {}

    public var count: Int { bits.count }

    /// Remembers `text` and gives its name.
    @inlinable public mutating func intern<Kind>(_ text: String, as kind: Name<Kind>.Type = Name<Kind>.self) -> Name<
        Kind
    > {
        let name = Name<Kind>(text)
        if !name.isNone && !bits.contains(name.bits) {
            bits.append(name.bits)
            texts.append(text)
        }
        return name
    }

    /// The text behind `name`; `nil` when this table does not know it.
    @inlinable public func text<Kind>(_ name: Name<Kind>) -> String? { text(bits: name.bits) }

    @inlinable public func text(bits wanted: UInt64) -> String? {
        bits.firstIndex(of: wanted).map { texts[$0] }
    }

    /// Copies the text of `name` from `other`, if it is not here yet.
    @inlinable public mutating func adopt<Kind>(_ name: Name<Kind>, from other: NameTable) {
        adopt(bits: name.bits, from: other)
    }

    @inlinable public mutating func adopt(bits wanted: UInt64, from other: NameTable) {
        if wanted == 0 || bits.contains(wanted) { return }
        if let i = other.bits.firstIndex(of: wanted) {
            bits.append(wanted)
            texts.append(other.texts[i])
        }
    }

    /// Copies every text of `other` that is not here yet.
    public mutating func adoptAll(from other: NameTable) {
        for name in other.bits { adopt(bits: name, from: other) }
    }
}
