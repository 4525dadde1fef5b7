import CSQLite
import Glibc
import GovernorCore
import GovernorLedger
import GovernorSQLite
import GovernorStore

/// Opens the file of people, makes or remakes it where that is safe, and brings it up to the ledger's end.
struct Opening {
    let path: String
    let ledger: Ledger
    let configuration: EmbeddedConfiguration
    let progress: (_ done: UInt64, _ total: UInt64) -> Void

    struct Opened: ~Copyable {
        var state: EmbeddedState
        let writer: PeopleWriter
        let notice: String?
    }

    private var meta: PeopleMeta {
        PeopleMeta(
            secretFingerprint: configuration.secretFingerprint, normaliserVersion: configuration.normaliserVersion,
            node: ledger.node)
    }

    func open() throws(EmbeddedStoreError) -> Opened {
        let head = ledger.head.sequence
        var notice: String?
        if access(path, F_OK) == 0 {
            if let damage = try damageFound() {
                guard head > 0, try ledgerIsWhole() else { throw .damaged(file: path, reason: damage) }
                let aside = try setAside()
                notice =
                    "`\(path)` was damaged (\(damage)); it is kept as `\(aside)` and was made again from the ledger"
                try create()
            }
        } else {
            if head > 0 {
                guard try ledgerIsWhole() else {
                    throw .ledgerIncomplete(
                        file: path,
                        reason: "the file is missing and the ledger does not reach back to its first record; "
                            + "put the file back from a backup")
                }
                notice = "`\(path)` was missing and was made again from the ledger"
            }
            try create()
        }
        do {
            let writer = try PeopleWriter(path: path)
            var state = EmbeddedState(configuration: configuration)
            state.appliedSequence = UInt64(bitPattern: try PeopleFile.counter("applied_seq", in: writer.database))
            state.identifierCount = try PeopleFile.counter("identifiers", in: writer.database)
            state.rowMax = try writer.database.integer("SELECT max(row) FROM people") ?? 0
            state.lastSequence = state.appliedSequence
            guard state.appliedSequence <= head else {
                throw EmbeddedStoreError.ledgerIncomplete(
                    file: path,
                    reason:
                        "the file reflects the ledger up to record \(state.appliedSequence), but the ledger ends at "
                        + "\(head); put the ledger folder back from a backup of the same time or later")
            }
            state.filter = IdentifierFilter(
                capacity: max(1 << 20, Int(state.identifierCount) * 2), bytesMax: configuration.filterBytesMax)
            for counter in try writer.counters() { state.tallies.add(counter) }
            try replay(into: &state, writer, to: head)
            return Opened(state: state, writer: writer, notice: notice)
        } catch let error as EmbeddedStoreError {
            throw error
        } catch let error as SQLiteFailure {
            throw error.isDamage
                ? .damaged(file: path, reason: error.message) : .unusable(path: path, reason: error.message)
        } catch let error as StoreError {
            throw .damaged(file: path, reason: error.description)
        } catch {
            throw .ledgerIncomplete(file: path, reason: "\(error)")
        }
    }

    private func create() throws(EmbeddedStoreError) {
        do throws(SQLiteFailure) { try PeopleFile.create(at: path, meta) } catch {
            // Nothing half made stays behind.
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            throw .unusable(path: path, reason: error.message)
        }
    }

    /// What is wrong with the file, when it is damaged; throws for everything that making it again would not cure.
    private func damageFound() throws(EmbeddedStoreError) -> String? {
        do {
            let database = try SQLiteConnection(path: path, mode: .readWrite)
            try PeopleFile.check(database, meta)
            _ = try database.integer("SELECT max(row) FROM people")
            _ = try database.integer("SELECT row FROM identifiers LIMIT 1")
            _ = try database.integer("SELECT row FROM ids LIMIT 1")
            return nil
        } catch let error as EmbeddedStoreError {
            if case .damaged(_, let reason) = error { return reason }
            throw error
        } catch let error as SQLiteFailure {
            if error.isDamage || error.primary == SQLITE_ERROR { return error.message }
            throw .unusable(path: path, reason: error.message)
        } catch {
            return "\(error)"
        }
    }

    /// Whether the ledger reaches back to its first record, or says again what was pruned, so that everything can be made
    /// again from it.
    private func ledgerIsWhole() throws(EmbeddedStoreError) -> Bool { ledger.reader.reachesBack }

    private func setAside() throws(EmbeddedStoreError) -> String {
        var name = ""
        var n = 1
        repeat {
            name = "\(path).damaged-\(n)"
            n += 1
        } while access(name, F_OK) == 0
        for suffix in ["-wal", "-shm"] where access(path + suffix, F_OK) == 0 { rename(path + suffix, name + suffix) }
        guard rename(path, name) == 0 else {
            throw .unusable(path: path, reason: String(cString: strerror(errno)))
        }
        return name
    }

    // MARK: replay

    private func replay(into state: inout EmbeddedState, _ writer: PeopleWriter, to head: UInt64) throws {
        let first = state.appliedSequence + 1
        guard first <= head else { return }
        let total = head - first + 1
        let reader = try PeopleReader(path: path)
        var next = first
        // Nothing is reflected yet, and what was pruned is said again by what is left.
        if first == 1, let begin = try ledger.reader.files().first?.first { next = max(next, begin) }
        var batch: [PeopleCache.Captured] = []
        try ledger.replay(from: first) { record in
            guard record.sequence == next else {
                throw EmbeddedStoreError.ledgerIncomplete(
                    file: path,
                    reason:
                        "the ledger's record \(next) is missing (\(record.sequence) follows); put the ledger folder "
                        + "back from a backup")
            }
            next += 1
            if record.kind.isStores && !record.isErased {
                let body: JournalBody
                do throws(DecodeError) { body = try JournalBody(decoding: record.body) } catch {
                    if case .newerVersion = error.problem {
                        throw EmbeddedStoreError.unsupported(
                            file: "the ledger, record \(record.sequence)", what: "\(error)")
                    }
                    throw EmbeddedStoreError.damaged(file: "the ledger, record \(record.sequence)", reason: "\(error)")
                }
                let missing = state.missing(body.changes.map(\.person))
                if !missing.isEmpty { state.installForReplay(try reader.load(missing)) }
                state.replay(body, sequence: record.sequence)
                state.cache.trim()
                if state.cache.dirtyBytes > state.dirtyBytesMax / 2 {
                    try writeBack(&state, writer, &batch, isDurable: record.sequence)
                }
            }
            state.lastSequence = record.sequence
            if (record.sequence - first) % 65_536 == 65_535 { progress(record.sequence - first + 1, total) }
        }
        guard next == head + 1 else {
            throw EmbeddedStoreError.ledgerIncomplete(
                file: path, reason: "the ledger ends at record \(next - 1) instead of \(head)")
        }
        progress(total, total)
    }

    /// Everything that is replayed is on disk in the ledger: it may be written back at once.
    private func writeBack(
        _ state: inout EmbeddedState, _ writer: PeopleWriter, _ batch: inout [PeopleCache.Captured], isDurable: UInt64
    ) throws {
        while state.cache.dirtyCount > 0 {
            batch.removeAll(keepingCapacity: true)
            state.cache.capture(8_192, into: &batch)
            state.lastSequence = isDurable
            let reflected = state.reflected()
            var counted: [CounterKey: GuardTallies.Captured] = [:]
            state.tallies.capture(into: &counted)
            batch.sort { $0.row < $1.row }
            try writer.write(
                batch, counters: counted.values, appliedSequence: reflected, identifierCount: state.identifierCount)
            writer.checkpoint()
            for captured in batch { state.cache.written(captured) }
            state.appliedSequence = reflected
            state.epoch += 1
        }
    }
}
