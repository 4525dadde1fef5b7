import ArgumentParser
import Foundation

/// Asks a running governor one question.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask a running governor whether somebody may be contacted now.",
        discussion: "Nothing is counted unless --reserve is given.")

    @Option(help: "The phone, in any common spelling.") var phone: String?
    @Option(help: "The email address.") var email: String?
    @Option(help: "A key of your own such as crm:8841; may be repeated.") var id: [String] = []
    @Option(help: "The country of the phone and the person, such as US.") var country: String?
    @Option(help: "The state or province, such as NY.") var region: String?
    @Option(help: "voice, sms, email, …") var channel: String
    @Option(help: "marketing, service, collections, …") var purpose: String
    @Option(help: "What the contact sells.") var product: String?
    @Option(help: "The campaign.") var campaign: String?
    @Option(help: "The subject.") var subject: String?
    @Option(help: "The brand.") var brand: String?
    @Option(help: "The debt or contract it is about; may be repeated.") var account: [String] = []
    @Option(help: "live, automated or prerecorded.") var method: String?
    @Option(help: "Another instant to ask for, such as 2026-11-23T09:00:00Z.") var at: String?
    @Flag(help: "Reserve the contact if it is allowed.") var reserve = false
    @Flag(help: "Print the answer as it came.") var json = false
    @Flag(help: "Exit with 1 on a denial.") var exitCode = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if phone == nil && email == nil && id.isEmpty {
            throw ValidationError("name the person: --phone, --email or --id")
        }
        if at != nil && reserve { throw ValidationError("--at asks about another instant; leave --reserve out") }
    }

    func run() async throws {
        let client = try ServerClient(server.settings())
        let answer = try await client.post("/v1/decisions", Data(body.utf8))
        let isDecision = answer.status == 200
        if json {
            print(String(decoding: answer.body, as: UTF8.self))
            if !isDecision { throw ExitCode(ExitCode.cannotWork) }
        }
        guard isDecision else { throw ServerProblem.failure(answer, at: client.base) }
        let report: CheckReport
        do { report = try JSONDecoder().decode(CheckReport.self, from: answer.body) } catch {
            throw CommandFailure("\(client.base) answered something that is no decision")
        }
        if !json { print(report.text(localTime: LocalTime.text), terminator: "") }
        if exitCode && report.verdict != "allow" { throw ExitCode.findings }
    }

    var body: String {
        var contact: [(String, JSONText.Value)] = []
        func add(_ name: String, _ text: String?, to fields: inout [(String, JSONText.Value)]) {
            if let text { fields.append((name, .text(text))) }
        }
        add("phone", phone, to: &contact)
        add("email", email, to: &contact)
        if !id.isEmpty { contact.append(("ids", .texts(id))) }
        add("country", country, to: &contact)
        add("region", region, to: &contact)
        var fields: [(String, JSONText.Value)] = [
            ("contact", .raw(JSONText.object(contact))), ("channel", .text(channel)), ("purpose", .text(purpose)),
            ("reserve", .flag(reserve)),
        ]
        add("product", product, to: &fields)
        add("campaign", campaign, to: &fields)
        add("subject", subject, to: &fields)
        add("brand", brand, to: &fields)
        add("method", method, to: &fields)
        add("at", at, to: &fields)
        if !account.isEmpty { fields.append(("accounts", .texts(account))) }
        return JSONText.object(fields)
    }
}
