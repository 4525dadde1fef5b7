import Foundation
import GovernorCore
import GovernorPolicy
import Testing

/// The policies that people start from, and the examples of the language's page.
@Suite struct PolicyFilesTests {
    @Test func startersLoadTogether() throws {
        let folder = repository.appending(path: "policies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            PolicySource.isPolicy(fileName: $0)
        }
        #expect(names.contains("house.yaml") && names.contains("insurer.yaml"))
        let files = try names.map {
            PolicySource(name: "policies/\($0)", bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
        }
        let (policies, findings) = loader().load(files: files)
        #expect(findings.isEmpty, "\(findings.report)")
        #expect(policies?.rules.allSatisfy { $0.because != nil || $0.file == "builtin" } == true)
    }

    /// Each pack by itself, since nobody needs all of them, and all of them with the starters.
    @Test func packsLoadAloneAndTogether() throws {
        let folder = repository.appending(path: "policies")
        func files(_ path: String) throws -> [PolicySource] {
            try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path)
                .filter { PolicySource.isPolicy(fileName: $0) }
                .map {
                    PolicySource(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: "\(path)/\($0)"))))
                }
        }
        let packs = try files("packs")
        let wanted = [
            "australia", "brazil", "canada", "france", "germany", "india", "italy", "singapore", "south-africa",
            "spain",
            "uk-pecr", "us-can-spam", "us-dnc", "us-reg-f", "us-states", "us-tcpa",
        ]
        #expect(packs.map(\.name).sorted() == wanted.map { "\($0).yaml" })
        for pack in packs {
            let (policies, findings) = loader().load(files: [pack])
            #expect(findings.isEmpty, "\(findings.report)")
            for rule in policies?.rules ?? [] where rule.file != "builtin" {
                #expect(rule.cite != nil && rule.readOn != nil && rule.because != nil, "\(rule.id)")
                let isSure = rule.confidence?.isEnough == true
                #expect(rule.mode == (isSure ? .enforce : .shadow), "\(rule.id): only what is confirmed decides")
            }
        }
        let started = ContinuousClock.now
        let (policies, findings) = loader().load(files: packs + (try files(".")))
        print("PolicyFilesTests.packsLoadAloneAndTogether: \(ContinuousClock.now - started)")
        #expect(policies != nil)
        #expect(findings.isEmpty, "\(findings.report)")
    }

    /// The shape that the specification shows, keys and all.
    @Test func theFixedShape() throws {
        let (policies, findings) = load(
            """
            policy: house                       # rules are named house/<id>
            description: Our own promises, stricter than any law.
            rules:
              - id: one-call-a-day
                kind: frequency_cap
                scope: { channels: [voice], purposes: [marketing] }
                limit: 1
                window: PT24H                   # or { local_days: 7 }, or { calendar: week }
                count: { channels: [voice] }    # what counts; without it, whatever the scope names
                per: [person]                   # or e.g. [person, account]
                because: We have already called you in the last 24 hours.
              - id: already-holds
                kind: holding
                scope: { purposes: [marketing] }
                holds: same_product             # or same_family, any
                status: [active, grace, pending]
                and_for: P90D                   # also for this long after it ended; or {cancelled: P90D}
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice, sms], jurisdictions: [US] }
                open: { daily: ["08:00-21:00"] } # mon..sun, weekdays, weekend, daily
                cite: 47 CFR 64.1200(c)(1)
              - { id: said-no, kind: opt_out, except: [transactional, stop_confirmation] }
              - { id: after-refusal, kind: cool_off, after: [refused], for: P30D }
              - { id: a-breath, kind: min_gap, scope: { purposes: [marketing] }, gap: PT4H }
            """)
        #expect(!findings.hasFindings, "\(findings.report)")
        let ids = try #require(policies).rules.map(\.id)
        #expect(
            ids.prefix(6) == [
                "house/one-call-a-day", "house/already-holds", "house/calling-hours", "house/said-no",
                "house/after-refusal", "house/a-breath",
            ])
    }

    /// Blocks that begin with `policy:` are files; those that begin with a hyphen are rules of one.
    @Test func examplesOfTheLanguagePageLoad() throws {
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count >= 18)
        for (index, block) in blocks.enumerated() {
            var text = block
            if block.hasPrefix("- ") {
                text = "policy: example\n" + calendarFR + lifeProducts + "events: [site_visit]\nrules:\n"
                text += block.split(separator: "\n").map { "  \($0)\n" }.joined()
            }
            let (policies, findings) = load(text, name: "example-\(index + 1).yaml")
            #expect(policies != nil, "\(findings.report)")
            #expect(
                findings.allSatisfy { $0.code.id == "P050" || $0.code.id == "P060" || $0.code.id == "P054" },
                "\(findings.report)")
        }
    }

    /// Every key that the loader knows has its place in the language's page.
    @Test(arguments: [
        "policy", "description", "rules", "calendars", "products", "events", "on_store_failure", "language", "version",
        "cite",
        "id", "kind", "scope", "effective", "mode", "unless", "because", "obligations", "limit", "window", "count",
        "per",
        "keep", "unreported", "outcomes", "not_outcomes", "gap", "after", "for", "first_day", "open", "holidays",
        "closed",
        "zone", "margin", "except", "require", "or", "bound_to", "valid_for", "void_on", "holds", "status", "and_for",
        "from",
        "until", "channels", "purposes", "brands", "families", "campaigns", "subjects", "agencies", "methods",
        "jurisdictions",
        "party", "line_types", "accounts", "local_days", "business_days", "steps", "starts", "slots", "within",
        "ends_on",
        "valid_through", "dates", "observed", "family", "lasts", "registry", "max_age", "after_listing",
        "overridden_by", "given",
        "evidence", "reach", "for_first", "renewal_window", "labels", "roles", "read", "confidence", "note",
        "retention",
    ])
    func keyIsDescribed(key: String) throws {
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        #expect(page.contains("`\(key)`") || page.contains("`\(key):") || page.contains(" \(key): "), "\(key)")
    }

    /// Codes of reasons that the page names exist.
    @Test func codesOfThePageExist() throws {
        let page = try String(contentsOf: repository.appending(path: "docs/policy-language.md"), encoding: .utf8)
        let codes = page.matches(of: #/`([a-z_]+\.[a-z_]+)`/#).map { String($0.output.1) }
        let known = Set(ReasonCode.allCases.map(\.name))
        #expect(codes.count >= 7)
        #expect(codes.filter { !known.contains($0) } == [])
    }

    /// A thousand rules within the time that a reload has.
    @Test func aThousandRules() {
        var text = "policy: big\nrules:\n"
        for i in 0..<1_000 {
            text += """
                  - id: rule-\(i)
                    kind: frequency_cap
                    scope: { channels: [voice, sms], purposes: [marketing], campaigns: [campaign-\(i)], jurisdictions: [US-NY] }
                    limit: \(i % 9 + 1)
                    window: { local_days: 7 }
                    count: { channels: [voice], not_outcomes: [busy, failed] }
                    per: [person, account]
                    because: Rule number \(i) says so.

                """
        }
        let source = PolicySource(name: "big.yaml", text: text)
        var best = Duration.seconds(100)
        for _ in 0..<5 {
            let started = ContinuousClock.now
            let (policies, findings) = loader().load(files: [source])
            best = min(best, ContinuousClock.now - started)
            #expect(policies?.rules.count == 1_002)
            #expect(findings.isEmpty)
        }
        print("PolicyFilesTests.aThousandRules: \(best)")
        #if DEBUG
            #expect(best < .seconds(3))
        #else
            #expect(best < .milliseconds(300))
        #endif
    }
}
