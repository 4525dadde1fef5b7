import GovernorCore
import Synchronization

/// The limits of one key in force on this node: what it may ask for, how often, and how much at once.
///
/// All keys of one holder share it, and it outlives a reading of the file that leaves the limits as they were.
public final class CallerBounds: Sendable {
    public let limits: KeyLimits
    private let channels: [Channel]
    private let campaigns: [Campaign]
    private let pace: KeyPace?
    private let open = Atomic<Int>(0)

    public init(_ limits: KeyLimits) {
        self.limits = limits
        channels = limits.channels.map { Channel($0) }
        campaigns = limits.campaigns.map { Campaign($0) }
        pace = limits.requestsPerSecond.map { KeyPace(perSecond: min(max($0, 1), KeyLimits.figureMax)) }
    }

    /// Why a request may not go on now.
    public enum Refusal: Error, Hashable, Sendable {
        /// Too soon after the last ones; to be asked again after as many seconds, at least one.
        case tooFast(seconds: Int)
        /// As many as this are under way.
        case tooMany(Int)
    }

    /// Lets a request in, or says why not.
    /// - Parameter now: nanoseconds of a clock that never steps back.
    /// - Returns: what to hold for as long as the request is under way; `nil` when the key has no bound on those.
    public func admit(at now: Int64) throws(Refusal) -> Lease? {
        var lease: Lease?
        if let most = limits.concurrentMax {
            let before = open.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
            lease = Lease(self)
            if before >= most { throw .tooMany(most) }
        }
        if let wait = pace?.wait(at: now) { throw .tooFast(seconds: Int((wait + 999_999_999) / 1_000_000_000)) }
        return lease
    }

    /// Has the other requests of a batch paid for, which came with one that was let in.
    public func charge(_ count: Int) { pace?.charge(count) }

    /// One request under way, until nobody holds it any longer.
    public final class Lease: Sendable {
        private let bounds: CallerBounds

        fileprivate init(_ bounds: CallerBounds) { self.bounds = bounds }

        deinit { bounds.open.wrappingSubtract(1, ordering: .acquiringAndReleasing) }
    }

    // MARK: What may be asked for

    /// Whether a contact by this channel may be asked for.
    public func mayUse(channel: String) -> Bool { limits.channels.isEmpty || limits.channels.contains(channel) }

    /// What is wrong with a contact under these limits.
    func faults(channel: Channel, campaign: Campaign) -> [FieldError] {
        var errors: [FieldError] = []
        if !channels.isEmpty, !channels.contains(channel) { errors.append(channelFault("$.channel")) }
        if !campaigns.isEmpty, !campaigns.contains(campaign) { errors.append(campaignFault("$.campaign")) }
        return errors
    }

    /// What is wrong with a permission of this scope: it may not open what the key itself may not use.
    func faults(ofPermission scope: FactScope) -> [FieldError] {
        var errors: [FieldError] = []
        if !channels.isEmpty, scope.channels.isAny || !scope.channels.names.allSatisfy({ channels.contains($0) }) {
            errors.append(channelFault("$.scope.channels"))
        }
        if !campaigns.isEmpty, scope.campaigns.isAny || !scope.campaigns.names.allSatisfy({ campaigns.contains($0) }) {
            errors.append(campaignFault("$.scope.campaigns"))
        }
        return errors
    }

    fileprivate static let channelCode = "key.channel"
    fileprivate static let campaignCode = "key.campaign"

    private func channelFault(_ path: String) -> FieldError {
        FieldError(
            path: path, code: Self.channelCode,
            detail: "this key may use \(limits.channels.joined(separator: ", ")) only, and must name what it uses")
    }

    private func campaignFault(_ path: String) -> FieldError {
        FieldError(
            path: path, code: Self.campaignCode,
            detail: "this key may use \(limits.campaigns.prefix(10).joined(separator: ", ")) only, and must name what "
                + "it uses")
    }
}

extension FieldError {
    /// Whether nothing is wrong with the field but that the caller's key may not use it.
    package var isLimitOfKey: Bool { code == CallerBounds.channelCode || code == CallerBounds.campaignCode }
}
