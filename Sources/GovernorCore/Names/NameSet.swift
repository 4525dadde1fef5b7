/// A set of names in a rule's scope or a fact's scope. Empty means "any".
///
/// The first name is held inline, since most sets have one; the rest is a short array.
public struct NameSet<Kind>: Hashable, Sendable {
    @usableFromInline var first: UInt64
    @usableFromInline var rest: [UInt64]

    public init(_ names: [Name<Kind>] = []) {
        first = names.first?.bits ?? 0
        rest = names.dropFirst().map(\.bits)
    }

    /// No restriction.
    @inlinable public var isAny: Bool { first == 0 }

    /// The names themselves, in the order given.
    public var names: [Name<Kind>] { first == 0 ? [] : [Name(bits: first)] + rest.map { Name(bits: $0) } }

    @inlinable public func contains(_ name: Name<Kind>) -> Bool {
        first == name.bits || (!rest.isEmpty && rest.contains(name.bits))
    }

    /// Whether something that names `name` may fall inside: any set admits it, and a name left out matches everything.
    @inlinable public func admits(_ name: Name<Kind>) -> Bool {
        first == 0 || name.isNone || contains(name)
    }

    /// Whether at least one of `names` falls inside; none named matches everything.
    @inlinable public func admitsAny(of names: [Name<Kind>]) -> Bool {
        first == 0 || names.isEmpty || names.contains { contains($0) }
    }
}

extension NameSet: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Name<Kind>...) { self.init(elements) }
}
