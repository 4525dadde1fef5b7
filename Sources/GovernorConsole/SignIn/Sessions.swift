import GovernorCore
import GovernorRuntime
import Synchronization

/// Who is signed in, in memory alone: a restart signs everybody out.
///
/// A session ends after half an hour without a request, after twelve hours at the latest, when it is signed out, and when
/// its key is taken away or expires.
final class Sessions: Sendable {
    /// Sessions of the node, and of one key; the oldest makes room.
    static let countMax = 2_000
    static let perKeyMax = 50
    static let idleMax = Milliseconds.minutes(30)
    static let lengthMax = Milliseconds.hours(12)
    /// People that a session remembers the typed identifiers of.
    static let contactsMax = 40
    static let noticesMax = 8

    private let keys: KeyRing
    private let table = Mutex<[String: Session]>([:])

    init(keys: KeyRing) { self.keys = keys }

    /// Signs in; `nil` when nobody has that key.
    func open(key: String, at now: Timestamp) -> Session? {
        var key = key
        guard
            let admission = key.withUTF8({ keys.admission(withKey: UnsafeRawBufferPointer($0), at: now) }),
            // A session could outlive the provider's word on a token.
            !admission.caller.isByToken
        else { return nil }
        let session = Session(
            caller: admission.caller, admission: admission,
            entry: keys.entries.first { $0.id == admission.caller.id }, at: now)
        table.withLock { table in
            sweep(&table, at: now)
            let own = table.values.filter { $0.caller.id == session.caller.id }
            if own.count >= Self.perKeyMax, let oldest = own.min(by: { $0.lastUsed < $1.lastUsed }) {
                table[oldest.token] = nil
            }
            if table.count >= Self.countMax, let oldest = table.values.min(by: { $0.lastUsed < $1.lastUsed }) {
                table[oldest.token] = nil
            }
            table[session.token] = session
        }
        return session
    }

    /// The session of a token, which is now in use again; `nil` when it has ended.
    func find(_ token: String, at now: Timestamp) -> Session? {
        table.withLock { table in
            guard var session = table[token] else { return nil }
            guard session.isAlive(at: now), stillHolds(&session) else {
                table[token] = nil
                return nil
            }
            session.lastUsed = max(session.lastUsed, now)
            table[token] = session
            return session
        }
    }

    /// Whether a session is still there, without using it.
    func isOpen(_ token: String, at now: Timestamp) -> Bool {
        table.withLock { table in
            guard var session = table[token] else { return false }
            return session.isAlive(at: now) && stillHolds(&session)
        }
    }

    func close(_ token: String) { table.withLock { $0[token] = nil } }

    /// Keeps with the session what was typed about somebody, so that no address has to stand in a path.
    func remember(_ contact: ContactForm, as id: String, in token: String) {
        change(token) { session in
            session.contacts.removeAll { $0.id == id }
            session.contacts.append((id, contact))
            if session.contacts.count > Self.contactsMax { session.contacts.removeFirst() }
        }
    }

    /// Keeps something to be said on the next page; gives the number to ask for it with.
    func leave(_ notice: Notice, in token: String) -> Int {
        var number = 0
        change(token) { session in
            session.noticeNumber += 1
            number = session.noticeNumber
            session.notices.append((number, notice))
            if session.notices.count > Self.noticesMax { session.notices.removeFirst() }
        }
        return number
    }

    var count: Int { table.withLock { $0.count } }

    private func change(_ token: String, _ body: (inout Session) -> Void) {
        table.withLock { table in
            guard var session = table[token] else { return }
            body(&session)
            table[token] = session
        }
    }

    private func sweep(_ table: inout [String: Session], at now: Timestamp) {
        for (token, session) in table where !session.isAlive(at: now) { table[token] = nil }
    }

    /// Whether the ring still lets this session's key in, as what it was.
    private func stillHolds(_ session: inout Session) -> Bool {
        if keys.isCurrent(session.admission) { return true }
        guard let entry = session.entry else { return session.caller.role == .admin && !keyWasTaken(session) }
        return keys.entries.contains(entry)
    }

    /// The key of the environment stays as long as the process.
    private func keyWasTaken(_ session: Session) -> Bool { session.caller.id != "admin" }
}

/// One person at one browser.
struct Session: Sendable {
    /// What the cookie holds: 256 random bits.
    let token: String
    /// What every form of this session holds: 128 random bits.
    let formToken: String
    let caller: Caller
    fileprivate let admission: KeyRing.Admission
    fileprivate let entry: KeyRing.Entry?
    let openedAt: Timestamp
    fileprivate(set) var lastUsed: Timestamp
    fileprivate(set) var contacts: [(id: String, form: ContactForm)] = []
    fileprivate(set) var notices: [(number: Int, notice: Notice)] = []
    fileprivate var noticeNumber = 0

    fileprivate init(caller: Caller, admission: KeyRing.Admission, entry: KeyRing.Entry?, at now: Timestamp) {
        token = RandomText.hexadecimal(words: 4)
        formToken = RandomText.hexadecimal(words: 2)
        self.caller = caller
        self.admission = admission
        self.entry = entry
        openedAt = now
        lastUsed = now
    }

    fileprivate func isAlive(at now: Timestamp) -> Bool {
        now - lastUsed < Sessions.idleMax && now - openedAt < Sessions.lengthMax && admission.expiresAt > now
    }

    /// Whether a form came from a page of this session. Takes equally long for every wrong text of the right length.
    func owns(formToken text: String?) -> Bool {
        guard let text, text.utf8.count == formToken.utf8.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(text.utf8, formToken.utf8) { difference |= a ^ b }
        return difference == 0
    }

    /// What was typed about the person behind an id.
    func contact(_ id: String) -> ContactForm? { contacts.last { $0.id == id }?.form }
}

/// What an action came to, said on the page after it.
struct Notice: Sendable {
    var isGood: Bool
    var title: String
    /// The sentence to be read to the person, if there is one.
    var readOut: String?
    var lines: [String] = []
    /// The fact's id as the ledger keeps it.
    var factID: String?
    /// What opens a message to her, `mailto:` or `sms:`, with what was made in it.
    var message: String?
}

enum RandomText {
    static func hexadecimal(words: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<words).map { _ in GovernorRuntime.hexadecimal(generator.next()) }.joined()
    }
}
