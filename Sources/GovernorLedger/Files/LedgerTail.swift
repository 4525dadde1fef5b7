import CSQLite
import GovernorSQLite

/// The end of a file: where the chain stands after it.
enum LedgerTail {
    /// The head after the file's last group, whose hash is calculated again. Cost: one group.
    static func check(_ connection: SQLiteConnection, _ meta: LedgerFileMeta) throws(LedgerError) -> LedgerHead {
        let path = connection.path
        do throws(SQLiteFailure) {
            let groups = try connection.prepare("SELECT first, previous FROM groups ORDER BY first DESC LIMIT 1")
            guard try groups.step() else {
                guard try connection.integer("SELECT count(*) FROM (SELECT 1 FROM records LIMIT 1)") == 0 else {
                    throw SQLiteFailure(code: SQLITE_CORRUPT, message: "its records belong to no group")
                }
                return LedgerHead(sequence: meta.firstSequence - 1, hash: meta.link)
            }
            let previous = groups.blob(1)
            guard let first = UInt64(exactly: groups.integer(0)), first >= meta.firstSequence, previous.count == 32
            else {
                throw SQLiteFailure(code: SQLITE_CORRUPT, message: "its last group is not readable")
            }
            var verifier = FileVerifier(fromGroup: first, previous: LedgerHash(previous))
            try verifier.run(connection)
            if let fault = verifier.result.fault {
                throw SQLiteFailure(code: SQLITE_CORRUPT, message: "record \(fault.sequence): \(fault.reason)")
            }
            return verifier.result.head
        } catch {
            throw error.ledgerError(file: path)
        }
    }
}
