import ArgumentParser
import Foundation

/// Shows how a node is, again and again, from what it tells monitors; needs no key.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how a running node is.",
        discussion: "On a terminal the picture is renewed until the command is interrupted; elsewhere it is drawn once."
    )

    @Option(help: "The governor's address (default: GOVERNOR_URL, then GOVERNOR_LISTEN, then http://127.0.0.1:8080).")
    var url: String?
    @Option(help: "Seconds between two looks (default: 2).")
    var interval: Double = 2
    @Flag(help: "Look once.")
    var once = false
    @Flag(help: "Print one line of JSON for each look.")
    var json = false

    func validate() throws {
        guard interval >= 0.2, interval <= 3_600 else { throw ValidationError("--interval: write 0.2 to 3600 seconds") }
    }

    func run() async throws {
        let client = try ServerClient(Settings(flags: ["url": url]), needsKey: false)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var before: NodeStatus?
        var isReady = true
        repeat {
            let status = try await NodeStatus.look(client)
            if json {
                show(status.json(since: before) + "\n")
            } else {
                // The picture begins at the top of a clear screen.
                let start = isTerminal && !once ? "\u{1b}[H\u{1b}[J" : ""
                show(start + status.text(since: before, of: client.base))
            }
            isReady = status.isReady
            before = status
            if once || !isTerminal && !json { break }
            try await Task.sleep(for: .seconds(interval))
        } while true
        if !isReady { throw ExitCode.findings }
    }

    /// At once, also where the output is no terminal.
    private func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
