/// What one entry of a store's journal holds: the decision or fact in full, opaque here, and the changes it made.
public struct JournalBody: Hashable, Sendable {
    /// The newest format that this program writes; it reads every earlier one, and writes the earliest that will do.
    public static let formatVersion: UInt8 = 5

    /// Encoded by whoever recorded it, with a version byte of its own; empty when there was nothing to record.
    public var entry: [UInt8]
    /// The instant of the changes, as `PersonRecord.apply` wants it.
    public var changedAt: Timestamp
    public var changes: [RecordChanges]
    /// What was counted, as it stood afterwards.
    public var counters: [CounterState] = []
    /// The texts of the changes' names.
    public var names: NameTable

    public init(
        entry: [UInt8], changedAt: Timestamp, changes: [RecordChanges], counters: [CounterState] = [], names: NameTable
    ) {
        self.entry = entry
        self.changedAt = changedAt
        self.changes = changes
        self.counters = counters
        self.names = names
    }

    public func encoded() -> [UInt8] {
        Self.encoded(entry: entry, changedAt: changedAt, changes: changes, counters: counters) { _ in names }
    }

    /// The same without gathering the names first: `namesOf` gives those of the n-th changes.
    public static func encoded(
        entry: [UInt8], changedAt: Timestamp, changes: [RecordChanges], counters: [CounterState] = [],
        namesOf: (Int) -> NameTable
    ) -> [UInt8] {
        var encoder = RecordEncoder(capacity: 64 + entry.count + 192 * changes.count, names: NameTable())
        let ofChanges = changes.reduce(1) { $1.changes.reduce($0) { max($0, $1.formatNeeded) } }
        let format = counters.isEmpty ? ofChanges : max(3, ofChanges)
        encoder.out.byte(format)
        encoder.out.blob(entry)
        encoder.instant(changedAt, from: Timestamp(milliseconds: 0))
        encoder.changes(changes, format: format, base: changedAt, namesOf: namesOf)
        if format >= 3 {
            encoder.out.varint(counters.count)
            for counter in counters { counter.encode(to: &encoder.out) }
        }
        return encoder.out.bytes
    }

    /// Reads what `encoded` wrote. The journal has a checksum of its own.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var decoder = RecordDecoder(ByteReader(bytes))
        let version = try decoder.input.byte("a journal entry")
        guard version <= Self.formatVersion else {
            throw DecodeError(.newerVersion(version), at: 0, what: "a journal entry")
        }
        guard version >= 1 else { throw DecodeError(.invalid, at: 0, what: "a journal entry") }
        decoder.version = version
        entry = [UInt8](try decoder.input.blob("a journal entry's body"))
        changedAt = try decoder.instant(from: Timestamp(milliseconds: 0), "a journal entry's instant")
        changes = try decoder.changes(base: changedAt)
        names = decoder.names
        if version >= 3 {
            let count = try decoder.input.count(bytesEach: 8, "a list of counters")
            for _ in 0..<count { counters.append(try CounterState(from: &decoder.input)) }
        }
        guard decoder.input.isAtEnd else { throw decoder.input.invalid("the end of a journal entry") }
    }

    public init(decoding bytes: [UInt8]) throws(DecodeError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
            try JournalBody(decoding: UnsafeRawBufferPointer(buffer))
        }
    }
}

extension [RecordChanges] {
    /// The changes alone, with their own table of texts.
    public func encoded(at changedAt: Timestamp, names: NameTable) -> [UInt8] {
        var encoder = RecordEncoder(capacity: 192 * count, names: names)
        encoder.changes(self, format: JournalBody.formatVersion, base: changedAt) { _ in names }
        return encoder.out.bytes
    }

    /// Reads what `encoded(at:names:)` wrote at the same instant, and the texts of its names.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, at changedAt: Timestamp
    ) throws(DecodeError) -> (changes: [RecordChanges], names: NameTable) {
        var decoder = RecordDecoder(ByteReader(bytes))
        decoder.version = JournalBody.formatVersion
        let changes = try decoder.changes(base: changedAt)
        guard decoder.input.isAtEnd else { throw decoder.input.invalid("the end of the changes") }
        return (changes, decoder.names)
    }
}

extension Change {
    /// The first version of the format that can say it.
    fileprivate var formatNeeded: UInt8 {
        switch self {
        case .identifier(let identifier): identifier.source.isNone ? 1 : 2
        case .touch(let touch): touch.isBorrowed ? 4 : touch.isOfVersion2 ? 2 : 1
        case .fact(let fact): fact.isBorrowed ? 4 : fact.hasEvidence ? 2 : 1
        case .merge: 4
        case .forgetTouches(_, let sparing): sparing.isEmpty ? 1 : 2
        case .erase: 5
        }
    }
}

extension Touch {
    /// Says something that version 1 has no place for.
    var isOfVersion2: Bool {
        !source.isNone || !role.isNone || !registryAnswers.isEmpty || isExternalAndNamedByFact
    }
}

/// The first byte of a change.
private enum ChangeTag {
    static let identifier: UInt8 = 1
    static let touch: UInt8 = 2
    static let fact: UInt8 = 3
    static let forgetTouches: UInt8 = 4
    static let merge: UInt8 = 5
    static let erase: UInt8 = 6
}

extension RecordEncoder {
    mutating func changes(
        _ list: [RecordChanges], format: UInt8, base: Timestamp, namesOf: (Int) -> NameTable
    ) {
        out.varint(list.count)
        for (i, item) in list.enumerated() {
            names = namesOf(i)
            person(item.person)
            out.varint(item.changes.count << 1 | (item.isNew ? 1 : 0))
            for change in item.changes {
                switch change {
                case .identifier(let identifier):
                    out.byte(ChangeTag.identifier)
                    self.identifier(identifier, base: base)
                case .touch(let touch):
                    out.byte(ChangeTag.touch)
                    instant(touch.at, from: base)
                    self.touch(touch, keepsIdempotency: true)
                case .fact(let fact):
                    out.byte(ChangeTag.fact)
                    instant(fact.at, from: base)
                    self.fact(fact)
                case .merge(let merge):
                    out.byte(ChangeTag.merge)
                    self.merge(merge, base: base)
                case .forgetTouches(let before, let sparing):
                    out.byte(ChangeTag.forgetTouches)
                    instant(before, from: base)
                    if format >= 2 { self.names(sparing) }
                case .erase(let instant):
                    out.byte(ChangeTag.erase)
                    self.instant(instant, from: base)
                }
            }
        }
    }
}

extension RecordDecoder {
    mutating func changes(base: Timestamp) throws(DecodeError) -> [RecordChanges] {
        let count = try input.count(bytesEach: 17, "a list of changes")
        var list: [RecordChanges] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let id = try person("a person's id")
            let head = try input.varint("a number of changes")
            guard head >> 1 <= UInt64(input.remaining) else { throw input.truncated("a number of changes") }
            var item = RecordChanges(person: id, isNew: head & 1 != 0, changes: [])
            for _ in 0..<Int(head >> 1) {
                switch try input.byte("a change") {
                case ChangeTag.identifier: item.changes.append(.identifier(try identifier(base: base)))
                case ChangeTag.touch:
                    let at = try instant(from: base, "a touch's instant")
                    item.changes.append(.touch(try touch(at: at)))
                case ChangeTag.fact:
                    let at = try instant(from: base, "a fact's instant")
                    item.changes.append(.fact(try fact(at: at)))
                case ChangeTag.merge where version >= 4: item.changes.append(.merge(try merge(base: base)))
                case ChangeTag.forgetTouches:
                    let before = try instant(from: base, "an instant to forget before")
                    item.changes.append(
                        .forgetTouches(before: before, sparing: version >= 2 ? try names("outcomes to spare") : []))
                case ChangeTag.erase where version >= 5:
                    item.changes.append(.erase(upTo: try instant(from: base, "an instant to erase up to")))
                default: throw input.invalid("a change")
                }
            }
            list.append(item)
        }
        return list
    }
}
