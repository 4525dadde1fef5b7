import ArgumentParser
import Foundation
import GovernorAudit
import GovernorCore
import GovernorIdentity
import GovernorLedger
import GovernorRuntime

extension LedgerCommand {
    /// `governor ledger export`: records in words, or the dossier of one person.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what is on record: of one person, campaign or agency, or of a period.",
            discussion: """
                A person is asked for by --phone, --email or --id, or by lines on standard input with --stdin, which keeps \
                them out of the shell's history; all of them name one person. They are hashed with the installation's \
                secret, and appear nowhere in what is told. --format html makes one page that can be sent and printed. \
                Reads the files only, also while a server writes them.
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson, csv, html }

        @Option(
            help:
                "The data folder; may be repeated for the ledgers of several nodes (default: GOVERNOR_DATA, then data)."
        )
        var data: [String] = []
        @Option(help: "A telephone number of the person; may be repeated.")
        var phone: [String] = []
        @Option(help: "A mail address of the person; may be repeated.")
        var email: [String] = []
        @Option(help: "A key of the person, such as crm:8841; may be repeated.")
        var id: [String] = []
        @Flag(help: "Read the person's identifiers from standard input, one a line.")
        var stdin = false
        @Option(help: "The country that numbers without a calling code belong to, such as US.")
        var country: String?
        @Option(help: "Only what concerns this campaign.")
        var campaign: String?
        @Option(help: "Only what concerns this agency.")
        var agency: String?
        @Option(help: "From this instant on, such as 2026-01-01T00:00:00Z.")
        var from: String?
        @Option(help: "Before this instant.")
        var to: String?
        @Option(help: "ndjson, csv, or html: the dossier of one person.")
        var format = Format.ndjson

        func validate() throws {
            for (name, text) in [("--from", from), ("--to", to)] {
                if let text, (try? Timestamp(parsing: text)) == nil {
                    throw ValidationError("\(name): `\(text)` is not an instant such as 2026-01-01T00:00:00Z")
                }
            }
            if format == .html, !stdin, phone.isEmpty, email.isEmpty, id.isEmpty {
                throw ValidationError(
                    "--format html tells of one person: name her with --phone, --email, --id or --stdin")
            }
        }

        func run() throws {
            let folders = try data.isEmpty ? [Folder.path(nil)] : data.map { try Folder.path($0) }
            var selection = AuditSelection()
            selection.campaign = campaign
            selection.agency = agency
            selection.from = try from.map { try Timestamp(parsing: $0) }
            selection.to = try to.map { try Timestamp(parsing: $0) }
            selection.identifiers = try identifiers(in: folders[0])
            var bar = ProgressBar("reading")
            defer { bar.end() }
            do {
                if format == .html {
                    let dossier = try Dossier.make(selection, from: folders, at: SystemWallClock().now()) {
                        bar.show(Double($0) / Double(max(1, $1)), rows: Int($0))
                    }
                    bar.end()
                    print(dossier.html)
                    return
                }
                if format == .csv { Self.write(AuditEvent.csvHeader + "\r\n") }
                _ = try selection.forEach(in: folders) { done, total in
                    bar.show(Double(done) / Double(max(1, total)), rows: Int(done))
                } _: { event in
                    Self.write(format == .csv ? event.csv + "\r\n" : try event.json() + "\n")
                }
            } catch let failure as CommandFailure {
                throw failure
            } catch {
                throw CommandFailure("the ledger cannot be read: \(error)")
            }
        }

        private static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

        // MARK: the person

        private func identifiers(in folder: String) throws -> Set<IdentifierHash> {
            var contacts: [(ContactForm, String)] = []
            func add(_ what: String, _ change: (inout ContactForm) -> Void) {
                var contact = ContactForm()
                contact.country = country
                change(&contact)
                contacts.append((contact, what))
            }
            for (number, text) in phone.enumerated() { add("--phone \(number + 1)") { $0.phone = text } }
            for (number, text) in email.enumerated() { add("--email \(number + 1)") { $0.email = text } }
            for (number, text) in id.enumerated() { add("--id \(number + 1)") { $0.ids = [text] } }
            if stdin {
                var number = 0
                while let line = readLine() {
                    number += 1
                    let text = line.trimmingCharacters(in: .whitespaces)
                    if text.isEmpty { continue }
                    add("line \(number) of the standard input") { contact in
                        if text.contains("@") && !text.contains(":") {
                            contact.email = text
                        } else if text.first?.isLetter == true && text.contains(":") && !text.hasPrefix("tel:") {
                            contact.ids = [text]
                        } else {
                            contact.phone = text
                        }
                    }
                }
                guard !contacts.isEmpty else { throw CommandFailure("standard input names nobody") }
            }
            if contacts.isEmpty { return [] }
            let secret = try Settings()["secret"]
            let intake = Intake(
                hasher: try DataFolder.hasher(data: folder, secret: secret), zones: try SystemSetup.zones())
            var hashes: Set<IdentifierHash> = []
            for (contact, what) in contacts {
                do throws(FieldErrors) {
                    let request = try intake.contact(contact, by: Caller(id: "export", role: .compliance))
                    hashes.formUnion(request.identifiers.map(\.hash))
                } catch {
                    // Which one, and why; never what it says.
                    throw CommandFailure("\(what): \(error.errors.first?.detail ?? "it cannot be read")")
                }
            }
            return hashes
        }
    }
}
