import ArgumentParser
import Foundation

/// How a person is named on the command line.
struct PersonName {
    let text: String

    init(_ text: String) { self.text = text }

    private struct Found: Decodable {
        struct Person: Decodable {
            var id: String
            var merged_with: [String]
        }

        var people: [Person]
    }

    /// The contact that the text names; `nil` for a person's id.
    var contact: String? {
        if text.utf8.count == 32 && text.allSatisfy(\.isHexDigit) { return nil }
        if text.contains("@") { return JSONText.object([("email", .text(text))]) }
        if let colon = text.firstIndex(of: ":"), text[..<colon] != "tel", text[..<colon].contains(where: \.isLetter) {
            return JSONText.object([("ids", .texts([text]))])
        }
        return JSONText.object([("phone", .text(text))])
    }

    /// The id of the one person that it leads to.
    func id(_ client: ServerClient) async throws -> String {
        guard let contact else { return text.lowercased() }
        let answer = try await client.post(
            "/v1/people/lookup", Data(JSONText.object([("contact", .raw(contact))]).utf8))
        let found = try PeopleAnswer.decode(Found.self, answer, client, json: false)
        guard let first = found.people.first else { throw CommandFailure("nobody is known by this identifier") }
        if found.people.contains(where: { $0.id != first.id && !first.merged_with.contains($0.id) }) {
            throw CommandFailure("this identifier leads to several persons; name one by her id")
        }
        return first.id
    }
}

enum PeopleAnswer {
    /// The answer as `Report`; with `json` it is printed as it came first.
    static func decode<Report: Decodable>(
        _ type: Report.Type, _ answer: ServerClient.Answer, _ client: ServerClient, json: Bool
    ) throws -> Report {
        if json {
            print(String(decoding: answer.body, as: UTF8.self))
            if answer.status != 200 { throw ExitCode(ExitCode.cannotWork) }
        }
        guard answer.status == 200 else { throw ServerProblem.failure(answer, at: client.base) }
        do { return try JSONDecoder().decode(type, from: answer.body) } catch {
            throw CommandFailure("\(client.base) answered something that this program does not know")
        }
    }
}

struct ConflictPage: Decodable {
    struct Person: Decodable {
        var id: String
        var phones: Int
        var emails: Int
        var keys: Int
    }

    struct Conflict: Decodable {
        var persons: [Person]
        var why: [String]
        var first_at: String
        var last_at: String
        var count: Int
    }

    var conflicts: [Conflict]
    var next: String?

    private static let words = [
        "different_persons": "known as different persons",
        "unique_namespace": "two keys of a namespace that holds one for each person",
        "too_many": "more than 8 phones or addresses together",
    ]

    var text: String {
        if conflicts.isEmpty { return "No identity conflict waits for a decision.\n" }
        var text = ""
        for conflict in conflicts {
            text += "\(conflict.why.map { Self.words[$0] ?? $0 }.joined(separator: "; "))\n"
            text +=
                "  named together \(conflict.count == 1 ? "once" : "\(conflict.count) times"), last \(conflict.last_at)\n"
            for person in conflict.persons {
                func some(_ count: Int, _ one: String, _ many: String) -> String? {
                    count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
                }
                let known = [
                    some(person.phones, "phone", "phones"), some(person.emails, "address", "addresses"),
                    some(person.keys, "key", "keys"),
                ].compactMap { $0 }.joined(separator: ", ")
                text += "  \(person.id)  \(known)\n"
            }
        }
        if next != nil { text += "There are more; ask for them with --limit.\n" }
        return text
    }
}

struct MergeReport: Decodable {
    var status: String
    var merge: String?
    var persons: [String]
    var recorded_at: String

    var text: String {
        switch status {
        case "merged":
            """
            \(persons.count) records are one person now.
            To take it back: governor people undo \(merge ?? "")
            """
        case "undone": "Undone: \(persons.count) persons are who they were."
        default: merge.map { "Nothing changed: this merge was told before (\($0))." } ?? "They were one person already."
        }
    }
}

struct ApartReport: Decodable {
    var persons: [String]
}
