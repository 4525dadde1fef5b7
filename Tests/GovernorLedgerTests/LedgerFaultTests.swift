import Foundation
import GovernorCore
import GovernorLedger
import Testing

@Suite struct LedgerFaultTests {
    /// Bodies that need pages of their own, so that a limit of pages is felt at once.
    private let large = 9_000

    @Test func aFullQueueRefusesAndLosesNothing() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder) { $0.queueCountMax = 100 }
            ledger.limitPages(1)
            for number in 0..<100 { _ = try ledger.append(entry(number, bytes: large)) }
            #expect(ledgerError { _ = try ledger.append(entry(100)) } == .full(waiting: 100))
            #expect(ledgerError { _ = try ledger.append(contentsOf: [entry(100)]) } == .full(waiting: 100))
            #expect(ledger.statistics.refusedCount == 2)
            #expect(ledger.durableSequence == 0)
            ledger.limitPages(nil)
            eventually("recovery") { ledger.durableSequence == 100 }
            #expect(try ledger.append(entry(100)).sequence == 101, "a refused entry takes no place")
            ledger.close()
            #expect(try readAll(folder).map(\.entry) == (0..<100).map { entry($0, bytes: large) } + [entry(100)])
        }
    }

    @Test func bytesAreBoundedToo() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder) {
                $0.queueBytesMax = 100_000
                $0.bodyBytesMax = 50_000
                $0.queueCountMax = 1_000
            }
            ledger.limitPages(1)
            var taken = 0
            var refusal: LedgerError?
            while refusal == nil, taken < 1_000 {
                refusal = ledgerError { _ = try ledger.append(entry(taken, bytes: large)) }
                if refusal == nil { taken += 1 }
            }
            #expect(refusal == .full(waiting: taken))
            #expect(taken == 11)
            #expect(
                ledgerError { _ = try ledger.append(entry(0, bytes: 50_001)) }
                    == .tooLarge(bytes: 50_001, bytesMax: 50_000))
            let many = (0..<20).map { entry($0, bytes: large) }
            #expect(
                ledgerError { _ = try ledger.append(contentsOf: many) }.map {
                    if case .tooLarge = $0 { true } else { false }
                } == true)
            ledger.limitPages(nil)
            eventually("recovery") { ledger.durableSequence == UInt64(taken) }
            ledger.close()
        }
    }

    @Test func aFullDiskIsReportedAndSurvived() async throws {
        try await withFolder { folder in
            let ledger = try openLedger(folder)
            let healths = Journal<LedgerHealth>()
            ledger.onHealthChange { healths.add($0) }
            let before = try fill(ledger, 0..<10)
            try await ledger.durable(before)
            ledger.limitPages(1)
            let answered = Journal<Int>()
            for number in 10..<40 {
                let ticket = try ledger.append(entry(number, bytes: large))
                ledger.whenDurable(ticket) { if case .success = $0 { answered.add(number) } }
            }
            eventually("the failure shows") { if case .failing = ledger.health { true } else { false } }
            eventually("it is tried again") {
                if case .failing(_, let attempts) = ledger.health { attempts > 3 } else { false }
            }
            guard case .failing(let reason, _) = ledger.health else {
                Issue.record("healthy on a full disk")
                return
            }
            #expect(reason.contains("full"))
            #expect(reason.contains(".ledger"))
            #expect(answered.all.isEmpty)
            #expect(ledger.durableSequence == 10)
            ledger.limitPages(nil)
            eventually("recovery") { answered.all.count == 30 }
            #expect(answered.all == Array(10..<40))
            #expect(ledger.health == .healthy)
            #expect(healths.all.contains(.healthy))
            ledger.close()
            #expect(
                try readAll(folder).map(\.entry) == (0..<10).map { entry($0) }
                    + (10..<40).map { entry($0, bytes: large) })
            guard case .whole(recordCount: 40, _, _, _) = try ledger.reader.verify() else {
                Issue.record("broken chain")
                return
            }
        }
    }

    @Test func closingOnAFullDiskSaysWhatIsLost() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            try fill(ledger, 0..<10)
            eventually("ten") { ledger.durableSequence == 10 }
            ledger.limitPages(1)
            let results = Journal<Result<Void, LedgerError>>()
            let ticket = try ledger.append(entry(10, bytes: large))
            ledger.whenDurable(ticket) { results.add($0) }
            ledger.close()
            guard case .failure(.notWritten(let reason))? = results.all.first else {
                Issue.record("the waiting caller heard nothing")
                return
            }
            #expect(reason.contains("full"))
            let again = try openLedger(folder)
            #expect(again.durableSequence == 10)
            again.close()
        }
    }

    @Test func aSecondProcessIsTurnedAway() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            #expect(
                ledgerError { _ = try openLedger(folder) }
                    == .locked(path: folder + "/ledger/LOCK", holder: "process \(getpid())"))
            #expect(try ledger.append(entry(0)).sequence == 1)
            ledger.close()
            try openLedger(folder).close()
        }
    }

    @Test func foldersThatCannotBeUsed() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: folder + "/file", contents: Data("x".utf8))
            for path in [folder + "/file", folder + "/file/below", "/proc/governor"] {
                guard case .unusable(let named, let reason)? = ledgerError({ _ = try openLedger(path) }) else {
                    Issue.record("\(path) was accepted")
                    continue
                }
                #expect(path.hasPrefix(named) || named.hasPrefix(path))
                #expect(!reason.isEmpty)
            }
        }
    }

    @Test func boundsOfTheConfiguration() throws {
        let rows: [(String, (inout LedgerConfiguration) -> Void)] = [
            ("queueCountMax", { $0.queueCountMax = 0 }), ("queueBytesMax", { $0.queueBytesMax = 1 }),
            ("groupCountMax", { $0.groupCountMax = 0 }), ("fileBytesMax", { $0.fileBytesMax = 10 }),
            ("retryDelayMin", { $0.retryDelayMin = Milliseconds(0) }), ("checkpointPages", { $0.checkpointPages = 1 }),
        ]
        for (name, change) in rows {
            try withFolder { folder in
                guard case .invalidConfiguration(let text)? = ledgerError({ _ = try openLedger(folder, change) }) else {
                    Issue.record("\(name) was accepted")
                    return
                }
                #expect(text.contains(name))
            }
        }
    }

    @Test func anotherSecretNormaliserOrNodeIsRefused() throws {
        try withFolder { folder in
            let ledger = try openLedger(folder)
            try fill(ledger, 0..<5)
            ledger.close()
            let rows: [(LedgerIdentity, NodeID?, String)] = [
                (LedgerIdentity(secretFingerprint: [1], normaliserVersion: 3), nil, "secret"),
                (
                    LedgerIdentity(secretFingerprint: testIdentity.secretFingerprint, normaliserVersion: 2), nil,
                    "version 3"
                ),
                (testIdentity, NodeID(high: 1, low: 2), "node"),
            ]
            for (identity, node, word) in rows {
                let error = ledgerError {
                    _ = try Ledger(dataDirectory: folder, identity: identity, node: node)
                }
                guard case .mismatch(let file, let what)? = error else {
                    Issue.record("accepted another \(word)")
                    continue
                }
                #expect(file.hasSuffix(".ledger"))
                #expect(what.contains(word))
            }
            try openLedger(folder, node: ledger.node).close()
            let later = LedgerIdentity(secretFingerprint: testIdentity.secretFingerprint, normaliserVersion: 4)
            try Ledger(dataDirectory: folder, identity: later, node: ledger.node).close()
        }
    }
}
