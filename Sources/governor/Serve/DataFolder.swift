import Foundation
import Glibc
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorRuntime
import GovernorStore
import GovernorStoreEmbedded
import GovernorStoreRedis
import Logging

/// The data folder of an installation, its secret and its ledger, opened by one process at a time; and its people, in it
/// or in Redis.
struct DataFolder {
    /// The one place that knows which store it is.
    enum People {
        case embedded(EmbeddedStore)
        case redis(RedisStore, RedisAddress)
    }

    let hasher: IdentifierHasher
    let ledger: Ledger
    let people: People

    /// Another process owns the folder.
    struct InUse: Error {
        let description: String
    }

    /// Opens what is there, or begins it.
    /// - Throws: `InUse`, or `CommandFailure`.
    init(
        data: String, store location: StoreLocation, secret: String?, sync: JournalSync = .facts, logger: Logger
    ) throws {
        try Self.make(data)
        if let directory = location.directory, directory != data { try Self.make(directory) }
        let hasher = try Self.hasher(data: data, secret: secret)
        let fingerprint = Self.bytes(of: hasher)
        let ledger: Ledger
        do throws(LedgerError) {
            ledger = try Ledger(
                dataDirectory: data,
                identity: LedgerIdentity(
                    secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion))
        } catch {
            if case .locked = error { throw InUse(description: error.description) }
            if case .mismatch(let file, let what) = error {
                throw CommandFailure(
                    "`\(file)` was written with \(what): start with what it was written with (the secret is in "
                        + "GOVERNOR_SECRET or \(data)/secret), or choose another folder with --data")
            }
            throw CommandFailure(error.description)
        }
        do {
            switch location {
            case .embedded(let directory):
                people = .embedded(try Self.embedded(directory, ledger, fingerprint, logger))
            case .redis(let address):
                people = .redis(
                    try Self.redis(address, ledger, try Self.node(data), fingerprint, sync, logger), address)
            }
        } catch {
            ledger.close()
            throw error
        }
        self.hasher = hasher
        self.ledger = ledger
    }

    /// The fingerprint of the secret as files keep it.
    static func bytes(of hasher: IdentifierHasher) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [hasher.fingerprint.high, hasher.fingerprint.low] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func embedded(
        _ directory: String, _ ledger: Ledger, _ fingerprint: [UInt8], _ logger: Logger
    ) throws -> EmbeddedStore {
        do throws(EmbeddedStoreError) {
            let store = try EmbeddedStore(
                directory: directory, ledger: ledger,
                configuration: EmbeddedConfiguration(
                    secretFingerprint: fingerprint, normaliserVersion: IdentifierHasher.normaliserVersion)
            ) { done, total in
                logger.info("replaying the ledger", metadata: ["records": "\(done)", "of": "\(total)"])
            }
            if let notice = store.openingNotice { logger.notice("\(notice)") }
            return store
        } catch {
            if case .locked = error { throw InUse(description: error.description) }
            throw CommandFailure(error.description)
        }
    }

    private static func redis(
        _ address: RedisAddress, _ ledger: Ledger, _ node: String, _ fingerprint: [UInt8], _ sync: JournalSync,
        _ logger: Logger
    ) throws(CommandFailure) -> RedisStore {
        let clock = SystemWallClock()
        do throws(RedisStoreError) {
            return try RedisStore(
                RedisConfiguration(
                    address: address, secretFingerprint: fingerprint,
                    normaliserVersion: IdentifierHasher.normaliserVersion),
                journal: LedgerJournal(ledger: ledger, node: node), sync: sync, now: { clock.now() }, logger: logger)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    /// What Redis knows this folder's ledger by: made once, from the machine's name and a random number.
    private static func node(_ data: String) throws(CommandFailure) -> String {
        let path = data + "/node"
        if let contents = FileManager.default.contents(atPath: path) {
            let name = String(decoding: contents, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if !name.isEmpty { return name }
        }
        var host = [CChar](repeating: 0, count: 65)
        gethostname(&host, 64)
        let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = "\(String(decoding: bytes, as: UTF8.self))-\(hexadecimal(UInt64.random(in: .min ... .max)))"
        do { try (name + "\n").write(toFile: path, atomically: true, encoding: .utf8) } catch {
            throw CommandFailure("the file \(path) cannot be written; change the folder's permissions")
        }
        return name
    }

    var store: any ContactStore {
        switch people {
        case .embedded(let store): store
        case .redis(let store, _): store
        }
    }

    /// Where nodes tell each other what just happened; `nil` for a node that is alone.
    var notices: (any NoticeBoard)? {
        switch people {
        case .embedded: nil
        case .redis(let store, _): store.notices
        }
    }

    /// Where nodes share their keys; `nil` for a node that is alone.
    var sharedKeys: (any SharedTable)? {
        switch people {
        case .embedded: nil
        case .redis(let store, _): store.table("keys")
        }
    }

    /// For the log: where people are, without a password.
    var place: String {
        switch people {
        case .embedded(let store): "sqlite:\(store.path)"
        case .redis(_, let address): "\(address)"
        }
    }

    /// Returns when nothing of what was erased is left in the files of people. Redis has none here.
    func settleErasures() throws {
        if case .embedded(let store) = people { try store.settleErasures() }
    }

    /// Writes back what waits; the last thing that happens.
    func close() {
        switch people {
        case .embedded(let store): store.close()
        case .redis(let store, _): store.close()
        }
        ledger.close()
    }

    /// What is wrong by the name of what it is wrong with; `nil` where nothing is. For the log.
    var troubles: [(name: String, why: String?)] {
        [
            ("the store", trouble),
            ("the rotation of the ledger", ledger.statistics.rotationFailure),
        ]
    }

    /// Why changes cannot be taken; `nil` when they can.
    var trouble: String? {
        switch people {
        case .embedded(let store):
            switch store.health {
            case .healthy: nil
            case .failing(let why): why
            case .closed: "the store is closed"
            }
        case .redis(let store, _): store.trouble
        }
    }

    static func make(_ path: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure("the data folder \(path) cannot be made; choose another one with --data")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw CommandFailure(
                "the data folder \(path) cannot be written to (\(String(cString: strerror(errno)))); "
                    + "change its permissions or choose another one with --data")
        }
    }

    /// From the environment, or from the file that the first start makes.
    static func hasher(data: String, secret: String?) throws(CommandFailure) -> IdentifierHasher {
        let path = data + "/secret"
        let bytes: [UInt8]
        let origin: String
        if let secret {
            bytes = Array(secret.utf8)
            origin = "GOVERNOR_SECRET"
        } else {
            if !FileManager.default.fileExists(atPath: path) {
                let ledger = (try? FileManager.default.contentsOfDirectory(atPath: data + "/ledger")) ?? []
                if ledger.contains(where: { $0.hasSuffix(".ledger") }) {
                    throw CommandFailure(
                        "\(path) is missing, and without it nobody in \(data) can be found again: put it back from a "
                            + "backup, or set GOVERNOR_SECRET")
                }
                try writeSecret(path)
            }
            guard let contents = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("the secret \(path) cannot be read; change its permissions")
            }
            bytes = Array(contents.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
            origin = path
        }
        do throws(SecretError) { return try IdentifierHasher(secret: bytes) } catch {
            throw CommandFailure(
                "the secret in \(origin) is too short: \(IdentifierHasher.secretBytesMin) bytes at least")
        }
    }

    private static func writeSecret(_ path: String) throws(CommandFailure) {
        var generator = SystemRandomNumberGenerator()
        let text = (0..<4).map { _ in hexadecimal(generator.next()) }.joined() + "\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        // Another process may have been faster; its secret is as good.
        if descriptor < 0 && errno == EEXIST { return }
        guard descriptor >= 0 else {
            throw CommandFailure("the secret \(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard text.withCString({ write(descriptor, $0, strlen($0)) }) == text.utf8.count, fsync(descriptor) == 0 else {
            unlink(path)
            throw CommandFailure("the secret \(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
