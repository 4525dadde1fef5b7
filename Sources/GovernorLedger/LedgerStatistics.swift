/// Counts since the ledger was opened, and how the disk is doing.
public struct LedgerStatistics: Hashable, Sendable {
    /// Records and groups on disk.
    public internal(set) var recordCount: UInt64 = 0
    public internal(set) var groupCount: UInt64 = 0
    /// Bytes of records as they are hashed.
    public internal(set) var byteCount: UInt64 = 0
    /// Entries refused because the queue was full.
    public internal(set) var refusedCount: UInt64 = 0
    /// Attempts to write that failed.
    public internal(set) var failureCount: UInt64 = 0
    /// Files begun after the first one that was open.
    public internal(set) var rotationCount: UInt64 = 0
    /// Why the latest attempt to begin a new file failed; records go on into the old one meanwhile.
    public internal(set) var rotationFailure: String?
    /// Moving average of a commit, synchronisation included.
    public internal(set) var commitMicroseconds: Double = 0
    /// Moving average of inserting and hashing one record.
    public internal(set) var insertMicroseconds: Double = 0
    /// Records in the latest group, and the bound for the next one.
    public internal(set) var groupSizeLatest = 0
    public internal(set) var groupSizeBound = 0
    /// Records that waited when these numbers were read.
    public internal(set) var waitingCount = 0
    public internal(set) var waitingBytes = 0

    public init() {}

    struct Sample {
        var commitMicroseconds: Double
        var insertMicroseconds: Double
        var groupSizeBound: Int
    }

    mutating func add(_ sample: Sample, count: Int, bytes: Int) {
        recordCount += UInt64(count)
        groupCount += 1
        byteCount += UInt64(bytes)
        commitMicroseconds = sample.commitMicroseconds
        insertMicroseconds = sample.insertMicroseconds
        groupSizeBound = sample.groupSizeBound
        groupSizeLatest = count
    }
}
