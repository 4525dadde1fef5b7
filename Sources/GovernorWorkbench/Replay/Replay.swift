import Dispatch
package import GovernorCore
import GovernorLedger
import GovernorRuntime

/// Decides a ledger's requests again, in its order, under other policies, with every count as these policies would have
/// made it. Reads the ledger's files and nothing else.
package struct Replay {
    private let policies: PolicySet
    private let zones: ZoneAtlas
    private let workerCount: Int

    package init(policies: PolicySet, zones: ZoneAtlas, workerCount: Int = 2) {
        self.policies = policies
        self.zones = zones
        // What guards count is shared by everybody, in the order of the ledger.
        self.workerCount = policies.hasGuards ? 1 : max(1, workerCount)
    }

    /// Records that go to a worker at once, and batches that may wait for it.
    private static let batchSize = 2_048
    private static let waitingMax = 8

    private struct Item {
        var sequence: UInt64
        var kind: UInt8
        var start: Int
        var end: Int
        var firstPerson: Int
        var personCount: Int
        var orphan: PersonRecord?
    }

    private struct Batch: Sendable {
        var bytes: [UInt8] = []
        var persons: [PersonID] = []
        var items: [Item] = []
    }

    /// A world and the queue that alone touches it.
    private final class Worker: Sendable {
        let world: ReplayWorld
        let queue: DispatchQueue
        let room = DispatchSemaphore(value: Replay.waitingMax)

        init(_ world: ReplayWorld, _ name: String) {
            self.world = world
            queue = DispatchQueue(label: name)
        }
    }

    /// - Parameter progress: called every few thousand records with their number so far.
    /// - Throws: `LedgerError`, or `DecodeError` for a record that is not what it should be.
    package func run(dataDirectory: String, progress: (UInt64) -> Void = { _ in }) throws -> ReplayTally {
        let workers = (0..<workerCount).map { Worker(ReplayWorld(policies: policies, zones: zones), "replay-\($0)") }
        // Whom nobody knows shares no record with anybody, but may share a counter.
        let strangers = policies.hasGuards ? workers[0].world : ReplayWorld(policies: policies, zones: zones)
        var orphans: [IdentifierHash: PersonRecord] = [:]
        var batches = workers.map { _ in Batch() }
        /// Persons who are looked after elsewhere than their id says, since they met others there.
        var moved: [PersonID: Int] = [:]
        func send(_ position: Int) {
            let batch = batches[position]
            if batch.items.isEmpty { return }
            batches[position] = Batch()
            let worker = workers[position]
            worker.room.wait()
            worker.queue.async {
                Self.work(batch, worker.world)
                worker.room.signal()
            }
        }
        var count: UInt64 = 0
        var erased = 0
        try LedgerReader(dataDirectory: dataDirectory).replay { record in
            count += 1
            if count % 8_192 == 0 { progress(count) }
            switch record.kind {
            case .decision, .reservationChange, .fact, .link: break
            case .summary, .policy, .key, .erased, .checkpoint, .other: return
            }
            if record.isErased {
                erased += 1
                return
            }
            let persons = record.persons
            var orphan: PersonRecord?
            if record.kind == .decision, persons.isEmpty {
                let body = try JournalBody(decoding: record.body)
                guard !body.entry.isEmpty else { return }
                let hash = try Self.endpoint(body.entry) ?? IdentifierHash(high: 0, low: record.sequence)
                var stranger = orphans[hash] ?? PersonRecord(id: PersonID(high: 0, low: 0), createdAt: record.at)
                if policies.hasGuards {
                    // Everything before this has to be counted first.
                    send(0)
                    workers[0].queue.sync {}
                }
                try strangers.decide(body, sequence: record.sequence, aboutOrphan: &stranger)
                if !stranger.touches.isEmpty { orphans[hash] = stranger }
                return
            }
            if record.kind == .decision, !orphans.isEmpty {
                let body = try JournalBody(decoding: record.body)
                if body.changes.contains(where: \.isNew) { orphan = Self.take(body, from: &orphans) }
            }
            // People who meet in one record are looked after by one worker: the first one's, and all of theirs with it.
            let home = home(persons[0], moved)
            for person in persons.dropFirst() where self.home(person, moved) != home {
                // Everything before this has to be done first, in both worlds.
                let away = self.home(person, moved)
                for position in [home, away] {
                    send(position)
                    workers[position].queue.sync {}
                }
                if let record = workers[away].world.release(person) { workers[home].world.take(record) }
                moved[person] = home
            }
            var batch = Batch()
            swap(&batch, &batches[home])
            let start = batch.bytes.count
            batch.bytes.append(contentsOf: record.body)
            batch.items.append(
                Item(
                    sequence: record.sequence, kind: record.kind.rawValue, start: start, end: batch.bytes.count,
                    firstPerson: batch.persons.count, personCount: persons.count, orphan: orphan))
            batch.persons.append(contentsOf: persons)
            let isFull = batch.items.count >= Self.batchSize
            swap(&batch, &batches[home])
            if isFull { send(home) }
        }
        for position in workers.indices { send(position) }
        var tally = policies.hasGuards ? ReplayTally() : strangers.tally
        tally.erased += erased
        for worker in workers { worker.queue.sync { tally.merge(worker.world.tally) } }
        progress(count)
        return tally
    }

    private func home(_ person: PersonID, _ moved: [PersonID: Int]) -> Int {
        moved[person] ?? Int(person.low % UInt64(workerCount))
    }

    /// The address that an unknown person was to be contacted at.
    private static func endpoint(_ entry: [UInt8]) throws(DecodeError) -> IdentifierHash? {
        let record = try entry.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
            try DecisionRecord(decoding: UnsafeRawBufferPointer(buffer))
        }
        return record.request.identifiers.first?.hash
    }

    /// The stand-in for somebody who is known from now on.
    private static func take(_ body: JournalBody, from orphans: inout [IdentifierHash: PersonRecord]) -> PersonRecord? {
        for change in body.changes.lazy.flatMap(\.changes) {
            if case .identifier(let identifier) = change, let found = orphans.removeValue(forKey: identifier.hash) {
                return found
            }
        }
        return nil
    }

    private static func work(_ batch: Batch, _ world: ReplayWorld) {
        batch.bytes.withUnsafeBytes { bytes in
            for item in batch.items {
                let persons = batch.persons[item.firstPerson..<item.firstPerson + item.personCount]
                do throws(DecodeError) {
                    let body = try JournalBody(decoding: UnsafeRawBufferPointer(rebasing: bytes[item.start..<item.end]))
                    try world.apply(
                        body, kind: item.kind, sequence: item.sequence, persons: persons, orphan: item.orphan)
                } catch {
                    world.countErased()
                }
            }
        }
    }
}
