import GovernorCore
import GovernorStore

/// A stored value as a cell of the protocol for several slots, and back.
extension Cell where Content == PlaceContent {
    init(_ value: StoredValue) throws(DecodeError) {
        self.init()
        version = value.version
        let content = PlaceContent(
            forward: value.forward, away: value.away, record: value.record, counter: value.counter)
        self.content = content.isEmpty ? nil : content
        for bytes in value.pending { try add(pending: bytes) }
    }

    private enum Kind {
        static let tentative: UInt8 = 1
        static let mark: UInt8 = 2
    }

    private mutating func add(pending bytes: [UInt8]) throws(DecodeError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(DecodeError) in
            var reader = ByteReader(UnsafeRawBufferPointer(bytes))
            let kind = try reader.byte("what is pending")
            let transaction = TransactionID(bits: try reader.fixed64("a pending transaction"))
            let deadline = Timestamp(milliseconds: try reader.zigzag("a pending transaction's deadline"))
            switch kind {
            case Kind.tentative:
                let anchor = try reader.key("a pending transaction's anchor")
                let flags = try reader.byte("a pending transaction")
                guard flags <= 3 else { throw reader.invalid("a pending transaction") }
                var effect: PlaceContent.Effect?
                if flags & 2 != 0 {
                    effect = PlaceContent.Effect(bytes: [UInt8](try reader.blob("a pending change")))
                    if let effect { _ = try PlaceChange(effect) }
                }
                tentatives.append(
                    Tentative(
                        transaction: transaction, anchor: anchor, deadline: deadline,
                        isAdditive: flags & 1 != 0,
                        effect: effect))
            case Kind.mark:
                let count = try reader.count(bytesEach: 4, "a committed transaction")
                var others: [RecordKey] = []
                for _ in 0..<count { others.append(try reader.key("a committed transaction")) }
                marks.append(CommitMark(transaction: transaction, deadline: deadline, others: others))
            default: throw reader.invalid("what is pending")
            }
            guard reader.isAtEnd else { throw reader.invalid("the end of what is pending") }
        }
    }

    /// The value that holds this cell.
    var stored: StoredValue {
        var value = StoredValue()
        value.version = version
        value.forward = content?.forward
        value.away = content?.away ?? []
        value.record = content?.record
        value.counter = content?.counter
        for tentative in tentatives {
            var out = ByteWriter()
            out.byte(Kind.tentative)
            out.fixed64(tentative.transaction.bits)
            out.zigzag(tentative.deadline.milliseconds)
            out.key(tentative.anchor)
            out.byte((tentative.isAdditive ? 1 : 0) | (tentative.effect == nil ? 0 : 2))
            if let effect = tentative.effect { out.blob(effect.bytes) }
            value.pending.append(out.bytes)
        }
        for mark in marks {
            var out = ByteWriter()
            out.byte(Kind.mark)
            out.fixed64(mark.transaction.bits)
            out.zigzag(mark.deadline.milliseconds)
            out.varint(mark.others.count)
            for key in mark.others { out.key(key) }
            value.pending.append(out.bytes)
        }
        return value
    }
}
