import CSQLite
import GovernorCore
import GovernorSQLite

/// What happens between the lock and the first record: checks that the files are all there and follow each other, mends
/// what a killed process left half done, and opens the newest one.
struct LedgerOpening {
    let directory: LedgerDirectory
    let now: Timestamp

    func open(identity: LedgerIdentity, node: NodeID?) throws(LedgerError) -> LedgerFile {
        try directory.removeUnfinished()
        var names = try directory.files()
        guard !names.isEmpty else { return try begin(identity: identity, node: node ?? .random()) }
        var previous: (meta: LedgerFileMeta, head: LedgerHead)?
        for (position, name) in names.enumerated() {
            let (meta, head) = try inspect(name)
            let path = directory.path(of: name)
            if let previous {
                if previous.meta.next == nil, position == names.count - 1, head.sequence < meta.firstSequence {
                    // A new file was made, and the process died before the old one was sealed: as if it never was.
                    directory.remove(name)
                    names.removeLast()
                    break
                }
                guard let next = previous.meta.next else {
                    throw .damaged(
                        file: directory.path(of: previous.meta.name),
                        reason: "it does not say that `\(name)` follows it")
                }
                guard next == name.description else {
                    throw .missing(file: directory.path + "/" + next, after: previous.meta.name.description)
                }
                guard meta.index == previous.meta.index + 1, meta.firstSequence == previous.head.sequence + 1,
                    meta.previousHash == previous.head.hash, meta.node == previous.meta.node
                else { throw .damaged(file: path, reason: "it does not follow `\(previous.meta.name)`") }
            } else if meta.index != 1, !meta.isOldest {
                throw .missing(file: "file number \(meta.index - 1) of \(directory.path)", after: "the beginning")
            }
            previous = (meta, head)
        }
        if let meta = previous?.meta {
            let path = directory.path(of: meta.name)
            if let next = meta.next { throw .missing(file: directory.path + "/" + next, after: meta.name.description) }
            guard meta.identity.secretFingerprint == identity.secretFingerprint else {
                throw .mismatch(
                    file: path, what: "another identifier secret: start with the secret that this data was made with")
            }
            // What an earlier version wrote is found by aliases.
            guard meta.identity.normaliserVersion <= identity.normaliserVersion else {
                throw .mismatch(
                    file: path,
                    what: "version \(meta.identity.normaliserVersion) of the identifier rules, this is version "
                        + "\(identity.normaliserVersion): start the version that wrote it or a later one")
            }
            if let node, node != meta.node {
                throw .mismatch(file: path, what: "another node's name: each node needs a data folder of its own")
            }
        }
        for name in names.dropLast() where directory.hasWriteAheadLog(name) {
            LedgerCheckpointer.makePlain(directory.path(of: name))
        }
        return try LedgerFile(name: names[names.count - 1], in: directory)
    }

    private func begin(identity: LedgerIdentity, node: NodeID) throws(LedgerError) -> LedgerFile {
        let name = LedgerFileName(month: CalendarMonth(now), number: 1)
        let meta = LedgerFileMeta(
            index: 1, firstSequence: 1, previousHash: .zero, createdAt: now.milliseconds, node: node,
            identity: identity,
            name: name)
        try LedgerFile.create(meta, in: directory)
        return try LedgerFile(name: name, in: directory)
    }

    /// The description of a file and its end. Cost: a few pages and one group.
    private func inspect(_ name: LedgerFileName) throws(LedgerError) -> (meta: LedgerFileMeta, head: LedgerHead) {
        let path = directory.path(of: name)
        let connection: SQLiteConnection
        do throws(SQLiteFailure) {
            connection = try SQLiteConnection(path: path, mode: .readWrite)
        } catch {
            throw error.ledgerError(file: path)
        }
        let meta = try LedgerFileMeta(from: connection, name: name)
        return (meta, try LedgerTail.check(connection, meta))
    }
}
