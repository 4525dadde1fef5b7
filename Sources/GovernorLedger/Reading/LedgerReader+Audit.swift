import GovernorSQLite

extension LedgerReader {
    /// Calculates the chain again, from the beginning of the file that holds `first` to the newest record, and stops at
    /// the first thing that is wrong.
    public func verify(from first: UInt64 = 1) throws(LedgerError) -> LedgerVerification {
        let audit = try audit(from: first, findingsMax: 1)
        if let finding = audit.findings.first {
            return .broken(
                sequence: finding.record ?? audit.head.sequence + 1, file: finding.file, reason: finding.reason)
        }
        return .whole(
            recordCount: audit.recordCount, groupCount: audit.groupCount, erasedCount: audit.erasedCount,
            head: audit.head)
    }

    /// Calculates the whole chain again and says everything that is wrong with it, also while a process writes it.
    /// - Parameters:
    ///   - first: nothing before the file that holds this record is looked at.
    ///   - findingsMax: how many findings to tell.
    ///   - heads: ends of the chain that were noted or signed earlier: the chain must pass through them, which shows
    ///     whether its end was cut off, or all of it written anew.
    ///   - progress: told now and then how many records have been read since the last time.
    /// - Throws: `.unusable` when the folder or a file cannot be opened; whatever a file says is a finding.
    public func audit(
        from first: UInt64 = 1, findingsMax: Int = 100, heads: [LedgerHead] = [],
        progress: @escaping (Int) -> Void = { _ in }
    ) throws(LedgerError) -> LedgerAudit {
        var run = AuditRun(directory: directory, findingsMax: findingsMax, progress: progress)
        for head in heads { run.heads[head.sequence] = head.hash }
        var names = try directory.files()
        // Those before the file that holds `first` are of no interest.
        while first > 1, names.count > 1, let next = try? meta(of: names[1]), next.firstSequence <= first {
            names.removeFirst()
            run.isPartial = true
        }
        var position = 0
        while position < names.count {
            let name = names[position]
            let following = position + 1 < names.count ? names[position + 1] : nil
            try run.file(name, followedBy: following, self)
            if run.isFull { break }
            position += 1
            if position == names.count {
                // A live ledger may have gone on to a file that was not listed yet.
                names += try directory.files().filter { $0 > name }
                if position == names.count { run.end(after: name) }
            }
        }
        return run.finished()
    }

    func meta(of name: LedgerFileName) throws(LedgerError) -> LedgerFileMeta {
        try LedgerFileMeta(from: try connect(name), name: name)
    }
}

/// An audit on its way through the files.
private struct AuditRun {
    let directory: LedgerDirectory
    let findingsMax: Int
    let progress: (Int) -> Void
    var heads: [UInt64: LedgerHash] = [:]
    /// It does not begin with the ledger's first file.
    var isPartial = false
    private var audit = LedgerAudit()
    private var previous: LedgerFileMeta?
    /// The head so far, which for a file without groups is the file's link.
    private var chain = LedgerHead(sequence: 0, hash: .zero)
    /// The chain was followed to its place without a gap.
    private var isChained = false
    private var metHeads: Set<UInt64> = []
    private var firstSequence: UInt64?
    private var erased: Set<UInt64> = []
    private var noted: Set<UInt64> = []

    init(directory: LedgerDirectory, findingsMax: Int, progress: @escaping (Int) -> Void) {
        self.directory = directory
        self.findingsMax = max(1, findingsMax)
        self.progress = progress
    }

    var isFull: Bool { audit.findings.count >= findingsMax }

    private mutating func find(_ finding: LedgerFinding) {
        if isFull { audit.isCut = true } else { audit.findings.append(finding) }
    }

    mutating func file(
        _ name: LedgerFileName, followedBy following: LedgerFileName?, _ reader: LedgerReader
    ) throws(LedgerError) {
        let path = directory.path(of: name)
        let connection: SQLiteConnection
        let meta: LedgerFileMeta
        do throws(LedgerError) {
            connection = try reader.connect(name)
            meta = try LedgerFileMeta(from: connection, name: name)
        } catch {
            switch error {
            case .damaged(_, let reason): find(LedgerFinding(.unreadable, file: path, reason: reason))
            case .unsupported(_, let what):
                find(LedgerFinding(.unreadable, file: path, reason: "it is of \(what)"))
            default: throw error
            }
            previous = nil
            isChained = false
            audit.files.append(.init(name: name.description, first: 0, last: 0, recordCount: 0))
            return
        }
        join(meta, path)
        firstSequence = firstSequence ?? meta.firstSequence
        audit.node = audit.node ?? meta.node
        if let known = heads[meta.firstSequence - 1], !metHeads.contains(meta.firstSequence - 1) {
            // Its group was pruned; the file says what it follows.
            metHeads.insert(meta.firstSequence - 1)
            if audit.files.isEmpty, known != meta.previousHash {
                find(
                    LedgerFinding(
                        .changed, file: path, reason: "it does not follow the head that was signed or noted"))
            }
        }
        if let following, meta.next != following.description {
            let isBeingBegun = meta.next == nil && (try? reader.isEmpty(following)) == true
            if let next = meta.next {
                find(LedgerFinding(.missing, file: directory.path + "/" + next, reason: "this file is missing"))
            } else if !isBeingBegun {
                find(LedgerFinding(.changed, file: path, reason: "it does not say that `\(following)` follows it"))
            }
        }
        try records(connection, meta, path)
        previous = meta
    }

    /// Whether the file follows the one before it.
    private mutating func join(_ meta: LedgerFileMeta, _ path: String) {
        if let previous {
            if meta.node != previous.node {
                find(LedgerFinding(.changed, file: path, reason: "it was written by another node"))
            }
            guard
                isChained,
                meta.index != previous.index + 1 || meta.firstSequence != chain.sequence + 1
                    || meta.previousHash != chain.hash
            else { return }
            find(
                LedgerFinding(
                    .changed, file: path, record: audit.head.sequence + 1,
                    reason: "this file does not follow `\(previous.name)`"))
        } else if audit.files.isEmpty, !isPartial, meta.index != 1, !meta.isOldest {
            find(
                LedgerFinding(
                    .missing, file: path, reason: "the \(meta.index - 1) files before it are missing"))
        }
    }

    private mutating func records(
        _ connection: SQLiteConnection, _ meta: LedgerFileMeta, _ path: String
    ) throws(LedgerError) {
        var verifier = FileVerifier(fromGroup: meta.firstSequence, previous: meta.link)
        verifier.faultsMax = findingsMax - audit.findings.count
        verifier.heads = heads
        verifier.progress = progress
        var erased: [UInt64] = []
        var noted: [UInt64] = []
        verifier.erased = { erased.append($0) }
        verifier.note = { _, body in
            if let note = try? ErasureNote(decoding: body) { noted += note.sequences }
        }
        isChained = true
        if verifier.faultsMax > 0 {
            do throws(SQLiteFailure) {
                if let lowest = try connection.integer("SELECT seq FROM records ORDER BY seq LIMIT 1"),
                    lowest < Int64(bitPattern: meta.firstSequence)
                {
                    find(
                        LedgerFinding(
                            .added, file: path, record: UInt64(bitPattern: lowest), reason: "it belongs to no group"))
                }
                try verifier.run(connection)
            } catch {
                guard case .damaged(_, let reason) = error.ledgerError(file: path) else {
                    throw error.ledgerError(file: path)
                }
                isChained = false
                find(
                    LedgerFinding(
                        .unreadable, file: path, record: verifier.result.head.sequence + 1,
                        reason: "from here on the file cannot be read: \(reason)"))
            }
        }
        let result = verifier.result
        for fault in result.faults {
            find(
                LedgerFinding(
                    fault.what, file: path, group: fault.group, record: fault.sequence, reason: fault.reason))
        }
        if !result.faults.isEmpty { isChained = isChained && result.faults.allSatisfy { $0.what != .missing } }
        self.erased.formUnion(erased)
        self.noted.formUnion(noted)
        metHeads.formUnion(result.met)
        audit.files.append(
            .init(
                name: meta.name.description, first: result.recordCount == 0 ? 0 : meta.firstSequence,
                last: result.recordCount == 0 ? 0 : result.head.sequence, recordCount: result.recordCount))
        audit.recordCount += result.recordCount
        audit.groupCount += result.groupCount
        audit.erasedCount += result.erasedCount
        chain = result.head
        // What vouches for everything is the hash of the last group, wherever the next file begins.
        if result.groupCount > 0 { audit.head = result.head }
    }

    /// What can be said once the newest file was read.
    mutating func end(after name: LedgerFileName) {
        if let next = previous?.next {
            find(LedgerFinding(.missing, file: directory.path + "/" + next, reason: "this file is missing"))
        }
        let path = directory.path(of: name)
        for (sequence, _) in heads.sorted(by: { $0.key < $1.key }) where !metHeads.contains(sequence) {
            if sequence > audit.head.sequence {
                find(
                    LedgerFinding(
                        .missing, file: path, record: audit.head.sequence + 1,
                        reason: "the ledger ends before it, but it reached to \(sequence) when its head was noted"))
            } else if let firstSequence, sequence >= firstSequence {
                find(
                    LedgerFinding(
                        .changed, file: path, record: sequence,
                        reason: "no group ends at it, but it was the end of the chain when its head was noted"))
            }
        }
        let unnoted = erased.subtracting(noted).sorted()
        if let first = unnoted.first, !isFull {
            find(
                LedgerFinding(
                    .unnoted, file: path, record: first,
                    reason: unnoted.count == 1
                        ? "its body is gone, and no record says that it was erased"
                        : "its body and those of \(unnoted.count - 1) more are gone, and no record says that they were erased"
                ))
        }
    }

    func finished() -> LedgerAudit { audit }
}

extension LedgerReader {
    /// Whether a file holds no record.
    fileprivate func isEmpty(_ name: LedgerFileName) throws -> Bool {
        try connect(name).integer("SELECT count(*) FROM (SELECT 1 FROM records LIMIT 1)") == 0
    }
}
