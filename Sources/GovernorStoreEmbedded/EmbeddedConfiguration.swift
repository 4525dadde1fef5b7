public import GovernorCore

/// Bounds of the embedded store, and what its file depends on.
public struct EmbeddedConfiguration: Sendable {
    /// A one-way fingerprint of the identifier secret; another one at opening is refused.
    public var secretFingerprint: [UInt8]
    /// The version of the rules that turn an identifier into its canonical form; another one at opening is refused.
    public var normaliserVersion: UInt32
    /// Memory for people at hand, in bytes as estimated: 1 MiB to 64 GiB.
    public var cacheBytes = 96 << 20
    /// Memory for the filter that knows which identifiers nobody has, in bytes: 64 KiB to 4 GiB.
    public var filterBytesMax = 64 << 20
    /// Changed people that are not written back yet, as a share of `cacheBytes`; past it writes are refused.
    public var dirtyShareMax = 0.5
    /// Changed people are written back after this long at the latest.
    public var writeBackInterval = Milliseconds(500)
    /// Or as soon as there are this many.
    public var writeBackCount = 4_096
    /// Transactions that wait for people to be loaded; one more is refused.
    public var loadsWaitingMax = 16_384
    /// Threads that load people.
    public var readerCount = 1

    public init(secretFingerprint: [UInt8], normaliserVersion: UInt32) {
        self.secretFingerprint = secretFingerprint
        self.normaliserVersion = normaliserVersion
    }

    public func validate() throws(EmbeddedStoreError) {
        let bounds: [(String, Int, ClosedRange<Int>)] = [
            ("secretFingerprint.count", secretFingerprint.count, 1...64),
            ("cacheBytes", cacheBytes, (1 << 20)...(64 << 30)),
            ("filterBytesMax", filterBytesMax, (64 << 10)...(4 << 30)),
            ("writeBackInterval", Int(writeBackInterval.count), 1...60_000),
            ("writeBackCount", writeBackCount, 1...1_000_000),
            ("loadsWaitingMax", loadsWaitingMax, 1...1_000_000),
            ("readerCount", readerCount, 1...16),
        ]
        for (name, value, range) in bounds where !range.contains(value) {
            throw .invalidConfiguration(
                "store: `\(name)` is \(value); it must be \(range.lowerBound) to \(range.upperBound)")
        }
        guard dirtyShareMax >= 0.05, dirtyShareMax <= 0.9 else {
            throw .invalidConfiguration("store: `dirtyShareMax` is \(dirtyShareMax); it must be 0.05 to 0.9")
        }
    }
}

/// Why the embedded store could not be opened. `description` names the file and what to do.
public enum EmbeddedStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has this store open.
    case locked(path: String)
    /// The folder or a file in it cannot be opened, read or written.
    case unusable(path: String, reason: String)
    /// The file of people is damaged and the ledger cannot rebuild it.
    case damaged(file: String, reason: String)
    /// The file was written under another secret or normaliser, or beside another ledger.
    case mismatch(file: String, what: String)
    /// The file was written by a later version.
    case unsupported(file: String, what: String)
    /// The ledger does not reach back, or not as far forward, as the file needs.
    case ledgerIncomplete(file: String, reason: String)
    case invalidConfiguration(String)

    public var description: String {
        switch self {
        case .locked(let path):
            "`\(path)` is held by another process: stop it, or give this one another data folder"
        case .unusable(let path, let reason): "`\(path)` cannot be used: \(reason)"
        case .damaged(let file, let reason):
            "`\(file)` is damaged: \(reason); put it back from a backup together with the ledger folder"
        case .mismatch(let file, let what):
            "`\(file)` was written with \(what): start with the one it was written with, or choose another data folder"
        case .unsupported(let file, let what):
            "`\(file)` was written by a later version (\(what)): start that version or a newer one"
        case .ledgerIncomplete(let file, let reason): "`\(file)` and its ledger do not fit together: \(reason)"
        case .invalidConfiguration(let text): text
        }
    }
}
