import GovernorSQLite

extension LedgerReader {
    /// Copies every file into the folder `ledger` of another data folder, also while a process writes them: the copy is
    /// the ledger up to a record that was the newest one at some moment after the call.
    /// - Parameter progress: told the name of a file and its share that is done.
    /// - Throws: `.unusable` when a file exists there already, or cannot be written.
    public func copy(
        toDataDirectory other: String, progress: (String, Double) -> Void = { _, _ in }
    ) throws(LedgerError) {
        let target = LedgerDirectory(dataDirectory: other)
        try target.create()
        guard try target.files().isEmpty else {
            throw .unusable(path: target.path, reason: "there is a ledger already")
        }
        var copied: LedgerFileName?
        while true {
            // The one that was the newest may have been finished since, and another one begun.
            let names = try directory.files().filter { name in copied.map { name >= $0 } ?? true }
            if let copied, names.last == copied { return try target.synchronize() }
            if names.isEmpty { return }
            for name in names {
                target.remove(name)
                let connection = try connect(name)
                do throws(SQLiteFailure) {
                    try connection.copy(to: target.path(of: name)) { progress(name.description, $0) }
                } catch {
                    throw error.ledgerError(file: target.path(of: name))
                }
                copied = name
            }
        }
    }
}
