import ArgumentParser
import Foundation
import Glibc

/// Makes one-click unsubscribe links for addresses, by a template.
struct UnsubscribeLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsubscribe-link", abstract: "Make one-click unsubscribe links, by a template.",
        discussion: """
            Addresses and numbers come as arguments, or one a line from a file (--from FILE, - for standard input). For each, \
            the template is printed with its places filled: {address}, {url}, {token}, {list-unsubscribe} and \
            {list-unsubscribe-post}; \\n and \\t mean what they usually do.
            """)

    static let templateDefault =
        "List-Unsubscribe: {list-unsubscribe}\\nList-Unsubscribe-Post: {list-unsubscribe-post}"

    @Argument(help: "Email addresses, or numbers as +12125550100.") var addresses: [String] = []
    @Option(help: "A file of addresses, one a line; - for standard input.") var from: String?
    @Option(help: "What to print for each (default: the two header fields).") var template: String?
    @Option(help: "The brand in whose name the message is.") var brand: String?
    @Option(help: "The channels it says no to; may be repeated (default: the one of the address).")
    var channel: [String] = []
    @Option(help: "The purposes it says no to; may be repeated (default: marketing).") var purpose: [String] = []
    @Flag(help: "Print the answers as they came, one a line.") var json = false
    @OptionGroup var server: ServerOptions

    static let itemsMax = 1_000

    func run() async throws {
        let client = try ServerClient(server.settings())
        var refused = 0
        var batch: [String] = []
        func flush() async throws {
            if batch.isEmpty { return }
            refused += try await make(batch, by: client)
            batch = []
        }
        for address in addresses {
            batch.append(address)
            if batch.count == Self.itemsMax { try await flush() }
        }
        if let from {
            if from != "-" {
                let file = open(from, O_RDONLY)
                guard file >= 0, dup2(file, STDIN_FILENO) >= 0 else { throw CommandFailure("\(from) cannot be read") }
            }
            while let line = readLine() {
                let address = line.trimmingCharacters(in: .whitespaces)
                if address.isEmpty { continue }
                batch.append(address)
                if batch.count == Self.itemsMax { try await flush() }
            }
        } else if addresses.isEmpty {
            throw ValidationError("name addresses, or a file of them with --from")
        }
        try await flush()
        if refused > 0 { throw ExitCode.findings }
    }

    private struct Answer: Decodable {
        struct Headers: Decodable {
            var listUnsubscribe: String
            var listUnsubscribePost: String
            enum CodingKeys: String, CodingKey {
                case listUnsubscribe = "List-Unsubscribe"
                case listUnsubscribePost = "List-Unsubscribe-Post"
            }
        }
        var url: String?
        var token: String?
        var headers: Headers?
        var title: String?
        var errors: [ServerProblem.Field]?
    }

    private struct Answers: Decodable { var answers: [Answer] }

    /// Prints the links of up to 1,000 addresses, and gives the number of those that were refused.
    private func make(_ batch: [String], by client: ServerClient) async throws -> Int {
        let body = "{\"items\":[" + batch.map(request).joined(separator: ",") + "]}"
        let answer = try await client.post("/v1/unsubscribe-links", Data(body.utf8))
        guard answer.status == 200 else { throw ServerProblem.failure(answer, at: client.base) }
        guard let answers = try? JSONDecoder().decode(Answers.self, from: answer.body).answers,
            answers.count == batch.count
        else { throw CommandFailure("\(client.base) answered something that is no list of links") }
        if json {
            print(String(decoding: answer.body, as: UTF8.self))
            return answers.count { $0.url == nil }
        }
        var refused = 0
        for (address, answer) in zip(batch, answers) {
            guard let url = answer.url, let token = answer.token, let headers = answer.headers else {
                refused += 1
                // Without the address: what is printed here ends in logs.
                printToStandardError(
                    "an address was refused: \(answer.errors?.first?.detail ?? answer.title ?? "no reason given")")
                continue
            }
            print(
                Self.fill(
                    template ?? Self.templateDefault,
                    [
                        "address": address, "url": url, "token": token, "list-unsubscribe": headers.listUnsubscribe,
                        "list-unsubscribe-post": headers.listUnsubscribePost,
                    ]))
        }
        return refused
    }

    func request(_ address: String) -> String {
        var fields: [(String, JSONText.Value)] = [
            ("contact", .raw(JSONText.object([(address.contains("@") ? "email" : "phone", .text(address))])))
        ]
        if let brand { fields.append(("brand", .text(brand))) }
        if !channel.isEmpty || !purpose.isEmpty {
            var scope: [(String, JSONText.Value)] = []
            let channels = channel.isEmpty ? (address.contains("@") ? ["email"] : ["sms", "whatsapp"]) : channel
            scope.append(("channels", .texts(channels)))
            scope.append(("purposes", .texts(purpose.isEmpty ? ["marketing"] : purpose)))
            fields.append(("scope", .raw(JSONText.object(scope))))
        }
        return JSONText.object(fields)
    }

    /// The template with its places filled, in one pass; a place of another name stays as it is.
    static func fill(_ template: String, _ values: [String: String]) -> String {
        let text = template.replacing("\\n", with: "\n").replacing("\\t", with: "\t")
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            result += values[String(rest[rest.index(after: open)..<close])] ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
