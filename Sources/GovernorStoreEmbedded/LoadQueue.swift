import GovernorCore
import GovernorSQLite
import GovernorStore
import Synchronization

/// A transaction that waits for people from the file.
struct Load: Sendable {
    var keys: [RecordKey]
    /// Of the state that found them missing.
    var epoch: UInt64
    /// Runs the transaction again with what was read.
    var resume: @Sendable (Result<Loaded, StoreError>) -> Void
}

/// Hands loads to the reader threads, first come first served, up to a bound.
final class LoadQueue: Sendable {
    private struct State {
        var waiting: [Load] = []
        var head = 0
        var sleeping = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let waitingMax: Int
    private let wakeup = Signal()

    init(waitingMax: Int) { self.waitingMax = waitingMax }

    var waitingCount: Int { state.withLock { $0.waiting.count - $0.head } }

    func add(_ load: Load) -> Bool {
        let (isTaken, wakes) = state.withLock { state -> (Bool, Bool) in
            if state.isClosed || state.waiting.count - state.head >= waitingMax { return (false, false) }
            state.waiting.append(load)
            return (true, state.sleeping > 0)
        }
        if wakes { wakeup.raise() }
        return isTaken
    }

    /// The next load; waits for one; `nil` when the queue is closed and empty.
    func next() -> Load? {
        while true {
            let (load, isClosed) = state.withLock { state -> (Load?, Bool) in
                if let load = Self.first(&state) { return (load, false) }
                if !state.isClosed { state.sleeping += 1 }
                return (nil, state.isClosed)
            }
            if let load { return load }
            if isClosed {
                wakeup.raise()
                return nil
            }
            wakeup.wait()
            let more = state.withLock { state -> Bool in
                state.sleeping -= 1
                return state.sleeping > 0 && state.waiting.count - state.head > 1
            }
            if more { wakeup.raise() }
        }
    }

    /// The next load, if one waits.
    func nextIfAny() -> Load? { state.withLock { Self.first(&$0) } }

    private static func first(_ state: inout State) -> Load? {
        guard state.head < state.waiting.count else { return nil }
        let load = state.waiting[state.head]
        state.head += 1
        if state.head == state.waiting.count {
            state.waiting.removeAll(keepingCapacity: true)
            state.head = 0
        } else if state.head >= 1_024 {
            state.waiting.removeSubrange(..<state.head)
            state.head = 0
        }
        return load
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wakeup.raise()
    }
}

extension EmbeddedStore {
    private static let loadsOfOneState = 32

    /// The body of a reader thread.
    func runLoads(_ reader: PeopleReader) {
        while let first = loads.next() {
            // The epoch is read before the file is, so that a write-back in between is noticed.
            let epoch = state.withLock { $0.epoch }
            var count: UInt64 = 0
            // Those that wait already are read in the same state of the file: opening one costs as much as a load.
            do throws(StoreError) {
                try reader.open()
                defer { reader.close() }
                var load = first
                for turn in 1...Self.loadsOfOneState {
                    do throws(StoreError) {
                        var loaded = try reader.read(load.keys)
                        loaded.epoch = epoch
                        count += UInt64(loaded.people.count)
                        load.resume(.success(loaded))
                    } catch { load.resume(.failure(error)) }
                    guard turn < Self.loadsOfOneState, let next = loads.nextIfAny() else { break }
                    load = next
                }
            } catch { first.resume(.failure(error)) }
            state.withLock { $0.counters.loadCount += count }
        }
    }

    /// Reads every identifier of the file into the filter, then lets it answer.
    func fillFilter() {
        do throws(SQLiteFailure) {
            let reader = try PeopleReader(path: path)
            try reader.forEachIdentifier { piece in
                state.withLock { state in
                    for hash in piece { state.filter.insert(hash) }
                    return !state.isClosed
                }
            }
        } catch {
            // Without the filter every unknown identifier costs a look into the file, and nothing else.
            return
        }
        state.withLock { $0.isFilterComplete = true }
    }
}
