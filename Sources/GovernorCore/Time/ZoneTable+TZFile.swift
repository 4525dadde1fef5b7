extension ZoneTable {
    /// Builds the zone from the bytes of a compiled tz database file, version 2 or later.
    ///
    /// Source: RFC 8536, section 3.
    public convenience init(name: String, tzfile: [UInt8]) throws(ZoneError) {
        let file: TZFile
        do throws(TZFile.Failure) {
            file = try TZFile(parsing: tzfile)
        } catch {
            throw ZoneError(zone: name, problem: error.problem)
        }
        self.init(name: name, initialOffset: file.initialOffset, changes: file.changes)
    }
}

/// What a compiled tz database file says, with the footer's rule expanded.
private struct TZFile {
    struct Failure: Error {
        let problem: ZoneError.Problem
    }

    var initialOffset: Int64 = 0
    var changes: [(at: Timestamp, offset: Int64)] = []

    /// Far more than any zone has, and what `ZoneTable` holds together with the expanded years.
    static let transitionsMax = 20_000

    init(parsing bytes: [UInt8]) throws(Failure) {
        var reader = Reader(bytes: bytes)
        let first = try reader.header()
        guard first.version >= UInt8(ascii: "2") else { throw Failure(problem: .versionTooOld) }
        try reader.skip(first.bodyLength(timeSize: 4))
        let header = try reader.header()
        guard header.version == first.version else { throw Failure(problem: .malformed("its two headers differ")) }
        guard header.transitionCount <= TZFile.transitionsMax else { throw Failure(problem: .tooManyTransitions) }
        guard (1...256).contains(header.typeCount) else { throw Failure(problem: .malformed("number of types")) }
        guard header.leapCount == 0 else { throw Failure(problem: .leapSeconds) }
        guard header.nameBytes > 0, [0, header.typeCount].contains(header.utcFlagCount),
            [0, header.typeCount].contains(header.standardFlagCount)
        else { throw Failure(problem: .malformed("counts in the header")) }

        var instants: [Int64] = []
        instants.reserveCapacity(header.transitionCount)
        for _ in 0..<header.transitionCount {
            let seconds = try reader.int64()
            if let last = instants.last, seconds <= last {
                throw Failure(problem: .malformed("transitions out of order"))
            }
            instants.append(seconds)
        }
        var types: [Int] = []
        types.reserveCapacity(header.transitionCount)
        for _ in 0..<header.transitionCount {
            let type = Int(try reader.byte())
            guard type < header.typeCount else { throw Failure(problem: .malformed("a transition's type")) }
            types.append(type)
        }
        var offsets: [Int64] = []
        for _ in 0..<header.typeCount {
            let offset = Int64(try reader.int32())
            // Source: RFC 8536, section 3.2, `utoff`.
            guard offset > -25 * 3_600, offset < 26 * 3_600 else {
                throw Failure(problem: .malformed("an offset of \(offset) s"))
            }
            guard try reader.byte() <= 1 else { throw Failure(problem: .malformed("a daylight saving flag")) }
            guard Int(try reader.byte()) < header.nameBytes else {
                throw Failure(problem: .malformed("a name's index"))
            }
            offsets.append(offset)
        }
        try reader.skip(header.nameBytes + header.standardFlagCount + header.utcFlagCount)
        let footer = try reader.footer()

        initialOffset = offsets[0] * 1_000
        changes.reserveCapacity(instants.count + 360)
        let bounds = Timestamp.distantPast.milliseconds / 1_000...Timestamp.distantFuture.milliseconds / 1_000
        for (seconds, type) in zip(instants, types) {
            let offset = offsets[type] * 1_000
            if seconds <= bounds.lowerBound {
                initialOffset = offset
            } else if seconds < bounds.upperBound {
                changes.append((Timestamp(milliseconds: seconds * 1_000), offset))
            }
        }
        guard !footer.isEmpty else { return }
        guard let rule = PosixRule(parsing: footer) else {
            throw Failure(problem: .malformedRule(String(decoding: footer.prefix(80), as: UTF8.self)))
        }
        try append(rule)
    }

    /// Follows the rule from its first change after the last listed one.
    ///
    /// Until then the last listed offset holds: a compact file leaves out changes that cancel each other, so that the
    /// rule may already say something else. A rule without changes has no such excuse.
    private mutating func append(_ rule: PosixRule) throws(Failure) {
        guard rule.daylight != nil else {
            let offset = Int64(rule.standardOffset) * 1_000
            if changes.isEmpty { initialOffset = offset }
            guard changes.last?.offset ?? offset == offset else {
                throw Failure(problem: .malformed("its rule contradicts its last transition"))
            }
            return
        }
        let lastSeconds = changes.last.map { Int($0.at.milliseconds / 1_000) } ?? -2_208_988_800  // 1900
        let lastYear = LocalDate(days: Int32(clamping: floorDivide(Int64(lastSeconds), by: 86_400))).year
        guard lastYear <= ZoneTable.lastYear else { return }
        // A rule for all the year ends and begins again at the edge, so that both or neither must be kept.
        let edge = Int(LocalDate.days(year: ZoneTable.lastYear + 1, month: 1, day: 1)) * 86_400
        for change in rule.changes(years: (max(lastYear, 1) - 1)...(ZoneTable.lastYear + 1))
        where change.at > lastSeconds && change.at < edge {
            changes.append((Timestamp(milliseconds: Int64(change.at) * 1_000), Int64(change.offset) * 1_000))
        }
    }

    struct Header {
        var version: UInt8
        var utcFlagCount: Int
        var standardFlagCount: Int
        var leapCount: Int
        var transitionCount: Int
        var typeCount: Int
        var nameBytes: Int

        /// The bytes of the block that follows; at most 2^37.
        func bodyLength(timeSize: Int) -> Int {
            transitionCount * (timeSize + 1) + typeCount * 6 + nameBytes + leapCount * (timeSize + 4)
                + standardFlagCount + utcFlagCount
        }
    }

    struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func skip(_ count: Int) throws(Failure) {
            guard count <= bytes.count - position else { throw Failure(problem: .truncated) }
            position += count
        }

        mutating func byte() throws(Failure) -> UInt8 {
            try skip(1)
            return bytes[position - 1]
        }

        mutating func bigEndian(_ size: Int) throws(Failure) -> UInt64 {
            try skip(size)
            var value: UInt64 = 0
            for index in (position - size)..<position { value = value << 8 | UInt64(bytes[index]) }
            return value
        }

        mutating func int64() throws(Failure) -> Int64 { Int64(bitPattern: try bigEndian(8)) }

        mutating func int32() throws(Failure) -> Int32 {
            Int32(bitPattern: UInt32(truncatingIfNeeded: try bigEndian(4)))
        }

        mutating func header() throws(Failure) -> Header {
            guard bytes.count - position >= 4, bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
                throw Failure(problem: .notATZFile)
            }
            try skip(4)
            let version = try byte()
            try skip(15)
            var counts: [Int] = []
            for _ in 0..<6 { counts.append(Int(try bigEndian(4))) }
            return Header(
                version: version, utcFlagCount: counts[0], standardFlagCount: counts[1], leapCount: counts[2],
                transitionCount: counts[3], typeCount: counts[4], nameBytes: counts[5])
        }

        /// What stands between the two line feeds at the end.
        mutating func footer() throws(Failure) -> ArraySlice<UInt8> {
            let newline = UInt8(ascii: "\n")
            guard try byte() == newline else { throw Failure(problem: .malformed("no footer")) }
            guard let end = bytes[position...].firstIndex(of: newline) else { throw Failure(problem: .truncated) }
            guard end == bytes.count - 1 else { throw Failure(problem: .malformed("bytes after the footer")) }
            return bytes[position..<end]
        }
    }
}
