public import GovernorCore

/// Bounds and sizes of a ledger.
public struct LedgerConfiguration: Sendable {
    /// Records that may wait for the disk, 1 to 16,777,216; one more is refused with `.full`.
    public var queueCountMax = 65_536
    /// Bytes of records that may wait for the disk.
    public var queueBytesMax = 64 << 20
    /// Bytes of one body.
    public var bodyBytesMax = 1 << 20
    /// Records of one group, unless one call's entries need more.
    public var groupCountMax = 16_384
    /// A file of at least this many bytes is followed by a new one.
    public var fileBytesMax = 1 << 30
    /// Pages of 4 KiB in the write-ahead log after which they are moved into the file, off the writer's thread.
    public var checkpointPages = 1_024
    /// The first pause after a failed write; doubled up to `retryDelayMax`.
    public var retryDelayMin = Milliseconds(20)
    public var retryDelayMax = Milliseconds.seconds(1)
    /// How long closing keeps trying when the disk refuses.
    public var closingPatience = Milliseconds.seconds(5)
    /// Chooses the month of a file's name, in UTC.
    public var now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp = systemTimestamp) { self.now = now }

    public func validate() throws(LedgerError) {
        let bounds: [(String, Int, ClosedRange<Int>)] = [
            ("queueCountMax", queueCountMax, 1...(1 << 24)),
            ("queueBytesMax", queueBytesMax, 4_096...(1 << 34)),
            ("bodyBytesMax", bodyBytesMax, 1...(1 << 26)),
            ("groupCountMax", groupCountMax, 1...(1 << 20)),
            ("fileBytesMax", fileBytesMax, 65_536...(1 << 40)),
            ("checkpointPages", checkpointPages, 16...(1 << 20)),
            ("retryDelayMin", Int(retryDelayMin.count), 1...60_000),
            ("retryDelayMax", Int(retryDelayMax.count), 1...60_000),
            ("closingPatience", Int(closingPatience.count), 0...600_000),
        ]
        for (name, value, range) in bounds where !range.contains(value) {
            throw .invalidConfiguration(
                "ledger: `\(name)` is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
