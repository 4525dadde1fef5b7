import GovernorCore
import GovernorPages
import GovernorRuntime
import Testing

@testable import GovernorConsole

/// Campaign guards as compliance sees them.
@Suite struct GuardsPageTests {
    private static let policy = """
        policy: house
        rules:
          - id: pace
            kind: campaign_guard
            attempts: 2
            window: PT1H
          - id: agency-day
            kind: campaign_guard
            per: agency
            attempts: 10
            window: { calendar: day }

        """

    @Test func aGuardShowsWhatIsUsedUp() async throws {
        let test = try TestConsole(policy: Self.policy)
        try await test.signIn(.compliance)
        #expect(await test.get("/guards").text.contains("Nothing was counted"))
        for (i, campaign) in ["q4 <b>", "q4 <b>", "other", ""].enumerated() {
            var form = DecisionForm()
            form.contact.phone = "+1 212 555 010\(i)"
            form.channel = "voice"
            form.purpose = "marketing"
            form.campaign = campaign.isEmpty ? nil : campaign
            let caller = Caller(id: "north-1", role: .dialer, agency: "north")
            let (request, _) = try test.console.intake.request(form, by: caller)
            let decided: Result<DecisionAnswer, DecideError> = await settled {
                test.governor.decide(request, completion: $0)
            }
            #expect(try decided.get().decision.verdict == .allow)
        }
        let page = await test.get("/guards")
        #expect(page.status == 200)
        #expect(page.text.contains("Campaign q4 &lt;b&gt;") && page.text.contains("2 of 2 attempts"))
        #expect(page.text.contains("Campaign other") && page.text.contains("1 of 2 attempts"))
        #expect(page.text.contains("no campaign"))
        #expect(page.text.contains("Agency north") && page.text.contains("4 of 10 attempts"))
        let (used, room) = (page.text.ranges(of: "used up").count, page.text.ranges(of: "has room").count)
        // The page itself says what it shows: how far everybody "has used up" what she may.
        #expect(used == 2 && room == 3)
        #expect(page.text.contains("Attempts per hour"))
    }

    @Test func withoutGuardsItSaysSo() async throws {
        let test = try TestConsole()
        try await test.signIn(.admin)
        #expect(await test.get("/guards").text.contains("No guard is in force"))
        let agent = try TestConsole()
        try await agent.signIn(.agent)
        #expect(await agent.get("/guards").status == 403)
    }
}
