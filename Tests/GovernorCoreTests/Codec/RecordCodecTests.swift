import GovernorCore
import GovernorTesting
import Testing

@Suite("Record codec")
struct RecordCodecTests {
    static let now = Timestamp(milliseconds: 1_795_000_000_000)

    /// Names that nothing uses any more leave a record when it is written; everything else is as it was.
    private func normalised(_ record: PersonRecord, names: NameTable) -> PersonRecord {
        var record = record
        record.names = names
        return record
    }

    @Test("a random record comes back as it was")
    func roundTrip() throws {
        var random = RandomRecords(.announced("roundTrip"), now: Self.now)
        for _ in 0..<1_000 {
            let record = random.record()
            let bytes = record.encoded()
            let back = try PersonRecord(decoding: bytes)
            #expect(back == normalised(record, names: back.names))
            for identifier in record.identifiers {
                #expect(back.names.text(identifier.namespace) == record.names.text(identifier.namespace))
            }
            for touch in record.touches {
                #expect(back.names.text(touch.campaign) == record.names.text(touch.campaign))
                #expect(back.names.text(touch.outcome) == record.names.text(touch.outcome))
            }
            #expect(back.encoded() == bytes)
        }
    }

    @Test("random changes come back as they were, and apply twice as once")
    func changesRoundTrip() throws {
        var random = RandomRecords(.announced("changesRoundTrip"), now: Self.now)
        for _ in 0..<500 {
            var records = (0..<random.generator.pick([1, 1, 1, 2, 4])).map { _ in random.record(changes: 5) }
            var list: [RecordChanges] = []
            for record in records {
                let count = random.generator.pick([0, 1, 2, 5])
                list.append(
                    RecordChanges(
                        person: record.id, isNew: random.generator.oneIn(2),
                        changes: (0..<count).map { _ in random.change(of: record) }))
            }
            let entry = (0..<random.generator.pick([0, 1, 300])).map { _ in
                UInt8(truncatingIfNeeded: random.generator.next())
            }
            let at = random.instant()
            let body = JournalBody(entry: entry, changedAt: at, changes: list, names: random.names)
            let back = try JournalBody(decoding: body.encoded())
            #expect(back == JournalBody(entry: entry, changedAt: at, changes: list, names: back.names))

            for i in records.indices {
                for change in back.changes[i].changes { records[i].apply(change, names: back.names, at: at) }
                var twice = records[i]
                for change in back.changes[i].changes { twice.apply(change, names: back.names, at: at) }
                #expect(twice == records[i])
            }
            let alone = list.encoded(at: at, names: random.names)
            let (decoded, _) = try alone.withUnsafeBytes { try [RecordChanges].decode($0, at: at) }
            #expect(decoded == list)
        }
    }

    @Test("every single changed bit is found")
    func bitFlips() throws {
        var generator = SeededGenerator.announced("bitFlips")
        let bytes = RandomRecords.typical(&generator, now: Self.now, optOuts: 2).encoded()
        for i in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[i] ^= 1 << UInt8(bit)
                #expect(throws: DecodeError.self) { try PersonRecord(decoding: changed) }
            }
        }
        for length in 0..<bytes.count {
            #expect(throws: DecodeError.self) { try PersonRecord(decoding: Array(bytes[..<length])) }
        }
    }

    @Test("no bytes crash the decoder, and what it accepts it writes again as equal")
    func fuzz() throws {
        var random = RandomRecords(.announced("fuzz"), now: Self.now)
        var accepted = 0
        for round in 0..<15_000 {
            var bytes: [UInt8]
            if round % 10 == 0 {
                bytes = (0..<Int.random(in: 0...200, using: &random.generator)).map { _ in
                    UInt8(truncatingIfNeeded: random.generator.next())
                }
            } else {
                if round % 50 == 1 { random.names = NameTable() }
                var record = random.record(changes: 8)
                if round % 3 == 0 { record.erasedAt = random.instant() }
                bytes = record.encoded()
                for _ in 0..<random.generator.pick([1, 1, 2, 8]) { Self.mutate(&bytes, &random.generator) }
            }
            // Past the checksum: content alone.
            let result = bytes.withUnsafeBytes { memory in
                Result { () throws(DecodeError) in try PersonRecord(decodingContent: ByteReader(memory)) }
            }
            if case .success(let record) = result {
                accepted += 1
                let again = try PersonRecord(decoding: record.encoded())
                #expect(again == record)
            }
            // And with a checksum that fits.
            if bytes.count > 4 {
                bytes[0] = min(max(bytes[0], 3), PersonRecord.formatVersion)
                let sum = bytes[..<(bytes.count - 4)].withUnsafeBytes { CRC32C.checksum($0) }
                for i in 0..<4 { bytes[bytes.count - 4 + i] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * i)) }
                if let record = try? PersonRecord(decoding: bytes) {
                    accepted += 1
                    #expect(try PersonRecord(decoding: record.encoded()) == record)
                }
            }
        }
        #expect(accepted > 100)
    }

    @Test("no bytes crash the decoder of journal bodies")
    func fuzzJournal() throws {
        var random = RandomRecords(.announced("fuzzJournal"), now: Self.now)
        var accepted = 0
        for _ in 0..<6_000 {
            if random.generator.oneIn(50) { random.names = NameTable() }
            let record = random.record(changes: 2)
            let list = [
                RecordChanges(
                    person: record.id, isNew: true, changes: [random.change(of: record), random.change(of: record)])
            ]
            var bytes = JournalBody(entry: [1, 2, 3], changedAt: Self.now, changes: list, names: random.names).encoded()
            for _ in 0..<random.generator.pick([1, 2, 8]) { Self.mutate(&bytes, &random.generator) }
            guard let body = try? JournalBody(decoding: bytes) else { continue }
            accepted += 1
            #expect(try JournalBody(decoding: body.encoded()) == body)
        }
        #expect(accepted > 50)
    }

    private static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let i = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...5, using: &generator) {
        case 0: bytes[i] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 1: bytes[i] = generator.pick([0, 1, 0x7f, 0x80, 0xff])
        case 2: bytes.remove(at: i)
        case 3: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: i)
        case 4: bytes.removeSubrange(i...)
        default:
            let length = min(bytes.count - i, 9)
            bytes.replaceSubrange(i..<(i + length), with: [UInt8](repeating: 0xff, count: length))
        }
    }

    @Test(
        "errors say what and where",
        arguments: [
            ([], "a person's record is cut off at byte 0"),
            ([1, 0, 0, 0], "a person's record is cut off at byte 4"),
            ([0, 0, 0, 0, 0, 0], "a person's record is invalid at byte 0"),
            (
                [9, 0, 0, 0, 0, 0],
                "a person's record has format version 9, which is newer than this program: upgrade before opening it"
            ),
            ([1, 0, 0, 0, 0, 0], "a person's record is damaged: its checksum does not match"),
        ] as [([UInt8], String)])
    func errors(bytes: [UInt8], expected: String) {
        let error = #expect(throws: DecodeError.self) { try PersonRecord(decoding: bytes) }
        #expect(error?.description == expected)
    }

    @Test(
        "integers at their edges",
        arguments: [0, 1, 127, 128, 16_383, 16_384, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] as [UInt64])
    func varints(value: UInt64) throws {
        var writer = ByteWriter()
        writer.varint(value)
        writer.zigzag(Int64(bitPattern: value))
        let (number, signed, isAtEnd) = try writer.bytes.withUnsafeBytes { memory throws -> (UInt64, Int64, Bool) in
            var reader = ByteReader(memory)
            return (try reader.varint("n"), try reader.zigzag("n"), reader.isAtEnd)
        }
        #expect(number == value)
        #expect(signed == Int64(bitPattern: value))
        #expect(isAtEnd)
    }

    @Test("an integer of more than 64 bits is refused")
    func longVarint() {
        for bytes in [[UInt8](repeating: 0xff, count: 10), [UInt8](repeating: 0x80, count: 12), [0xff, 0xff, 0xff]] {
            let isRefused = bytes.withUnsafeBytes { memory in
                var reader = ByteReader(memory)
                return (try? reader.varint("n")) == nil
            }
            #expect(isRefused)
        }
    }

    @Test("the checksum is Castagnoli's")
    func checksum() {
        // Source: RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and ascending.
        let rows: [([UInt8], UInt32)] = [
            ([UInt8](repeating: 0, count: 32), 0x8a91_36aa), ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            ((0..<32).map { UInt8($0) }, 0x46dd_794e),
        ]
        for (bytes, sum) in rows { #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == sum) }
    }

    @Test("names without a text keep their bits")
    func unknownText() throws {
        var record = PersonRecord(id: PersonID(high: 1, low: 2), createdAt: Self.now)
        record.touches = [
            Touch(
                id: TouchID(bits: 7), at: Self.now, expiresAt: Self.now, state: .reserved, channel: Channel("voice"),
                purpose: Purpose("marketing"))
        ]
        #expect(try PersonRecord(decoding: record.encoded()) == record)
    }

    @Test("touches out of order are written in order")
    func order() throws {
        var record = PersonRecord(id: PersonID(high: 1, low: 2), createdAt: Self.now)
        for (id, at) in [(1, 30), (2, 10), (3, 20), (4, 10)] as [(UInt64, Int64)] {
            let at = Timestamp(milliseconds: at)
            record.touches.append(
                Touch(id: TouchID(bits: id), at: at, expiresAt: at, state: .reserved, channel: .none, purpose: .none))
        }
        #expect(try PersonRecord(decoding: record.encoded()).touches.map(\.id.bits) == [2, 4, 3, 1])
    }

    @Test("idempotency keys leave with age")
    func idempotency() throws {
        var record = PersonRecord(id: PersonID(high: 1, low: 2), createdAt: Self.now)
        for at in [Self.now - .hours(49), Self.now - .hours(48), Self.now] {
            var touch = Touch(
                id: TouchID(bits: UInt64(at.milliseconds)), at: at, expiresAt: at, state: .reserved, channel: .none,
                purpose: .none)
            touch.idempotency = IdempotencyKey(high: 1, low: 2, fingerprint: 3)
            record.touches.append(touch)
        }
        let kept = try PersonRecord(decoding: record.encoded())
        #expect(kept == record)
        let aged = try PersonRecord(
            decoding: record.encoded(keepingIdempotencyFrom: Self.now - PersonRecord.idempotencyKept))
        #expect(aged.touches.map { $0.idempotency != nil } == [false, true, true])
    }

    @Test("a person with ten touches is small")
    func size() throws {
        var generator = SeededGenerator.announced("size")
        for _ in 0..<200 {
            let ten = RandomRecords.typical(&generator, now: Self.now).encoded().count
            #expect(ten <= 400)
            let optedOut = RandomRecords.typical(&generator, now: Self.now, optOuts: 2).encoded().count
            #expect(optedOut < 500)
        }
        print(
            "bytes of a typical record:", RandomRecords.typical(&generator, now: Self.now).encoded().count,
            "with two opt-outs:", RandomRecords.typical(&generator, now: Self.now, optOuts: 2).encoded().count)
    }
}
