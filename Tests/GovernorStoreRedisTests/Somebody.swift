import GovernorCore
import GovernorStore
import GovernorTesting

/// A person made up by a test, and what is done to her.
struct Somebody {
    let id: PersonID
    let phone: KnownIdentifier

    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    init(_ generator: inout SeededGenerator) {
        id = PersonID(high: generator.next(), low: generator.next())
        phone = ContactStoreConformance.phone(&generator, at: Self.now)
    }

    private func touch(_ bits: UInt64) -> (Touch, NameTable) {
        var names = NameTable()
        let touch = Touch(
            id: TouchID(bits: bits), at: Self.now, expiresAt: Self.now + .minutes(2), state: .reserved,
            channel: names.intern("voice"), purpose: names.intern("marketing"))
        return (touch, names)
    }

    /// Reserves a contact unless there are `limit` already; whoever is not known yet becomes so. `bits` names the touch,
    /// so that an attempt may be made again.
    @discardableResult
    func reserve(_ store: any ContactStore, limit: Int = 1_000, bits: UInt64 = .random(in: 1 ... .max)) throws -> Bool {
        let (touch, names) = touch(bits)
        return try ContactStoreConformance.transact(store, [.identifier(phone.hash)]) { set -> Step<Bool> in
            var position = set.homes[0]
            if position < 0 {
                position = set.create(id, at: Self.now)
                set.apply(.identifier(phone), to: position, names: names, at: Self.now)
            }
            if set.records[position].touches.contains(where: { $0.id == touch.id }) { return .done(true) }
            if set.records[position].touches.count >= limit { return .done(false) }
            set.apply(.touch(touch), to: position, names: names, at: Self.now)
            set.record(JournalEntry(kind: .decision, at: Self.now, body: [1]))
            return .done(true)
        }.result
    }

    func optOut(_ store: any ContactStore) throws {
        let fact = Fact(
            id: FactID(high: phone.hash.high, low: 1), at: Self.now, receivedAt: Self.now,
            body: .optOut(reach: .person, endpoints: [phone.hash]))
        _ = try ContactStoreConformance.transact(store, [.identifier(phone.hash)]) { set -> Step<Bool> in
            var position = set.homes[0]
            if position < 0 {
                position = set.create(id, at: Self.now)
                set.apply(.identifier(phone), to: position, names: NameTable(), at: Self.now)
            }
            set.apply(.fact(fact), to: position, names: NameTable(), at: Self.now)
            set.record(JournalEntry(kind: .fact, at: Self.now, body: [1]))
            return .done(true)
        }
    }

    func check(_ store: any ContactStore) throws -> PersonRecord? {
        try ContactStoreConformance.transact(store, [.identifier(phone.hash)]) { .done($0.records.first) }.result
    }

    func touchCount(_ store: any ContactStore) throws -> Int { try check(store)?.touches.count ?? 0 }
}

/// Several nodes behind one face: each transaction goes to another one, so that no node's memory is ever fresh.
final class TakingTurns: ContactStore {
    private let stores: [any ContactStore]

    init(_ stores: [any ContactStore]) { self.stores = stores }

    func transact(_ keys: [RecordKey], _ transaction: any Transaction) {
        stores.randomElement()?.transact(keys, transaction)
    }

    func whenDurable(_ ticket: StoreTicket, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        stores[0].whenDurable(ticket, completion)
    }
}
