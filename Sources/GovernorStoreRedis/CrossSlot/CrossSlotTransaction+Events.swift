import GovernorCore

/// What each event teaches.
extension CrossSlotTransaction {
    /// The next action after `event`. `now` is the party's own clock; however wrong it is, only patience suffers.
    mutating func handle(
        _ event: Event, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch (phase, event) {
        case (.reading, .read(let newer)):
            adopt(newer, using: &generator)
        case (.validating, .read(let newer)):
            if newer.map(\.version) == cells.map(\.version) { return answer(.unchanged) }
            triesLeft -= 1
            adopt(newer, using: &generator)
        case (.asking(let transactions, let anchors), .read(let newer)):
            learn(transactions, anchors, newer)
        case (.expelling(let other, let key), .replaced):
            decide(other, isCommitted: false)
            if let i = keys.firstIndex(of: key) { cells[i] = sent }
        case (.expelling(let other, let key), .refused(let newer)):
            triesLeft -= 1
            learn([other], [key], [newer])
            if let i = keys.firstIndex(of: key) { see(newer, at: i, using: &generator) }
        case (.settling(let i), .replaced): cells[i] = sent
        case (.settling(let i), .refused(let newer)):
            triesLeft -= 1
            see(newer, at: i, using: &generator)
        case (.sweeping, _): return swept(event, using: &generator)
        case (.judging, .judged(let judgement)): return judged(judgement, now: now, using: &generator)
        case (.waiting, .waited): return readAll()
        case (.direct, _), (.redirecting, _): return wroteDirectly(event, now: now, using: &generator)
        case (.placing(let i), .replaced):
            cells[i] = sent
            if i == 0 { isAtAnchor = true }
        case (.placing(let i), .refused(let newer)):
            triesLeft -= 1
            see(newer, at: i, using: &generator)
        case (.placing(let i), .lost):
            triesLeft -= 1
            phase = .rereading(i)
            return .read([keys[i]])
        case (.rereading(let i), .read(let newer)): placedUnseen(i, newer[0], using: &generator)
        case (.rereading(let i), .lost):
            triesLeft -= 1
            // At the anchor it is not known whether there is anything to withdraw: nothing else was placed, so what may
            // be there is never committed.
            if triesLeft <= 0 { return i == 0 && !isAtAnchor ? answer(.busy) : giveUp(using: &generator) }
            return .read([keys[i]])
        case (.committing, _), (.recommitting, _): return committed(event, now: now, using: &generator)
        case (.withdrawing(let then), _), (.rewithdrawing(let then), _):
            return withdrew(event, then, now: now, using: &generator)
        case (.answering(let outcome), .answered): return cleanUp(after: outcome, using: &generator)
        case (_, .lost):
            triesLeft -= 1
            if triesLeft <= 0 { return giveUp(using: &generator) }
            return readAll()
        default: preconditionFailure("a transaction across slots got an answer to another question")
        }
        return plan(now: now, using: &generator)
    }

    /// All cells were read anew.
    private mutating func adopt(_ newer: [Cell<Content>], using generator: inout some RandomNumberGenerator) {
        cells = newer
        undecided = []
        verdicts.removeAll { verdict in newer.allSatisfy { $0.tentative(of: verdict.transaction) == nil } }
        wanted = nil
        if isAtAnchor && cells[0].tentative(of: id) == nil { abandon(using: &generator) }
    }

    /// One cell turned out to be newer.
    private mutating func see(_ newer: Cell<Content>, at i: Int, using generator: inout some RandomNumberGenerator) {
        cells[i] = newer
        wanted = nil
        if i == 0 && isAtAnchor && newer.tentative(of: id) == nil { abandon(using: &generator) }
    }

    /// What the anchors, read after the entries were seen, say of them.
    private mutating func learn(_ transactions: [TransactionID], _ anchors: [Key], _ newer: [Cell<Content>]) {
        let order = Self.sorted(anchors)
        for (id, anchor) in zip(transactions, anchors) {
            guard let i = order.firstIndex(of: anchor) else { continue }
            undecided.removeAll { $0.transaction == id }
            if newer[i].hasMark(of: id) {
                decide(id, isCommitted: true)
            } else if newer[i].tentative(of: id) == nil {
                // Never there, aborted, or committed and cleaned up: in that case the cell that showed it has changed,
                // and no write that follows from this will be made.
                decide(id, isCommitted: false)
            } else {
                undecided.append(Undecided(transaction: id, anchor: anchor, anchorCell: newer[i]))
            }
        }
    }

    private mutating func judged(
        _ judgement: Judgement, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch judgement {
        case .write(let effects, let isAdditive):
            precondition(effects.count == keys.count, "one effect for each key")
            wanted = Wanted(effects: effects, isAdditive: isAdditive)
            return plan(now: now, using: &generator)
        case .widen(let more):
            let all = Self.sorted(keys + more)
            triesLeft -= 1
            if isAtAnchor { return withdraw(then: .widen(all), using: &generator) }
            keys = all
            return readAll()
        case .nothing:
            if isAtAnchor { return withdraw(then: .reread, using: &generator) }
            // It may rest on what never comes to stand: an answer found on a record, above all.
            if hasForeign(where: { _ in true }) { return waitForTurn(using: &generator) }
            if keys.count == 1 { return answer(.unchanged) }
            phase = .validating
            return .read(keys)
        }
    }

    /// The reply to placing an entry was lost; this is the cell now.
    private mutating func placedUnseen(
        _ i: Int, _ newer: Cell<Content>, using generator: inout some RandomNumberGenerator
    ) {
        let wanted = wanted
        cells[i] = newer
        if let wanted, isPlaced(wanted, at: i) {
            if i == 0 { isAtAnchor = true }
        } else if i == 0 {
            // It may have been there and been expelled, or may still come: this id must not be used again.
            abandon(using: &generator)
        } else {
            self.wanted = nil
        }
    }

    /// One key alone: the write that changes it decides, too.
    private mutating func wroteDirectly(
        _ event: Event, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch event {
        case .replaced: return answer(.committed)
        case .refused(let newer):
            if newer.version == sent.version { return answer(.committed) }
            if isCommitLost { return answer(.unknown) }
            triesLeft -= 1
            see(newer, at: 0, using: &generator)
            return plan(now: now, using: &generator)
        case .lost:
            isCommitLost = isCommitLost || phase == .direct
            triesLeft -= 1
            if triesLeft <= 0 { return answer(.unknown) }
            phase = .redirecting
            return .read(keys)
        case .read(let newer):
            if newer[0].version == sent.version { return answer(.committed) }
            if newer[0].version != cells[0].version { return answer(.unknown) }
            phase = .direct
            return .replace(keys[0], expecting: cells[0].version, with: sent)
        case .judged, .waited, .answered: preconditionFailure("a write got an answer to another question")
        }
    }

    private mutating func committed(
        _ event: Event, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch event {
        case .replaced:
            cells[0] = sent
            return answer(.committed)
        case .lost:
            isCommitLost = isCommitLost || phase == .committing
            triesLeft -= 1
            if triesLeft <= 0 { return withdraw(then: .giveUp, using: &generator) }
            phase = .recommitting
            return .read([keys[0]])
        case .refused(let newer): return seeAnchor(newer, now: now, using: &generator)
        case .read(let newer): return seeAnchor(newer[0], now: now, using: &generator)
        case .judged, .waited, .answered: preconditionFailure("a write got an answer to another question")
        }
    }

    /// The anchor was changed by others, or the reply to the commit was lost.
    private mutating func seeAnchor(
        _ newer: Cell<Content>, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        cells[0] = newer
        if newer.hasMark(of: id) { return answer(.committed) }
        if newer.tentative(of: id) != nil {
            triesLeft -= 1
            if triesLeft <= 0 { return withdraw(then: .giveUp, using: &generator) }
            return commit(now: now, using: &generator)
        }
        // Expelled; or committed by the write whose reply was lost, and cleaned up by others since.
        if isCommitLost { return answer(.unknown) }
        triesLeft -= 1
        abandon(using: &generator)
        return plan(now: now, using: &generator)
    }

    private mutating func withdrew(
        _ event: Event, _ then: Then, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Action {
        var newer = sent
        switch event {
        case .replaced: break
        case .lost:
            withdrawalsLeft -= 1
            if withdrawalsLeft <= 0 { return answer(isCommitLost ? .unknown : .busy) }
            phase = .rewithdrawing(then)
            return .read([keys[0]])
        case .refused(let cell): newer = cell
        case .read(let read): newer = read[0]
        case .judged, .waited, .answered: preconditionFailure("a write got an answer to another question")
        }
        cells[0] = newer
        if newer.hasMark(of: id) { return answer(.committed) }
        if newer.tentative(of: id) != nil { return withdraw(then: then, using: &generator) }
        // The own write took it out, or somebody else's did; after a lost commit only the former is known to be an end.
        if isCommitLost && event != .replaced { return answer(.unknown) }
        abandon(using: &generator)
        switch then {
        case .reread: return readAll()
        case .wait: return waitForTurn(using: &generator)
        case .widen(let all):
            keys = all
            return readAll()
        case .giveUp: return answer(.busy)
        }
    }

    /// Nobody waits any more: the entries in the other cells become real or go, then the mark at the anchor goes.
    private mutating func cleanUp(
        after outcome: Outcome, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch outcome {
        case .committed where keys.count > 1:
            var stops = zip(keys, cells).dropFirst().map { Sweep.Stop(key: $0, cell: $1) }
            stops.append(Sweep.Stop(key: keys[0], cell: cells[0]))
            sweep = Sweep(transaction: id, isCommitted: true, stops: stops, isForeign: false)
        case .busy:
            // The last attempt that had an entry in the anchor may have left others.
            guard let last = abandoned.last else { break }
            let stops = zip(keys, cells).dropFirst().filter { $1.tentative(of: last) != nil }
                .map { Sweep.Stop(key: $0, cell: $1) }
            if !stops.isEmpty {
                sweep = Sweep(transaction: last, isCommitted: false, stops: stops, isForeign: false)
            }
        case .committed, .unchanged, .unknown: break
        }
        return continueSweep(using: &generator)
    }

    private mutating func swept(_ event: Event, using generator: inout some RandomNumberGenerator) -> Action {
        switch event {
        case .replaced: sweep?.stops.removeFirst()
        case .refused(let newer):
            sweep?.triesLeft -= 1
            sweep?.stops[0].cell = newer
        case .read(let newer): sweep?.stops[0].cell = newer[0]
        case .lost:
            sweep?.triesLeft -= 1
            sweep?.stops[0].cell = nil
        case .judged, .waited, .answered: preconditionFailure("a write got an answer to another question")
        }
        return continueSweep(using: &generator)
    }
}
