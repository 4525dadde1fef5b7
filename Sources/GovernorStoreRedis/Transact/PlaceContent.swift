import GovernorCore
public import GovernorStore

/// What a key holds besides what is under way there, as the protocol for several slots sees it.
struct PlaceContent: CellContent {
    typealias Key = RecordKey

    var forward: RecordKey?
    var away: [IdentifierHash] = []
    var record: PersonRecord?
    var counter: CounterRecord?

    /// A change of one key's content in its stored form, so that what was written equals what is read back.
    struct Effect: Hashable, Sendable {
        let bytes: [UInt8]
    }

    static func applying(_ effect: Effect, to content: PlaceContent?) -> PlaceContent? {
        // Written by `PlaceChange` or checked when it was read.
        guard let change = try? PlaceChange(effect) else { return content }
        return change.applied(to: content)
    }

    var isEmpty: Bool { forward == nil && away.isEmpty && record == nil && counter == nil }
}

extension RecordKey: Comparable {
    /// Identifiers before persons before counters, each by their bytes.
    public static func < (a: RecordKey, b: RecordKey) -> Bool {
        switch (a, b) {
        case (.identifier(let a), .identifier(let b)): a < b
        case (.person(let a), .person(let b)): a < b
        case (.counter(let a), .counter(let b)): a < b
        case (.identifier, _), (.person, .counter): true
        case (.person, _), (.counter, _): false
        }
    }
}

/// What one transaction does to one key: to where it leads, and to the record there.
struct PlaceChange {
    enum Forward: Hashable {
        case unchanged
        case set(RecordKey?)
    }

    var forward = Forward.unchanged
    var awayAdded: [IdentifierHash] = []
    var awayRemoved: [IdentifierHash] = []
    /// The instant at which a new record begins.
    var createdAt: Timestamp?
    /// At most one person's.
    var changes: RecordChanges?
    /// The record moves to another key: it was erased, and its own key was an identifier's.
    var recordGoes = false
    /// Of a counter's key.
    var counterChanges: [CounterChange] = []
    var changedAt = Timestamp.distantPast
    var names = NameTable()

    /// What leads from one value to the next, by the changes of `set`.
    init(of place: RecordKey, from before: StoredValue, to after: StoredValue, by set: RecordSet) {
        if case .counter(let key) = place {
            counterChanges = set.counterChanges.filter { $0.key == key }
            changedAt = set.changedAt
            names = set.counterNames
            return
        }
        if before.forward != after.forward { forward = .set(after.forward) }
        awayAdded = after.away.filter { !before.away.contains($0) }
        awayRemoved = before.away.filter { !after.away.contains($0) }
        guard let record = after.record else {
            recordGoes = before.record != nil
            return
        }
        changes = set.changes.first { $0.person == record.id }
        if changes == nil { return }
        if before.record == nil {
            createdAt = record.createdAt
            // It comes from another key with all that is on it.
            if changes?.isNew == false {
                changes?.changes = record.restated(homes: Set(record.identifiers.map(\.hash)))
            }
        }
        changedAt = set.changedAt
        names = record.names
    }

    /// New touches on a record that was there, and nothing else: they only count against the person.
    func isAdditive(on before: StoredValue) -> Bool {
        if !counterChanges.isEmpty { return counterChanges.allSatisfy { $0.attempts == 1 && $0.outcome.isNone } }
        guard forward == .unchanged, awayAdded.isEmpty, awayRemoved.isEmpty, let record = before.record,
            let changes, !changes.isNew
        else { return false }
        return changes.changes.allSatisfy { change in
            if case .touch(let touch) = change {
                !record.touches.contains { $0.id == touch.id }
            } else {
                false
            }
        }
    }

    func applied(to content: PlaceContent?) -> PlaceContent? {
        var result = content ?? PlaceContent()
        if case .set(let place) = forward { result.forward = place }
        for hash in awayAdded where !result.away.contains(hash) { result.away.append(hash) }
        result.away.removeAll { awayRemoved.contains($0) }
        for change in counterChanges {
            var counter = result.counter ?? CounterRecord(key: change.key)
            counter.apply(change, names: names, at: changedAt)
            result.counter = counter
        }
        if recordGoes { result.record = nil }
        if let changes {
            if result.record?.id != changes.person {
                result.record = PersonRecord(id: changes.person, createdAt: createdAt ?? changedAt)
            }
            for change in changes.changes { result.record?.apply(change, names: names, at: changedAt) }
        }
        return result.isEmpty ? nil : result
    }
}

extension PlaceChange {
    var effect: PlaceContent.Effect {
        var out = ByteWriter()
        switch forward {
        case .unchanged: out.byte(0)
        case .set(nil): out.byte(1)
        case .set(let place?):
            out.byte(2)
            out.key(place)
        }
        for list in [awayAdded, awayRemoved] {
            out.varint(list.count)
            for hash in list { out.fixed128(high: hash.high, low: hash.low) }
        }
        if let key = counterChanges.first?.key {
            out.byte(3)
            out.counterKey(key)
            out.zigzag(changedAt.milliseconds)
            out.varint(counterChanges.count)
            for change in counterChanges { change.encode(to: &out, names: names) }
            return PlaceContent.Effect(bytes: out.bytes)
        }
        guard let changes else {
            out.byte(recordGoes ? 4 : 0)
            return PlaceContent.Effect(bytes: out.bytes)
        }
        out.byte(createdAt == nil ? 1 : 2)
        if let createdAt { out.zigzag(createdAt.milliseconds) }
        out.zigzag(changedAt.milliseconds)
        out.blob([changes].encoded(at: changedAt, names: names))
        return PlaceContent.Effect(bytes: out.bytes)
    }

    init(_ effect: PlaceContent.Effect) throws(DecodeError) {
        self = try effect.bytes.withUnsafeBufferPointer { (bytes) throws(DecodeError) in
            try PlaceChange(decoding: UnsafeRawBufferPointer(bytes))
        }
    }

    private init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        var reader = ByteReader(bytes)
        switch try reader.byte("a pending change") {
        case 0: forward = .unchanged
        case 1: forward = .set(nil)
        case 2: forward = .set(try reader.key("a pending forwarder"))
        default: throw reader.invalid("a pending change")
        }
        for isAdded in [true, false] {
            let count = try reader.count(bytesEach: 16, "the identifiers away")
            for _ in 0..<count {
                let (high, low) = try reader.fixed128("the identifiers away")
                let hash = IdentifierHash(high: high, low: low)
                if isAdded { awayAdded.append(hash) } else { awayRemoved.append(hash) }
            }
        }
        switch try reader.byte("a pending change") {
        case 0: break
        case 4: recordGoes = true
        case let kind where kind <= 2:
            if kind == 2 { createdAt = Timestamp(milliseconds: try reader.zigzag("a pending record")) }
            changedAt = Timestamp(milliseconds: try reader.zigzag("a pending change"))
            let (list, names) = try [RecordChanges].decode(
                try reader.blob("the pending changes"), at: changedAt)
            guard list.count == 1 else { throw reader.invalid("the pending changes") }
            changes = list[0]
            self.names = names
        case 3:
            let key = try reader.counterKey()
            changedAt = Timestamp(milliseconds: try reader.zigzag("a pending change"))
            let count = try reader.count(bytesEach: 4, "the pending changes")
            for _ in 0..<count {
                counterChanges.append(try CounterChange(from: &reader, key: key, names: &names))
            }
        default: throw reader.invalid("a pending change")
        }
        guard reader.isAtEnd else { throw reader.invalid("the end of a pending change") }
    }
}

extension ByteWriter {
    /// Byte 1 and an identifier's hash, byte 2 and a person's id, or byte 3 and a counter's key.
    mutating func key(_ key: RecordKey) {
        switch key {
        case .identifier(let hash):
            byte(1)
            fixed128(high: hash.high, low: hash.low)
        case .person(let id):
            byte(2)
            fixed128(high: id.high, low: id.low)
        case .counter(let key):
            byte(3)
            counterKey(key)
        }
    }
}

extension ByteReader {
    mutating func key(_ what: String) throws(DecodeError) -> RecordKey {
        let kind = try byte(what)
        if kind == 3 { return .counter(try counterKey()) }
        let (high, low) = try fixed128(what)
        switch kind {
        case 1: return .identifier(IdentifierHash(high: high, low: low))
        case 2: return .person(PersonID(high: high, low: low))
        default: throw invalid(what)
        }
    }
}
