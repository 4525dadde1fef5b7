import GovernorCore
import GovernorStore
import NIOCore
import Synchronization

/// The notice board that the nodes of one Redis share: a Redis stream, cut to its newest entries.
///
/// One connection of its own waits for what is new, so that a notice is with every node one way through Redis after it was
/// posted. After a loss it reads the whole board again and says so when something may have been missed.
///
/// Every function but `post` and `read` runs on the loop, which is what guards the state.
final class RedisNoticeBoard: NoticeBoard, @unchecked Sendable {
    private let client: LoopClient
    private let shared: StoreShared
    private let readingClient: LoopClient
    private var reader: (@Sendable (NoticeBoardEvent) -> Void)?
    /// What was read last, or where reading began.
    private var last: NoticeID?
    /// Whether an entry was ever read: a board without it has lost some.
    private var hasTaken = false
    private var outgoing = CircularBuffer<[UInt8]>()
    private var isPosting = false
    private var isClosed = false

    /// Entries that Redis keeps, and at most so many that a node reads when it starts.
    static let entriesMax = 10_000
    /// Notices that wait while Redis is away; the oldest go first.
    static let outgoingMax = 1_000
    /// How long Redis holds a question open; far below the time after which the connection is given up.
    static let blockTime = TimeAmount.seconds(1)
    static let readTimeout = TimeAmount.seconds(5)
    static let clockSlack = Milliseconds.seconds(10)
    static let pauseAfterFailure = TimeAmount.milliseconds(100)

    /// - Parameter client: of the loop that the board lives on; it posts.
    init(_ client: LoopClient, _ shared: StoreShared) {
        self.client = client
        self.shared = shared
        var settings = shared.settings
        settings.commandTimeout = Self.readTimeout
        readingClient = LoopClient(loop: client.loop, shared: shared, settings: settings)
    }

    /// Reads; to be told of another master like any other.
    var reading: LoopClient { readingClient }

    private var slot: RecordSlot { RecordSlot(number: HashSlot.slot(of: shared.settings.keys.notices)) }

    // MARK: Posting

    func post(_ body: [UInt8]) {
        client.loop.execute { [self] in
            if outgoing.count >= Self.outgoingMax { _ = outgoing.popFirst() }
            outgoing.append(body)
            postNext()
        }
    }

    private func postNext() {
        guard !isPosting, !isClosed, let body = outgoing.first else { return }
        isPosting = true
        var command = RedisCommand("XADD")
        command.add(shared.settings.keys.notices)
        for word in ["MAXLEN", "~", String(Self.entriesMax), "*", "b"] { command.add(word) }
        command.add(body)
        client.send(
            command, slot: slot,
            to: OneReply { [self] reply in
                isPosting = false
                if let reply, reply.error == nil {
                    // Another may have pushed it out meanwhile.
                    if outgoing.first == body { _ = outgoing.popFirst() }
                    return postNext()
                }
                client.loop.assumeIsolated().scheduleTask(in: Self.pauseAfterFailure) { self.postNext() }
            }, tag: 0)
    }

    // MARK: Reading

    func read(_ reader: @escaping @Sendable (NoticeBoardEvent) -> Void) {
        client.loop.execute { [self] in
            self.reader = reader
            readAll()
        }
    }

    /// Everything that the board holds, newest first: when reading begins, and after a loss.
    private func readAll() {
        if isClosed { return }
        var command = RedisCommand("XREVRANGE")
        command.add(shared.settings.keys.notices)
        for word in ["+", "-", "COUNT", String(Self.entriesMax)] { command.add(word) }
        readingClient.send(
            command, slot: slot,
            to: OneReply { [self] reply in
                guard let reply, reply.kind == .array, let entries = Self.entries(reply) else { return again() }
                takeAll(entries.reversed())
                readOn()
            }, tag: 0)
    }

    private func takeAll(_ entries: [Entry]) {
        if let last {
            let isThere = entries.contains { $0.id == last }
            // What was read last is still there, or nothing was and nothing has come: nothing was missed.
            if isThere || !hasTaken && entries.isEmpty { return take(entries) }
            // A board that was empty may since have got its first entries, all of them there.
            if !hasTaken && entries.count < Self.entriesMax { return take(entries) }
        }
        // What an empty board may have held before is not known. Redis numbers by a clock that may lag behind this one, so
        // it begins a little earlier than now.
        let milliseconds = max(0, shared.settings.now().milliseconds - Self.clockSlack.count)
        let start =
            entries.first.map(\.id.before) ?? NoticeID(milliseconds: UInt64(milliseconds), sequence: 0)
        last = start
        reader?(.from(start))
        take(entries)
    }

    private func take(_ entries: [Entry]) {
        for entry in entries where entry.id > last ?? .first {
            last = entry.id
            hasTaken = true
            reader?(.notice(entry.id, entry.body))
        }
    }

    /// Waits for what is new.
    private func readOn() {
        if isClosed { return }
        var command = RedisCommand("XREAD")
        for word in ["COUNT", "500", "BLOCK", String(Self.blockTime.nanoseconds / 1_000_000), "STREAMS"] {
            command.add(word)
        }
        command.add(shared.settings.keys.notices)
        command.add((last ?? .first).description)
        readingClient.send(
            command, slot: slot,
            to: OneReply { [self] reply in
                guard let reply, !isClosed else { return again() }
                switch reply.kind {
                // Nothing new within the time.
                case .null: return readOn()
                case .array where reply.count == 1 && reply[0].count == 2:
                    guard let entries = Self.entries(reply[0][1]) else { return again() }
                    take(entries)
                    readOn()
                default: again()
                }
            }, tag: 0)
    }

    private func again() {
        if isClosed { return }
        client.loop.assumeIsolated().scheduleTask(in: Self.pauseAfterFailure) { self.readAll() }
    }

    struct Entry {
        var id: NoticeID
        var body: [UInt8]
    }

    /// `nil` when the reply is no list of entries.
    private static func entries(_ reply: RedisReply) -> [Entry]? {
        guard reply.kind == .array else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(reply.count)
        for i in 0..<reply.count {
            let entry = reply[i]
            guard entry.count == 2, let id = NoticeID(entry[0].string), entry[1].count >= 2 else { return nil }
            entries.append(Entry(id: id, body: [UInt8](entry[1][1].bytes)))
        }
        return entries
    }

    func close() { isClosed = true }
}

extension NoticeID {
    /// The greatest number below.
    fileprivate var before: NoticeID {
        if sequence > 0 { return NoticeID(milliseconds: milliseconds, sequence: sequence - 1) }
        return milliseconds == 0 ? self : NoticeID(milliseconds: milliseconds - 1, sequence: .max)
    }
}
