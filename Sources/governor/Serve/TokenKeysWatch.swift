import AsyncHTTPClient
import Foundation
import GovernorCore
import GovernorRuntime
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization

/// Keeps the identity provider's keys as it publishes them: a file is followed, an address asked again and again, and
/// sooner when a token names a key that is not known. What could not be read leaves the last good keys in force.
final class TokenKeysWatch: Service {
    let ring: TokenRing
    private let settings: TokenSettings
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var stamp: FileStamp?
        var reads: UInt64 = 0
        var failures: UInt64 = 0
        var trouble: String?
        var askedAt: ContinuousClock.Instant?
        var readAt: Timestamp?
    }

    static let look = Duration.milliseconds(500)
    /// Between two questions, however many unknown keys are named.
    static let pauseMin = Duration.seconds(2)
    static let patience = TimeAmount.seconds(5)

    init(ring: TokenRing, settings: TokenSettings, logger: Logger) {
        self.ring = ring
        self.settings = settings
        self.logger = logger
    }

    /// The first reading, so that tokens are known when the first request comes.
    func begin() async {
        let client = Self.makeClient()
        await step(client)
        try? await client.shutdown()
    }

    func run() async throws {
        let client = Self.makeClient()
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.look)
                if !Task.isCancelled { await step(client) }
            }
        }
        try? await client.shutdown()
    }

    /// Goes nowhere else than it is told: a redirection could lead to keys that somebody else may change.
    private static func makeClient() -> HTTPClient {
        HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
    }

    private func step(_ client: HTTPClient) async {
        do {
            let json: [UInt8]
            switch settings.source {
            case .file(let path):
                let stamp = FileStamp(path)
                let isSame = state.withLock { state in
                    defer { state.stamp = stamp }
                    return stamp != nil && state.stamp == stamp
                }
                if isSame { return }
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw TokenKeysFailure("the file \(path) cannot be read")
                }
                json = [UInt8](data)
            case .address(let address):
                guard isDue() else { return }
                json = try await fetch(address, client)
            }
            let keys = try TokenKeySet(json: json)
            let now = SystemWallClock().now()
            ring.install(keys, at: now)
            let wasTrouble = state.withLock { state in
                defer { state.trouble = nil }
                state.reads += 1
                state.readAt = now
                return state.trouble != nil || state.reads == 1
            }
            if wasTrouble {
                logger.notice("the identity provider's keys are read", metadata: ["keys": "\(keys.count)"])
            }
        } catch {
            let why = (error as? TokenKeySetError)?.description ?? "\(error)"
            let isNew = state.withLock { state in
                defer { state.trouble = why }
                state.failures += 1
                return state.trouble != why
            }
            if isNew {
                logger.error("the identity provider's keys stay as they were: \(why)")
            }
        }
    }

    /// After the interval, or as soon as an unknown key was named, but never more often than `pauseMin`.
    private func isDue() -> Bool {
        let now = ContinuousClock.now
        let (askedAt, isFailing) = state.withLock { ($0.askedAt, $0.trouble != nil) }
        if let askedAt {
            let passed = askedAt.duration(to: now)
            if passed < Self.pauseMin { return false }
            let isWanted = ring.takeWish() || isFailing
            if !isWanted && passed < .milliseconds(settings.refresh.count) { return false }
        } else {
            _ = ring.takeWish()
        }
        state.withLock { $0.askedAt = now }
        return true
    }

    private func fetch(_ address: String, _ client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "accept", value: "application/json")
        let response: HTTPClientResponse
        do { response = try await client.execute(request, timeout: Self.patience) } catch {
            throw TokenKeysFailure("\(address) does not answer")
        }
        guard response.status == .ok else {
            throw TokenKeysFailure("\(address) answers \(response.status.code)")
        }
        do {
            return [UInt8](try await response.body.collect(upTo: TokenKeySet.bytesMax).readableBytesView)
        } catch {
            throw TokenKeysFailure("\(address) sends more than \(TokenKeySet.bytesMax) bytes, or stops half-way")
        }
    }

    /// In the Prometheus text format.
    func metrics(at now: Timestamp) -> String {
        let (reads, failures, isStale, readAt) = state.withLock {
            ($0.reads, $0.failures, $0.trouble != nil, $0.readAt)
        }
        let tokens = ring.statistics
        var text = ""
        func family(_ name: String, _ kind: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
        }
        func line(_ name: String, _ kind: String, _ help: String, _ value: some CustomStringConvertible) {
            family(name, kind, help)
            text += "\(name) \(value)\n"
        }
        line("governor_jwks_keys", "gauge", "Keys of the identity provider in force.", tokens.keyCount)
        line("governor_jwks_reads_total", "counter", "Key sets that were read.", reads)
        line("governor_jwks_failures_total", "counter", "Key sets that could not be read.", failures)
        line("governor_jwks_stale", "gauge", "1 while the last good keys are in force.", isStale ? 1 : 0)
        if let readAt {
            line("governor_jwks_age_seconds", "gauge", "Since they were read.", Double((now - readAt).count) / 1_000)
        }
        line("governor_tokens_accepted_total", "counter", "Tokens that were verified.", tokens.acceptedCount)
        family("governor_tokens_refused_total", "counter", "Tokens that let nobody in, by why.")
        for (refusal, count) in tokens.refusedCounts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text += "governor_tokens_refused_total{reason=\"\(refusal.rawValue)\"} \(count)\n"
        }
        return text
    }
}

private struct TokenKeysFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
