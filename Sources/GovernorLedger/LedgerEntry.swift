public import GovernorCore

/// What a ledger record is about. The number is stored and hashed, so it never changes its meaning.
public enum LedgerKind: UInt8, Sendable, CaseIterable {
    /// A decision: allow or deny, reserved or only asked.
    case decision = 1
    /// A reservation was confirmed, reported, released or has expired.
    case reservationChange = 2
    /// An opt-out, opt-in, consent, withdrawal, holding, touch or event.
    case fact = 3
    /// Identifiers were found to belong together, or were marked.
    case link = 4
    /// Counts that stand for decisions which were not recorded one by one.
    case summary = 5
    /// A policy revision came into force.
    case policy = 6
    /// A caller's key was made, changed or revoked.
    case key = 7
    /// The contents of earlier records were erased; the body names them.
    case erased = 8
    /// A signature over the head of the chain.
    case checkpoint = 9
    case other = 255
}

/// What a caller puts on record.
public struct LedgerEntry: Hashable, Sendable {
    public var kind: LedgerKind
    /// When it happened, by the caller's clock. Not necessarily in the order of the records.
    public var at: Timestamp
    /// Whom it concerns, at most 255, usually one. Erased together with the body.
    public var persons: [PersonID]
    /// Opaque to the ledger; begins with a version byte of the caller's. Holds no clear identifier.
    public var body: [UInt8]

    public init(kind: LedgerKind, at: Timestamp, persons: [PersonID] = [], body: [UInt8]) {
        self.kind = kind
        self.at = at
        self.persons = persons
        self.body = body
    }
}

/// The place of a record in the ledger: 1 for the first, one more for each record after it, without gaps.
public struct LedgerTicket: Hashable, Comparable, Sendable {
    public let sequence: UInt64

    @inlinable public init(sequence: UInt64) { self.sequence = sequence }

    @inlinable public static func < (a: LedgerTicket, b: LedgerTicket) -> Bool { a.sequence < b.sequence }
}

/// The random 128-bit name of the node that writes a ledger; part of the chain, so that two nodes' chains never mix.
public struct NodeID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A fresh one from the system's generator.
    public static func random() -> NodeID {
        NodeID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }
}

/// What a ledger's bodies depend on; another value at opening is refused, because old and new records would not match.
public struct LedgerIdentity: Hashable, Sendable {
    /// A one-way fingerprint of the identifier secret, at most 64 bytes.
    public var secretFingerprint: [UInt8]
    /// The version of the rules that turn an identifier into its canonical form.
    public var normaliserVersion: UInt32

    public init(secretFingerprint: [UInt8], normaliserVersion: UInt32) {
        self.secretFingerprint = secretFingerprint
        self.normaliserVersion = normaliserVersion
    }
}

/// The newest record that is on disk, and the hash that vouches for everything up to it: what a checkpoint signs.
public struct LedgerHead: Hashable, Sendable {
    /// 0 while the ledger is empty.
    public var sequence: UInt64
    public var hash: LedgerHash

    public init(sequence: UInt64, hash: LedgerHash) {
        self.sequence = sequence
        self.hash = hash
    }
}

extension LedgerHead: CustomStringConvertible {
    /// `NUMBER:HASH`.
    public var description: String { "\(sequence):\(hash)" }

    /// Reads `NUMBER:HASH`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[0]), let hash = LedgerHash(hexadecimal: parts[1]) else {
            return nil
        }
        self.init(sequence: sequence, hash: hash)
    }
}

extension NodeID: CustomStringConvertible {
    /// Thirty-two lower-case hexadecimal digits.
    public var description: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}
