import GovernorCore
import Testing

@Suite struct EvaluationTests {
    @Test func reasonsComeMostRestrictiveFirst() throws {
        var scenario = Scenario(
            .minGap(MinGap(gap: .elapsed(.hours(4)))),
            .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))),
            .contactHours(.daily("08:00-09:00")), .block(BlockRule()), .minGap(MinGap(gap: .elapsed(.hours(4)))),
            .consent(ConsentRule(require: ["express"])))
        try scenario.touch("2026-03-02T10:00")
        let decision = try scenario.decide("2026-03-02T10:30")
        // For good: 3 and 5; then the next day at 10:00 and 08:00; then today, in the order of the policies.
        #expect(decision.reasons.map(\.rule) == [3, 5, 1, 2, 0, 4])
        #expect(decision.nextAllowedAt == nil)
        #expect(decision.nextBasis == .act)
        scenario.rules.remove(at: 5)
        scenario.rules.remove(at: 3)
        try scenario.check(("2026-03-02T10:30", .until("2026-03-04T08:00"), "hours closed when the cap opens"))
    }

    @Test func actIsToldBeforeNever() throws {
        let scenario = Scenario(.contactHours(.week([])), .block(BlockRule()))
        #expect(try scenario.decide("2026-03-02T10:00").nextBasis == .act)
    }

    @Test func aDenialMakesNoTouch() throws {
        let scenario = Scenario(.block(BlockRule()))
        let evaluation = try scenario.evaluation(at: scenario.time("2026-03-02T10:00"))
        #expect(evaluation.touch == nil)
        #expect(evaluation.decision.obligations.isEmpty)
    }

    @Test func anAllowMakesATouchOfTheRequest() throws {
        var scenario = Scenario(.frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))))
        scenario.rules[0].obligations = ["show_number"]
        scenario.request.campaign = "q4"
        scenario.request.accounts = ["a"]
        scenario.request.agency = "north"
        scenario.request.holdFor = .minutes(3)
        let now = try scenario.time("2026-03-02T10:00")
        let evaluation = try scenario.evaluation(at: now)
        let touch = try #require(evaluation.touch)
        #expect(evaluation.decision.obligations == [0])
        #expect(touch.at == now)
        #expect(touch.state == .reserved)
        #expect(touch.expiresAt == now + .minutes(3))
        #expect(touch.campaign == "q4")
        #expect(touch.accounts == ["a"])
        #expect(touch.agency == "north")
        #expect(touch.endpoint == Scenario.phone)
        scenario.request.reserve = false
        #expect(try scenario.evaluation(at: now).touch == nil, "asking makes none")
        scenario.touches = [touch]
        try scenario.check(("2026-03-02T10:00", .until("2026-03-03T10:00"), "it counts at once"))
        #expect(try scenario.decide("2026-03-02T10:01", excluding: touch.id).isAllowed, "its own confirmation")
    }

    @Test func noRecordAtAll() throws {
        var scenario = Scenario(
            .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))),
            .consent(ConsentRule(require: ["express"])))
        scenario.request.whereabouts.statedZones = [ZoneKey(name: "UTC")]
        let now = try scenario.time("2026-03-02T10:00")
        let plan = scenario.policies.plan(for: scenario.request, zones: try Scenario.atlas.get(), at: now)
        let decision = evaluate(plan, [], at: now, touchID: TouchID(bits: 1)).decision
        #expect(decision.reasons.map(\.code) == [.consentMissing])
        #expect(decision.remaining.map(\.left) == [1])
    }

    @Test func anInstantOfThePast() throws {
        // Asked about the past, what was told later is not yet known.
        var scenario = Scenario(
            .frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))),
            .coolOff(CoolOff(after: ["refused"], wait: .elapsed(.days(30)))))
        scenario.request.reserve = false
        try scenario.touch("2026-03-02T10:00", outcome: "refused")
        try scenario.fact("2026-03-02T12:00", .optOut(reach: .person, endpoints: []))
        let then = try scenario.time("2026-03-02T09:00")
        #expect(try scenario.evaluation(at: then, isHypothetical: true).decision.isAllowed)
        let later = try scenario.evaluation(at: scenario.time("2026-03-02T11:00"), isHypothetical: true).decision
        #expect(later.reasons.map(\.code) == [.coolingOff, .capReached])
    }

    @Test func aTouchStampedAheadCutsAReservationShort() throws {
        var scenario = Scenario(.frequencyCap(FrequencyCap(limit: 1, window: .elapsed(.hours(24)))))
        try scenario.touch("2026-03-02T10:03", state: .external) { $0.recordedAt = $0.at - .minutes(3) }
        try scenario.check(
            ("2026-03-02T10:00", .until("2026-03-03T10:03"), "counts from its arrival, leaves by its stamp"))
        scenario.touches[0].recordedAt = scenario.touches[0].at
        scenario.request.holdFor = .minutes(10)
        #expect(
            try scenario.evaluation(at: scenario.time("2026-03-02T10:00")).touch?.expiresAt
                == scenario.time("2026-03-02T10:03"))
    }
}
