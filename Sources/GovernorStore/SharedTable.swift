/// A small table of texts by name that the nodes of an installation share, such as their keys. Whoever writes a name
/// replaces what was there.
public protocol SharedTable: Sendable {
    /// The whole table; `nil` when it is as it was when `read` last said `stamp`.
    func read(unlessAt stamp: String?) async throws(StoreError) -> SharedTableState?

    /// Writes these names, and changes the table's stamp.
    func write(_ values: [String: String]) async throws(StoreError)
}

/// What a table held, and what that state of it is called.
public struct SharedTableState: Hashable, Sendable {
    public var stamp: String
    public var values: [String: String]

    public init(stamp: String, values: [String: String]) {
        self.stamp = stamp
        self.values = values
    }
}
