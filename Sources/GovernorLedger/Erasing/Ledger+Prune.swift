import GovernorSQLite

extension Ledger {
    /// Removes the files before the one that begins at `sequence`, oldest first; the newest file always stays.
    ///
    /// Whoever calls it has put on record again what is still needed of them. The file that is the first from then on says
    /// so, which is how `verify` and an opening know that those before it were not lost. Killed in between, it may be called
    /// again. Blocks.
    /// - Returns: the names of the files that went.
    @discardableResult
    public func removeFiles(before sequence: UInt64) throws(LedgerError) -> [String] {
        let names = try directory.files()
        var count = 0
        while count < names.count - 1, try reader.meta(of: names[count]).firstSequence < sequence { count += 1 }
        let gone = names[..<count]
        guard !gone.isEmpty else { return [] }
        let path = directory.path(of: names[count])
        do throws(SQLiteFailure) {
            let connection = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: 10_000)
            try connection.execute(
                "PRAGMA synchronous = FULL; INSERT OR REPLACE INTO meta (key, value) VALUES ('oldest', 1)")
        } catch {
            throw error.ledgerError(file: path)
        }
        for name in gone { directory.remove(name) }
        return gone.map(\.description)
    }
}

extension LedgerReader {
    /// Whether it holds everything that was ever recorded, or said again what was pruned: a store can be made from it.
    public var reachesBack: Bool {
        guard let name = try? directory.files().first, let meta = try? meta(of: name) else { return true }
        return meta.index == 1 || meta.isOldest
    }
}
