import Glibc
import GovernorSQLite

extension EmbeddedStore {
    /// Copies a folder's file of people into another folder, also while a process owns it.
    ///
    /// Copy the ledger afterwards: the copy of the people must not reflect more of it than there will be.
    /// - Returns: false when there is none.
    public static func copyPeople(
        from directory: String, to other: String, progress: (Double) -> Void = { _ in }
    ) throws(EmbeddedStoreError) -> Bool {
        let path = directory + "/" + PeopleFile.name
        let target = other + "/" + PeopleFile.name
        guard access(path, F_OK) == 0 else { return false }
        guard access(target, F_OK) != 0 else { throw .unusable(path: target, reason: "there is one already") }
        do throws(SQLiteFailure) {
            try SQLiteConnection(path: path, mode: .readOnly).copy(to: target, progress: progress)
        } catch {
            unlink(target)
            throw error.isDamage
                ? .damaged(file: path, reason: error.message) : .unusable(path: target, reason: error.message)
        }
        return true
    }
}
