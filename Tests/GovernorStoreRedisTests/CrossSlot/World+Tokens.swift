import GovernorCore

@testable import GovernorStoreRedis

extension World {
    /// Tokens are random: only which of them are equal matters. States that differ in nothing else are one, once each token
    /// is replaced by the number of its first appearance.
    mutating func renameTokens() {
        var names: [UInt64: UInt64] = [0: 0]
        func token(_ bits: inout UInt64) {
            if let name = names[bits] {
                bits = name
            } else {
                let name = UInt64(names.count)
                names[bits] = name
                bits = name
            }
        }
        func transaction(_ id: inout TransactionID) {
            var bits = id.bits
            token(&bits)
            id = TransactionID(bits: bits)
        }
        func cell(_ cell: inout Cell<Toy>) {
            token(&cell.version)
            for i in cell.tentatives.indices { transaction(&cell.tentatives[i].transaction) }
            for i in cell.marks.indices { transaction(&cell.marks[i].transaction) }
        }
        func action(_ action: inout Transaction.Action?) {
            if case .replace(let key, var expecting, var new) = action {
                token(&expecting)
                cell(&new)
                action = .replace(key, expecting: expecting, with: new)
            }
        }
        func machine(_ machine: inout Transaction) {
            for i in machine.cells.indices { cell(&machine.cells[i]) }
            transaction(&machine.id)
            cell(&machine.sent)
            for i in machine.undecided.indices {
                transaction(&machine.undecided[i].transaction)
                cell(&machine.undecided[i].anchorCell)
            }
            for i in machine.sweep?.stops.indices ?? 0..<0 {
                if var known = machine.sweep?.stops[i].cell {
                    cell(&known)
                    machine.sweep?.stops[i].cell = known
                }
            }
            if var sweep = machine.sweep {
                transaction(&sweep.transaction)
                machine.sweep = sweep
            }
            switch machine.phase {
            case .asking(var ids, let anchors):
                for i in ids.indices { transaction(&ids[i]) }
                machine.phase = .asking(ids, anchors)
            case .expelling(var id, let key):
                transaction(&id)
                machine.phase = .expelling(id, key)
            default: break
            }
        }
        for i in cells.indices { cell(&cells[i]) }
        for i in strays.indices {
            token(&strays[i].expecting)
            cell(&strays[i].cell)
        }
        for i in parties.indices {
            action(&parties[i].pending)
            for j in parties[i].partial.indices {
                if var read = parties[i].partial[j] {
                    cell(&read)
                    parties[i].partial[j] = read
                }
            }
            machine(&parties[i].machine)
        }
        // What is remembered of transactions that stand nowhere any more can matter to nobody.
        for i in parties.indices {
            parties[i].machine.abandoned = parties[i].machine.abandoned.compactMap { id in
                names[id.bits].map { TransactionID(bits: $0) }
            }.sorted { $0.bits < $1.bits }
            parties[i].machine.verdicts = parties[i].machine.verdicts.compactMap { verdict in
                names[verdict.transaction.bits].map {
                    Transaction.Verdict(transaction: TransactionID(bits: $0), isCommitted: verdict.isCommitted)
                }
            }.sorted { $0.transaction.bits < $1.transaction.bits }
        }
    }
}
