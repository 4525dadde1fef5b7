import GovernorCore
import GovernorStore
import NIOCore
import Synchronization

/// One transaction on its way: gathers the records, runs the decision over them, and commits on condition that nothing
/// it rests on has changed; else runs it again over what has.
///
/// Bound to its client's event loop. What a node remembers, or assumes, saves the reading: a first contact, or a person
/// at hand, is one round trip, anybody else two.
final class RedisTransaction: ReplyReceiver {
    private enum Phase {
        case reading([Reading])
        /// The transaction has run and changed nothing; its answer stands if nothing has changed since.
        case verifying([Reading])
        case committing(Commit)
        case waiting
        case finished
    }

    /// The keys of one command and what became of it.
    struct Reading {
        var slot: RecordSlot
        var places: [RecordKey]
        var isDone = false
        /// What was read is not what the latest run rested on.
        var changed = false
    }

    /// A write on its way.
    struct Commit {
        /// Compared and written by the script, all in one slot.
        var items: [WritePlan.Item]
        /// Forwarders of persons' ids in other slots of a cluster, which lead nowhere until the record is there.
        var forwarders: [WritePlan.Item]
        var slot: RecordSlot
        /// The script may be sent whole once.
        var mayRepeat = true
        var isCommitted = false
        var forwardersLeft: Int
    }

    private let client: LoopClient
    private let transaction: any Transaction
    private var keys: [RecordKey]
    private var gathering = Gathering()
    private var set = RecordSet(keys: [], records: [], homes: [])
    private var counted: [CounterState] = []
    /// Entries that the latest run rests on; those with the records come first in `origins`, by position.
    private var used: [Int] = []
    private var origins: [Int] = []
    private var phase = Phase.waiting
    private let due: NIODeadline
    private var attemptCount = 0
    private var readingCount = 0
    private var mayAssume: Bool
    private let isHealing: Bool
    /// Tells replies of this step from those of earlier ones.
    private var step = 0

    init(_ client: LoopClient, _ keys: [RecordKey], _ transaction: any Transaction, isHealing: Bool) {
        self.client = client
        self.isHealing = isHealing
        self.keys = keys
        self.transaction = transaction
        due = .now() + client.transactionTimeout
        mayAssume = client.mayAssume()
    }

    func start() {
        if keys.count > RecordKey.countMax { return tooMany() }
        if let gateReason { return finish(.failure(.unavailable(gateReason))) }
        proceed()
    }

    /// Why nothing may be decided now.
    private var gateReason: String? { isHealing ? nil : client.shared.gate.reason }

    private func tooMany() { finish(.failure(.overloaded("a transaction over \(keys.count) records"))) }

    private func finish(_ result: Result<StoreTicket, StoreError>) {
        if case .finished = phase { return }
        phase = .finished
        if case .failure(let error) = result { client.counters.count(error) }
        transaction.finished(result)
    }

    // MARK: running

    private func proceed() {
        while true {
            if attemptCount > 0 && due <= .now() { return finish(.failure(.timedOut(outcome: .notStored))) }
            if !gather() { return }
            guard let more = transaction.run(&set) else { return settle() }
            let before = keys.count
            for key in more where !keys.contains(key) { keys.append(key) }
            if keys.count == before {
                return finish(.failure(.overloaded("a transaction asked for the same records again")))
            }
            if keys.count > RecordKey.countMax { return tooMany() }
        }
    }

    /// Finds the records of every key and makes the set of them; false when something has to be read first.
    private func gather() -> Bool {
        while true {
            used.removeAll(keepingCapacity: true)
            origins.removeAll(keepingCapacity: true)
            var missing: [RecordKey] = []
            var homes: [Int] = []
            homes.reserveCapacity(keys.count)
            for key in keys {
                switch gathering.resolve(key) {
                case .nobody(let i, let dangling):
                    if !used.contains(i) { used.append(i) }
                    if let dangling, !used.contains(dangling) { used.append(dangling) }
                    homes.append(-1)
                case .home(let i):
                    if !used.contains(i) { used.append(i) }
                    if !origins.contains(i) { origins.append(i) }
                    homes.append(i)
                case .missing(let place):
                    if !missing.contains(place) { missing.append(place) }
                }
            }
            for key in gathering.takeStaleAliases() { client.cache.forgetAlias(key) }
            if missing.isEmpty {
                set = RecordSet(gathering, keys: keys, origins: &origins, homes: homes)
                return true
            }
            if !remember(missing) { return false }
        }
    }

    /// Takes what is missing from the node's memory, or assumes it, or begins to read it; false when it is being read.
    private func remember(_ missing: [RecordKey]) -> Bool {
        var toRead: [RecordKey] = []
        var toAssume: [RecordKey] = []
        for place in missing {
            guard attemptCount == 0 && readingCount == 0 && !gathering.isKnownStale(place) else {
                toRead.append(place)
                continue
            }
            let (at, value) = client.cache.look(up: place)
            gathering.remember(place, at: at)
            if let value {
                gathering.put(value, at: at, .remembered)
            } else if at == place, mayAssume, case .identifier = place, keys.contains(place) {
                toAssume.append(place)
            } else {
                toRead.append(at)
            }
        }
        if toRead.isEmpty {
            for place in toAssume { gathering.put(.absent, at: place, .assumed) }
            return true
        }
        // Read together with everything else that the answer will rest on, so that one reading sees all of it.
        for place in toAssume + used.map({ gathering.entries[$0].place }) where !toRead.contains(place) {
            toRead.append(place)
        }
        read(toRead)
        return false
    }

    /// The transaction has run: commits what it changed, or makes sure of what it saw.
    private func settle() {
        counted = []
        if set.isChanged { return commit() }
        if used.isEmpty || gathering.isSnapshot(of: used) { return record() }
        let readings = client.split(used.map { gathering.entries[$0].place }).map {
            Reading(slot: $0.slot, places: $0.places)
        }
        phase = .verifying(readings)
        send(readings)
    }

    /// Everything is stored, or nothing was to be stored: puts it on record and answers.
    private func record() {
        if isHealing { return finish(.success(.none)) }
        if !set.isChanged, let gateReason { return finish(.failure(.unavailable(gateReason))) }
        guard let entry = StoreJournalEntry(set, counted: counted, sync: client.sync) else {
            return finish(.success(.none))
        }
        do throws(StoreError) {
            finish(.success(try client.journal.append(entry)))
        } catch {
            // Stored, but not on record: nobody may act on it.
            finish(.failure(set.isChanged ? .timedOut(outcome: .unknown) : error))
        }
    }

    // MARK: reading

    private func read(_ places: [RecordKey]) {
        let readings = client.split(places).map { Reading(slot: $0.slot, places: $0.places) }
        phase = .reading(readings)
        send(readings)
    }

    private func send(_ readings: [Reading]) {
        step += 1
        let now = step
        readingCount += 1
        client.counters.readings.add(1, ordering: .relaxed)
        for (i, reading) in readings.enumerated() where now == step {
            client.send(client.get(reading.places), slot: reading.slot, to: self, tag: step << 8 | i)
        }
    }

    private func take(_ reply: RedisReply, at place: RecordKey, reading number: Int) throws(DecodeError) {
        guard reply.kind == .text else { return gathering.put(.absent, at: place, .read(number)) }
        let version = StoredValue.version(of: reply.bytes)
        if let known = client.cache.value(at: place, version: version) {
            return gathering.put(known, at: place, .read(number))
        }
        let value = try StoredValue(decoding: reply.bytes)
        gathering.put(value, at: place, .read(number))
        client.cache.put(value, at: place)
    }

    /// Whether what is read is what the latest run rested on.
    private func isUnchanged(_ reply: RedisReply, at place: RecordKey) -> Bool {
        guard let i = gathering.index(of: place) else { return false }
        let version = reply.kind == .text ? StoredValue.version(of: reply.bytes) : 0
        return gathering.entries[i].value.version == version
    }

    // MARK: ReplyReceiver

    func received(_ reply: RedisReply, tag: Int) {
        guard tag >> 8 == step else { return }
        switch phase {
        case .reading(let readings): readReceived(reply, readings, tag & 255, isVerifying: false)
        case .verifying(let readings): readReceived(reply, readings, tag & 255, isVerifying: true)
        case .committing(let commit): committed(reply, commit, isForwarder: tag & 255 > 0)
        case .waiting, .finished: return
        }
    }

    private func readReceived(_ reply: RedisReply, _ readings: [Reading], _ index: Int, isVerifying: Bool) {
        var readings = readings
        if let error = reply.error { return refused(error) }
        let places = readings[index].places
        guard places.count == 1 ? reply.kind == .text || reply.kind == .null : reply.count == places.count else {
            return nonsense()
        }
        readings[index].changed =
            isVerifying
            && !places.indices.allSatisfy { isUnchanged(places.count == 1 ? reply : reply[$0], at: places[$0]) }
        readings[index].isDone = true
        do throws(DecodeError) {
            for (i, place) in places.enumerated() {
                let item = places.count == 1 ? reply : reply[i]
                noteAssumption(at: place, wasAbsent: item.kind != .text)
                try take(item, at: place, reading: readings.count == 1 ? readingCount : -(readingCount << 8 | index))
            }
        } catch { return damaged(error) }
        guard readings.allSatisfy(\.isDone) else {
            phase = isVerifying ? .verifying(readings) : .reading(readings)
            return
        }
        if let pending = pendingPlaces { return crossOver(pending) }
        if isVerifying {
            if readings.allSatisfy({ !$0.changed }) { return record() }
            attemptCount += 1
            client.counters.conflicts.add(1, ordering: .relaxed)
        }
        proceed()
    }

    /// Learns how often it pays to assume that a key does not exist.
    private func noteAssumption(at place: RecordKey, wasAbsent: Bool) {
        if let i = gathering.index(of: place), gathering.entries[i].origin == .assumed {
            client.noteAssumption(wasRight: wasAbsent)
        }
    }

    private func damaged(_ error: DecodeError) { finish(.failure(.damaged("a record in Redis: \(error)"))) }

    private func nonsense() {
        finish(.failure(.damaged("Redis answered something else than was asked for")))
    }

    private func refused(_ error: RedisError) {
        client.noteRefusal(error)
        switch error.kind {
        case .wrongType: finish(.failure(.damaged(error.description)))
        default: finish(.failure(.unavailable(error.description)))
        }
    }

    func failed(_ failure: LinkFailure, tag: Int) {
        guard tag >> 8 == step else { return }
        let isCommitting = if case .committing = phase { true } else { false }
        switch failure {
        // The script may have been carried out beside a forwarder that was not.
        case _ where isCommitting && tag & 255 > 0: finish(.failure(.timedOut(outcome: .unknown)))
        case .notSent(let why): finish(.failure(.unavailable(why)))
        case .overloaded(let what): finish(.failure(.overloaded(what)))
        case .lost: finish(.failure(.timedOut(outcome: isCommitting ? .unknown : .notStored)))
        }
    }

    // MARK: committing

    private func commit() {
        var missing: [RecordKey] = []
        let plan = WritePlan(
            set, origins: origins, used: used, gathering: &gathering, retention: client.retention,
            now: client.shared.settings.now(), missing: &missing, nextVersion: { client.nextVersion() })
        guard let plan else {
            // Read with everything else, and run over all of it again.
            attemptCount += 1
            return read(missing + used.map { gathering.entries[$0].place }.filter { !missing.contains($0) })
        }
        counted = plan.counted
        if let trouble = gateReason ?? client.journal.trouble { return finish(.failure(.unavailable(trouble))) }
        client.counters.commits.add(1, ordering: .relaxed)
        var commit = Commit(items: plan.items, forwarders: [], slot: .any, forwardersLeft: 0)
        if client.isCluster {
            let groups = client.split(plan.items.filter { $0.expected != nil }.map(\.place))
            guard groups.count <= 1, let slot = groups.first?.slot else { return crossOver(groups.flatMap(\.places)) }
            commit.slot = slot
            commit.items = plan.items.filter { $0.expected != nil || client.slot(of: $0.place) == slot }
            commit.forwarders = plan.items.filter { $0.expected == nil && client.slot(of: $0.place) != slot }
            commit.forwardersLeft = commit.forwarders.count
        }
        phase = .committing(commit)
        step += 1
        let now = step
        send(commit, isWhole: false)
        for (i, item) in commit.forwarders.enumerated() where step == now {
            client.send(client.set(item), slot: client.slot(of: item.place), to: self, tag: step << 8 | i + 1)
        }
    }

    private func send(_ commit: Commit, isWhole: Bool) {
        let command = client.commit(commit.items, isWhole: isWhole)
        client.send(command, slot: commit.slot, to: self, tag: step << 8)
    }

    private func committed(_ reply: RedisReply, _ commit: Commit, isForwarder: Bool) {
        var commit = commit
        if let error = reply.error {
            // Without her forwarder nobody finds the person by her id: as if the reply had been lost.
            if isForwarder { return finish(.failure(.timedOut(outcome: .unknown))) }
            guard error.kind == .noScript, commit.mayRepeat else { return refused(error) }
            // After a restart or SCRIPT FLUSH: sent whole once, which loads it again.
            client.counters.scriptReloads.add(1, ordering: .relaxed)
            commit.mayRepeat = false
            phase = .committing(commit)
            return send(commit, isWhole: true)
        }
        if isForwarder {
            commit.forwardersLeft -= 1
        } else if reply.integer == 1 {
            commit.isCommitted = true
            for item in commit.items {
                if item.expected != nil { noteAssumption(at: item.place, wasAbsent: true) }
                if let value = item.value { client.cache.put(value, at: item.place) }
            }
        } else {
            return conflicted(reply, commit)
        }
        phase = .committing(commit)
        if commit.isCommitted && commit.forwardersLeft == 0 { record() }
    }

    /// Others were faster: nothing was written, and the reply is what is there.
    private func conflicted(_ reply: RedisReply, _ commit: Commit) {
        guard reply.count == commit.items.count else { return nonsense() }
        attemptCount += 1
        readingCount += 1
        client.counters.conflicts.add(1, ordering: .relaxed)
        for item in commit.forwarders where item.isNewcomers { client.drop(item) }
        do throws(DecodeError) {
            for (i, item) in commit.items.enumerated() where item.expected != nil {
                noteAssumption(at: item.place, wasAbsent: reply[i].kind != .text)
                try take(reply[i], at: item.place, reading: readingCount)
            }
        } catch { return damaged(error) }
        if let pending = pendingPlaces { return crossOver(pending) }
        retry()
    }

    /// The keys at hand, if changes of a transaction across slots wait in one of them.
    private var pendingPlaces: [RecordKey]? {
        gathering.entries.contains { !$0.value.pending.isEmpty } ? gathering.entries.map(\.place) : nil
    }

    /// Goes on with the protocol for several slots.
    private func crossOver(_ places: [RecordKey]) {
        phase = .finished
        step += 1
        CrossSlotRun(client, keys: keys, places: places, transaction, isHealing: isHealing).start()
    }

    /// Runs again over what has changed; after a few times with a pause left to chance, so that rivals do not meet in
    /// step.
    private func retry() {
        if attemptCount <= 3 { return proceed() }
        phase = .waiting
        step += 1
        let most = Int64(min(attemptCount, 20)) * 100
        client.loop.assumeIsolated().scheduleTask(in: .microseconds(.random(in: 0...most))) { self.proceed() }
    }
}
