public import GovernorCore
import Synchronization

/// The policy set in force; a reload swaps it whole.
public final class PolicyHolder: Sendable {
    private let state: Mutex<PolicySet>

    public init(_ policies: PolicySet) { state = Mutex(policies) }

    public var current: PolicySet { state.withLock { $0 } }
    public func swap(in policies: PolicySet) { state.withLock { $0 = policies } }
}
