import Foundation
import GovernorCore
import GovernorLedger
import GovernorStore
import Testing

@testable import GovernorStoreRedis
@testable import governor

/// What a node over Redis replays from a ledger of its own on disk.
@Suite struct LedgerJournalTests {
    private static let start = Timestamp(milliseconds: 1_795_000_000_000)

    private func entry(_ number: Int, kind: JournalKind? = .decision) -> StoreJournalEntry {
        let at = Self.start + .seconds(Int64(number) * 60)
        let person = PersonID(high: 7, low: UInt64(number))
        var touch = Touch(
            id: TouchID(bits: UInt64(number)), at: at, expiresAt: at + .seconds(60), state: .reserved,
            channel: Name("voice"), purpose: Name("marketing"))
        touch.recordedAt = at
        let body = JournalBody(
            entry: [1], changedAt: at,
            changes: kind == .summary ? [] : [RecordChanges(person: person, isNew: true, changes: [.touch(touch)])],
            names: NameTable())
        return StoreJournalEntry(
            kind: kind, at: at, persons: [person], body: body.encoded(), isAdvisory: false, isAwaited: true)
    }

    @Test func replaysAllOrTheEnd() throws {
        let folder = NSTemporaryDirectory() + "journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ledger = try Ledger(
            dataDirectory: folder, identity: LedgerIdentity(secretFingerprint: [1, 2, 3], normaliserVersion: 1))
        defer { ledger.close() }
        let journal = LedgerJournal(ledger: ledger, node: "n")
        func replayed(_ length: Milliseconds?) throws -> [UInt64] {
            var persons: [UInt64] = []
            try journal.replay(lasting: length) { body in persons += body.changes.map(\.person.low) }
            return persons
        }
        #expect(try replayed(nil).isEmpty && replayed(.seconds(60)).isEmpty)
        // Every tenth is one that changes nobody; the ledger's own records stand in between.
        for number in 0..<200 {
            _ = try journal.append(entry(number, kind: number % 10 == 9 ? .summary : .decision))
            if number % 50 == 0 {
                _ = try ledger.append(LedgerEntry(kind: .checkpoint, at: entry(number).at, body: [1]))
            }
        }
        let all = (0..<200).filter { $0 % 10 != 9 }.map(UInt64.init)
        #expect(try replayed(nil) == all)
        // The newest is of minute 199: what is not older than the length comes, to the minute.
        for minutes in [0, 1, 2, 37, 150, 198, 199, 1_000] as [Int64] {
            let from = UInt64(max(0, 199 - minutes))
            #expect(try replayed(.seconds(minutes * 60)) == all.filter { $0 >= from }, "\(minutes)")
        }
        #expect(journal.newestSequence == 204 && journal.trouble == nil)
    }
}
