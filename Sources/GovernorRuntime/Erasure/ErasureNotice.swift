import GovernorCore
import GovernorLedger

/// What a node tells the others of an erasure: random ids, and up to when.
struct ErasureNotice: Hashable, Sendable {
    var persons: [PersonID]
    var upTo: Timestamp
    /// Whose ledger is done already.
    var node: NodeID?

    /// Apart from the versions of `Revocation`.
    private static let version: UInt8 = 129

    func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: 32 + 16 * persons.count)
        out.byte(Self.version)
        out.fixed128(high: node?.high ?? 0, low: node?.low ?? 0)
        out.zigzag(upTo.milliseconds)
        out.varint(persons.count)
        for person in persons { out.fixed128(high: person.high, low: person.low) }
        return out.bytes
    }

    /// `nil` for anything else on the board.
    init?(decoding bytes: [UInt8]) {
        guard bytes.first == Self.version else { return nil }
        let read = bytes.withUnsafeBytes { bytes -> ErasureNotice? in
            var input = ByteReader(bytes)
            do throws(DecodeError) {
                _ = try input.byte("a notice")
                let (high, low) = try input.fixed128("a node")
                let upTo = Timestamp(milliseconds: try input.zigzag("an instant"))
                var persons: [PersonID] = []
                for _ in 0..<(try input.count(bytesEach: 16, "persons")) {
                    let (high, low) = try input.fixed128("a person")
                    persons.append(PersonID(high: high, low: low))
                }
                return input.isAtEnd
                    ? ErasureNotice(persons: persons, upTo: upTo, node: NodeID(high: high, low: low)) : nil
            } catch {
                return nil
            }
        }
        guard let read else { return nil }
        self = read
    }

    init(persons: [PersonID], upTo: Timestamp, node: NodeID?) {
        self.persons = persons
        self.upTo = upTo
        self.node = node
    }
}
