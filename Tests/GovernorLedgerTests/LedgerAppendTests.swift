import Foundation
import GovernorCore
import GovernorLedger
import GovernorTesting
import Testing

@Suite struct LedgerAppendTests {
    @Test func recordsComeBackAsTheyWereGiven() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            #expect(ledger.durableSequence == 0)
            try fill(ledger, 0..<500)
            let raw = entry(500)
            let ticket = try raw.body.withUnsafeBytes {
                try ledger.append(kind: raw.kind, at: raw.at, person: PersonID(high: 9, low: 8), body: $0)
            }
            _ = try ledger.append(LedgerEntry(kind: .other, at: Timestamp(milliseconds: -1), body: []))
            ledger.close()
            let all = try readAll(folder)
            #expect(all.map(\.sequence) == Array(1...502))
            #expect(all.prefix(500).map(\.entry) == (0..<500).map { entry($0) })
            #expect(ticket.sequence == 501)
            #expect(all[500].entry.persons == [PersonID(high: 9, low: 8)])
            #expect(all[500].entry.body == raw.body)
            #expect(all[501].entry == LedgerEntry(kind: .other, at: Timestamp(milliseconds: -1), body: []))
            #expect(try readAll(folder, from: 400).map(\.sequence) == Array(400...502))
            #expect(try readAll(folder, from: 503).isEmpty)
        }
    }

    @Test func theOrderOfCallsIsTheOrderOfRecords() async throws {
        try await withFolder { folder in
            let ledger = try openLedger(folder)
            let tickets = try await withThrowingTaskGroup(of: [UInt64].self) { group in
                for task in 0..<6 {
                    group.addTask {
                        try (0..<400).map { try ledger.append(entry(task * 1_000 + $0)).sequence }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            ledger.close()
            for list in tickets { #expect(list == list.sorted()) }
            #expect(tickets.flatMap { $0 }.sorted() == Array(1...2_400))
            let all = try readAll(folder)
            #expect(all.map(\.sequence) == Array(1...2_400))
            // Each task's entries, told apart by the thousands of their number, stand in the task's order.
            let numbers = all.map { $0.entry.body.prefix(8).reduce(0) { $0 << 8 | Int($1) } }
            for task in 0..<6 {
                #expect(numbers.filter { $0 / 1_000 == task } == (0..<400).map { task * 1_000 + $0 })
            }
        }
    }

    @Test func entriesOfOneCallShareAGroup() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder) { $0.groupCountMax = 4 }
            for start in stride(from: 0, to: 300, by: 10) {
                let last = try ledger.append(contentsOf: (start..<start + 10).map { entry($0) })
                #expect(last.sequence == UInt64(start + 10))
            }
            #expect(try ledger.append(contentsOf: []).sequence == 300)
            ledger.close()
            let name = try #require(try fileNames(folder).first)
            let firsts = try sql(folder, name, "SELECT first FROM groups ORDER BY first")
            #expect(firsts.allSatisfy { $0 % 10 == 1 }, "a group begins inside a call: \(firsts)")
        }
    }

    @Test func completionsComeInOrderAndOnlyFromDisk() async throws {
        try await withFolder { folder in
            let ledger = try openLedger(folder)
            let done = Journal<UInt64>()
            let marks = Journal<UInt64>()
            ledger.onDurable { marks.add($0.sequence) }
            for number in 0..<300 {
                let ticket = try ledger.append(entry(number))
                ledger.whenDurable(ticket) { result in
                    if case .success = result { done.add(ticket.sequence) }
                }
            }
            let last = try ledger.append(entry(300))
            try await ledger.durable(last)
            #expect(ledger.durableSequence >= last.sequence)
            #expect(try readAll(folder).count == 301)
            eventually("completions") { done.all.count == 300 && marks.all.last == 301 }
            #expect(Set(done.all) == Set(1...300))
            #expect(marks.all == marks.all.sorted())
            #expect(UInt64(marks.all.count) == ledger.statistics.groupCount)
            // One that is on disk already is answered at once.
            let late = Journal<Int>()
            ledger.whenDurable(LedgerTicket(sequence: 5)) { _ in late.add(1) }
            #expect(late.all == [1])
            #expect(ledger.head.sequence == 301)
            ledger.close()
        }
    }

    @Test func aClosedLedgerTakesNothingAndAnswersEverybody() async throws {
        try await withFolder { folder in
            let ledger = try openLedger(folder)
            let ticket = try fill(ledger, 0..<1_000)
            ledger.close()
            ledger.close()
            #expect(ledger.durableSequence == 1_000, "closing writes what waits")
            #expect(ledger.health == .closed)
            #expect(ledgerError { _ = try ledger.append(entry(0)) } == .closed)
            try await ledger.durable(ticket)
            await #expect(throws: LedgerError.closed) {
                try await ledger.durable(LedgerTicket(sequence: 1_001))
            }
            let again = try openLedger(folder)
            #expect(again.durableSequence == 1_000)
            #expect(again.head == ledger.head)
            #expect(again.node == ledger.node)
            #expect(try again.append(entry(1_000)).sequence == 1_001)
            again.close()
            #expect(
                try LedgerReader(dataDirectory: folder).verify()
                    == .whole(
                        recordCount: 1_001, groupCount: ledger.statistics.groupCount + 1, erasedCount: 0,
                        head: again.head))
        }
    }

    /// A copy of the file and its log at any instant is what a loss of power at that instant leaves at worst.
    @Test func whatWasDurableSurvivesACrashAtAnyInstant() throws {
        var random = SeededGenerator.announced("crash")
        try withFolder { folder in
            // Without checkpoints only the log changes, and only at its end, so that copying it takes one instant.
            let ledger = try openLedger(folder) { $0.checkpointPages = 1 << 20 }
            let name = try #require(try fileNames(folder).first)
            var number = 0
            for _ in 0..<25 {
                for _ in 0..<Int.random(in: 1...400, using: &random) {
                    _ = try ledger.append(entry(number, bytes: Int.random(in: 8...600, using: &random)))
                    number += 1
                }
                let enough = UInt64(Int.random(in: 0...number, using: &random))
                eventually("progress") { ledger.durableSequence >= enough }
                let promised = ledger.durableSequence
                try withFolder { copy in
                    try FileManager.default.createDirectory(
                        atPath: copy + "/ledger", withIntermediateDirectories: true)
                    for file in [name, name + "-wal"] {
                        try FileManager.default.copyItem(
                            atPath: folder + "/ledger/" + file, toPath: copy + "/ledger/" + file)
                    }
                    if random.oneIn(2) {
                        // The last write may be torn.
                        let handle = try #require(FileHandle(forWritingAtPath: copy + "/ledger/" + name + "-wal"))
                        let end = try handle.seekToEnd()
                        try handle.write(contentsOf: Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0) }))
                        #expect(end > 0)
                        try handle.close()
                    }
                    let revived = try openLedger(copy)
                    #expect(revived.durableSequence >= promised)
                    let next = try revived.append(entry(1))
                    #expect(next.sequence == revived.durableSequence + 1 || revived.durableSequence >= next.sequence)
                    revived.close()
                    guard case .whole = try LedgerReader(dataDirectory: copy).verify() else {
                        Issue.record("the chain of the copy is broken")
                        return
                    }
                }
            }
            ledger.close()
        }
    }

    @Test func readersAndTheWriterDoNotDisturbEachOther() async throws {
        try await withFolder { folder in
            let ledger = try openLedger(folder) {
                $0.fileBytesMax = 400_000
                $0.checkpointPages = 16
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<6_000 { _ = try? ledger.append(entry(number, bytes: 300)) }
                }
                for _ in 0..<2 {
                    group.addTask {
                        for _ in 0..<10 {
                            var next: UInt64 = 1
                            let promised = ledger.durableSequence
                            do {
                                try ledger.replay { record in
                                    #expect(record.sequence == next)
                                    next += 1
                                }
                            } catch { Issue.record("\(error)") }
                            #expect(next > promised)
                        }
                    }
                }
            }
            ledger.close()
            #expect(ledger.durableSequence == 6_000)
            #expect(ledger.statistics.rotationCount > 2)
            #expect(try readAll(folder).map(\.entry) == (0..<6_000).map { entry($0, bytes: 300) })
        }
    }

    @Test func speedIsPrinted() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder) { $0.queueCountMax = 100_000 }
            let clock = ContinuousClock()
            let write = try clock.measure {
                try fill(ledger, 0..<40_000, bytes: 200)
                ledger.close()
            }
            var count = 0
            let replay = try clock.measure { try ledger.replay { _ in count += 1 } }
            let verify = try clock.measure { _ = try ledger.reader.verify() }
            #expect(count == 40_000)
            func rate(_ time: Duration) -> Int { Int(40_000 / (time / .seconds(1))) }
            print("ledger, per second: append \(rate(write)), replay \(rate(replay)), verify \(rate(verify))")
        }
    }
}
