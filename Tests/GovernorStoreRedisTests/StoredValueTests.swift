import GovernorCore
import GovernorStore
import GovernorTesting
import Testing

@testable import GovernorStoreRedis

@Suite("What a key holds")
struct StoredValueTests {
    @Test func isReadAsItWasWritten() throws {
        var generator = SeededGenerator.announced("stored values")
        var random = RandomRecords(generator.split())
        for _ in 0..<500 {
            var value = StoredValue()
            value.version = generator.next() | 1
            switch Int.random(in: 0...2, using: &generator) {
            case 0: value.forward = .identifier(random.identifierHash())
            case 1: value.forward = .person(random.person())
            default: break
            }
            if generator.oneIn(3) { value.away = (0..<3).map { _ in random.identifierHash() } }
            if generator.oneIn(3) { value.pending = [[], [1, 2, 3], [UInt8](repeating: 7, count: 300)] }
            if !generator.oneIn(3) { value.record = random.record() }
            let bytes = value.encoded()
            let read = try bytes.withUnsafeBytes { try StoredValue(decoding: $0) }
            #expect(bytes.withUnsafeBytes { StoredValue.version(of: $0) } == value.version)
            #expect(read.version == value.version && read.forward == value.forward)
            #expect(read.away == value.away && read.pending == value.pending)
            #expect((read.record == nil) == (value.record == nil))
            if value.record != nil {
                #expect(ContactStoreConformance.same(read.record, value.record))
                #expect(read.record?.version == value.version)
            }
            // Whatever is cut off or changed is refused or read, and never a trap.
            let cut = Int.random(in: 0..<bytes.count, using: &generator)
            #expect(throws: DecodeError.self) {
                try bytes.prefix(cut).withUnsafeBytes { _ = try StoredValue(decoding: $0) }
            }
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8(
                1 << Int.random(in: 0...7, using: &generator))
            _ = try? damaged.withUnsafeBytes { try StoredValue(decoding: $0) }
        }
    }

    @Test(arguments: [
        (UInt64(0), UInt64(0), "gov:iAAAAAAAAAAAAAAAAAAAAAA"),
        (UInt64.max, UInt64.max, "gov:i_____________________w"),
        (0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f, "gov:iAAECAwQFBgcICQoLDA0ODw"),
    ])
    func keysAreNamedInBase64(high: UInt64, low: UInt64, name: String) {
        let key = KeySpace().name(of: .identifier(IdentifierHash(high: high, low: low)))
        #expect(String(decoding: key, as: UTF8.self) == name)
    }

    @Test func aRecordSaysWhomItIsTheHomeOf() throws {
        var generator = SeededGenerator(seed: 1)
        var value = StoredValue()
        let record = RandomRecords.typical(&generator, now: Timestamp(milliseconds: 1_795_000_000_000))
        let hash = record.identifiers[0].hash
        #expect(!value.isHome(of: .person(record.id)))
        value.record = record
        #expect(value.isHome(of: .person(record.id)) && value.isHome(of: .identifier(hash)))
        #expect(!value.isHome(of: .identifier(IdentifierHash(high: 1, low: 1))))
        value.away = [hash]
        #expect(!value.isHome(of: .identifier(hash)))
    }
}

@Suite("How long records live")
struct RetentionTests {
    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    private func value(touches: Int = 0, optOuts: Int = 0) -> StoredValue {
        var generator = SeededGenerator(seed: 7)
        var value = StoredValue()
        value.record = RandomRecords.typical(&generator, now: Self.now, touches: touches, optOuts: optOuts)
        return value
    }

    @Test func whatIsDurableNeverExpires() throws {
        let retention = Retention(touchesKept: .days(1_830))
        var linked = value(touches: 3)
        linked.record?.identifiers.append(
            KnownIdentifier(hash: IdentifierHash(high: 1, low: 1), kind: .email, addedAt: Self.now))
        var shared = value(touches: 3)
        shared.record?.identifiers[0].isShared = true
        var forwarding = value(touches: 3)
        forwarding.forward = .person(PersonID(high: 1, low: 1))
        var pending = value(touches: 3)
        pending.pending = [[1]]
        for durable in [value(touches: 10, optOuts: 1), linked, shared, forwarding, pending, StoredValue()] {
            #expect(retention.expiry(of: durable) == nil)
        }
        #expect(Retention(touchesKept: nil).expiry(of: value(touches: 3)) == nil)
    }

    @Test func theRestExpiresAfterItsNewestTouch() throws {
        let retention = Retention(touchesKept: .days(1_830))
        let touched = value(touches: 10)
        let expiry = try #require(retention.expiry(of: touched))
        let newest = try #require(touched.record?.touches.map { max($0.at, $0.expiresAt) }.max())
        #expect(expiry >= newest + .days(1_830))
        #expect(expiry <= newest + .days(1_831))
        let forwarder = Retention.forwarderExpiry(for: expiry)
        #expect(forwarder >= expiry + .days(90) && forwarder <= expiry + .days(180))
        let empty = value()
        let last = try #require(empty.record?.lastDecisionAt)
        #expect(retention.expiry(of: empty) == last + .hours(48))
        // However old what it says, it is not gone at once.
        let later = last + .days(3_000)
        for value in [empty, touched] {
            #expect(retention.expiry(of: value, writtenAt: later) == later + .hours(48))
            #expect(retention.expiry(of: value, writtenAt: last) == retention.expiry(of: value))
        }
    }
}
