/// What verifying a whole ledger came to.
public struct LedgerAudit: Hashable, Sendable {
    /// One file, as far as it could be read.
    public struct File: Hashable, Sendable {
        /// Without its folder.
        public var name: String
        /// 0 when it holds none.
        public var first: UInt64
        public var last: UInt64
        public var recordCount: UInt64
    }

    public var files: [File] = []
    public var recordCount: UInt64 = 0
    public var groupCount: UInt64 = 0
    public var erasedCount: UInt64 = 0
    /// The node whose chain it is; nil where no file could be read.
    public var node: NodeID?
    /// The end of the chain, as far as it could be followed.
    public var head = LedgerHead(sequence: 0, hash: .zero)
    /// In the order of the chain; as many as were asked for.
    public var findings: [LedgerFinding] = []
    /// There are more than were asked for.
    public var isCut = false

    public var isWhole: Bool { findings.isEmpty }
}

/// One thing that is not as the ledger wrote it.
public struct LedgerFinding: Hashable, Sendable {
    public enum What: String, Hashable, Sendable, CaseIterable {
        /// A record, a group, or a file's description says something else than it did.
        case changed
        /// A record, a group or a file between others is gone, or the end is cut off.
        case missing
        /// A whole record stands in another's place.
        case reordered
        /// A record that no group vouches for.
        case added
        /// The file cannot be read as a ledger's.
        case unreadable
        /// A body is gone that no record says was erased.
        case unnoted
    }

    public var what: What
    /// Path of the file.
    public var file: String
    /// The first record of the group; nil when no group is concerned.
    public var group: UInt64?
    /// nil when the file as a whole is concerned.
    public var record: UInt64?
    /// A clause about the record, or the file where there is none.
    public var reason: String

    init(_ what: What, file: String, group: UInt64? = nil, record: UInt64? = nil, reason: String) {
        self.what = what
        self.file = file
        self.group = group
        self.record = record
        self.reason = reason
    }
}

extension LedgerFinding {
    /// Something else remembers a record that the ledger does not reach to.
    public static func cutOff(after last: UInt64, reaching sequence: UInt64, in folder: String) -> LedgerFinding {
        LedgerFinding(
            .missing, file: folder, record: last + 1,
            reason: "the ledger ends before it, but the file of people reflects records up to \(sequence)")
    }
}

extension LedgerFinding: CustomStringConvertible {
    /// One line: file, group, record, and what is wrong.
    public var description: String {
        var text = "\(file): \(what.rawValue): "
        if let record { text += "record \(record)" }
        if let group { text += " of the group that begins at \(group)" }
        return text + (record == nil ? reason : ": \(reason)")
    }
}

/// What `verify` found.
public enum LedgerVerification: Hashable, Sendable {
    case whole(recordCount: UInt64, groupCount: UInt64, erasedCount: UInt64, head: LedgerHead)
    /// The first record that is not as it was written, and in which file.
    case broken(sequence: UInt64, file: String, reason: String)
}
