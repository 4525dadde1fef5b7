import GovernorCore

@testable import GovernorStoreRedis

/// A store of a few cells, the parties at work on it, and everything that may still go wrong.
struct World: Hashable, Sendable {
    typealias Transaction = CrossSlotTransaction<Toy>

    struct Party: Hashable, Sendable {
        var index: UInt8
        var role: Role
        var machine: Transaction
        /// What it waits for; `nil` once it finished or crashed.
        var pending: Transaction.Action?
        var generator: Counter
        var clock: Timestamp
        var outcome: Transaction.Outcome?
        /// The cells of a read that came in so far: each is read at its own instant, in any order.
        var partial: [Cell<Toy>?] = []
        var waitsSince = 0
        /// It began after an opt-out had been acknowledged.
        var isAfterOptOut: Bool?
    }

    struct Write: Hashable, Sendable {
        var key: UInt8
        var expecting: UInt64
        var cell: Cell<Toy>
    }

    var cells: [Cell<Toy>]
    var parties: [Party]
    /// Commands whose sender got no reply: each may be executed at any later time, or never.
    var strays: [Write] = []
    var crashesLeft: Int
    var lossesLeft: Int
    var writeCount = 0
    let limit: Int
    let patience: Transaction.Patience
    /// A store that does not keep its word, to show that the search would notice.
    var ignoresVersions = false

    init(
        cellCount: Int, roles: [(Role, clock: Int64)], limit: Int, crashes: Int, losses: Int,
        patience: Transaction.Patience
    ) {
        self.patience = patience
        cells = Array(repeating: Cell(), count: cellCount)
        parties = []
        crashesLeft = crashes
        lossesLeft = losses
        self.limit = limit
        for (role, clock) in roles { add(role, clock: clock) }
    }

    mutating func add(_ role: Role, clock: Int64) {
        let index = UInt8(parties.count)
        var generator = Counter(value: UInt64(index + 1) << 32)
        var machine = Transaction(keys: role.keys, patience: patience, using: &generator)
        let first = machine.start()
        parties.append(
            Party(
                index: index, role: role, machine: machine, pending: first, generator: generator,
                clock: Timestamp(milliseconds: clock)))
        expect(of: parties.count - 1, first)
    }

    // MARK: steps

    /// One command at one cell with its reply, or something that goes wrong.
    enum Step: Hashable, Sendable {
        /// One cell of a party's read comes in.
        case read(Int, cell: Int)
        case write(Int)
        /// The reply is lost; a write may still be executed at any later time.
        case lose(Int)
        case wake(Int)
        case crash(Int)
        case stray(Int)
    }

    var steps: [Step] {
        var all: [Step] = []
        for i in parties.indices {
            guard let pending = parties[i].pending else { continue }
            switch pending {
            case .read(let keys):
                for j in keys.indices where parties[i].partial[j] == nil { all.append(.read(i, cell: j)) }
                if lossesLeft > 0 && parties[i].partial.allSatisfy({ $0 == nil }) { all.append(.lose(i)) }
            case .replace:
                all.append(.write(i))
                if lossesLeft > 0 { all.append(.lose(i)) }
            case .wait:
                // A fair store: whoever waits is woken by a change, and without one only when nothing else can happen.
                if writeCount != parties[i].waitsSince || isStuck { all.append(.wake(i)) }
            case .judge, .answer, .finish: continue
            }
            if crashesLeft > 0 { all.append(.crash(i)) }
        }
        for i in strays.indices { all.append(.stray(i)) }
        return all
    }

    mutating func take(_ step: Step) {
        switch step {
        case .read(let i, let j):
            guard case .read(let keys) = parties[i].pending else { return }
            parties[i].partial[j] = cells[Int(keys[j])]
            if parties[i].isAfterOptOut == nil { parties[i].isAfterOptOut = isOptOutAcknowledged }
            if parties[i].partial.allSatisfy({ $0 != nil }) {
                deliver(.read(parties[i].partial.compactMap { $0 }), to: i)
            }
        case .write(let i):
            guard let write = write(of: i) else { return }
            deliver(execute(write), to: i)
        case .lose(let i):
            lossesLeft -= 1
            if let write = write(of: i) { strays.append(write) }
            deliver(.lost, to: i)
        case .wake(let i): deliver(.waited, to: i)
        case .crash(let i):
            crashesLeft -= 1
            if let write = write(of: i) { strays.append(write) }
            end(i)
        case .stray(let i): executeStray(at: i)
        }
    }

    private func write(of i: Int) -> Write? {
        guard case .replace(let key, let expecting, let cell) = parties[i].pending else { return nil }
        return Write(key: key, expecting: expecting, cell: cell)
    }

    func after(_ step: Step) -> World {
        var next = self
        next.take(step)
        return next
    }

    mutating func executeStray(at i: Int) { _ = execute(strays.remove(at: i)) }

    /// Lets one party go on to its end, with nothing else happening; false when it takes more steps.
    mutating func runAlone(_ i: Int, stepsMax: Int) -> Bool {
        for _ in 0..<stepsMax {
            switch parties[i].pending {
            case nil: return true
            case .read(let keys): deliver(.read(keys.map { cells[Int($0)] }), to: i)
            case .replace(let key, let expecting, let cell):
                deliver(execute(Write(key: key, expecting: expecting, cell: cell)), to: i)
            case .wait: deliver(.waited, to: i)
            case .judge, .answer, .finish: return false
            }
        }
        return false
    }

    private var isStuck: Bool {
        strays.isEmpty
            && parties.allSatisfy { $0.pending == nil || ($0.pending == .wait && $0.waitsSince == writeCount) }
    }

    private mutating func execute(_ write: Write) -> Transaction.Event {
        let stored = cells[Int(write.key)]
        guard stored.version == write.expecting || ignoresVersions else { return .refused(stored) }
        cells[Int(write.key)] = write.cell
        writeCount += 1
        return .replaced
    }

    /// Hands a reply over and lets the party go on to its next command: judging and answering touch no cell.
    private mutating func deliver(_ event: Transaction.Event, to i: Int) {
        var event = event
        while true {
            var party = parties[i]
            let action = party.machine.handle(event, now: party.clock, using: &party.generator)
            parties[i] = party
            switch action {
            case .judge(let cells):
                event = .judged(parties[i].role.judge(cells, party: parties[i].index, limit: limit))
                continue
            case .answer(let outcome):
                parties[i].outcome = outcome
                event = .answered
                continue
            case .read, .replace, .wait, .finish: break
            }
            parties[i].pending = action
            expect(of: i, action)
            if action == .finish { end(i) }
            return
        }
    }

    /// A party that is gone leaves its outcome and nothing else, so that states which differ only in what it knew are one.
    private mutating func end(_ i: Int) {
        parties[i].pending = nil
        parties[i].partial = []
        parties[i].waitsSince = 0
        var generator = Counter(value: 0)
        parties[i].machine = Transaction(keys: parties[i].role.keys, using: &generator)
        parties[i].generator = generator
    }

    /// The state without what no later step depends on: how much patience is left, when there is enough of it, how many
    /// writes there were, but for whether there was one since a party began to wait, and which random tokens were drawn,
    /// but for which are the same.
    func reduced(countingPatience: Bool) -> World {
        var world = self
        for i in world.parties.indices {
            if case .wait = parties[i].pending {
                world.parties[i].waitsSince = parties[i].waitsSince == writeCount ? 0 : 1
            }
            world.parties[i].generator = Counter(value: 0)
            if countingPatience { continue }
            world.parties[i].machine.triesLeft = 0
            world.parties[i].machine.waitsLeft = 0
            world.parties[i].machine.withdrawalsLeft = 0
            world.parties[i].machine.sweep?.triesLeft = 0
        }
        world.writeCount = 0
        world.renameTokens()
        return world
    }

    private mutating func expect(of i: Int, _ action: Transaction.Action) {
        parties[i].partial = []
        parties[i].waitsSince = 0
        if case .read(let keys) = action { parties[i].partial = Array(repeating: nil, count: keys.count) }
        if case .wait = action { parties[i].waitsSince = writeCount }
    }

    private var isOptOutAcknowledged: Bool {
        parties.contains { party in
            if case .optOut = party.role { party.outcome == .committed } else { false }
        }
    }

    // MARK: what holds

    /// A cell's content as everyone must see it: with what its anchor says is committed.
    func visible(_ key: Int) -> Toy {
        var cell = cells[key]
        for entry in cell.tentatives where cells[Int(entry.anchor)].hasMark(of: entry.transaction) {
            cell = cell.settling(entry.transaction, isCommitted: true)
        }
        return cell.content ?? Toy()
    }

    func isVisible(_ party: Party) -> Bool? {
        guard let effect = party.role.effect(of: party.index) else { return nil }
        let seen = party.role.keys.map { visible(Int($0)).holds(effect) }
        return seen.allSatisfy { $0 == seen[0] } ? seen[0] : nil
    }

    /// What is wrong with this state; `nil`: nothing.
    func fault() -> String? {
        for key in cells.indices {
            let seen = visible(key)
            if seen.touchCount > limit { return "the cap is passed on cell \(key)" }
            let waiting = cells[key].tentatives.filter { entry in
                guard case .touch(let party) = entry.effect else { return false }
                return !seen.holds(.touch(by: party)) && !isDoomed(entry)
            }
            if seen.touchCount + Set(waiting.map(\.effect)).count > limit {
                return "the cap could be passed on cell \(key)"
            }
        }
        for party in parties {
            guard party.role.effect(of: party.index) != nil else { continue }
            guard let isVisible = isVisible(party) else { return "party \(party.index) is visible in part" }
            switch party.outcome {
            case .committed where !isVisible: return "party \(party.index) was acknowledged and is not visible"
            case .busy where isVisible, .unchanged where isVisible:
                return "party \(party.index) was told that nothing is stored, and it is"
            default: break
            }
            if case .touch = party.role, party.isAfterOptOut == true, isVisible {
                return "party \(party.index) began after an opt-out was acknowledged, and contacts"
            }
        }
        return nil
    }

    /// An entry whose party has given it up, or has no entry in its anchor any more: it will never be committed.
    private func isDoomed(_ entry: Tentative<Toy>) -> Bool {
        if cells[Int(entry.anchor)].tentative(of: entry.transaction) == nil { return true }
        return !parties.contains { $0.machine.id == entry.transaction && $0.pending != nil }
    }

    /// What is wrong with the step from `before`: a party that becomes visible must be permitted at that instant.
    func fault(after before: World) -> String? {
        for party in parties {
            guard case .touch(let keys) = party.role, isVisible(party) == true else { continue }
            let earlier = before.parties[Int(party.index)]
            guard before.isVisible(earlier) == false else { continue }
            for key in keys {
                let seen = before.visible(Int(key))
                if seen.optOuts != 0 { return "party \(party.index) contacts although she had said no" }
                if seen.touchCount >= limit { return "party \(party.index) contacts although the limit was reached" }
            }
        }
        return nil
    }

    var isOver: Bool { parties.allSatisfy { $0.pending == nil } }
    var isFaultless: Bool { crashesLeft == 0 && lossesLeft == 0 }
}
