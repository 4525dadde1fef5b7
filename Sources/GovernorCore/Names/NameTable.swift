/// The texts behind `Name` bits: what a record, a request or a policy needs to speak of its names again.
///
/// Small by nature (a person's campaigns and brands), so look-up is a linear search.
public struct NameTable: Hashable, Sendable {
    @usableFromInline struct Entry: Hashable, Sendable {
        @usableFromInline var bits: UInt64
        @usableFromInline var text: String

        @inlinable init(bits: UInt64, text: String) {
            self.bits = bits
            self.text = text
        }
    }

    @usableFromInline var entries: [Entry] = []

    public init() {}

    /// Room for `capacity` names without growing.
    public init(capacity: Int) { entries.reserveCapacity(capacity) }

    public var count: Int { entries.count }

    /// Remembers `text` and gives its name.
    @inlinable public mutating func intern<Kind>(_ text: String, as kind: Name<Kind>.Type = Name<Kind>.self) -> Name<
        Kind
    > {
        let name = Name<Kind>(text)
        add(bits: name.bits, text: text)
        return name
    }

    /// Remembers the text behind a name that was made before.
    @inlinable public mutating func add(bits: UInt64, text: @autoclosure () -> String) {
        if bits != 0 && place(of: bits) == nil { entries.append(Entry(bits: bits, text: text())) }
    }

    /// The text behind `name`; `nil` when this table does not know it.
    @inlinable public func text<Kind>(_ name: Name<Kind>) -> String? { text(bits: name.bits) }

    @inlinable public func text(bits wanted: UInt64) -> String? {
        place(of: wanted).map { entries[$0].text }
    }

    /// Copies the text of `name` from `other`, if it is not here yet.
    @inlinable public mutating func adopt<Kind>(_ name: Name<Kind>, from other: NameTable) {
        adopt(bits: name.bits, from: other)
    }

    @inlinable public mutating func adopt(bits wanted: UInt64, from other: NameTable) {
        if wanted == 0 || place(of: wanted) != nil { return }
        if let i = other.place(of: wanted) { entries.append(other.entries[i]) }
    }

    /// Copies every text of `other` that is not here yet.
    public mutating func adoptAll(from other: NameTable) {
        for entry in other.entries { add(bits: entry.bits, text: entry.text) }
    }

    @inlinable func place(of wanted: UInt64) -> Int? {
        for i in entries.indices where entries[i].bits == wanted { return i }
        return nil
    }
}
