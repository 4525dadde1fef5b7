extension PersonRecord {
    /// The newest format that this program writes; it reads every earlier one, and writes the earliest that will do.
    public static let formatVersion: UInt8 = 4

    private var formatNeeded: UInt8 {
        if erasedAt != nil { return 4 }
        if !merges.isEmpty { return 3 }
        var needed: UInt8 = spared.isEmpty ? 1 : 2
        for i in identifiers.indices where !identifiers[i].source.isNone { needed = 2 }
        for i in touches.indices {
            if touches[i].isBorrowed { return 3 }
            if touches[i].isOfVersion2 { needed = 2 }
        }
        for i in facts.indices {
            if facts[i].isBorrowed { return 3 }
            if facts[i].hasEvidence { needed = 2 }
        }
        return needed
    }

    /// Idempotency keys of touches recorded longer ago than this need not be kept: twice the promised day.
    public static let idempotencyKept = Milliseconds.hours(48)

    /// The record in its stored form: format version, content, checksum. See `docs/record-format.md`.
    ///
    /// Names that nothing in the record uses any more are left out. Idempotency keys of touches recorded before
    /// `keepingIdempotencyFrom` are left out too; without it, all are kept.
    public func encoded(keepingIdempotencyFrom oldest: Timestamp? = nil) -> [UInt8] {
        var encoder = RecordEncoder(capacity: 128 + 32 * touches.count + 48 * facts.count, names: names)
        encoder.identifiers = identifiers
        let format = formatNeeded
        encoder.out.byte(format)
        encoder.person(id)
        encoder.out.fixed64(version)
        encoder.instant(createdAt, from: Timestamp(milliseconds: 0))
        encoder.instant(historyFrom, from: createdAt)
        if format >= 2 { encoder.spared(spared, base: createdAt) }

        encoder.out.varint(identifiers.count)
        for identifier in identifiers { encoder.identifier(identifier, base: createdAt) }

        let touches = self.touches.ascending(by: \.at)
        encoder.out.varint(touches.count)
        var before: Timestamp?
        // In place: a touch is large to copy.
        touches.withUnsafeBufferPointer { touches in
            for i in touches.indices {
                let at = touches[i].at
                if let before { encoder.later(at, than: before) } else { encoder.instant(at, from: createdAt) }
                before = at
                encoder.touch(touches[i], keepsIdempotency: oldest.map { touches[i].recordedAt >= $0 } ?? true)
            }
        }

        encoder.out.varint(facts.count)
        before = nil
        for fact in facts.ascending(by: \.at) {
            if let before { encoder.later(fact.at, than: before) } else { encoder.instant(fact.at, from: createdAt) }
            before = fact.at
            encoder.fact(fact)
        }
        encoder.instant(lastDecisionAt, from: touches.last?.at ?? createdAt)
        if format >= 3 {
            encoder.out.varint(merges.count)
            for merge in merges { encoder.merge(merge, base: createdAt) }
        }
        if let erasedAt { encoder.instant(erasedAt, from: createdAt) }
        encoder.out.fixed32(encoder.out.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return encoder.out.bytes
    }

    /// Reads what `encoded` wrote, in this version or an earlier one.
    ///
    /// - Throws: a `DecodeError` for anything else, whatever the bytes: cut off, damaged, or from a newer program.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        guard bytes.count >= 5 else { throw DecodeError(.truncated, at: bytes.count, what: "a person's record") }
        let version = bytes[0]
        guard version >= 1 else { throw DecodeError(.invalid, at: 0, what: "a person's record") }
        guard version <= Self.formatVersion else {
            throw DecodeError(.newerVersion(version), at: 0, what: "a person's record")
        }
        let end = bytes.count - 4
        let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self))
        guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<end])) == stored else {
            throw DecodeError(.damaged, at: end, what: "a person's record")
        }
        try self.init(decodingContent: ByteReader(bytes, count: end))
    }

    public init(decoding bytes: [UInt8]) throws(DecodeError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(DecodeError) in
            try PersonRecord(decoding: UnsafeRawBufferPointer(buffer))
        }
    }

    /// Everything between the checks of `init(decoding:)`: apart, so that a fuzzer gets past the checksum.
    package init(decodingContent input: ByteReader) throws(DecodeError) {
        var decoder = RecordDecoder(input)
        decoder.version = try decoder.input.byte("a record's version")
        self.init(id: try decoder.person("a person's id"), createdAt: .distantPast)
        version = try decoder.input.fixed64("a record's version token")
        createdAt = try decoder.instant(from: Timestamp(milliseconds: 0), "a record's creation")
        historyFrom = try decoder.instant(from: createdAt, "the start of a record's history")
        if decoder.version >= 2 { spared = try decoder.spared(base: createdAt) }

        let identifierCount = try decoder.input.count(bytesEach: 17, "the identifiers")
        identifiers.reserveCapacity(identifierCount)
        for _ in 0..<identifierCount { identifiers.append(try decoder.identifier(base: createdAt)) }
        decoder.identifiers = identifiers

        let touchCount = try decoder.input.count(bytesEach: 10, "the touches")
        touches.reserveCapacity(touchCount)
        var before: Timestamp?
        for _ in 0..<touchCount {
            let at: Timestamp
            if let before {
                at = try decoder.later(than: before, "a touch's instant")
            } else {
                at = try decoder.instant(from: createdAt, "a touch's instant")
            }
            before = at
            touches.append(try decoder.touch(at: at))
        }

        let factCount = try decoder.input.count(bytesEach: 19, "the facts")
        facts.reserveCapacity(factCount)
        before = nil
        for _ in 0..<factCount {
            let at: Timestamp
            if let before {
                at = try decoder.later(than: before, "a fact's instant")
            } else {
                at = try decoder.instant(from: createdAt, "a fact's instant")
            }
            before = at
            facts.append(try decoder.fact(at: at))
        }
        lastDecisionAt = try decoder.instant(from: touches.last?.at ?? createdAt, "a record's last decision")
        if decoder.version >= 3 {
            let mergeCount = try decoder.input.count(bytesEach: 20, "the merges")
            for _ in 0..<mergeCount { merges.append(try decoder.merge(base: createdAt)) }
        }
        if decoder.version >= 4 { erasedAt = try decoder.instant(from: createdAt, "an erasure") }
        guard decoder.input.isAtEnd else { throw decoder.input.invalid("the end of a record") }
        names = decoder.names
    }
}

extension Array {
    /// The array itself when it is in order, which costs one pass; else a stably sorted copy.
    func ascending(by key: (Element) -> Timestamp) -> [Element] {
        for i in indices.dropFirst() where key(self[i]) < key(self[i - 1]) {
            return enumerated().sorted {
                (key($0.element), $0.offset) < (key($1.element), $1.offset)
            }.map(\.element)
        }
        return self
    }
}
