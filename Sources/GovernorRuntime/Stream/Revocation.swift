public import GovernorCore

/// A reservation that was taken back: whose it is, and what it was for, in names that a dialer knows.
public struct RevokedReservation: Hashable, Sendable {
    public var touch: TouchID
    /// As in the reservation's id: the first of its persons.
    public var person: PersonID
    /// Empty for the company itself.
    public var agency = ""
    public var channel = ""
    public var purpose = ""
    public var campaign = ""

    public init(touch: TouchID, person: PersonID) {
        self.touch = touch
        self.person = person
    }

    init(_ touch: Touch, on record: PersonRecord) {
        self.init(touch: touch.id, person: touch.peers.first ?? record.id)
        agency = record.names.text(touch.agency) ?? ""
        channel = record.names.text(touch.channel) ?? ""
        purpose = record.names.text(touch.purpose) ?? ""
        campaign = record.names.text(touch.campaign) ?? ""
    }
}

/// What took reservations back.
public enum RevocationCause: UInt8, Hashable, Sendable, CaseIterable {
    case optOut = 1
    case withdrawal = 2
    case holding = 3
    case event = 4
    case erasure = 5
    case link = 6

    public var name: String {
        switch self {
        case .optOut: "opt_out"
        case .withdrawal: "withdrawal"
        case .holding: "holding"
        case .event: "event"
        case .erasure: "erasure"
        case .link: "link"
        }
    }

    /// `nil` for a fact that takes nothing back.
    init?(_ body: FactBody) {
        switch body {
        case .optOut: self = .optOut
        case .withdrawal: self = .withdrawal
        case .holding: self = .holding
        case .event: self = .event
        case .optIn, .consent, .appointment, .quietTime: return nil
        }
    }
}

/// One event of the stream.
public struct Revocation: Hashable, Sendable {
    public var cause: RevocationCause
    /// When it was put on record.
    public var at: Timestamp
    public var reservations: [RevokedReservation]

    public init(cause: RevocationCause, at: Timestamp, reservations: [RevokedReservation]) {
        self.cause = cause
        self.at = at
        self.reservations = reservations
    }

    /// What a caller may know of it; `nil` when that is nothing. A dialer or agent sees its own agency's reservations.
    public func visible(to caller: Caller) -> Revocation? {
        if caller.role.seesEverything { return self }
        var seen = self
        seen.reservations.removeAll { $0.agency != caller.agency }
        return seen.reservations.isEmpty ? nil : seen
    }

    // MARK: On a notice board

    private static let version: UInt8 = 1
    /// Of one event; more of one fact make several events.
    static let reservationsMax = 256

    func encoded() -> [UInt8] {
        var out = ByteWriter(capacity: 16 + 64 * reservations.count)
        out.byte(Self.version)
        out.byte(cause.rawValue)
        out.zigzag(at.milliseconds)
        out.varint(reservations.count)
        for reservation in reservations {
            out.fixed64(reservation.touch.bits)
            out.fixed128(high: reservation.person.high, low: reservation.person.low)
            for text in [reservation.agency, reservation.channel, reservation.purpose, reservation.campaign] {
                out.text(text)
            }
        }
        return out.bytes
    }

    /// `nil` for what no version of this program has written that this one knows.
    init?(decoding bytes: [UInt8]) {
        let read = bytes.withUnsafeBytes { bytes -> Revocation? in
            var input = ByteReader(bytes)
            do throws(DecodeError) {
                guard try input.byte("a notice") == Self.version,
                    let cause = RevocationCause(rawValue: try input.byte("a cause"))
                else { return nil }
                let at = Timestamp(milliseconds: try input.zigzag("an instant"))
                let count = try input.count(bytesEach: 28, "a list of reservations")
                var reservations: [RevokedReservation] = []
                reservations.reserveCapacity(count)
                for _ in 0..<count {
                    let touch = TouchID(bits: try input.fixed64("a touch"))
                    let (high, low) = try input.fixed128("a person")
                    var reservation = RevokedReservation(touch: touch, person: PersonID(high: high, low: low))
                    reservation.agency = try input.text("an agency")
                    reservation.channel = try input.text("a channel")
                    reservation.purpose = try input.text("a purpose")
                    reservation.campaign = try input.text("a campaign")
                    reservations.append(reservation)
                }
                return input.isAtEnd ? Revocation(cause: cause, at: at, reservations: reservations) : nil
            } catch {
                return nil
            }
        }
        guard let read else { return nil }
        self = read
    }
}
