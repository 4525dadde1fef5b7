extension CounterRecord {
    public static let formatVersion: UInt8 = 1

    /// The counter in its stored form: version, content, checksum.
    public func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: 64 + 8 * buckets.count)
        out.byte(Self.formatVersion)
        out.counterKey(key)
        out.zigzag(firstUse.milliseconds)
        let outcomes = buckets.outcomes
        out.outcomeTexts(outcomes, names)
        out.varint(buckets.count)
        for bucket in buckets { out.counterBucket(bucket, outcomes) }
        out.fixed32(out.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return out.bytes
    }

    /// Reads what `encoded` wrote.
    /// - Throws: a `DecodeError` for anything else, whatever the bytes.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
        guard bytes.count > 4 else { throw DecodeError(.truncated, at: 0, what: "a counter") }
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
        let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
        guard CRC32C.checksum(content) == stored else {
            throw DecodeError(.invalid, at: bytes.count - 4, what: "a counter's checksum")
        }
        var reader = ByteReader(content)
        let version = try reader.byte("a counter")
        guard version <= Self.formatVersion else { throw DecodeError(.newerVersion(version), at: 0, what: "a counter") }
        guard version >= 1 else { throw reader.invalid("a counter's version") }
        key = try reader.counterKey()
        firstUse = try reader.firstUse()
        let (outcomes, names) = try reader.outcomeTexts()
        self.names = names
        buckets = []
        let count = try reader.count(bytesEach: 4, "a counter's buckets")
        for _ in 0..<count {
            let bucket = try reader.counterBucket(outcomes)
            if let last = buckets.last, last.end > bucket.start { throw reader.invalid("a counter's bucket") }
            buckets.append(bucket)
        }
        guard reader.isAtEnd else { throw reader.invalid("the end of a counter") }
    }
}

extension CounterState {
    func encode(to out: inout ByteWriter) {
        out.counterKey(key)
        out.zigzag(firstUse.milliseconds)
        let outcomes = [bucket].outcomes
        out.outcomeTexts(outcomes, names)
        out.counterBucket(bucket, outcomes)
    }

    init(from reader: inout ByteReader) throws(DecodeError) {
        key = try reader.counterKey()
        firstUse = try reader.firstUse()
        let outcomes: [EventName]
        (outcomes, names) = try reader.outcomeTexts()
        bucket = try reader.counterBucket(outcomes)
    }
}

extension CounterChange {
    /// Everything but the key.
    package func encode(to out: inout ByteWriter, names: NameTable) {
        out.zigzag(at.milliseconds)
        out.zigzag(Int64(attempts))
        out.text(names.text(outcome) ?? "")
        out.text(names.text(outcomeBefore) ?? "")
    }

    package init(from reader: inout ByteReader, key: CounterKey, names: inout NameTable) throws(DecodeError) {
        self.key = key
        at = Timestamp(milliseconds: try reader.zigzag("a counted instant"))
        guard at >= .distantPast, at <= .distantFuture else { throw reader.invalid("a counted instant") }
        let n = try reader.zigzag("counted attempts")
        guard (-1...1).contains(n) else { throw reader.invalid("counted attempts") }
        attempts = Int32(n)
        outcome = names.intern(try reader.text("a counted outcome"))
        outcomeBefore = names.intern(try reader.text("a counted outcome"))
    }
}

extension [CounterBucket] {
    /// Every outcome in them, once.
    fileprivate var outcomes: [EventName] {
        var found: [EventName] = []
        for bucket in self {
            for item in bucket.outcomes where !found.contains(item.outcome) { found.append(item.outcome) }
        }
        return found
    }
}

extension ByteWriter {
    package mutating func counterKey(_ key: CounterKey) {
        byte(key.unit.rawValue)
        text(key.rule)
        text(key.name)
    }

    fileprivate mutating func outcomeTexts(_ outcomes: [EventName], _ names: NameTable) {
        varint(outcomes.count)
        for outcome in outcomes { text(names.text(outcome) ?? "") }
    }

    fileprivate mutating func counterBucket(_ bucket: CounterBucket, _ outcomes: [EventName]) {
        byte(bucket.grain.rawValue)
        zigzag(bucket.start.milliseconds / 60_000)
        varint(Int(bucket.attempts))
        varint(bucket.outcomes.count)
        for item in bucket.outcomes {
            varint(outcomes.firstIndex(of: item.outcome) ?? 0)
            varint(Int(item.count))
        }
    }
}

extension ByteReader {
    package mutating func counterKey() throws(DecodeError) -> CounterKey {
        guard let unit = CounterKey.Unit(rawValue: try byte("a counter's unit")) else {
            throw invalid("a counter's unit")
        }
        return CounterKey(rule: try text("a counter's rule"), unit: unit, name: try text("a counter's name"))
    }

    fileprivate mutating func firstUse() throws(DecodeError) -> Timestamp {
        let instant = Timestamp(milliseconds: try zigzag("a counter's first use"))
        guard instant >= .distantPast, instant <= .distantFuture else { throw invalid("a counter's first use") }
        return instant
    }

    fileprivate mutating func outcomeTexts() throws(DecodeError) -> ([EventName], NameTable) {
        var names = NameTable()
        var outcomes: [EventName] = []
        let count = try self.count(bytesEach: 1, "a counter's outcomes")
        for _ in 0..<count {
            let text = try self.text("a counter's outcome")
            outcomes.append(names.intern(text, as: EventName.self))
        }
        return (outcomes, names)
    }

    fileprivate mutating func counterBucket(_ outcomes: [EventName]) throws(DecodeError) -> CounterBucket {
        guard let grain = CounterBucket.Grain(rawValue: try byte("a counter's bucket")) else {
            throw invalid("a counter's bucket")
        }
        let minutes = try zigzag("a counter's bucket")
        guard minutes > -(1 << 46), minutes < 1 << 46 else { throw invalid("a counter's bucket") }
        let start = Timestamp(milliseconds: minutes * 60_000)
        guard grain.start(of: start) == start else { throw invalid("a counter's bucket") }
        var bucket = CounterBucket(start: start, grain: grain)
        bucket.attempts = UInt32(clamping: try varint("a counter's attempts"))
        let count = try count(bytesEach: 2, "a bucket's outcomes")
        for _ in 0..<count {
            let index = try varint("a bucket's outcome")
            guard index < outcomes.count else { throw invalid("a bucket's outcome") }
            let n = UInt32(clamping: try varint("a bucket's outcome"))
            bucket.outcomes.append(CounterBucket.OutcomeCount(outcome: outcomes[Int(index)], count: n))
        }
        return bucket
    }
}
