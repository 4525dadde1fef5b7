import CSQLite
import Glibc
import GovernorSQLite

/// Takes the contents of records out of a ledger's files, also beside the process that writes them.
struct BodyEraser {
    let directory: LedgerDirectory

    /// Records of one transaction: the writer waits for it.
    private static let pieceCount = 256
    /// How often the emptying of a log is tried; each waits for readers for a second.
    private static let emptyingTries = 30

    /// - Parameter sequences: ascending.
    func erase(_ sequences: [UInt64], progress: (Int) -> Void) throws(LedgerError) -> Int {
        var erased = 0
        for name in try directory.files() {
            let path = directory.path(of: name)
            do throws(SQLiteFailure) {
                let connection = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: 10_000)
                // What is let go is overwritten, also where pages become free; nothing is left to chance of a build.
                try connection.execute(
                    "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
                let own = try range(of: connection, in: sequences)
                if own.isEmpty { continue }
                var start = own.lowerBound
                while start < own.upperBound {
                    let end = min(start + Self.pieceCount, own.upperBound)
                    let count = try erase(sequences[start..<end], in: connection)
                    erased += count
                    progress(count)
                    start = end
                }
                // Also when nothing was left to do: it may have been killed before the log was emptied.
                try empty(connection)
            } catch {
                throw error.ledgerError(file: path)
            }
        }
        return erased
    }

    /// Which of the places lie in a file.
    private func range(
        of connection: SQLiteConnection, in sequences: [UInt64]
    ) throws(SQLiteFailure) -> Range<Int> {
        guard let first = try connection.integer("SELECT min(seq) FROM records"), first > 0,
            let last = try connection.integer("SELECT max(seq) FROM records")
        else { return 0..<0 }
        let low = sequences.partitioningIndex { $0 >= UInt64(bitPattern: first) }
        let high = sequences.partitioningIndex { $0 > UInt64(bitPattern: last) }
        return low..<max(low, high)
    }

    private func erase(
        _ sequences: ArraySlice<UInt64>, in connection: SQLiteConnection
    ) throws(SQLiteFailure) -> Int {
        let select = try connection.prepare(
            "SELECT seq, kind, at, mark, salt, persons, body, digest FROM records WHERE seq = ?1")
        let update = try connection.prepare(
            "UPDATE records SET digest = ?2, salt = NULL, persons = NULL, body = NULL WHERE seq = ?1")
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteFailure) {
            var scratch = RecordScratch()
            var count = 0
            for sequence in sequences {
                select.bind(1, Int64(bitPattern: sequence))
                defer { select.reset() }
                guard try select.step() else { continue }
                guard let record = scratch.load(select, sequence: sequence), record.mark == select.integer(3) else {
                    throw SQLiteFailure(
                        code: SQLITE_CORRUPT, message: "record \(sequence) is not as it was written; nothing was erased"
                    )
                }
                if record.isErased { continue }
                update.bind(1, Int64(bitPattern: sequence))
                update.bind(2, record.digest.bytes)
                try update.run()
                count += 1
            }
            try connection.execute("COMMIT")
            return count
        } catch {
            sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Moves the log into the file and cuts it to nothing; a file without one has nothing to do.
    private func empty(_ connection: SQLiteConnection) throws(SQLiteFailure) {
        sqlite3_busy_timeout(connection.handle, 1_000)
        var code = SQLITE_BUSY
        for _ in 0..<Self.emptyingTries where code == SQLITE_BUSY {
            code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) & 0xff
        }
        guard code == SQLITE_OK else { throw connection.failure(code) }
    }
}

extension [UInt64] {
    /// The first position from which on `matches` holds; the array is sorted so that it holds from there to the end.
    fileprivate func partitioningIndex(_ matches: (UInt64) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if matches(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
