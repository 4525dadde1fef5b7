import ArgumentParser

/// Where an installation lies, for the commands that may open it themselves.
struct InstallationOptions: ParsableArguments {
    @Option(help: "The folder of ledger, keys and secret (default: data).")
    var data: String?
    @Option(help: "sqlite:PATH, the folder of people.db (default: the data folder), or redis://HOST:PORT and its kin.")
    var store: String?
    @Option(help: "The folders and files of policies, separated by commas (default: policies).")
    var policies: String?

    /// As `Settings` takes them.
    var flags: [String: String?] { ["data": data, "store": store, "policies": policies] }
}
