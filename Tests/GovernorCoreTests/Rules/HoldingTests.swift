import GovernorCore
import Testing

@Suite struct HoldingTests {
    private func scenario(
        _ holds: Holds = .sameProduct, status: [HoldingStatus] = [.active, .grace, .pending],
        andFor: [HoldingStatus: Wait] = [:], _ change: (inout Scenario) throws -> Void
    ) rethrows -> Scenario {
        try Scenario(.holding(HoldingRule(holds: holds, status: status, andFor: andFor))).with {
            $0.families = ["term": "life", "whole": "life", "dental": "health"]
            $0.request.product = "term"
            try change(&$0)
        }
    }

    @Test func whichHoldings() throws {
        let rows: [(Holds, held: Product, asked: Product, Bool, String)] = [
            (.sameProduct, "term", "term", true, "the same"), (.sameProduct, "whole", "term", false, "another"),
            (.sameProduct, "whole", .none, true, "no product asked matches everything"),
            (.sameFamily, "whole", "term", true, "the same family"),
            (.sameFamily, "dental", "term", false, "another family"), (.any, "dental", "term", true, "any"),
            (.products(["dental"]), "dental", "term", true, "named"),
            (.products(["dental"]), "whole", "term", false, "not named"),
            (.families(["health"]), "dental", "term", true, "its family is named"),
            (.families(["health"]), "whole", "term", false, "another family is"),
        ]
        for (holds, held, asked, isDenied, why) in rows {
            let scenario = try scenario(holds) {
                $0.request.product = asked
                try $0.fact("2026-03-02T10:00", .holding(Holding(product: held, status: .active)))
            }
            try scenario.check(("2026-03-02T12:00", isDenied ? .act : .allow, why))
        }
    }

    @Test func fromActiveToGraceToLapsed() throws {
        let scenario = try scenario {
            try $0.fact(
                "2026-01-01T10:00",
                .holding(
                    Holding(
                        product: "term", status: .active, from: try $0.time("2026-02-01T00:00"),
                        to: try $0.time("2026-03-01T00:00"), graceUntil: try $0.time("2026-03-31T00:00"))))
        }
        try scenario.check(
            ("2026-01-01T10:00 -1ms", .allow, "not recorded yet"),
            ("2026-01-15T10:00", .until("2026-03-31T00:00"), "pending until it begins"),
            ("2026-03-15T10:00", .until("2026-03-31T00:00"), "in grace"),
            ("2026-03-31T00:00", .allow, "lapsed"))
        let stages: [(HoldingStatus, String, Bool)] = [
            (.pending, "2026-02-01T00:00 -1ms", true), (.pending, "2026-02-01T00:00", false),
            (.active, "2026-02-01T00:00", true), (.active, "2026-03-01T00:00 -1ms", true),
            (.active, "2026-03-01T00:00", false), (.grace, "2026-03-01T00:00", true),
            (.grace, "2026-03-31T00:00", false), (.lapsed, "2026-03-31T00:00", true),
            (.lapsed, "2026-03-31T00:00 -1ms", false),
        ]
        for (status, at, isDenied) in stages {
            let only = scenario.with {
                $0.rules = [Rule(id: "a", body: .holding(HoldingRule(holds: .sameProduct, status: [status])))]
            }
            #expect(try only.decide(at).isAllowed != isDenied, "\(status) at \(at)")
        }
    }

    @Test func cancellations() throws {
        let dated = try scenario(andFor: [.cancelled: .steps(ISODuration(months: 1))]) {
            try $0.fact("2026-01-01T10:00", .holding(Holding(product: "term", status: .active)))
            try $0.fact(
                "2026-01-10T10:00",
                .holding(Holding(product: "term", status: .cancelled, to: try $0.time("2026-01-31T00:00"))))
        }
        try dated.check(
            ("2026-01-09T10:00", .until("2026-02-28T00:00"), "even before the cancellation is known it is dated"),
            ("2026-01-20T10:00", .until("2026-02-28T00:00"), "active until then, and a month after"),
            ("2026-02-28T00:00", .allow, "over"))
        let plain = try scenario {
            try $0.fact("2026-01-01T10:00", .holding(Holding(product: "term", status: .active)))
            try $0.fact("2026-01-10T10:00", .holding(Holding(product: "term", status: .cancelled)))
        }
        try plain.check(
            ("2026-01-10T10:00 -1ms", .until("2026-01-10T10:00"), "active"), ("2026-01-10T10:00", .allow, "cancelled"))
    }

    @Test func theLatestRecordRules() throws {
        let scenario = try scenario {
            try $0.fact("2026-01-01T10:00", .holding(Holding(product: "term", status: .cancelled)))
            try $0.fact("2026-01-10T10:00", .holding(Holding(product: "term", status: .active)))
            try $0.fact("2026-01-05T10:00", .holding(Holding(product: "dental", status: .cancelled)))
        }
        try scenario.check(
            ("2026-01-10T10:00 -1ms", .allow, "cancelled"), ("2026-01-10T10:00", .act, "bought again"))
        let ahead = try self.scenario {
            try $0.fact(
                "2026-01-10T10:00", received: "2026-01-02T10:00", .holding(Holding(product: "term", status: .active)))
        }
        try ahead.check(
            ("2026-01-09T10:00", .allow, "a record stamped ahead waits for its time"), ("2026-01-10T10:00", .act, "now")
        )
    }

    @Test func forSomeTimeAfter() throws {
        let rows: [([HoldingStatus: Wait], String, String)] = [
            ([.active: .elapsed(.days(90))], "2026-05-30T00:00", "after it was active"),
            ([.grace: .elapsed(.days(90))], "2026-06-09T00:00", "after its grace"),
            ([.lapsed: .localDays(10, firstDayCounted: true)], "2026-03-21T00:00", "since it lapsed"),
            ([.active: .elapsed(.days(1)), .lapsed: .elapsed(.days(2))], "2026-03-13T00:00", "the longest"),
            ([.cancelled: .elapsed(.days(90))], "2026-03-11T00:00", "it was never cancelled"),
        ]
        for (andFor, until, why) in rows {
            let scenario = try scenario(status: [.active, .grace], andFor: andFor) {
                $0.zones = ["UTC"]
                try $0.fact(
                    "2026-01-01T10:00",
                    .holding(
                        Holding(
                            product: "term", status: .active, to: try $0.time("2026-03-01T00:00"),
                            graceUntil: try $0.time("2026-03-11T00:00"))))
            }
            try scenario.check(("2026-03-05T10:00", .until(until), why), (until, .allow, why))
        }
    }

    @Test func onlyForTheFirstWhile() throws {
        var rule = HoldingRule(holds: .any, status: [.active], forFirst: .elapsed(.days(30)))
        let bought = try Scenario(.holding(rule)).with {
            $0.zones = ["UTC"]
            try $0.fact(
                "2026-01-10T10:00",
                .holding(Holding(product: "term", status: .active, from: try $0.time("2026-01-01T00:00"))))
        }
        try bought.check(
            ("2026-01-20T10:00", .until("2026-01-31T00:00"), "30 days from its beginning"),
            ("2026-01-31T00:00", .allow, "and then no more"))
        rule.forFirst = .localDays(1, firstDayCounted: true)
        rule.andFor = [.active: .elapsed(.days(5))]
        let ended = try bought.with {
            $0.rules[0].body = .holding(rule)
            try $0.fact(
                "2026-02-01T10:00",
                .holding(
                    Holding(
                        product: "term", status: .active, from: try $0.time("2026-01-01T00:00"),
                        to: try $0.time("2026-03-01T00:00"))))
        }
        try ended.check(
            ("2026-02-10T10:00", .allow, "long after its beginning"),
            ("2026-03-02T10:00", .until("2026-03-06T00:00"), "and again after its end"))
    }

    @Test func renewalWindow() throws {
        let rule = HoldingRule(
            holds: .sameProduct, status: [.active, .grace], renewalWindow: ISODuration(months: 1))
        func held(_ status: HoldingStatus, zones: [String] = ["UTC"]) throws -> Scenario {
            try Scenario(.holding(rule)).with {
                $0.zones = zones
                $0.request.product = "term"
                try $0.fact(
                    "2026-01-01T10:00",
                    .holding(
                        Holding(
                            product: "term", status: status, to: try $0.time("2026-03-31T00:00Z"),
                            graceUntil: try $0.time("2026-04-30T00:00Z"))))
            }
        }
        try held(.active).check(
            ("2026-02-28T00:00 -1ms", .until("2026-02-28T00:00"), "a month before its end, clamped"),
            ("2026-02-28T00:00", .allow, "it may be renewed"), ("2026-03-31T00:00 -1ms", .allow, "to its end"),
            ("2026-03-31T00:00", .until("2026-04-30T00:00"), "in grace it is there again"))
        try held(.active, zones: ["UTC", "America/New_York"]).check(
            ("2026-02-28T00:00", .until("2026-03-01T01:00"), "in every zone she may be in"))
        try held(.cancelled).check(
            ("2026-03-15T00:00", .until("2026-03-31T00:00"), "what is cancelled is not renewed"))
    }

    @Test func openQuotes() throws {
        let scenario = try scenario(status: [.quote]) {
            try $0.fact(
                "2026-01-01T10:00",
                .holding(Holding(product: "term", status: .quote, to: try $0.time("2026-02-01T00:00"))))
        }
        try scenario.check(
            ("2026-01-02T10:00", .until("2026-02-01T00:00"), "while it is open"),
            ("2026-02-01T00:00", .allow, "it is stale"))
    }

    @Test func aReservationEndsWhenItBegins() throws {
        let scenario = try scenario(status: [.active]) {
            $0.request.holdFor = .hours(1)
            try $0.fact(
                "2026-01-01T10:00",
                .holding(Holding(product: "term", status: .active, from: try $0.time("2026-02-01T00:00"))))
        }
        #expect(
            try scenario.evaluation(at: scenario.time("2026-01-31T23:40")).touch?.expiresAt
                == scenario.time("2026-02-01T00:00"))
    }
}
