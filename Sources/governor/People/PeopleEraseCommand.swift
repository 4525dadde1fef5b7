import ArgumentParser
import Foundation

/// Erases everything that is held about a person, but what forbids contacting her.
struct PeopleEraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase everything held about a person but her refusals to be contacted.",
        discussion: """
            The person is named by one line on standard input, which keeps her out of the shell's history: her id (32 \
            hexadecimal digits), or a phone with its country code, an email address or a key such as crm:8841 that leads to \
            one person. Records merged with hers are erased with it. This cannot be undone, so it is confirmed on the \
            terminal unless --yes is given. Nodes that share a Redis do the same with their ledgers.
            """)

    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "Print the answer as it came.") var json = false
    @OptionGroup var server: ServerOptions

    private struct Known: Decodable {
        var identifiers: [Nothing]
        var touches: [Nothing]
        var facts: [Nothing]
        var merged_with: [String]
        var erased_at: String?

        struct Nothing: Decodable {}
    }

    func run() async throws {
        if isatty(STDIN_FILENO) == 1 { printToStandardError("Whom? One line: an id, a number, an address or a key.") }
        guard let line = readLine(strippingNewline: true)?.trimmingCharacters(in: .whitespaces), !line.isEmpty else {
            throw ValidationError("write the person on standard input, as one line")
        }
        let client = try ServerClient(server.settings())
        let id = try await PersonName(line).id(client)
        if !yes {
            let known = try PeopleAnswer.decode(
                Known.self, try await client.send("GET", "/v1/people/\(id)"), client, json: false)
            var text = "Person \(id): \(known.identifiers.count) identifiers, \(known.touches.count) contacts, "
            text += "\(known.facts.count) facts"
            if !known.merged_with.isEmpty { text += ", and \(known.merged_with.count) records merged with hers" }
            guard try confirmed(text + ".\nErase all of it but her refusals, for good? [y/N] ") else {
                throw CommandFailure("nothing was erased")
            }
        }
        let answer = try await client.send("DELETE", "/v1/people/\(id)")
        let isDone = answer.status == 200 || answer.status == 202
        if json {
            print(String(decoding: answer.body, as: UTF8.self))
            if !isDone { throw ExitCode(ExitCode.cannotWork) }
            return
        }
        guard isDone else { throw ServerProblem.failure(answer, at: client.base) }
        guard let report = try? JSONDecoder().decode(ErasureReport.self, from: answer.body) else {
            throw CommandFailure("\(client.base) answered something that this program does not know")
        }
        print(report.text)
    }

    /// Asked on the terminal, since standard input has said whom.
    private func confirmed(_ question: String) throws -> Bool {
        guard let terminal = FileHandle(forUpdatingAtPath: "/dev/tty") else {
            throw CommandFailure("there is no terminal to ask on; give --yes to erase without being asked")
        }
        terminal.write(Data(question.utf8))
        var answer: [UInt8] = []
        while let byte = try terminal.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { answer.append(byte) }
        return ["y", "yes"].contains(String(decoding: answer, as: UTF8.self).lowercased())
    }
}

struct ErasureReport: Decodable {
    struct Erased: Decodable {
        var identifiers: Int
        var touches: Int
        var facts: Int
        var merges: Int
    }

    var id: String
    var erased_at: String
    var erased: Erased
    var reservations_revoked: Int
    var summary: String

    var text: String {
        var text = "\(summary)\n"
        text += "gone: \(erased.identifiers) identifiers, \(erased.touches) contacts, \(erased.facts) facts, "
        text += "\(erased.merges) merges, as of \(erased_at)"
        if reservations_revoked > 0 { text += "\nrevoked: \(reservations_revoked) open reservations" }
        return text
    }
}
