import GovernorCore
import GovernorRegistry
import Logging
import Synchronization

/// Keeps a node's registries as its folder has them: a snapshot that was put there is in force within a second.
final class RegistryWatch: Sendable {
    let loaded = LoadedRegistries()
    private let folder: RegistryFolder
    private let logger: Logger
    private let troubles = Mutex<[String]>([])

    init(folder: RegistryFolder, logger: Logger) {
        self.folder = folder
        self.logger = logger
    }

    /// Reads what is new from the disk before it is in force; never on an event loop.
    func look() {
        let (changes, found) = loaded.refresh(from: folder)
        for change in changes { logger.notice("registry \(change)") }
        let known = troubles.withLock { known in
            defer { known = found }
            return known
        }
        for trouble in found where !known.contains(trouble) {
            logger.error("a registry stays as it was: \(trouble)")
        }
    }

    /// Says which lists the policies ask for and nobody has loaded.
    func warn(of policies: PolicySet) {
        let there = Set(loaded.current.map(\.registryName))
        for missing in policies.registries where !there.contains(missing) {
            let name = policies.names.text(missing) ?? "?"
            logger.warning(
                "rules ask the registry `\(name)`, which is not loaded: they deny. `governor registry load \(name) FILE` loads it"
            )
        }
    }

    /// In the Prometheus text format.
    func metrics(at now: Timestamp) -> String {
        let current = loaded.current
        if current.isEmpty { return "" }
        var text = ""
        func family(_ name: String, _ help: String, _ value: (RegistryInfo) -> String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
            for snapshot in current { text += "\(name){registry=\"\(snapshot.info.name)\"} \(value(snapshot.info))\n" }
        }
        family("governor_registry_numbers", "Numbers on the list.") { "\($0.count)" }
        family("governor_registry_age_seconds", "Time since the list was fetched.") {
            "\((now - $0.asOf).count / 1_000)"
        }
        return text
    }
}
