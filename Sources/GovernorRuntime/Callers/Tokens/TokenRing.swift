public import GovernorCore
import Synchronization

/// The callers that come with tokens of the company's identity provider.
///
/// A token is verified once and remembered until it ends, or until the provider's keys change. Whoever fetches those
/// gives them to `install`.
public final class TokenRing: Sendable {
    private struct State {
        var keys = TokenKeySet()
        var remembered: [KeyDigest: Remembered] = [:]
        var onChange: (@Sendable () -> Void)?
        var installedAt: Timestamp?
        /// Rises with every set of keys.
        var generation = 0
    }

    struct Remembered: Sendable {
        var caller: Caller
        var expiresAt: Timestamp
    }

    /// Tokens that are remembered; more are verified again.
    public static let rememberedMax = 10_000
    private let verifier: TokenVerifier
    private let state = Mutex(State())
    private let isWanted = Atomic<Bool>(true)
    private let accepted = Atomic<UInt64>(0)
    private let refused: [TokenRefusal: Counter]

    public init(_ rules: TokenRules) {
        verifier = TokenVerifier(rules: rules)
        refused = Dictionary(uniqueKeysWithValues: TokenRefusal.allCases.map { ($0, Counter()) })
    }

    public var rules: TokenRules { verifier.rules }

    /// Whether a key may be a token: three parts with dots between them, the first a JSON object in base 64.
    static func looksLikeToken(_ key: UnsafeRawBufferPointer) -> Bool {
        key.count > 16 && key[0] == UInt8(ascii: "e") && key[1] == UInt8(ascii: "y")
            && key.contains(UInt8(ascii: "."))
    }

    /// The caller behind a token; `nil` when it lets nobody in.
    func caller(withToken token: UnsafeRawBufferPointer, at now: Timestamp) -> Remembered? {
        if token.count > TokenRules.bytesMax { return refuse(.malformed) }
        let digest = KeyDigest(of: token)
        let (known, keys, generation) = state.withLock { ($0.remembered[digest], $0.keys, $0.generation) }
        if let known { return known.expiresAt > now ? known : refuse(.time) }
        let found: Remembered
        do throws(TokenRefusal) {
            let verified = try verifier.verify(String(decoding: token, as: UTF8.self), with: keys, at: now)
            found = Remembered(caller: verified.caller, expiresAt: verified.expiresAt)
        } catch {
            // The provider may sign with a key that is newer than our set.
            if error == .unknownKey { isWanted.store(true, ordering: .relaxed) }
            return refuse(error)
        }
        accepted.wrappingAdd(1, ordering: .relaxed)
        state.withLock { state in
            // The keys that it was verified with may be gone by now.
            guard state.generation == generation else { return }
            if state.remembered.count >= Self.rememberedMax {
                state.remembered = state.remembered.filter { $0.value.expiresAt > now }
                if state.remembered.count >= Self.rememberedMax { state.remembered.removeAll() }
            }
            state.remembered[digest] = found
        }
        return found
    }

    private func refuse(_ refusal: TokenRefusal) -> Remembered? {
        refused[refusal]?.add(1)
        return nil
    }

    // MARK: The provider's keys

    /// Puts the provider's keys in force; tokens signed with any other are refused from now on.
    public func install(_ keys: TokenKeySet, at now: Timestamp) {
        let onChange = state.withLock { state in
            state.keys = keys
            state.remembered.removeAll()
            state.installedAt = now
            state.generation += 1
            return state.onChange
        }
        onChange?()
    }

    /// Whether a token came that was signed with an unknown key since this was last asked.
    public func takeWish() -> Bool { isWanted.exchange(false, ordering: .relaxed) }

    func onChange(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onChange = body } }

    // MARK: Counting

    public struct Statistics: Hashable, Sendable {
        /// Keys of the provider in force, and since when; `nil`: none were ever there.
        public var keyCount: Int
        public var installedAt: Timestamp?
        /// Tokens verified, not those that were remembered.
        public var acceptedCount: UInt64
        public var refusedCounts: [TokenRefusal: UInt64]
    }

    public var statistics: Statistics {
        let (count, installedAt) = state.withLock { ($0.keys.count, $0.installedAt) }
        return Statistics(
            keyCount: count, installedAt: installedAt, acceptedCount: accepted.load(ordering: .relaxed),
            refusedCounts: refused.mapValues(\.count))
    }
}
