import Foundation
import GovernorCore
import GovernorLedger
import GovernorStore
import GovernorStoreEmbedded
import GovernorTesting

/// A ledger and an embedded store in a temporary folder of their own.
final class StoreFolder {
    let path: String
    private(set) var ledger: Ledger!
    private(set) var store: EmbeddedStore!

    static let secret: [UInt8] = [1, 2, 3, 4]

    static var configuration: EmbeddedConfiguration {
        var configuration = EmbeddedConfiguration(secretFingerprint: secret, normaliserVersion: 1)
        configuration.writeBackInterval = Milliseconds(5)
        return configuration
    }

    /// - Parameter copying: begins with a copy of that folder.
    init(copying source: String? = nil) throws {
        path = NSTemporaryDirectory() + "governor-store-" + UUID().uuidString
        if let source {
            try FileManager.default.copyItem(atPath: source, toPath: path)
        } else {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    deinit {
        close()
        try? FileManager.default.removeItem(atPath: path)
    }

    @discardableResult
    func open(
        _ configuration: EmbeddedConfiguration = configuration, ledger ledgerConfiguration: LedgerConfiguration? = nil,
        progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> EmbeddedStore {
        let ledger = try Ledger(
            dataDirectory: path,
            identity: LedgerIdentity(
                secretFingerprint: configuration.secretFingerprint, normaliserVersion: configuration.normaliserVersion),
            configuration: ledgerConfiguration ?? LedgerConfiguration())
        self.ledger = ledger
        do {
            store = try EmbeddedStore(
                directory: path, ledger: ledger, configuration: configuration, progress: progress)
        } catch {
            ledger.close()
            self.ledger = nil
            throw error
        }
        return store
    }

    func close() {
        store?.close()
        ledger?.close()
        store = nil
        ledger = nil
    }

    var peoplePath: String { path + "/people.db" }
}

/// Waits until the condition holds; false after the deadline.
func eventually(seconds: Double = 20, _ condition: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while !condition() {
        if Date() > deadline { return false }
        Thread.sleep(forTimeInterval: 0.001)
    }
    return true
}
