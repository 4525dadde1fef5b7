import ArgumentParser
import Foundation
import GovernorCore
import GovernorPolicy
import GovernorRuntime
import GovernorWorkbench

extension PolicyCommand {
    /// `governor policy explain`: rules in plain English, or what a finding means.
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say in plain English what rules demand, or what a finding means.",
            discussion: """
                With files: every rule, or with --channel, --purpose and the like those that bear on such a contact, by \
                chapters and with the hours that they leave together. With the code of a finding, such as P011: what it \
                means and what to write instead. Without anything: the list of codes.
                """)

        @Argument(help: "Policy files, or folders of them; or the code of a finding.")
        var paths: [String] = []
        @Option(help: "Only this rule; may be repeated.")
        var rule: [String] = []
        @Option(help: "Such as voice, sms or email.")
        var channel: String?
        @Option(help: "Such as marketing or collections.")
        var purpose: String?
        @Option(help: "consumer or business.")
        var party: String?
        @Option(help: "Where the person may be, such as US-FL; may be repeated.")
        var jurisdiction: [String] = []
        @Option(help: "live, automated or prerecorded.")
        var method: String?
        @Option(name: .customLong("line-type"), help: "Such as mobile or fixed.")
        var lineType: String?
        @Option(help: "A campaign.")
        var campaign: String?
        @Option(help: "A product.")
        var product: String?
        @Option(help: "A subject.")
        var subject: String?
        @Option(help: "A brand.")
        var brand: String?
        @Option(help: "An agency.")
        var agency: String?
        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let kind = try kind()
            if paths.isEmpty {
                for code in DiagnosticCode.all { print("\(code.id)  \(code.severity.rawValue)  \(code.name)") }
                return
            }
            if paths.count == 1, let code = Self.code(paths[0]) {
                print(code.page, terminator: "")
                return
            }
            let (policies, zones) = try WorkbenchSetup.policies(paths)
            let explanation = Explanation(policies, for: kind, ids: rule, zones: zones)
            if explanation.rules.isEmpty, !rule.isEmpty {
                throw CommandFailure("no rule of \(paths.joined(separator: ", ")) is called \(rule[0])")
            }
            print(json ? explanation.json + "\n" : explanation.text, terminator: "")
        }

        /// A finding by its number or name, unless a file is called so.
        private static func code(_ text: String) -> DiagnosticCode? {
            if FileManager.default.fileExists(atPath: text) { return nil }
            return DiagnosticCode.named(text) ?? DiagnosticCode.all.first { $0.name == text }
        }

        private func kind() throws -> ContactKind {
            var kind = ContactKind()
            kind.channel = channel
            kind.purpose = purpose
            kind.campaign = campaign
            kind.product = product
            kind.subject = subject
            kind.brand = brand
            kind.agency = agency
            switch party {
            case nil: break
            case "consumer": kind.party = .consumer
            case "business": kind.party = .business
            default: throw ValidationError("--party is consumer or business")
            }
            if let method {
                let methods: [String: ContactMethod] = [
                    "live": .live, "automated": .automated, "prerecorded": .prerecorded,
                ]
                guard let known = methods[method] else {
                    throw ValidationError("--method is live, automated or prerecorded")
                }
                kind.method = known
            }
            if let lineType {
                guard let known = LineType(name: lineType) else {
                    let names = LineType.allCases.map(\.name).joined(separator: ", ")
                    throw ValidationError("--line-type is one of \(names)")
                }
                kind.lineType = known
            }
            for text in jurisdiction {
                guard let place = Jurisdiction(text) else {
                    throw ValidationError("--jurisdiction takes a country or a region of one, such as US or US-FL")
                }
                kind.jurisdictions.append(place)
            }
            return kind
        }
    }
}
