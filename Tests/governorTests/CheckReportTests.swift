import Foundation
import Testing

@testable import governor

@Suite struct CheckReportTests {
    @Test(arguments: [
        (
            """
            {"verdict":"deny","reasons":[{"rule":"house/one-call-a-day","code":"cap.reached",
            "message":"1 of 1 voice calls in the last 24 hours.","because":"We called you already.",
            "source":"policies/house.yaml:14"},{"rule":null,"code":"opt_out.active","message":"The person said no."}],
            "next_allowed_at":"2026-11-22T16:02:11.250Z","next_basis":"time","reservation":null,
            "remaining":[{"rule":"house/three-a-week","left":2}],"shadow":[]}
            """,
            """
            deny
              house/one-call-a-day: 1 of 1 voice calls in the last 24 hours. (policies/house.yaml:14)
                "We called you already."
              opt_out.active: The person said no.
            next  2026-11-22T16:02:11.250Z (here)
            left  2 under house/three-a-week

            """
        ),
        (
            """
            {"verdict":"allow","reasons":[],"next_allowed_at":"2026-11-22T16:02:11.250Z","next_basis":"time",
            "reservation":{"id":"r1","expires_at":"2026-11-22T16:04:11.250Z"},"remaining":[],
            "shadow":[{"rule":"new/r","code":"gap.too_short","message":"Too soon."}],"identity_conflict":true}
            """,
            """
            allow
              [shadow] new/r: Too soon.
              these identifiers lead to several people; all of them were checked
            reserved  r1 until 2026-11-22T16:04:11.250Z (here)

            """
        ),
        (
            """
            {"verdict":"deny","reasons":[],"next_allowed_at":null,"next_basis":"act","reservation":null,"remaining":[],
            "shadow":[]}
            """, "deny\nnext  only an act can change it, such as a consent\n"
        ),
        (
            """
            {"verdict":"deny","reasons":[],"next_allowed_at":null,"next_basis":"horizon","reservation":null,
            "remaining":[],"shadow":[]}
            """, "deny\nnext  no permitted hours within 400 days\n"
        ),
    ])
    func text(_ json: String, _ expected: String) throws {
        let report = try JSONDecoder().decode(CheckReport.self, from: Data(json.utf8))
        #expect(report.text(localTime: { _ in "here" }) == expected)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")])
    func grouped(_ number: Int, _ text: String) { #expect(ProgressBar.grouped(number) == text) }

    @Test func progress() {
        #expect(
            ProgressBar.line("p.csv", fraction: 0.5, rows: 1_000, seconds: 10)
                == "p.csv [==============              ] 50 %  100 rows/s  0:10 left")
    }
}
