import GovernorCore
import GovernorStore
import NIOCore
import Synchronization

/// Takes one transaction through the protocol for several slots: does what `CrossSlotTransaction` asks for.
///
/// Bound to its client's event loop.
final class CrossSlotRun: ReplyReceiver {
    private enum Asked {
        case nothing
        /// One reply for each key, in any order.
        case reading([RecordKey], [StoredValue?], left: Int)
        case replacing(RecordKey, WritePlan.Item, mayRepeat: Bool)
        /// Forwarders of newcomers' ids, before anything leads to them.
        case introducing(CrossSlotTransaction<PlaceContent>.Judgement, left: Int)
    }

    private let client: LoopClient
    private let transaction: any Transaction
    private var keys: [RecordKey]
    private var machine: CrossSlotTransaction<PlaceContent>
    private var generator = SystemRandomNumberGenerator()
    private var set = RecordSet(keys: [], records: [], homes: [])
    private var counted: [CounterState] = []
    private var asked = Asked.nothing
    /// Of newcomers of the latest judgement.
    private var forwarders: [WritePlan.Item] = []
    private var step = 0
    private var isAnswered = false
    /// What Redis said last, for the answer when the protocol gives up.
    private var refusal: String?
    private let isHealing: Bool

    init(
        _ client: LoopClient, keys: [RecordKey], places: [RecordKey], _ transaction: any Transaction, isHealing: Bool
    ) {
        self.client = client
        self.isHealing = isHealing
        self.keys = keys
        self.transaction = transaction
        // As long as a transaction may take, at the usual length of a moment.
        let moments = Int(client.shared.configuration.transactionTimeout.count / 6)
        var patience = CrossSlotTransaction<PlaceContent>.Patience()
        patience.tries = max(patience.tries, moments)
        patience.waits = max(patience.waits, moments)
        machine = CrossSlotTransaction(keys: places, patience: patience, using: &generator)
    }

    func start() { perform(machine.start()) }

    private func handle(_ event: CrossSlotTransaction<PlaceContent>.Event) {
        perform(machine.handle(event, now: client.shared.settings.now(), using: &generator))
    }

    private func perform(_ first: CrossSlotTransaction<PlaceContent>.Action) {
        var action = first
        while true {
            switch action {
            case .read(let places): return read(places)
            case .replace(let place, let expected, let cell): return replace(place, expected, cell)
            case .judge(let cells):
                let judgement = judge(cells)
                guard introduce(judgement) else { return }
                action = machine.handle(
                    .judged(judgement), now: client.shared.settings.now(), using: &generator)
            case .wait:
                step += 1
                client.loop.assumeIsolated().scheduleTask(in: .milliseconds(.random(in: 1...12))) {
                    self.handle(.waited)
                }
                return
            case .answer(let outcome):
                answer(outcome)
                action = machine.handle(.answered, now: client.shared.settings.now(), using: &generator)
            case .finish: return
            }
        }
    }

    // MARK: the answer

    private func finish(_ result: Result<StoreTicket, StoreError>) {
        if isAnswered { return }
        isAnswered = true
        if case .failure(let error) = result { client.counters.count(error) }
        transaction.finished(result)
    }

    private func answer(_ outcome: CrossSlotTransaction<PlaceContent>.Outcome) {
        if isAnswered { return }
        switch outcome {
        case .committed where isHealing, .unchanged where isHealing: finish(.success(.none))
        case .committed, .unchanged:
            if outcome == .unchanged, let reason = client.shared.gate.reason {
                return finish(.failure(.unavailable(reason)))
            }
            guard let entry = StoreJournalEntry(set, counted: counted, sync: client.sync) else {
                return finish(.success(.none))
            }
            do throws(StoreError) {
                finish(.success(try client.journal.append(entry)))
            } catch { finish(.failure(outcome == .committed ? .timedOut(outcome: .unknown) : error)) }
        case .busy:
            for item in forwarders { client.drop(item) }
            if let refusal { return finish(.failure(.unavailable(refusal))) }
            finish(.failure(.timedOut(outcome: .notStored)))
        case .unknown: finish(.failure(.timedOut(outcome: .unknown)))
        }
    }

    // MARK: deciding

    /// Runs the transaction over what the cells hold, others' additive changes counted.
    private func judge(
        _ cells: [Cell<PlaceContent>]
    ) -> CrossSlotTransaction<PlaceContent>.Judgement {
        for item in forwarders { client.drop(item) }
        forwarders = []
        var gathering = Gathering()
        for (place, cell) in zip(machine.keys, cells) {
            var settled = cell
            for tentative in cell.tentatives {
                settled = settled.settling(tentative.transaction, isCommitted: true)
            }
            settled.tentatives = []
            settled.marks = []
            gathering.put(settled.stored, at: place, .read(1))
        }
        while true {
            var missing: [RecordKey] = []
            var used: [Int] = []
            var origins: [Int] = []
            var homes: [Int] = []
            for key in keys {
                switch gathering.resolve(key) {
                case .nobody(let i, let dangling):
                    used.append(i)
                    if let dangling { used.append(dangling) }
                    homes.append(-1)
                case .home(let i):
                    used.append(i)
                    if !origins.contains(i) { origins.append(i) }
                    homes.append(i)
                case .missing(let place): missing.append(place)
                }
            }
            if !missing.isEmpty { return .widen(missing) }
            set = RecordSet(gathering, keys: keys, origins: &origins, homes: homes)
            if let more = transaction.run(&set) {
                let new = more.filter { !keys.contains($0) }
                if new.isEmpty || keys.count + new.count > RecordKey.countMax {
                    finish(
                        .failure(
                            .overloaded(
                                new.isEmpty
                                    ? "a transaction asked for the same records again"
                                    : "a transaction over \(keys.count + new.count) records")))
                    set = RecordSet(keys: [], records: [], homes: [])
                    return .nothing
                }
                for key in new where !keys.contains(key) { keys.append(key) }
                continue
            }
            counted = []
            if !set.isChanged { return .nothing }
            if let trouble = client.journal.trouble {
                finish(.failure(.unavailable(trouble)))
                return .nothing
            }
            var unused: [Int] = []
            for i in used where !unused.contains(i) { unused.append(i) }
            return write(&gathering, origins, unused)
        }
    }

    private func write(
        _ gathering: inout Gathering, _ origins: [Int], _ used: [Int]
    ) -> CrossSlotTransaction<PlaceContent>.Judgement {
        var missing: [RecordKey] = []
        let plan = WritePlan(
            set, origins: origins, used: used, gathering: &gathering, retention: client.retention,
            now: client.shared.settings.now(), missing: &missing, nextVersion: { client.nextVersion() })
        guard let plan else { return .widen(missing) }
        counted = plan.counted
        // A forwarder that is one of the keys is written by the protocol, which also makes it last.
        newForwarders = plan.items.filter { $0.expected == nil && !machine.keys.contains($0.place) }
        let places = plan.items.filter { $0.expected != nil }.map(\.place)
        let unread = places.filter { !machine.keys.contains($0) }
        if !unread.isEmpty {
            newForwarders = []
            return .widen(unread)
        }
        var isAdditive = true
        let effects = machine.keys.map { key -> PlaceContent.Effect? in
            guard let item = plan.items.first(where: { $0.place == key }), let value = item.value,
                let i = gathering.index(of: key)
            else { return nil }
            let before = gathering.entries[i].value
            let change = PlaceChange(of: key, from: before, to: value, by: set)
            isAdditive = isAdditive && change.isAdditive(on: before)
            return change.effect
        }
        return .write(effects, isAdditive: isAdditive)
    }

    private var newForwarders: [WritePlan.Item] = []

    /// Writes the forwarders of newcomers' ids, which lead nowhere until the records are there; false while it does.
    private func introduce(_ judgement: CrossSlotTransaction<PlaceContent>.Judgement) -> Bool {
        let items = newForwarders
        newForwarders = []
        if items.isEmpty || isAnswered { return true }
        forwarders = items.filter(\.isNewcomers)
        asked = .introducing(judgement, left: items.count)
        step += 1
        for item in items {
            client.send(client.set(item), slot: client.slot(of: item.place), to: self, tag: step << 8)
        }
        return false
    }

    // MARK: Redis

    private func read(_ places: [RecordKey]) {
        client.counters.readings.add(1, ordering: .relaxed)
        asked = .reading(places, Array(repeating: nil, count: places.count), left: places.count)
        step += 1
        let now = step
        for (i, place) in places.enumerated() where step == now {
            client.send(client.get([place]), slot: client.slot(of: place), to: self, tag: step << 8 | i)
        }
    }

    private func replace(_ place: RecordKey, _ expected: UInt64, _ cell: Cell<PlaceContent>) {
        if !isHealing, let reason = client.shared.gate.reason {
            step += 1
            return lost(reason)
        }
        client.counters.commits.add(1, ordering: .relaxed)
        client.cache.forget(place)
        let value = cell.stored
        // What an attempt that was given up leaves behind holds nothing.
        let expiry =
            cell.content == nil && cell.isSettled
            ? client.shared.settings.now() + PersonRecord.idempotencyKept
            : client.retention.expiry(of: value, writtenAt: client.shared.settings.now())
        let item = WritePlan.Item(place: place, expected: expected, value: value, expiry: expiry)
        asked = .replacing(place, item, mayRepeat: true)
        step += 1
        client.send(
            client.commit([item], isWhole: false), slot: client.slot(of: place), to: self, tag: step << 8)
    }

    func received(_ reply: RedisReply, tag: Int) {
        guard tag >> 8 == step else { return }
        if let error = reply.error {
            if case .replacing(let place, let item, true) = asked, error.kind == .noScript {
                client.counters.scriptReloads.add(1, ordering: .relaxed)
                asked = .replacing(place, item, mayRepeat: false)
                let command = client.commit([item], isWhole: true)
                return client.send(command, slot: client.slot(of: place), to: self, tag: tag)
            }
            client.noteRefusal(error)
            return lost(error.description)
        }
        switch asked {
        case .nothing: return
        case .reading(let places, var values, let left):
            let i = tag & 255
            do throws(DecodeError) {
                values[i] = reply.kind == .text ? try StoredValue(decoding: reply.bytes) : .absent
                if left > 1 {
                    asked = .reading(places, values, left: left - 1)
                    return
                }
                var cells: [Cell<PlaceContent>] = []
                for value in values { cells.append(try Cell(value ?? .absent)) }
                asked = .nothing
                handle(.read(cells))
            } catch { damaged(error) }
        case .replacing:
            asked = .nothing
            if reply.integer == 1 { return handle(.replaced) }
            guard reply.count == 1 else {
                return lost("Redis answered something else than was asked for")
            }
            do throws(DecodeError) {
                let value = reply[0].kind == .text ? try StoredValue(decoding: reply[0].bytes) : .absent
                handle(.refused(try Cell(value)))
            } catch { damaged(error) }
        case .introducing(let judgement, let left):
            if left > 1 {
                asked = .introducing(judgement, left: left - 1)
            } else {
                asked = .nothing
                handle(.judged(judgement))
            }
        }
    }

    private func damaged(_ error: DecodeError) {
        step += 1
        asked = .nothing
        finish(.failure(.damaged("a record in Redis: \(error)")))
    }

    func failed(_ failure: LinkFailure, tag: Int) {
        guard tag >> 8 == step else { return }
        switch failure {
        case .notSent(let why), .overloaded(let why), .lost(let why): lost(why)
        }
    }

    /// No reply, or none that helps: a moment later, so that tries are not used up at once.
    private func lost(_ why: String) {
        refusal = why
        let wasIntroducing = if case .introducing = asked { true } else { false }
        asked = .nothing
        step += 1
        client.loop.assumeIsolated().scheduleTask(in: .milliseconds(.random(in: 5...20))) {
            // Nothing was written that counts: as if there were nothing to write.
            self.handle(wasIntroducing ? .judged(.widen([])) : .lost)
        }
    }
}
