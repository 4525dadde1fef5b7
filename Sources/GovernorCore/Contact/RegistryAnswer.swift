/// What one outside list (a national do-not-call register) says of the endpoint that a request acts on.
///
/// Looked up once, by the door that still has the number in clear, and then only a value: an evaluation, a confirmation and
/// a replay all read the same answer. A registry that is named by a rule and has no answer here is one that is not loaded.
public struct RegistryAnswer: Hashable, Sendable {
    public enum Listing: Hashable, Sendable {
        case notListed
        /// On the list, since an instant if the list tells.
        case listed(since: Timestamp?)
    }

    public var registry: RegistryName
    /// The instant that the list speaks for: when it was taken from its keeper.
    public var snapshotAt: Timestamp
    /// Which list it was: its publisher's number or its content's hash.
    public var version: Name<LabelKind>
    public var listing: Listing

    public init(
        registry: RegistryName, snapshotAt: Timestamp, version: Name<LabelKind> = .none, listing: Listing
    ) {
        self.registry = registry
        self.snapshotAt = snapshotAt
        self.version = version
        self.listing = listing
    }
}
