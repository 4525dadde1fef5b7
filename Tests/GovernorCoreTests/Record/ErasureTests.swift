import GovernorCore
import GovernorTesting
import Testing

@Suite("What an erasure leaves")
struct ErasureRecordTests {
    static let now = Timestamp(milliseconds: 1_795_000_000_000)
    static let none = PolicySet(rules: [])

    /// What stays of random records, applied, is bare, comes back from its stored form, and applied again changes nothing.
    @Test func ofRandomRecords() throws {
        var random = RandomRecords(SeededGenerator.announced("erasures of records"), now: Self.now)
        for _ in 0..<200 {
            let records = (0..<Int.random(in: 1...3, using: &random.generator)).map { _ in
                writtenDownByAClock(random.record())
            }
            let erasure = Erasure(of: records, under: Self.none, at: Self.now)
            let changes = erasure.changes(of: records, elsewhere: records.map { _ in [] })
            for (record, list) in zip(records, changes) {
                var erased = record
                for change in list { erased.apply(change, names: record.names, at: erasure.at) }
                #expect(erased.touches.isEmpty && erased.merges.isEmpty && erased.erasedAt == erasure.at)
                #expect(
                    erased.facts.allSatisfy { fact in
                        switch fact.body {
                        case .optOut, .event: !fact.hasEvidence
                        default: false
                        }
                    })
                let known = Set(record.identifiers.map(\.hash))
                #expect(
                    erased.identifiers.allSatisfy {
                        known.contains($0.hash) && $0.zones.isEmpty && $0.labels.isEmpty && $0.lineType == .unknown
                    })
                let bytes = erased.encoded()
                #expect(bytes.first == 4)
                let read = try PersonRecord(decoding: bytes)
                #expect(read.erasedAt == erased.erasedAt && read.facts == erased.facts)
                #expect(read.encoded() == bytes)
                var again = erased
                for change in list { again.apply(change, names: record.names, at: erasure.at) }
                #expect(again.encoded() == bytes)
                // On its way through the journal, too.
                let body = JournalBody(
                    entry: [], changedAt: erasure.at,
                    changes: [RecordChanges(person: record.id, isNew: false, changes: list)], names: record.names)
                #expect(body.encoded().first == 5)
                #expect(try JournalBody(decoding: body.encoded()).changes == body.changes)
            }
        }
    }

    /// The record with the instants of its writing down as the governor's own clock gives them.
    private func writtenDownByAClock(_ record: PersonRecord) -> PersonRecord {
        var record = record
        func clocked(_ instant: Timestamp) -> Timestamp { min(max(instant, Self.now - .days(800)), Self.now) }
        for i in record.identifiers.indices { record.identifiers[i].addedAt = clocked(record.identifiers[i].addedAt) }
        for i in record.touches.indices { record.touches[i].recordedAt = clocked(record.touches[i].recordedAt) }
        for i in record.facts.indices { record.facts[i].receivedAt = clocked(record.facts[i].receivedAt) }
        for i in record.merges.indices { record.merges[i].at = clocked(record.merges[i].at) }
        return record
    }

    private static func optOut(_ reach: Reach, _ endpoints: [IdentifierHash], at minute: Int64) -> Fact {
        let at = now - .minutes(minute)
        return Fact(
            id: FactID(UInt64(minute)), at: at, receivedAt: at, body: .optOut(reach: reach, endpoints: endpoints))
    }

    private static func optIn(_ reach: Reach, _ endpoints: [IdentifierHash], at minute: Int64) -> Fact {
        let at = now - .minutes(minute)
        return Fact(
            id: FactID(UInt64(minute)), at: at, receivedAt: at, body: .optIn(reach: reach, endpoints: endpoints))
    }

    private static let phone = IdentifierHash(high: 1, low: 1)
    private static let email = IdentifierHash(high: 2, low: 2)

    /// Facts, outcomes of touches, and how many facts and identifiers of two stay.
    static let rows: [(facts: [Fact], outcome: EventName, stays: Int, identifiers: Int, why: String)] = [
        ([], .none, 0, 0, "nothing said no"),
        ([optOut(.person, [], at: 9)], .none, 1, 2, "an opt-out of the person keeps every hash that it binds"),
        ([optOut(.endpoint, [email], at: 9)], .none, 1, 1, "one of an address keeps that address"),
        ([optOut(.endpoint, [], at: 9)], .none, 1, 2, "one that names no address may mean any"),
        ([optOut(.person, [], at: 9), optIn(.person, [], at: 5)], .none, 0, 0, "lifted by a later yes"),
        ([optOut(.person, [], at: 5), optIn(.person, [], at: 9)], .none, 1, 2, "not by an earlier one"),
        ([optOut(.person, [], at: 9), optIn(.person, [], at: 9)], .none, 1, 2, "a tie goes to the no"),
        (
            [optOut(.person, [], at: 9), optIn(.endpoint, [email], at: 5)], .none, 1, 2,
            "a yes to one address is not all"
        ),
        (
            [optOut(.endpoint, [email], at: 9), optIn(.endpoint, [email], at: 5)], .none, 0, 0,
            "a yes to that address is"
        ),
        ([], "complaint", 1, 2, "a complaint that came as an outcome"),
        ([], "refused", 1, 2, "a refusal that came as an outcome"),
        ([], "no_answer", 0, 0, "what says nothing"),
    ]

    @Test(arguments: rows)
    func staysAsLongAsItForbids(
        row: (facts: [Fact], outcome: EventName, stays: Int, identifiers: Int, why: String)
    ) {
        var record = PersonRecord(id: PersonID(high: 7, low: 7), createdAt: Self.now - .days(3))
        for (hash, kind) in [(Self.phone, IdentifierKind.phone), (Self.email, .email)] {
            let known = KnownIdentifier(hash: hash, kind: kind, addedAt: Self.now - .days(3))
            record.apply(.identifier(known), names: NameTable(), at: Self.now)
        }
        for fact in row.facts { record.apply(.fact(fact), names: NameTable(), at: Self.now) }
        if !row.outcome.isNone {
            var touch = Touch(
                id: TouchID(bits: 9), at: Self.now - .days(1), expiresAt: Self.now, state: .reported, channel: "voice",
                purpose: "marketing")
            touch.outcome = row.outcome
            touch.outcomeAt = Self.now - .days(1)
            record.apply(.touch(touch), names: NameTable(), at: Self.now)
        }
        let erasure = Erasure(of: [record], under: Self.none, at: Self.now)
        let changes = erasure.changes(of: [record], elsewhere: [[]])[0]
        for change in changes { record.apply(change, names: record.names, at: Self.now) }
        #expect(record.facts.count == row.stays, "\(row.why)")
        #expect(record.identifiers.count == row.identifiers, "\(row.why)")
        #expect(record.isVacant == (row.stays == 0), "\(row.why)")
    }
}
