import Foundation
import GovernorCore
import GovernorRegistry
import GovernorRuntime
import GovernorTesting
import Testing

/// What lists of others say about a number: asked at the door, judged by rules, kept only where a rule asked.
@Suite struct RegistryAnswerTests {
    private static let policy = """
        policy: house
        rules:
          - id: listed
            kind: registry
            registry: us-dnc
            scope: { channels: [voice, email], purposes: [marketing] }
          - id: loose
            kind: frequency_cap
            limit: 9
            window: PT24H
        """

    /// A governor that has two lists loaded, of which the policy names one; `+1 212 555 0100` stands on both.
    private func governor() throws -> TestGovernor {
        let folder = RegistryFolder(path: NSTemporaryDirectory() + "governor-answers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let asOf = Timestamp(milliseconds: 1_795_000_000_000)
        let snapshots = try ["us-dnc", "unasked"].map { name in
            let builder = RegistryBuilder(hasDates: false)
            builder.add(12_125_550_100, day: 0)
            _ = try folder.install(builder, as: name, asOf: asOf, builtAt: asOf)
            return try #require(try folder.snapshot(of: name))
        }
        return try TestGovernor(Self.policy, registries: LoadedRegistries(snapshots))
    }

    @Test(arguments: [
        ("+12125550100", Verdict.deny, [ReasonCode.registryListed]), ("+1 212-555-0100", .deny, [.registryListed]),
        ("+12125550101", .allow, []),
    ]) func aListedNumberIsDenied(phone: String, verdict: Verdict, codes: [ReasonCode]) async throws {
        let test = try governor()
        let decision = try await test.decide(test.form(phone)).decision
        #expect(decision.verdict == verdict && decision.reasons.map(\.code) == codes)
    }

    @Test func aTouchKeepsWhatARuleAskedForAlone() async throws {
        let test = try governor()
        _ = try await test.decide(test.form("+12125550101"))
        let kept = try await test.record("+12125550101").touches
        #expect(kept.map { $0.registryAnswers.map(\.registry) } == [[RegistryName("us-dnc")]])
    }

    @Test func nobodyIsAskedAboutAnAddress() async throws {
        let test = try governor()
        let mail = test.form("+12125550100", email: "ana@example.com") { $0.channel = "email" }
        #expect(try test.intake.request(mail, by: TestGovernor.north).request.registryAnswers.isEmpty)
    }

    /// What was done elsewhere was not decided here, so the lists have no part in it.
    @Test func aToldTouchKeepsNoAnswer() async throws {
        let test = try governor()
        var form = FactForm()
        form.id = "t1"
        form.contact.phone = "+12125550100"
        form.channel = "voice"
        form.purpose = "marketing"
        _ = try await test.take(form, .touch)
        #expect(try await test.record("+12125550100").touches.map(\.registryAnswers) == [[]])
    }
}
