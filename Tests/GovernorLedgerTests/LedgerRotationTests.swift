import Foundation
import GovernorCore
import GovernorTesting
import Testing

@testable import GovernorLedger

@Suite struct LedgerRotationTests {
    /// A ledger of several files, closed.
    private func severalFiles(_ folder: String) throws -> [String] {
        for part in 0..<4 {
            let ledger = try openLedger(folder) { $0.fileBytesMax = 65_536 }
            for number in 0..<40 {
                try fill(ledger, (part * 400 + number * 10)..<(part * 400 + number * 10 + 10), bytes: 150)
                let wanted = UInt64(part * 400 + number * 10 + 10)
                eventually("written") { ledger.durableSequence >= wanted }
            }
            ledger.close()
        }
        return try fileNames(folder)
    }

    @Test func bySize() throws {
        try withFolder { folder in
            let names = try severalFiles(folder)
            #expect(names.count >= 4)
            #expect(names == (1...names.count).map { "2026-11-000\($0).ledger" })
            #expect(try readAll(folder).map(\.entry) == (0..<1_600).map { entry($0, bytes: 150) })
            for from in [1, 399, 400, 401, 777, 1_600] as [UInt64] {
                #expect(try readAll(folder, from: from).map(\.sequence) == Array(from...1_600))
            }
            guard case .whole(recordCount: 1_600, _, _, let head) = try LedgerReader(dataDirectory: folder).verify()
            else {
                Issue.record("broken")
                return
            }
            #expect(head.sequence == 1_600)
            // A finished file is one plain file.
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/ledger/\(names[0])-wal"))
        }
    }

    @Test func byMonthAndNeverBackwards() throws {
        try withFolder { folder in
            let clock = ManualClock(november)
            let ledger = try openLedger(folder) { $0.now = { clock.now() } }
            let steps: [(Int64, String)] = [
                (0, "2026-11-0001.ledger"), (30, "2026-12-0001.ledger"), (0, "2026-12-0001.ledger"),
                (-30, "2026-12-0001.ledger"), (61, "2027-01-0001.ledger"), (365, "2028-01-0001.ledger"),
            ]
            for (number, (days, newest)) in steps.enumerated() {
                clock.advance(by: .days(days))
                let ticket = try fill(ledger, number..<number + 1)
                eventually("written") { ledger.durableSequence >= ticket.sequence }
                #expect(try fileNames(folder).last == newest)
            }
            ledger.close()
            #expect(try readAll(folder).map(\.sequence) == Array(1...6))
            let again = try openLedger(folder)
            #expect(try again.append(entry(0)).sequence == 7)
            again.close()
        }
    }

    /// The old file serves on, the statistics say why, and the next attempt that can does it.
    @Test func aRotationThatFailsIsToldAndTriedAgain() throws {
        try withFolder { folder in
            let clock = ManualClock(november)
            let ledger = try openLedger(folder) { $0.now = { clock.now() } }
            try fill(ledger, 0..<10)
            // Stands where the new file would be made.
            let obstacle = folder + "/ledger/2026-12-0001.ledger.new"
            try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
            clock.advance(by: .days(30))
            var count = 10
            func fillOne() throws {
                let ticket = try fill(ledger, count..<count + 1)
                count += 1
                eventually("written") { ledger.durableSequence >= ticket.sequence }
            }
            try fillOne()
            #expect(ledger.statistics.rotationFailure?.contains("2026-12-0001.ledger") == true)
            #expect(ledger.health == .healthy)
            #expect(try fileNames(folder) == ["2026-11-0001.ledger"])
            try FileManager.default.removeItem(atPath: obstacle)
            let deadline = ContinuousClock.now + .seconds(20)
            while ledger.statistics.rotationFailure != nil, ContinuousClock.now < deadline { try fillOne() }
            #expect(ledger.statistics.rotationFailure == nil)
            #expect(ledger.statistics.rotationCount == 1)
            ledger.close()
            #expect(try fileNames(folder) == ["2026-11-0001.ledger", "2026-12-0001.ledger"])
            #expect(try readAll(folder).count == count)
        }
    }

    @Test(arguments: [
        ("first", 0), ("second", 1), ("last but one", -2), ("last", -1),
    ])
    func aMissingFileIsNamed(which: String, position: Int) throws {
        try withFolder { folder in
            let names = try severalFiles(folder)
            let gone = names[position < 0 ? names.count + position : position]
            try FileManager.default.removeItem(atPath: "\(folder)/ledger/\(gone)")
            guard case .missing(let file, _)? = ledgerError({ _ = try openLedger(folder) }) else {
                Issue.record("opened without its \(which) file")
                return
            }
            #expect(which == "first" || file.hasSuffix(gone))
            if which != "first" {
                guard case .broken = try LedgerReader(dataDirectory: folder).verify() else {
                    Issue.record("verified without its \(which) file")
                    return
                }
            }
        }
    }

    @Test func prunedFilesMayBeMissing() throws {
        try withFolder { folder in
            let names = try severalFiles(folder)
            try sql(folder, names[1], "INSERT INTO meta VALUES ('oldest', 1)")
            try FileManager.default.removeItem(atPath: "\(folder)/ledger/\(names[0])")
            try openLedger(folder).close()
            guard case .whole = try LedgerReader(dataDirectory: folder).verify() else {
                Issue.record("broken")
                return
            }
            #expect(try readAll(folder).first?.sequence ?? 0 > 1)
        }
    }

    @Test func exchangedAndRenamedFilesAreFound() throws {
        try withFolder { folder in
            let names = try severalFiles(folder)
            let manager = FileManager.default
            let path = "\(folder)/ledger/"
            try manager.moveItem(atPath: path + names[0], toPath: path + "aside")
            try manager.moveItem(atPath: path + names[1], toPath: path + names[0])
            try manager.moveItem(atPath: path + "aside", toPath: path + names[1])
            guard case .damaged(let file, _)? = ledgerError({ _ = try openLedger(folder) }) else {
                Issue.record("accepted")
                return
            }
            #expect(file.hasSuffix(names[0]))
        }
    }

    /// The process died after the new file was made and before the old one named it.
    @Test func aHalfDoneRotationIsUndone() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            try fill(ledger, 0..<20)
            ledger.close()
            let directory = LedgerDirectory(dataDirectory: folder)
            let name = LedgerFileName(month: CalendarMonth(november), number: 2)
            let meta = LedgerFileMeta(
                index: 2, firstSequence: 21, previousHash: ledger.head.hash, createdAt: 1, node: ledger.node,
                identity: testIdentity, name: name)
            try LedgerFile.create(meta, in: directory)
            _ = FileManager.default.createFile(atPath: directory.path + "/2026-11-0003.ledger.new", contents: nil)
            let again = try openLedger(folder)
            #expect(try fileNames(folder) == ["2026-11-0001.ledger"])
            try fill(again, 20..<30)
            again.close()
            #expect(try readAll(folder).count == 30)
            #expect(!FileManager.default.fileExists(atPath: directory.path + "/2026-11-0003.ledger.new"))
        }
    }

    @Test(arguments: [
        ("2026-11-0001.ledger", true), ("2026-11-9999.ledger", true), ("2026-11-10000.ledger", true),
        ("2026-13-0001.ledger", false), ("2026-00-0001.ledger", false), ("2026-11-001.ledger", false),
        ("2026-11-00001.ledger", false), ("2026-11-0001.ledger-wal", false), ("2026-11-0001.ledger.new", false),
        ("LOCK", false), ("2026-1１-0001.ledger", false), ("-026-11-0001.ledger", false),
    ])
    func fileNamesAreStrict(text: String, isName: Bool) {
        #expect((LedgerFileName(text) != nil) == isName)
        if isName { #expect(LedgerFileName(text)?.description == text) }
    }

    @Test(
        arguments: [
            (0, 1970, 1), (-1, 1969, 12), (951_782_399_999, 2000, 2), (951_868_799_999, 2000, 2),
            (951_868_800_000, 2000, 3),
            (1_798_761_599_999, 2026, 12), (1_798_761_600_000, 2027, 1), (4_107_542_400_000, 2100, 3),
            (4_107_542_399_999, 2100, 2),
        ] as [(Int64, Int, Int)])
    func monthsOfInstants(milliseconds: Int64, year: Int, month: Int) {
        #expect(
            CalendarMonth(Timestamp(milliseconds: milliseconds)) == CalendarMonth(year: year, month: month))
    }
}
