import ArgumentParser
import Foundation

/// Who is who: conflicts that wait for a decision, merges and their undoing.
struct PeopleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people", abstract: "List identity conflicts, merge persons, take merges back, and erase persons.",
        subcommands: [
            PeopleConflictsCommand.self, PeopleMergeCommand.self, PeopleUndoCommand.self, PeopleApartCommand.self,
            PeopleEraseCommand.self,
        ])
}

/// Persons who were named together although they are not joined.
struct PeopleConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "List persons who may be one and wait for somebody's decision.",
        discussion: "`governor people merge` makes them one, `governor people apart` says that they are not.")

    @Option(help: "How many, at most; 1 to 1000.") var limit = 100
    @Flag(help: "Print the answer as it came.") var json = false
    @Flag(help: "Exit with 1 when there are any.") var exitCode = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if !(1...1_000).contains(limit) { throw ValidationError("--limit is 1 to 1000") }
    }

    func run() async throws {
        let client = try ServerClient(server.settings())
        let answer = try await client.send("GET", "/v1/people/conflicts?limit=\(limit)")
        let page = try PeopleAnswer.decode(ConflictPage.self, answer, client, json: json)
        if !json { print(page.text, terminator: "") }
        if exitCode && !page.conflicts.isEmpty { throw ExitCode.findings }
    }
}

/// Makes several persons one.
struct PeopleMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make several persons one; a merge never permits what was forbidden.",
        discussion: """
            Each person is named by her id (32 hexadecimal digits, as `governor people conflicts` prints it), or by a \
            phone with its country code, an email address or a key such as crm:8841 that leads to one person.
            """)

    @Argument(help: "Two to eight persons.") var person: [String]
    @Option(help: "An id of your own for this merge, so that a repeat changes nothing (default: from the persons).")
    var id: String?
    @Option(help: "Why they are one person, for the ledger.") var evidence: String?
    @Flag(help: "Print the answer as it came.") var json = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try ServerClient(server.settings())
        var persons: [String] = []
        for name in person { persons.append(try await PersonName(name).id(client)) }
        persons = Set(persons).sorted()
        if persons.count < 2 { return print("These are one person already.") }
        var fields: [(String, JSONText.Value)] = [
            ("id", .text(id ?? "merge " + persons.map { String($0.prefix(8)) }.joined(separator: " "))),
            ("persons", .texts(persons)), ("source", .text("command line")),
        ]
        if let evidence { fields.append(("evidence", .text(evidence))) }
        let answer = try await client.post("/v1/merges", Data(JSONText.object(fields).utf8))
        let merged = try PeopleAnswer.decode(MergeReport.self, answer, client, json: json)
        if !json { print(merged.text) }
    }
}

/// Takes a merge back.
struct PeopleUndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take a merge back: every person is who she was.",
        discussion: "What was told of the person meanwhile goes on forbidding what it forbids, on every record.")

    @Argument(help: "The merge, as `governor people merge` printed it and the person's record shows it.")
    var merge: String
    @Flag(help: "Print the answer as it came.") var json = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if merge.utf8.count != 48 || !merge.allSatisfy(\.isHexDigit) {
            throw ValidationError("a merge is written with 48 hexadecimal digits")
        }
    }

    func run() async throws {
        let client = try ServerClient(server.settings())
        let answer = try await client.send("DELETE", "/v1/merges/\(merge.lowercased())")
        let undone = try PeopleAnswer.decode(MergeReport.self, answer, client, json: json)
        if !json { print(undone.text) }
    }
}

/// Says that persons who were named together are different people.
struct PeopleApartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apart", abstract: "Say that these are different people, so that they are not listed any more.")

    @Argument(help: "Two to eight persons, as for `governor people merge`.") var person: [String]
    @Flag(help: "Print the answer as it came.") var json = false
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try ServerClient(server.settings())
        var persons: [String] = []
        for name in person { persons.append(try await PersonName(name).id(client)) }
        let body = JSONText.object([("persons", .texts(Set(persons).sorted()))])
        let answer = try await client.post("/v1/people/apart", Data(body.utf8))
        let known = try PeopleAnswer.decode(ApartReport.self, answer, client, json: json)
        if !json { print("\(known.persons.count) persons stay apart") }
    }
}
