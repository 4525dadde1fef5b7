import ArgumentParser

@main
struct GovernorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "governor", abstract: "May we contact this person now?", subcommands: [ServeCommand.self])
}
