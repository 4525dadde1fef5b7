import GovernorCore

/// What to do next, from what is known of the cells.
extension CrossSlotTransaction {
    mutating func plan(now: Timestamp, using generator: inout some RandomNumberGenerator) -> Action {
        sent = Cell()
        if keys.count > 1, let wanted, isPlaced(wanted) { return commit(now: now, using: &generator) }
        if triesLeft <= 0 { return giveUp(using: &generator) }
        if let action = ask() { return action }
        if let action = expelOverdue(now: now, using: &generator) { return action }
        if let action = settle(using: &generator) { return action }
        if let action = sweepOverdue(now: now, using: &generator) { return action }
        if hasForeign(where: { !$0.isAdditive }) { return waitForTurn(using: &generator) }
        guard let wanted else {
            phase = .judging
            return .judge(cells.map { $0.settling(id, isCommitted: false) })
        }
        if !wanted.isAdditive && hasForeign(where: { _ in true }) { return waitForTurn(using: &generator) }
        if keys.count == 1 { return writeDirectly(wanted, using: &generator) }
        return place(wanted, now: now, using: &generator)
    }

    mutating func readAll() -> Action {
        phase = .reading
        return .read(keys)
    }

    func hasForeign(where test: (Tentative<Content>) -> Bool) -> Bool {
        cells.contains { $0.tentatives.contains { isForeign($0) && test($0) } }
    }

    // MARK: what others left

    /// Reads the anchors of others' entries of which nothing is known yet: after the cells that show them.
    private mutating func ask() -> Action? {
        var transactions: [TransactionID] = []
        var anchors: [Key] = []
        for (key, cell) in zip(keys, cells) {
            for entry in cell.tentatives where isForeign(entry) && entry.anchor != key {
                if verdict(on: entry.transaction) != nil || transactions.contains(entry.transaction) { continue }
                if undecided.contains(where: { $0.transaction == entry.transaction }) { continue }
                // At hand and tentative there too: undecided when it was read, and any later news changes that cell.
                if let i = keys.firstIndex(of: entry.anchor), cells[i].tentative(of: entry.transaction) != nil {
                    continue
                }
                transactions.append(entry.transaction)
                anchors.append(entry.anchor)
            }
        }
        if transactions.isEmpty { return nil }
        phase = .asking(transactions, anchors)
        return .read(Self.sorted(anchors))
    }

    /// Aborts an overdue transaction where it would be committed.
    private mutating func expelOverdue(now: Timestamp, using generator: inout some RandomNumberGenerator) -> Action? {
        for (key, cell) in zip(keys, cells) {
            for entry in cell.tentatives
            where isForeign(entry) && entry.anchor == key && entry.deadline <= now
                && verdict(on: entry.transaction) == nil
            {
                return expel(entry.transaction, at: key, cell, using: &generator)
            }
        }
        for item in undecided {
            guard let entry = item.anchorCell.tentative(of: item.transaction), entry.deadline <= now else { continue }
            return expel(item.transaction, at: item.anchor, item.anchorCell, using: &generator)
        }
        return nil
    }

    private mutating func expel(
        _ id: TransactionID, at key: Key, _ cell: Cell<Content>, using generator: inout some RandomNumberGenerator
    ) -> Action {
        phase = .expelling(id, key)
        return replace(key, cell, by: cell.settling(id, isCommitted: false), using: &generator)
    }

    /// Makes decided changes real, or drops them, in the first cell that still shows any as tentative.
    private mutating func settle(using generator: inout some RandomNumberGenerator) -> Action? {
        for (i, cell) in cells.enumerated() {
            var settled = cell
            for entry in cell.tentatives {
                if let isCommitted = verdict(on: entry.transaction) {
                    settled = settled.settling(entry.transaction, isCommitted: isCommitted)
                }
            }
            if settled == cell { continue }
            phase = .settling(i)
            return replace(keys[i], cell, by: settled, using: &generator)
        }
        return nil
    }

    /// Finishes the cleaning up of a committed transaction whose party seems to be gone.
    private mutating func sweepOverdue(now: Timestamp, using generator: inout some RandomNumberGenerator) -> Action? {
        for (key, cell) in zip(keys, cells) {
            guard let mark = cell.marks.first(where: { $0.deadline <= now && $0.transaction != id }) else { continue }
            let stops = (mark.others + [key]).map { Sweep.Stop(key: $0, cell: nil) }
            sweep = Sweep(transaction: mark.transaction, isCommitted: true, stops: stops, isForeign: true)
            return continueSweep(using: &generator)
        }
        return nil
    }

    /// Nothing additive is held meanwhile, so nobody waits for a party that waits. What locks is held: locks are taken in
    /// key order, and only later keys are waited for.
    mutating func waitForTurn(using generator: inout some RandomNumberGenerator) -> Action {
        if waitsLeft <= 0 { return giveUp(using: &generator) }
        if isAtAnchor && cells[0].tentative(of: id)?.isAdditive != false {
            return withdraw(then: .wait, using: &generator)
        }
        waitsLeft -= 1
        phase = .waiting
        return .wait
    }

    // MARK: the own change

    private func entry(_ wanted: Wanted, _ i: Int, deadline: Timestamp) -> Tentative<Content> {
        Tentative(
            transaction: id, anchor: keys[0], deadline: deadline, isAdditive: wanted.isAdditive,
            effect: wanted.effects[i])
    }

    func isPlaced(_ wanted: Wanted, at i: Int) -> Bool {
        guard let there = cells[i].tentative(of: id) else { return false }
        return there == entry(wanted, i, deadline: there.deadline)
    }

    private func isPlaced(_ wanted: Wanted) -> Bool { keys.indices.allSatisfy { isPlaced(wanted, at: $0) } }

    private mutating func place(
        _ wanted: Wanted, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        guard let i = keys.indices.first(where: { !isPlaced(wanted, at: $0) }) else {
            return commit(now: now, using: &generator)
        }
        if cells[i].tentatives.count >= Cell<Content>.tentativesMax { return waitForTurn(using: &generator) }
        phase = .placing(i)
        return replace(
            keys[i], cells[i], by: cells[i].adding(entry(wanted, i, deadline: now + lifetime)), using: &generator)
    }

    private mutating func writeDirectly(
        _ wanted: Wanted, using generator: inout some RandomNumberGenerator
    ) -> Action {
        var cell = cells[0]
        if let effect = wanted.effects[0] { cell.content = Content.applying(effect, to: cell.content) }
        phase = .direct
        return replace(keys[0], cells[0], by: cell, using: &generator)
    }

    /// The one write that decides. The entry in the anchor is untouched since it was placed, so everything judged still
    /// holds: changes that are not additive were kept out of every cell, and additive ones counted this one.
    mutating func commit(now: Timestamp, using generator: inout some RandomNumberGenerator) -> Action {
        phase = .committing
        let committed = cells[0].committing(id, others: Array(keys.dropFirst()), deadline: now + lifetime)
        return replace(keys[0], cells[0], by: committed, using: &generator)
    }

    /// Takes the own entry out of the anchor, which aborts the attempt everywhere.
    mutating func withdraw(then: Then, using generator: inout some RandomNumberGenerator) -> Action {
        withdrawalsLeft -= 1
        if withdrawalsLeft <= 0 { return answer(isCommitLost ? .unknown : .busy) }
        phase = .withdrawing(then)
        return replace(keys[0], cells[0], by: cells[0].settling(id, isCommitted: false), using: &generator)
    }

    /// This attempt is over for good, whoever ended it; the next has another id.
    mutating func abandon(using generator: inout some RandomNumberGenerator) {
        abandoned.append(id)
        id = TransactionID(bits: generator.next())
        isAtAnchor = false
        isCommitLost = false
        wanted = nil
    }

    mutating func giveUp(using generator: inout some RandomNumberGenerator) -> Action {
        isAtAnchor ? withdraw(then: .giveUp, using: &generator) : answer(.busy)
    }

    mutating func answer(_ outcome: Outcome) -> Action {
        phase = .answering(outcome)
        return .answer(outcome)
    }

    mutating func replace(
        _ key: Key, _ cell: Cell<Content>, by newer: Cell<Content>, using generator: inout some RandomNumberGenerator
    ) -> Action {
        sent = newer.versioned(Self.token(&generator))
        return .replace(key, expecting: cell.version, with: sent)
    }

    // MARK: cleaning up

    mutating func continueSweep(using generator: inout some RandomNumberGenerator) -> Action {
        phase = .sweeping
        while let sweep, let stop = sweep.stops.first, sweep.triesLeft > 0 {
            guard let cell = stop.cell else { return .read([stop.key]) }
            let swept = cell.settling(sweep.transaction, isCommitted: sweep.isCommitted)
                .droppingMark(of: sweep.transaction)
            if swept != cell { return replace(stop.key, cell, by: swept, using: &generator) }
            self.sweep?.stops.removeFirst()
        }
        let isForeign = sweep?.isForeign == true
        sweep = nil
        if isForeign { return readAll() }
        phase = .done
        return .finish
    }
}
