import DequeModule
public import GovernorCore
public import GovernorStore
import Synchronization

/// Tells listeners which reservations were just taken back, on whichever node: numbered, and kept for a while, so that a
/// listener who was away can go on where it stopped.
///
/// Only a hint: what binds is the confirmation of a reservation.
public final class RevocationStream: Sendable {
    private struct State {
        var events: Deque<(id: NoticeID, event: Revocation)> = []
        /// Every event after this one is in `events`.
        var completeAfter = NoticeID.first
        var newest = NoticeID.first
        var listeners: [UInt64: StreamListener] = [:]
        var nextListener: UInt64 = 0
        var isClosed = false
        /// Told what other nodes have erased, and what was told before anybody asked.
        var onErasure: (@Sendable (NoticeID, ErasureNotice) -> Void)?
        var erasures: [(NoticeID, ErasureNotice)] = []
    }

    private let state = Mutex(State())
    private let board: any NoticeBoard
    private let refs = ReservationRefs()
    /// Events told, listeners that were too slow, and listeners turned away.
    public let toldCount = Counter()
    public let droppedCount = Counter()
    public let refusedCount = Counter()

    /// Events kept for those who come back.
    public static let eventsMax = 10_000
    /// Listeners of one node.
    public static let listenersMax = 256
    /// Listeners of one caller on one node.
    public static let listenersPerCallerMax = 16

    public init(board: any NoticeBoard) {
        self.board = board
        board.read { [weak self] in self?.take($0) }
    }

    /// Puts on the board what a fact took back.
    public func announce(_ reservations: [RevokedReservation], _ cause: RevocationCause, at now: Timestamp) {
        if reservations.isEmpty { return }
        var seen: Set<TouchID> = []
        var rest = reservations.filter { seen.insert($0.touch).inserted }[...]
        while !rest.isEmpty {
            let part = rest.prefix(Revocation.reservationsMax)
            rest = rest.dropFirst(part.count)
            board.post(Revocation(cause: cause, at: now, reservations: Array(part)).encoded())
        }
    }

    /// Tells every node of an erasure.
    func post(_ notice: ErasureNotice) { board.post(notice.encoded()) }

    /// Gives every erasure that the board tells of to `listener`, those it still holds first.
    func onErasure(_ listener: @escaping @Sendable (NoticeID, ErasureNotice) -> Void) {
        let earlier = state.withLock { state in
            state.onErasure = listener
            defer { state.erasures = [] }
            return state.erasures
        }
        for (id, notice) in earlier { listener(id, notice) }
    }

    // MARK: Listening

    /// Begins to listen: after the event of the number `last` when it is still known that nothing newer has gone, else
    /// with a reset; without a number, with what comes from now on.
    public func listen(
        after last: String?, as caller: Caller
    ) throws(StreamRefusal) -> StreamListener {
        // What is no number of ours may stand for anything: then nothing is known.
        let last = last.map { NoticeID($0) ?? NoticeID(milliseconds: .max, sequence: .max) }
        let result = state.withLock { state -> Result<StreamListener, StreamRefusal> in
            if state.isClosed { return .failure(.closed) }
            if state.listeners.count >= Self.listenersMax { return .failure(.tooManyListeners) }
            let own = state.listeners.values.count { $0.caller.id == caller.id }
            if own >= Self.listenersPerCallerMax { return .failure(.tooManyOfCaller) }
            state.nextListener += 1
            let listener = StreamListener(id: state.nextListener, caller: caller)
            state.listeners[listener.id] = listener
            if let last {
                if last >= state.completeAfter && last <= state.newest {
                    listener.give(.ready(last))
                    // Those it missed do not count against its bound: they are there already.
                    for (id, event) in state.events where id > last {
                        listener.give(.event(id, event), isBounded: false)
                    }
                } else {
                    listener.give(.reset(state.newest))
                }
            } else {
                listener.give(.ready(state.newest))
            }
            return .success(listener)
        }
        if case .failure = result { refusedCount.add(1) }
        return try result.get()
    }

    /// Ends a listener's part.
    public func leave(_ listener: StreamListener) {
        state.withLock { $0.listeners[listener.id] = nil }
        listener.end()
    }

    public var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// The newest event's number.
    public var position: NoticeID { state.withLock { $0.newest } }

    /// Ends every listener's part and takes no other.
    public func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.end() }
    }

    private func take(_ boardEvent: NoticeBoardEvent) {
        state.withLock { state in
            switch boardEvent {
            case .from(let id):
                state.events.removeAll()
                state.completeAfter = id
                let isFirst = state.newest == .first
                state.newest = id
                if !isFirst { tell(.reset(id), &state) }
            case .notice(let id, let body):
                guard id > state.newest else { return }
                state.newest = id
                guard let event = Revocation(decoding: body) else {
                    if let erasure = ErasureNotice(decoding: body) { heard(erasure, id, &state) }
                    return
                }
                if state.events.count >= Self.eventsMax, let gone = state.events.popFirst() {
                    state.completeAfter = gone.id
                }
                state.events.append((id, event))
                toldCount.add(1)
                tell(.event(id, event), &state)
            }
        }
    }

    private func heard(_ erasure: ErasureNotice, _ id: NoticeID, _ state: inout State) {
        if let listener = state.onErasure { return listener(id, erasure) }
        if state.erasures.count < Self.eventsMax { state.erasures.append((id, erasure)) }
    }

    private func tell(_ item: StreamItem, _ state: inout State) {
        for (id, listener) in state.listeners where !listener.give(item) {
            state.listeners[id] = nil
            droppedCount.add(1)
        }
    }

    // MARK: References

    /// Remembers a caller's own reference of a reservation, to be told with it; bounded, and on this node only.
    public func remember(_ ref: String, of touch: TouchID) { refs.add(ref, touch) }

    /// The caller's own reference, when this node gave the reservation and still knows it.
    public func ref(of touch: TouchID) -> String? { refs[touch] }
}

/// Why nobody more may listen.
public enum StreamRefusal: Error, Hashable, Sendable {
    case tooManyListeners
    case tooManyOfCaller
    case closed
}

/// What a listener is told.
public enum StreamItem: Sendable {
    /// From here on.
    case ready(NoticeID)
    case event(NoticeID, Revocation)
    /// Something may have been missed: look at every open reservation, and go on from here.
    case reset(NoticeID)
    /// Nothing happened for a while.
    case heartbeat
    /// The listener took too long to read; nothing follows.
    case tooSlow

    /// The number to go on from; `nil` for what has none.
    public var number: String? {
        switch self {
        case .ready(let id), .event(let id, _), .reset(let id): id.description
        case .heartbeat, .tooSlow: nil
        }
    }
}

/// One listener: a bounded queue between the stream and a socket.
public final class StreamListener: Sendable {
    let id: UInt64
    public let caller: Caller
    /// What waits for it, in order; ends when it was dropped or the stream closed.
    public let items: AsyncStream<StreamItem>
    private let continuation: AsyncStream<StreamItem>.Continuation
    /// Items given and not taken.
    private let waiting = Atomic<Int>(0)

    /// Events that may wait for a slow reader before it is dropped.
    public static let waitingMax = 1_000

    init(id: UInt64, caller: Caller) {
        self.id = id
        self.caller = caller
        (items, continuation) = AsyncStream.makeStream()
    }

    /// - Returns: `false` when it was too slow and has been dropped.
    @discardableResult func give(_ item: StreamItem, isBounded: Bool = true) -> Bool {
        var item = item
        if case .event(let id, let event) = item {
            guard let seen = event.visible(to: caller) else { return true }
            item = .event(id, seen)
        }
        if isBounded && waiting.load(ordering: .relaxed) >= Self.waitingMax {
            continuation.yield(.tooSlow)
            continuation.finish()
            return false
        }
        waiting.wrappingAdd(1, ordering: .relaxed)
        continuation.yield(item)
        return true
    }

    /// Its reader has taken an item.
    public func took() { waiting.wrappingSubtract(1, ordering: .relaxed) }

    /// A sign of life, unless something else waits.
    public func beat() {
        if waiting.load(ordering: .relaxed) == 0 { give(.heartbeat) }
    }

    func end() { continuation.finish() }
}

/// Callers' own references of the reservations that this node gave, the oldest forgotten first.
final class ReservationRefs: Sendable {
    private struct State {
        var texts: [TouchID: String] = [:]
        var order: Deque<TouchID> = []
    }

    private let state = Mutex(State())
    static let countMax = 100_000

    func add(_ ref: String, _ touch: TouchID) {
        state.withLock { state in
            if state.texts.updateValue(ref, forKey: touch) == nil { state.order.append(touch) }
            if state.order.count > Self.countMax, let oldest = state.order.popFirst() { state.texts[oldest] = nil }
        }
    }

    subscript(touch: TouchID) -> String? { state.withLock { $0.texts[touch] } }
}

extension Governor {
    /// Remembers the caller's own reference of a reservation that was just given.
    public func remember(_ ref: String?, of answer: Result<DecisionAnswer, DecideError>) {
        guard let ref, case .success(let answer) = answer, let reservation = answer.decision.reservation else { return }
        revocations.remember(ref, of: reservation.touch)
    }
}
