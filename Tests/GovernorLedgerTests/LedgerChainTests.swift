import Foundation
import GovernorCore
import GovernorSQLite
import GovernorTesting
import Testing

@testable import GovernorLedger

@Suite struct LedgerChainTests {
    private let file = "2026-11-0001.ledger"

    /// 60 records in groups of five: 1…5, 6…10, …
    private func sample(_ folder: String) throws {
        let ledger = try openLedger(folder) { $0.groupCountMax = 1 }
        for start in stride(from: 0, to: 60, by: 5) {
            _ = try ledger.append(contentsOf: (start..<start + 5).map { entry($0) })
        }
        ledger.close()
    }

    /// The values were calculated from `docs/ledger-format.md` by another program.
    @Test func hashesAreThoseOfTheDocument() {
        var batch = PendingBatch()
        batch.add(
            sequence: 7, kind: 1, at: 1_795_000_000_123, personCount: 1, bodyCount: 5, isJoined: false,
            persons: {
                RecordLayout.writePerson(PersonID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718), to: $0)
            },
            body: { pointer in Array("\u{1}body".utf8).withUnsafeBytes { pointer.copyMemory(from: $0) } })
        batch.add(
            sequence: 8, kind: 255, at: -1, personCount: 0, bodyCount: 0, isJoined: false, persons: { _ in },
            body: { _ in })
        var hasher = GroupHasher()
        hasher.begin(previous: .zero, first: 7, count: 2)
        var digests: [LedgerHash] = []
        for item in batch.items {
            let start = batch.bytes(of: item)
            for offset in 0..<16 { start.storeBytes(of: UInt8(offset), toByteOffset: offset, as: UInt8.self) }
            let digest = LedgerHash(of: UnsafeRawBufferPointer(start: start, count: item.length))
            hasher.add(header: start + 16, digest: digest)
            digests.append(digest)
        }
        #expect(
            digests.map(\.description) == [
                "3ffacd99d7f6194fca289a952cbd61a526083a7d3a99f1df13be17f45b9ec406",
                "428c3049e071167b80c6cbec5678c6c54fd5eb4530ad573bd68538a0e12ccb2d",
            ])
        #expect(hasher.finish().description == "00a936dc8e11a782b9512c70e6ad1bb9f31edcee9af10f13c97d09b41bb1947e")
        let meta = LedgerFileMeta(
            index: 3, firstSequence: 7, previousHash: .zero, createdAt: 1_795_000_000_000,
            node: NodeID(high: 1, low: 2),
            identity: LedgerIdentity(secretFingerprint: Array("abc".utf8), normaliserVersion: 5),
            name: LedgerFileName(month: CalendarMonth(year: 2026, month: 11), number: 3))
        #expect(meta.link.description == "27cba8b89cd215cd67289baf291da39bedeee1b822fc47c94786034eb06c9078")
    }

    @Test(arguments: [
        ("UPDATE records SET kind = kind % 9 + 1 WHERE seq = 13", 13),
        ("UPDATE records SET kind = 256 + kind WHERE seq = 13", 13),
        ("UPDATE records SET at = at + 1 WHERE seq = 14", 14),
        ("UPDATE records SET mark = mark + 1 WHERE seq = 15", 15),
        ("UPDATE records SET salt = randomblob(16) WHERE seq = 16", 16),
        ("UPDATE records SET salt = randomblob(15) WHERE seq = 16", 16),
        ("UPDATE records SET salt = NULL WHERE seq = 16", 16),
        ("UPDATE records SET persons = randomblob(16) WHERE seq = 17", 17),
        ("UPDATE records SET persons = zeroblob(16) WHERE seq = 13", 13),
        ("UPDATE records SET persons = NULL WHERE seq = 18", 18),
        ("UPDATE records SET body = body || x'00' WHERE seq = 19", 19),
        ("UPDATE records SET body = NULL WHERE seq = 19", 19),
        ("UPDATE records SET digest = zeroblob(32) WHERE seq = 20", 20),
        ("UPDATE records SET digest = zeroblob(32), salt = NULL, persons = NULL, body = NULL WHERE seq = 20", 20),
        ("DELETE FROM records WHERE seq = 22", 22),
        (
            "UPDATE records SET seq = 0 WHERE seq = 23; UPDATE records SET seq = 23 WHERE seq = 24; UPDATE records SET seq = 24 WHERE seq = 0",
            23
        ),
        ("DELETE FROM records WHERE seq = 60", 60),
        ("INSERT INTO records SELECT 61, kind, at, mark, salt, persons, body, digest FROM records WHERE seq = 60", 61),
        ("UPDATE groups SET hash = randomblob(32) WHERE first = 26", 26),
        ("UPDATE groups SET hash = randomblob(31) WHERE first = 56", 56),
        ("UPDATE groups SET previous = randomblob(32) WHERE first = 31", 31),
        ("UPDATE groups SET count = 4 WHERE first = 36", 36),
        ("UPDATE groups SET count = 6 WHERE first = 36", 36),
        ("UPDATE groups SET count = 0 WHERE first = 36", 36),
        ("UPDATE groups SET first = 42 WHERE first = 41", 41),
        ("DELETE FROM groups WHERE first = 46", 46),
        ("DELETE FROM groups WHERE first = 46; DELETE FROM records WHERE seq BETWEEN 46 AND 50", 46),
        ("DELETE FROM groups WHERE first = 56", 56),
        ("DELETE FROM groups", 1),
        ("UPDATE meta SET value = value + 1 WHERE key = 'created'", 1),
        ("UPDATE meta SET value = randomblob(16) WHERE key = 'node'", 1),
        ("UPDATE meta SET value = randomblob(11) WHERE key = 'secret'", 1),
        ("UPDATE meta SET value = value + 1 WHERE key = 'normaliser'", 1),
        ("UPDATE meta SET value = value + 1 WHERE key = 'first'", 1),
        ("UPDATE meta SET value = value + 1 WHERE key = 'index'", 1),
        ("UPDATE meta SET value = randomblob(32) WHERE key = 'previous'", 1),
        ("UPDATE meta SET value = randomblob(32) WHERE key = 'link'", 1),
        ("DELETE FROM meta WHERE key = 'node'", 1),
        ("DROP TABLE meta", 1),
    ])
    func everyChangeIsFoundAndNamed(change: String, sequence: Int) throws {
        try withFolder { folder in
            try sample(folder)
            guard
                case .whole(recordCount: 60, groupCount: 12, erasedCount: 0, _) = try LedgerReader(
                    dataDirectory: folder
                ).verify()
            else {
                Issue.record("broken before the change")
                return
            }
            try sql(folder, file, change)
            let found = try LedgerReader(dataDirectory: folder).verify()
            guard case .broken(let named, let path, let reason) = found else {
                Issue.record("not found")
                return
            }
            // A changed number of records shows at the first record that it misplaces, at the latest.
            let range = change.contains("SET count") ? sequence...(sequence + 5) : sequence...sequence
            #expect(range.contains(Int(named)), "\(reason)")
            #expect(path.hasSuffix(file))
            #expect(!reason.isEmpty)
        }
    }

    @Test func everyRandomBitOfARecordIsFound() throws {
        var random = SeededGenerator.announced("bits")
        try withFolder { folder in
            try sample(folder)
            let connection = try SQLiteConnection(path: "\(folder)/ledger/\(file)", mode: .readWrite)
            for _ in 0..<300 {
                let sequence = UInt64.random(in: 1...60, using: &random)
                let column = random.pick(["salt", "persons", "body", "mark", "at", "kind"])
                let read = try connection.prepare("SELECT \(column) FROM records WHERE seq = \(sequence)")
                try #require(try read.step())
                let update = try connection.prepare("UPDATE records SET \(column) = ?1 WHERE seq = \(sequence)")
                if column == "salt" || column == "persons" || column == "body" {
                    let original = Array(read.blob(0))
                    if original.isEmpty { continue }
                    var turned = original
                    turned[Int.random(in: 0..<turned.count, using: &random)] ^=
                        1 << UInt8.random(in: 0...7, using: &random)
                    read.reset()
                    update.bind(1, turned)
                    try update.run()
                    try expectBroken(folder, at: sequence, column)
                    update.bind(1, original)
                } else {
                    let original = read.integer(0)
                    read.reset()
                    update.bind(1, original ^ 1 << Int64.random(in: 0...63, using: &random))
                    try update.run()
                    try expectBroken(folder, at: sequence, column)
                    update.bind(1, original)
                }
                try update.run()
            }
            guard case .whole = try LedgerReader(dataDirectory: folder).verify() else {
                Issue.record("not put back")
                return
            }
        }
    }

    private func expectBroken(_ folder: String, at sequence: UInt64, _ column: String) throws {
        guard case .broken(sequence, _, _) = try LedgerReader(dataDirectory: folder).verify() else {
            Issue.record("a bit of `\(column)` of record \(sequence) was not found")
            return
        }
    }

    @Test func anErasedRecordLeavesTheChainWhole() throws {
        try withFolder { folder in
            try sample(folder)
            var hexadecimal = ""
            let connection = try SQLiteConnection(path: "\(folder)/ledger/\(file)", mode: .readOnly)
            let rows = try connection.prepare(
                "SELECT seq, kind, at, mark, salt, persons, body, digest FROM records WHERE seq = 33")
            var scratch = RecordScratch()
            if try rows.step(), let loaded = scratch.load(rows, sequence: 33) {
                hexadecimal = loaded.digest.description
            }
            rows.reset()
            try sql(
                folder, file,
                "UPDATE records SET digest = x'\(hexadecimal)', salt = NULL, persons = NULL, body = NULL WHERE seq = 33"
            )
            // The chain is whole, but nothing says why a body is gone.
            let unnoted = try LedgerReader(dataDirectory: folder).audit()
            #expect(unnoted.findings.map(\.what) == [.unnoted] && unnoted.findings.first?.record == 33)
            let ledger = try openLedger(folder)
            _ = try ledger.append(
                LedgerEntry(
                    kind: .erased, at: november, body: ErasureNote(reason: .request, sequences: [33]).encoded()))
            ledger.close()
            guard
                case .whole(recordCount: 61, groupCount: 13, erasedCount: 1, _) = try LedgerReader(
                    dataDirectory: folder
                ).verify()
            else {
                Issue.record("broken by erasing")
                return
            }
            let record = try readAll(folder)[32]
            #expect(record.entry.body.isEmpty && record.entry.persons.isEmpty)
            #expect(record.entry.kind == entry(32).kind)
            var erased: [UInt64] = []
            try LedgerReader(dataDirectory: folder).replay { if $0.isErased { erased.append($0.sequence) } }
            #expect(erased == [33])
            try openLedger(folder).close()
        }
    }

    @Test func openingFindsADamagedEnd() throws {
        for change in [
            "UPDATE records SET body = x'00' WHERE seq = 58", "DELETE FROM records WHERE seq = 60",
            "DELETE FROM groups WHERE first = 56", "DELETE FROM groups",
            "UPDATE groups SET hash = zeroblob(32) WHERE first = 56",
            "UPDATE groups SET previous = x'' WHERE first = 56", "DROP TABLE groups",
        ] {
            try withFolder { folder in
                try sample(folder)
                try sql(folder, file, change)
                guard case .damaged(let path, _)? = ledgerError({ _ = try openLedger(folder) }) else {
                    Issue.record("opened after \(change)")
                    return
                }
                #expect(path.hasSuffix(file))
            }
        }
    }

    @Test func aLaterFormatIsRefused() throws {
        try withFolder { folder in
            try sample(folder)
            try sql(folder, file, "UPDATE meta SET value = 2 WHERE key = 'format'")
            guard case .unsupported? = ledgerError({ _ = try openLedger(folder) }) else {
                Issue.record("opened")
                return
            }
            try sql(
                folder, file,
                "UPDATE meta SET value = 1 WHERE key = 'format'; UPDATE records SET kind = 99 WHERE seq = 3")
            guard case .unsupported? = ledgerError({ _ = try readAll(folder) }) else {
                Issue.record("read")
                return
            }
        }
    }

    @Test(arguments: ["magic", "empty", "text", "half", "folder", "page size", "schema"])
    func aDamagedFileIsNamed(how: String) throws {
        try withFolder { folder in
            try sample(folder)
            let path = "\(folder)/ledger/\(file)"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            switch how {
            case "magic": bytes[3] ^= 0x40
            case "empty": bytes = Data()
            case "text": bytes = Data("this is no ledger, but a text of some length".utf8)
            case "half": bytes = bytes.prefix(bytes.count / 2)
            case "page size": bytes[16] = 0x33
            case "schema": for index in 100..<4_096 { bytes[index] ^= 0x5a }
            default: break
            }
            try FileManager.default.removeItem(atPath: path)
            if how == "folder" {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            } else {
                try bytes.write(to: URL(fileURLWithPath: path))
            }
            let error = try #require(ledgerError { _ = try openLedger(folder) })
            switch error {
            case .damaged(let named, let reason), .unusable(let named, let reason):
                #expect(named.hasSuffix(file))
                #expect(!reason.isEmpty)
            default: Issue.record("\(error)")
            }
            #expect(error.description.contains(file))
        }
    }

    @Test func randomDamageNeverCrashes() throws {
        var random = SeededGenerator.announced("damage")
        try withFolder { folder in
            try sample(folder)
            let path = "\(folder)/ledger/\(file)"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
                _ = ledgerError { _ = try LedgerReader(dataDirectory: folder).verify() }
                _ = ledgerError { _ = try readAll(folder) }
                _ = ledgerError {
                    let ledger = try openLedger(folder)
                    try fill(ledger, 0..<3)
                    ledger.close()
                }
            }
        }
    }
}
