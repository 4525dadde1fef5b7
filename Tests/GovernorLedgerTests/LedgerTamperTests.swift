import Foundation
import GovernorCore
import GovernorSQLite
import GovernorTesting
import Synchronization
import Testing

@testable import GovernorLedger

/// Whatever is done to a ledger's rows is found, and named where it was done.
@Suite struct LedgerTamperTests {
    private static let files = ["2026-11-0001.ledger", "2026-12-0001.ledger"]
    private static let recordCount = 16
    private static let firstOfSecond: UInt64 = 9

    /// 16 records in groups of four over two files: 1…4, 5…8, and 9…12, 13…16.
    private static func sample(_ folder: String) throws {
        let clock = Mutex(november)
        let month = Timestamp(milliseconds: november.milliseconds + 20 * 86_400_000)
        let ledger = try openLedger(folder) {
            $0.groupCountMax = 1
            $0.now = { clock.withLock { $0 } }
        }
        for start in stride(from: 0, to: recordCount, by: 4) {
            if start == Int(firstOfSecond) - 1 { clock.withLock { $0 = month } }
            let ticket = try ledger.append(contentsOf: (start..<start + 4).map { entry($0, bytes: 30) })
            while ledger.durableSequence < ticket.sequence { usleep(200) }
        }
        ledger.close()
        #expect(try fileNames(folder) == files)
        for file in files { try sql(folder, file, "PRAGMA journal_mode = DELETE") }
    }

    /// A ledger that is changed and put back, over connections that do not wait for the disk.
    private struct Victim {
        let folder: String
        let connections: [SQLiteConnection]

        init(_ folder: String) throws {
            self.folder = folder
            connections = try files.map {
                let connection = try SQLiteConnection(path: "\(folder)/ledger/\($0)", mode: .readWrite)
                try connection.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
                return connection
            }
            try connections[0].execute(
                """
                PRAGMA temp_store = MEMORY; ATTACH '\(connections[1].path)' AS later;
                PRAGMA later.journal_mode = MEMORY; PRAGMA later.synchronous = OFF
                """)
        }

        func file(of sequence: UInt64) -> Int { sequence < firstOfSecond ? 0 : 1 }

        func group(of sequence: UInt64) -> UInt64 { (sequence - 1) / 4 * 4 + 1 }

        var audit: LedgerAudit { get throws { try LedgerReader(dataDirectory: folder).audit() } }

        /// One column of a record or a group, as it is and with one bit turned.
        func turnBit(
            _ table: String, _ column: String, _ sequence: UInt64, using random: inout SeededGenerator
        ) throws -> (() throws -> Void)? {
            let connection = connections[file(of: sequence)]
            let key = table == "records" ? "seq" : "first"
            let read = try connection.prepare("SELECT \(column) FROM \(table) WHERE \(key) = \(sequence)")
            guard try read.step(), !read.isNull(0) else { return nil }
            let update = try connection.prepare("UPDATE \(table) SET \(column) = ?1 WHERE \(key) = \(sequence)")
            if ["kind", "at", "mark", "count"].contains(column) {
                let original = read.integer(0)
                read.reset()
                update.bind(1, original ^ 1 << Int64.random(in: 0...63, using: &random))
                try update.run()
                return {
                    update.bind(1, original)
                    try update.run()
                }
            }
            let original = Array(read.blob(0))
            read.reset()
            guard !original.isEmpty else { return nil }
            var turned = original
            turned[Int.random(in: 0..<turned.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            update.bind(1, turned)
            try update.run()
            return {
                update.bind(1, original)
                try update.run()
            }
        }

        private static let columns = "kind, at, mark, salt, persons, body, digest"

        /// Puts the contents of `order[i]` at `places[i]`; the marks go with them, as a cunning hand would have it.
        func permute(_ places: [UInt64], _ order: [UInt64]) throws {
            try connections[0].execute(
                "CREATE TEMP TABLE held AS "
                    + places.map { "SELECT * FROM \(table(of: $0)) WHERE seq = \($0)" }.joined(separator: " UNION ALL ")
            )
            defer { try? connections[0].execute("DROP TABLE held") }
            for (place, origin) in zip(places, order) {
                try connections[0].execute(
                    "UPDATE \(table(of: place)) SET (\(Self.columns)) = (SELECT \(Self.columns) FROM held WHERE seq = \(origin)) WHERE seq = \(place)"
                )
            }
        }

        private func table(of sequence: UInt64) -> String { file(of: sequence) == 0 ? "main.records" : "later.records" }

        func execute(_ sequence: UInt64, _ text: String) throws { try connections[file(of: sequence)].execute(text) }
    }

    @Test(.timeLimit(.minutes(2))) func tenThousandTamperingsAreFound() throws {
        var random = SeededGenerator.announced("tamperings")
        try withFolder { folder in
            try Self.sample(folder)
            let victim = try Victim(folder)
            try #require(try victim.audit.isWhole)
            var kinds: [LedgerFinding.What: Int] = [:]
            var done = 0
            while done < 10_000 {
                // Several records at once, none of them twice.
                var places = Array(1...UInt64(Self.recordCount)).shuffled(using: &random)
                var undo: [() throws -> Void] = []
                var expected: Set<UInt64> = []
                if random.oneIn(4) {
                    let column = random.pick(["count", "previous", "hash"])
                    let group = victim.group(of: places[0])
                    guard let back = try victim.turnBit("groups", column, group, using: &random) else { continue }
                    let found = try victim.audit.findings
                    // Its own group says it, or the one after.
                    #expect(found.contains { $0.group == group || $0.group == group + 4 }, "\(group): \(found)")
                    try back()
                    done += 1
                    continue
                }
                for _ in 0..<3 {
                    let place = places.removeLast()
                    let column = random.pick(["kind", "at", "mark", "salt", "persons", "body"])
                    guard let back = try victim.turnBit("records", column, place, using: &random) else { continue }
                    undo.append(back)
                    expected.insert(place)
                    done += 1
                }
                let moved = Array(places.suffix(Int.random(in: 2...4, using: &random)))
                let order = Array(moved.dropFirst()) + [moved[0]]
                try victim.permute(moved, order)
                undo.append { try victim.permute(order, moved) }
                expected.formUnion(moved)
                done += 1
                let found = try victim.audit.findings
                if Set(found.compactMap(\.record)) != expected {
                    Issue.record("\(done): \(expected.sorted()) were changed, \(found) was found")
                    return
                }
                for finding in found {
                    kinds[finding.what, default: 0] += 1
                    guard let record = finding.record else { continue }
                    #expect(finding.file.hasSuffix(Self.files[victim.file(of: record)]))
                    #expect(finding.group == victim.group(of: record))
                }
                for back in undo { try back() }
            }
            #expect(try victim.audit.isWhole, "not put back")
            #expect(kinds[.reordered, default: 0] > 4_000 && kinds[.changed, default: 0] > 4_000)
        }
    }

    /// A bit of the file itself: either it is found, or it is one that says nothing.
    @Test func everyBitOfTheFilesThatSaysSomethingIsFound() throws {
        var random = SeededGenerator.announced("bits of files")
        try withFolder { folder in
            try Self.sample(folder)
            func everything() throws -> [LedgerEntry] { try readAll(folder).map(\.entry) }
            let before = try everything()
            let whole = try LedgerReader(dataDirectory: folder).audit()
            var found = 0
            for round in 0..<1_000 {
                let path = "\(folder)/ledger/\(Self.files[round % 2])"
                let descriptor = open(path, O_RDWR)
                defer { close(descriptor) }
                let place = off_t.random(in: 0..<lseek(descriptor, 0, SEEK_END), using: &random)
                var byte: UInt8 = 0
                pread(descriptor, &byte, 1, place)
                var turned = byte ^ 1 << UInt8.random(in: 0...7, using: &random)
                pwrite(descriptor, &turned, 1, place)
                let audit = try? LedgerReader(dataDirectory: folder).audit()
                if audit?.isWhole == true {
                    #expect(audit?.head == whole.head)
                    #expect(try everything() == before, "byte \(place) of \(path)")
                } else {
                    found += 1
                }
                pwrite(descriptor, &byte, 1, place)
                for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
            }
            #expect(found > 20)
            #expect(try LedgerReader(dataDirectory: folder).audit() == whole)
        }
    }

    @Test(
        arguments: [
            ("DELETE FROM records WHERE seq = 6", [6], LedgerFinding.What.missing),
            ("DELETE FROM records WHERE seq IN (2, 3, 6)", [2, 6], .missing),
            ("DELETE FROM records WHERE seq = 8", [8], .missing),
            ("DELETE FROM groups WHERE first = 1", [1], .missing),
            ("DELETE FROM groups WHERE first = 1; DELETE FROM records WHERE seq < 5", [1], .missing),
            (
                "INSERT INTO records SELECT 9, kind, at, mark, salt, persons, body, digest FROM records WHERE seq = 4",
                [9], .added
            ),
            (
                "INSERT INTO records SELECT 0, kind, at, mark, salt, persons, body, digest FROM records WHERE seq = 4",
                [0], .added
            ),
            ("UPDATE groups SET count = 3 WHERE first = 1", [1, 4], .changed),
            ("UPDATE records SET body = x'01' WHERE seq IN (2, 3, 7)", [2, 3, 7], .changed),
        ] as [(String, [UInt64], LedgerFinding.What)])
    func allIsNamed(change: String, records: [UInt64], what: LedgerFinding.What) throws {
        try withFolder { folder in
            try Self.sample(folder)
            try sql(folder, Self.files[0], change)
            let audit = try LedgerReader(dataDirectory: folder).audit()
            #expect(audit.findings.first?.what == what, "\(audit.findings)")
            #expect(Set(records).isSubset(of: Set(audit.findings.compactMap(\.record))), "\(audit.findings)")
            #expect(audit.findings.count <= records.count + 1, "\(audit.findings)")
        }
    }

    /// An end that was cut off shows against a head that was noted, and against none other.
    @Test func aCutEndIsFoundByANotedHead() throws {
        try withFolder { folder in
            try Self.sample(folder)
            let reader = LedgerReader(dataDirectory: folder)
            let head = try reader.audit().head
            #expect(head.sequence == 16)
            #expect(try reader.audit(heads: [head]).isWhole)
            var wrong = head
            wrong.hash = .zero
            #expect(try reader.audit(heads: [wrong]).findings.map(\.what) == [.changed])
            #expect(
                try reader.audit(heads: [LedgerHead(sequence: 15, hash: head.hash)]).findings.map(\.what) == [.changed])
            try sql(folder, Self.files[1], "DELETE FROM groups WHERE first = 13; DELETE FROM records WHERE seq > 12")
            #expect(try reader.audit().isWhole, "nothing else could tell")
            let found = try reader.audit(heads: [head]).findings
            #expect(found.map(\.what) == [.missing] && found.first?.record == 13)
        }
    }

    /// A ledger that was only begun, and one whose newest file was: a head that is noted then is proven later, too.
    @Test func aFileWithoutRecordsIsWhole() throws {
        try withFolder { folder in
            try openLedger(folder).close()
            let reader = LedgerReader(dataDirectory: folder)
            let empty = try reader.audit()
            #expect(empty.isWhole && empty.recordCount == 0 && empty.head.sequence == 0, "\(empty.findings)")
            #expect(try reader.audit(heads: [empty.head]).isWhole)
        }
        try withFolder { folder in
            try Self.sample(folder)
            let reader = LedgerReader(dataDirectory: folder)
            // What a node leaves behind that died right after it had begun a file.
            try sql(folder, Self.files[1], "DELETE FROM groups; DELETE FROM records")
            let begun = try reader.audit()
            #expect(begun.isWhole && begun.head.sequence == Self.firstOfSecond - 1, "\(begun.findings)")
            let ledger = try openLedger(folder) {
                $0.now = { Timestamp(milliseconds: november.milliseconds + 20 * 86_400_000) }
            }
            try fill(ledger, 0..<5)
            ledger.close()
            #expect(try reader.audit(heads: [begun.head]).isWhole)
        }
    }

    @Test func aFileThatIsGoneIsNamed() throws {
        for (position, file) in Self.files.enumerated() {
            try withFolder { folder in
                try Self.sample(folder)
                try FileManager.default.removeItem(atPath: "\(folder)/ledger/\(file)")
                let found = try LedgerReader(dataDirectory: folder).audit().findings
                #expect(found.map(\.what) == [.missing], "\(position)")
                if position == 1 { #expect(found.first?.file.hasSuffix(file) == true) }
            }
        }
    }

    /// On a disk that cannot be written, as an auditor's may be.
    @Test func readsWhereNothingCanBeWritten() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            try fill(ledger, 0..<20)
            ledger.close()
            let path = folder + "/ledger/2026-11-0001.ledger"
            let connection = try SQLiteConnection(path: path, mode: .immutable)
            #expect(try connection.integer("SELECT count(*) FROM records") == 20)
        }
    }
}
