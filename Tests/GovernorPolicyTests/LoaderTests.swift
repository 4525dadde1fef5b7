import GovernorCore
import GovernorPolicy
import Testing

/// Every key of the language, from its text to the compiled rule.
@Suite struct LoaderTests {
    // MARK: Windows and waits

    static let windowRows: [(String, Window, String)] = [
        ("PT24H", Window.elapsed(.hours(24)), "elapsed"), ("P7D", .elapsed(.hours(168)), "days are 24 hours"),
        ("P1W", .elapsed(.hours(168)), "weeks are 168 hours"),
        ("{ local_days: 7 }", .localDays(7), "local dates"),
        ("{ calendar: week }", .calendar(.week, weekStarts: .monday), "weeks start on Monday"),
        ("{ calendar: week, starts: sunday }", .calendar(.week, weekStarts: .sunday), "unless said otherwise"),
        ("{ calendar: month }", .calendar(.month, weekStarts: .monday), "month"),
        ("{ calendar: year }", .calendar(.year, weekStarts: .monday), "year"),
        ("{ steps: P12M }", .steps(ISODuration(months: 12)), "steps"),
        ("P1M", .steps(ISODuration(months: 1)), "a month is a calendar step"),
        ("P1Y", .steps(ISODuration(years: 1)), "a year is a calendar step"),
        ("{ steps: P7D }", .steps(ISODuration(days: 7)), "days as steps keep the wall clock"),
    ]

    @Test(arguments: windowRows)
    func window(text: String, expected: Window, why: String) throws {
        let rule = try rule(file("kind: frequency_cap\nlimit: 1\nwindow: \(text)"))
        guard case .frequencyCap(let cap) = rule.body else { return #expect(Bool(false), "not a cap") }
        #expect(cap.window == expected, "\(why)")
    }

    static let waitRows: [(String, Wait, String)] = [
        ("P30D", Wait.elapsed(.days(30)), ""), ("PT4H", .elapsed(.hours(4)), ""), ("forever", .forever, ""),
        ("P18M", .steps(ISODuration(months: 18)), ""),
        ("P1MT12H", .steps(ISODuration(months: 1, milliseconds: 43_200_000)), ""),
        ("{ local_days: 7 }", .localDays(7, firstDayCounted: false), ""),
        ("{ local_days: 7 }", .localDays(7, firstDayCounted: true), "first_day: counted"),
        ("{ local_days: 7 }", .localDays(7, firstDayCounted: false), "first_day: not_counted"),
        (
            "{ business_days: 5, calendar: fr }", .businessDays(5, calendar: 0, firstDayCounted: true),
            "first_day: counted"
        ),
        ("{ steps: P1M }", .steps(ISODuration(months: 1)), ""),
    ]

    @Test(arguments: waitRows)
    func wait(text: String, expected: Wait, more: String) throws {
        let rule = try rule(
            file(
                "kind: cool_off\nafter: [complaint]\nfor: \(text)\n\(more)", head: text.contains("fr") ? calendarFR : ""
            ))
        guard case .coolOff(let body) = rule.body else { return #expect(Bool(false), "not a cool-off") }
        #expect(body.wait == expected)
        #expect(body.after == ["complaint"])
    }

    // MARK: Kinds

    @Test func frequencyCap() throws {
        let text = """
            policy: house
            products: { term-life: { family: life }, whole-life: { family: life } }
            rules:
              - id: all-keys
                kind: frequency_cap
                mode: shadow
                scope:
                  channels: [voice]
                  purposes: [marketing]
                  families: [life]
                  campaigns: [a, b, c]
                  brands: [acme]
                  subjects: [life cover]
                  agencies: [north]
                  methods: [live, prerecorded]
                  jurisdictions: [US, CA-QC]
                  party: consumer
                  line_types: [mobile, voip]
                limit: 3
                window: PT24H
                per: [household, account, subject, campaign, brand, product, agency]
                not_outcomes: [busy, failed]
                outcomes: [connected]
                unreported: release
                keep: { campaigns: [a], purposes: [service], slots: 1 }
                effective: { from: 2026-01-01, until: 2027-01-01 }
                because: b
                cite: 47 CFR
                obligations: [say who you are]
            """
        let rule = try rule(text)
        #expect(rule.id == "house/all-keys")
        #expect(rule.file == "test.yaml" && rule.line == 4)
        #expect(rule.mode == .shadow)
        #expect(rule.because == "b" && rule.cite == "47 CFR" && rule.obligations == ["say who you are"])
        #expect(
            rule.effective
                == EffectiveDates(
                    from: LocalDate(year: 2026, month: 1, day: 1), until: LocalDate(year: 2027, month: 1, day: 1)))
        var scope = RuleScope()
        scope.channels = ["voice"]
        scope.purposes = ["marketing"]
        scope.families = ["life"]
        scope.campaigns = ["a", "b", "c"]
        scope.brands = ["acme"]
        scope.subjects = ["life cover"]
        scope.agencies = ["north"]
        scope.methods = [.live, .prerecorded]
        scope.jurisdictions = [try #require(Jurisdiction("US")), try #require(Jurisdiction("CA-QC"))]
        scope.party = .consumer
        scope.lineTypes = [.mobile, .voip]
        #expect(rule.scope == scope)
        guard case .frequencyCap(let cap) = rule.body else { return #expect(Bool(false)) }
        var filter = TouchFilter()
        filter.channels = scope.channels
        filter.purposes = scope.purposes
        filter.brands = scope.brands
        filter.products = ["term-life", "whole-life"]
        filter.campaigns = scope.campaigns
        filter.subjects = scope.subjects
        filter.agencies = scope.agencies
        filter.methods = scope.methods
        filter.outcomes = ["connected"]
        filter.notOutcomes = ["busy", "failed"]
        #expect(cap.count == filter, "what the scope names counts, a family by its products")
        var per = CountKeys(unit: .household)
        per.perAccount = true
        per.perSubject = true
        per.perCampaign = true
        per.perBrand = true
        per.perProduct = true
        per.perAgency = true
        #expect(cap.per == per)
        #expect(cap.limit == 3 && cap.releasesUnreported)
        #expect(cap.keep == KeptBudget(campaigns: ["a"], purposes: ["service"], slots: 1))
    }

    @Test func countReplacesTheScope() throws {
        let rule = try rule(
            file(
                """
                kind: min_gap
                scope: { channels: [voice], purposes: [marketing] }
                gap: PT4H
                count: { channels: [sms], purposes: [service], brands: [b], families: [life], campaigns: [c], subjects: [s],
                         agencies: [g], accounts: [n], methods: [live], not_outcomes: [failed] }
                """, head: lifeProducts))
        guard case .minGap(let gap) = rule.body else { return #expect(Bool(false)) }
        var filter = TouchFilter()
        filter.channels = ["sms"]
        filter.purposes = ["service"]
        filter.brands = ["b"]
        filter.products = ["term-life", "whole-life"]
        filter.campaigns = ["c"]
        filter.subjects = ["s"]
        filter.agencies = ["g"]
        filter.accounts = ["n"]
        filter.methods = [.live]
        filter.notOutcomes = ["failed"]
        #expect(gap.count == filter)
        #expect(gap.gap == .elapsed(.hours(4)))
        #expect(gap.per == CountKeys())
    }

    @Test func countAll() throws {
        let rule = try rule(file("kind: min_gap\nscope: { channels: [voice] }\ngap: PT4H\ncount: all"))
        guard case .minGap(let gap) = rule.body else { return #expect(Bool(false)) }
        #expect(gap.count == TouchFilter())
    }

    @Test func aRefusalHasTwoNames() throws {
        let rule = try rule(file("kind: cool_off\nafter: [refused]\nfor: P30D\nper: [person, product]"))
        guard case .coolOff(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body.after == ["refused", "refusal"])
        #expect(body.per.perProduct && body.per.unit == .person)
    }

    static func spans(_ hours: [(Int32, Int32)]) -> [ContactHours.DaySpan] {
        hours.map { ContactHours.DaySpan(open: $0.0 * 3_600_000, close: $0.1 * 3_600_000) }
    }

    static let hoursRows: [(String, [[(Int32, Int32)]], String)] = [
        (#"{ daily: ["08:00-21:00"] }"#, Array(repeating: [(8, 21)], count: 7), "daily"),
        (
            #"{ weekdays: ["08:00-21:00"] }"#, Array(repeating: [(8, 21)], count: 5) + [[], []],
            "an unnamed day is closed"
        ),
        (
            #"{ daily: ["09:00-18:00"], weekdays: ["08:00-20:00"], weekend: ["10:00-16:00"], wed: [], sun: ["12:00-24:00"] }"#,
            [[(8, 20)], [(8, 20)], [], [(8, 20)], [(8, 20)], [(10, 16)], [(12, 24)]],
            "a named day beats weekdays and weekend, which beat daily"
        ),
        (#"{ mon: ["14:00-18:00", "08:00-12:00"] }"#, [[(8, 12), (14, 18)], [], [], [], [], [], []], "sorted"),
        (#"{ mon: ["08:00-12:00", "12:00-18:00"] }"#, [[(8, 18)], [], [], [], [], [], []], "touching spans are one"),
        (#"{ mon: "00:00-24:00" }"#, [[(0, 24)], [], [], [], [], [], []], "the whole day, and a list of one"),
    ]

    @Test(arguments: hoursRows)
    func hours(open: String, expected: [[(Int32, Int32)]], why: String) throws {
        let rule = try rule(file("kind: contact_hours\nopen: \(open)"))
        guard case .contactHours(let hours) = rule.body else { return #expect(Bool(false)) }
        #expect(hours.days == expected.map { Self.spans($0) }, "\(why)")
        #expect(hours.holiday == nil && hours.holidays == nil && hours.zone == nil && hours.margin == Milliseconds(0))
    }

    @Test func hoursOfHolidays() throws {
        let rule = try rule(
            file(
                """
                kind: contact_hours
                open: { daily: ["08:00-21:00"], holiday: ["10:00-12:00"] }
                holidays: fr
                closed: [2026-12-24, "2026-11-27"]
                zone: UTC-06:00
                margin: PT1M
                unless: appointment
                """, head: calendarFR))
        guard case .contactHours(let hours) = rule.body else { return #expect(Bool(false)) }
        #expect(hours.holiday == Self.spans([(10, 12)]))
        #expect(hours.holidays == 0)
        #expect(hours.closedDates.map(\.description) == ["2026-11-27", "2026-12-24"])
        #expect(hours.zone == ZoneKey(name: "UTC-06:00"))
        #expect(hours.margin == .minutes(1))
        #expect(rule.unless == [.appointment])
    }

    @Test func aNamedCalendarClosesItsDays() throws {
        let rule = try rule(
            file("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"] }\nholidays: fr", head: calendarFR))
        guard case .contactHours(let hours) = rule.body else { return #expect(Bool(false)) }
        #expect(hours.holiday == [])
    }

    @Test func zoneIsAskedFor() {
        var loader = loader()
        loader.isKnownZone = { $0 == "Europe/Paris" }
        for (zone, isKnown) in [
            ("Europe/Paris", true), ("Europe/Lutetia", false), ("UTC+05:45", true), ("UTC+05:40", false),
            ("UTC+15:00", false), ("EST", false), ("Etc/GMT+5", false),
        ] {
            let text = file("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"] }\nzone: \(zone)")
            let codes = loader.load(files: [PolicySource(name: "z.yaml", text: text)]).findings.codes
            #expect(codes == (isKnown ? [] : ["P025"]), "\(zone)")
        }
    }

    static let optOutRows: [(String, OptOutRule, [Exemption])] = [
        ("", OptOutRule(), [Exemption]()),
        ("except: [transactional, stop_confirmation]", OptOutRule(), [.purpose("transactional"), .stopConfirmation]),
        (
            "except: reply_to_inbound\nunless: [{ purpose: service }]", OptOutRule(),
            [.replyToInbound, .purpose("service")]
        ),
        ("for: P5Y", OptOutRule(lasts: .steps(ISODuration(years: 5))), []),
        ("reach: person", OptOutRule(reach: .person), []), ("reach: endpoint", OptOutRule(reach: .endpoint), []),
        ("reach: as_told", OptOutRule(), []),
        ("reach: person\nfor: P5Y", OptOutRule(lasts: .steps(ISODuration(years: 5)), reach: .person), []),
        ("lasts: P30D", OptOutRule(lasts: .elapsed(.days(30))), []), ("lasts: forever", OptOutRule(), []),
    ]

    @Test(arguments: optOutRows)
    func optOut(lines: String, expected: OptOutRule, unless: [Exemption]) throws {
        let rule = try rule(file("kind: opt_out\n" + lines))
        guard case .optOut(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body == expected)
        #expect(rule.unless == unless)
    }

    @Test func consent() throws {
        let rule = try rule(
            file(
                """
                kind: consent
                require: [written, express]
                bound_to: endpoint
                evidence: required
                valid_for: P18M
                void_on: [reassigned]
                or: [{ event: purchase, within: P18M }, { holding: same_product, status: [active, grace] }, { holding: any }]
                """))
        guard case .consent(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(
            body
                == ConsentRule(
                    require: ["written", "express"], isBoundToEndpoint: true, needsEvidence: true,
                    validFor: .steps(ISODuration(months: 18)),
                    voidOn: ["reassigned"],
                    or: [
                        .event("purchase", within: .steps(ISODuration(months: 18))),
                        .holding(.sameProduct, status: [.active, .grace]), .holding(.any, status: [.active]),
                    ]))
    }

    static let registryRows: [(String, RegistryRule)] = [
        ("registry: us-dnc", RegistryRule(registry: "us-dnc")),
        (
            "registry: us-dnc\nmax_age: P31D\nor: [{ event: purchase, within: P18M }, { holding: any }]",
            RegistryRule(
                registry: "us-dnc", maxAge: .elapsed(.days(31)),
                or: [.event("purchase", within: .steps(ISODuration(months: 18))), .holding(.any, status: [.active])])
        ),
        (
            "registry: tps\nafter_listing: { local_days: 28 }\noverridden_by: [express, { consent: [written, signed], given: before }]",
            RegistryRule(
                registry: "tps", afterListing: .localDays(28, firstDayCounted: false),
                overriddenBy: [
                    RegistryOverride(ConsentTerms(names: ["express"])),
                    RegistryOverride(ConsentTerms(names: ["written", "signed"]), given: .before),
                ])
        ),
        (
            "registry: rpo\noverridden_by: { consent: express, given: after, bound_to: endpoint, evidence: required, valid_for: P1Y, void_on: reassigned }",
            RegistryRule(
                registry: "rpo",
                overriddenBy: [
                    RegistryOverride(
                        ConsentTerms(
                            names: ["express"], isBoundToEndpoint: true, needsEvidence: true,
                            validFor: .steps(ISODuration(years: 1)), voidOn: ["reassigned"]),
                        given: .after)
                ])
        ),
    ]

    @Test(arguments: registryRows)
    func registry(lines: String, expected: RegistryRule) throws {
        let rule = try rule(file("kind: registry\n" + lines))
        guard case .registry(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body == expected)
    }

    @Test func registriesAreKnownToTheSet() {
        let (policies, _) = load(
            "policy: t\nrules:\n"
                + ["us-dnc", "tps", "tps"].enumerated().map {
                    "  - { id: r-\($0.offset), kind: registry, registry: \($0.element), because: b }\n"
                }.joined())
        #expect(policies?.registries == ["us-dnc", "tps"])
    }

    @Test func blocksOfLabels() throws {
        let rule = try rule(file("kind: block\nlabels: [workplace]"))
        guard case .block(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body == BlockRule(labels: ["workplace"]))
    }

    @Test func holdingsForAWhile() throws {
        let rule = try rule(
            file("kind: holding\nholds: any\nstatus: [active]\nfor_first: P30D\nrenewal_window: P1M"))
        guard case .holding(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(
            body
                == HoldingRule(
                    holds: .any, status: [.active], forFirst: .elapsed(.days(30)),
                    renewalWindow: ISODuration(months: 1)))
    }

    @Test func rolesAndFamilies() throws {
        let rule = try rule(
            file(
                "kind: frequency_cap\nscope: { roles: [consumer] }\nlimit: 1\nwindow: PT24H\nper: [person, family]"))
        guard case .frequencyCap(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(rule.scope.roles == ["consumer"])
        #expect(body.count.roles == ["consumer"], "what counts follows the scope")
        #expect(body.per.perFamily)
    }

    @Test func whatARuleSaysOfItself() throws {
        let head = "read: 2026-11-01\nnote: have counsel confirm\n"
        let lines = "kind: opt_out\ncite: 47 CFR 64.1200\nconfidence: text\nnote: counsel confirmed"
        let own = try rule(file(lines + "\nread: 2026-10-01", head: head))
        #expect(own.readOn == LocalDate(year: 2026, month: 10, day: 1))
        #expect(own.confidence == .text)
        #expect(own.note == "counsel confirmed")
        #expect(
            try rule(file(lines, head: head)).readOn == LocalDate(year: 2026, month: 11, day: 1), "as the file says")
        #expect(try rule(file("kind: opt_out", head: head)).readOn == nil, "a rule of the house has no law to read")
        #expect(load(file("kind: opt_out\ncite: a\nread: 2027-01-01")).findings.codes == ["P023"])
        for (confidence, mode, isFound) in [
            ("text", "enforce", false), ("two_sources", "enforce", false), ("one_source", "enforce", true),
            ("memory", "enforce", true), ("memory", "shadow", false), ("one_source", "off", false),
        ] {
            let text = file("kind: opt_out\ncite: a\nconfidence: \(confidence)\nmode: \(mode)")
            #expect(load(text).findings.codes == (isFound ? ["P080"] : []), "\(confidence) \(mode)")
        }
    }

    @Test func retentionIsTheLongestOfAllFiles() throws {
        let files = [
            ("a", "retention: { decisions: P5Y, opt_outs: P10Y, consents: P3Y }"),
            ("b", "retention: { decisions: P3Y, opt_outs: P3650D, consents: P1100D }"),
        ].map { PolicySource(name: "\($0.0).yaml", text: "policy: \($0.0)\n\($0.1)\n") }
        let policies = try #require(loader().load(files: files).policies)
        #expect(
            policies.retention == [
                .decisions: ISODuration(years: 5), .optOuts: ISODuration(years: 10),
                .consents: ISODuration(days: 1_100),
            ])
        #expect(load("policy: t\nretention: { decision: P5Y }\n").findings.codes == ["P011"])
    }

    static let holdingRows: [(String, String, Holds, [HoldingStatus], [HoldingStatus: Wait])] = [
        ("same_product", "", Holds.sameProduct, [HoldingStatus.active, .grace, .pending], [HoldingStatus: Wait]()),
        ("same_family", "status: [active]", .sameFamily, [.active], [:]),
        ("any", "status: [lapsed, cancelled, quote]", .any, [.lapsed, .cancelled, .quote], [:]),
        ("{ products: [term-life, car] }", "", .products(["term-life", "car"]), [.active, .grace, .pending], [:]),
        ("{ families: [life] }", "status: active", .families(["life"]), [.active], [:]),
        (
            "any", "status: [active, grace]\nand_for: P90D", .any, [.active, .grace],
            [.active: .elapsed(.days(90)), .grace: .elapsed(.days(90))]
        ),
        (
            "any", "status: [active]\nand_for: { cancelled: P90D, lapsed: { local_days: 3 } }", .any, [.active],
            [.cancelled: .elapsed(.days(90)), .lapsed: .localDays(3, firstDayCounted: false)]
        ),
        (
            "any", "status: [active]\nand_for: { local_days: 9 }", .any, [.active],
            [.active: .localDays(9, firstDayCounted: false)]
        ),
    ]

    @Test(arguments: holdingRows)
    func holding(holds: String, more: String, expected: Holds, status: [HoldingStatus], andFor: [HoldingStatus: Wait])
        throws
    {
        let rule = try rule(file("kind: holding\nholds: \(holds)\n\(more)", head: lifeProducts))
        guard case .holding(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body == HoldingRule(holds: expected, status: status, andFor: andFor))
    }

    @Test func block() throws {
        let rule = try rule(
            file(
                """
                kind: block
                scope: { jurisdictions: [US-FL] }
                from: 2026-12-01T00:00:00-05:00
                until: 2026-12-08T00:00:00Z
                """))
        guard case .block(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(
            body
                == BlockRule(
                    from: try Timestamp(parsing: "2026-12-01T05:00:00Z"),
                    until: try Timestamp(parsing: "2026-12-08T00:00:00Z")))
    }

    static let guardRows: [(String, CampaignGuard)] = [
        (
            "attempts: 600\nwindow: PT1H",
            CampaignGuard(per: .campaign, demand: .attempts(600), window: .elapsed(.hours(1)))
        ),
        (
            "per: agency\nattempts: 600\nwindow: { calendar: week, starts: sunday, zone: Europe/Paris }",
            CampaignGuard(
                per: .agency, demand: .attempts(600),
                window: .calendar(.week, weekStarts: .sunday, zone: ZoneKey(name: "Europe/Paris")))
        ),
        (
            "share: { of: [abandoned], among: [conversation], most: 2.5%, at_least: 50 }\nwindow: { periods: P30D }",
            CampaignGuard(
                per: .campaign,
                demand: .share(
                    of: ["abandoned"], among: ["conversation", "abandoned"], millionths: 25_000, atLeast: 50),
                window: .periods(.days(30)))
        ),
        (
            "share: { of: [failed], most: 100% }\nwindow: { calendar: hour }",
            CampaignGuard(
                per: .campaign,
                demand: .share(
                    of: ["failed"],
                    among: [
                        "connected", "conversation", "refused", "complaint", "opt_out", "wrong_number", "abandoned",
                        "sold", "failed",
                    ], millionths: 1_000_000, atLeast: 1),
                window: .calendar(.hour, weekStarts: .monday, zone: nil))
        ),
    ]

    @Test(arguments: guardRows)
    func campaignGuard(lines: String, expected: CampaignGuard) throws {
        let rule = try rule(file("kind: campaign_guard\n\(lines)"))
        guard case .campaignGuard(let body) = rule.body else { return #expect(Bool(false)) }
        #expect(body == expected)
    }

    @Test func exemptions() throws {
        let rule = try rule(
            file(
                """
                kind: block
                unless:
                  - { consent: express, within: { local_days: 7 }, ends_on: [opt_out] }
                  - { consent: written }
                  - { event: inquiry, within: P3M }
                  - { holding: same_product, status: [active] }
                  - appointment
                  - reply_to_inbound
                  - stop_confirmation
                  - transactional
                  - { purpose: service }
                """))
        #expect(
            rule.unless == [
                .consent("express", within: .localDays(7, firstDayCounted: false), endsOn: ["opt_out"]),
                .consent("written", within: nil, endsOn: []), .event("inquiry", within: .steps(ISODuration(months: 3))),
                .holding(.sameProduct, status: [.active]), .appointment, .replyToInbound, .stopConfirmation,
                .purpose("transactional"), .purpose("service"),
            ])
    }

    // MARK: Heads and sets of files

    @Test func head() throws {
        let (policies, findings) = load(
            """
            policy: house
            description: d
            language: 1
            version: 2026-11
            cite: c
            events: [site_visit]
            products: { term-life: { family: life } }
            on_store_failure: { service: allow, marketing: deny }
            calendars:
              fr: { dates: [2027-01-01, 2026-12-25], valid_through: 2030-12-31 }
            rules:
              - { id: r, kind: cool_off, after: [site_visit], for: { business_days: 2, calendar: fr }, because: b, cite: c }
            """)
        let set = try #require(policies, "\(findings.report)")
        #expect(findings.isEmpty, "\(findings.report)")
        #expect(set.declaredEvents == ["site_visit"])
        #expect(set.families == ["term-life": "life"])
        #expect(set.onStoreFailure == ["service": .allow, "marketing": .deny])
        #expect(set.calendars.map(\.name) == ["fr"])
        #expect(set.calendars[0].dates.map(\.description) == ["2026-12-25", "2027-01-01"])
        for text in ["site_visit", "term-life", "life", "service"] {
            #expect(set.names.text(Name<LabelKind>(text)) == text)
        }
    }

    @Test func declarationsReachEveryFile() throws {
        let a = PolicySource(
            name: "a.yaml", text: file("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"] }\nholidays: fr"))
        let b = PolicySource(name: "b.yaml", text: "policy: calendars\n" + calendarFR)
        let (policies, findings) = loader().load(files: [b, a])
        #expect(findings.isEmpty, "\(findings.report)")
        #expect(policies?.rules.first?.id == "t/r")
    }

    @Test func twoFilesCannotDeclareTheSame() {
        let text = lifeProducts + calendarFR + "on_store_failure: { service: allow }\n"
        let rule = "rules: [{ id: r, kind: opt_out, because: b }]\n"
        let files = ["a.yaml", "b.yaml"].map { PolicySource(name: $0, text: "policy: t\n" + text + rule) }
        let (policies, findings) = loader().load(files: files)
        #expect(policies == nil)
        let errors = findings.filter { $0.severity == .error }
        #expect(errors.codes == Array(repeating: "P015", count: 5))
        #expect(errors.allSatisfy { $0.file == "b.yaml" && $0.hints[0].contains("a.yaml:") })
    }

    @Test func theOrderOfFilesDoesNotMatter() throws {
        let files = (0..<5).map {
            PolicySource(name: "f\($0).yaml", text: "policy: p\($0)\nrules: [{ id: r, kind: opt_out, because: b }]\n")
        }
        let first = try #require(loader().load(files: files).policies)
        let second = try #require(loader().load(files: files.reversed()).policies)
        #expect(first.revision == second.revision && !first.revision.isEmpty)
        #expect(first.rules.map(\.id) == second.rules.map(\.id))
        let other = try #require(loader().load(files: Array(files.dropLast())).policies)
        #expect(other.revision != first.revision)
        let renamed = [PolicySource(name: "g0.yaml", bytes: files[0].bytes)] + files.dropFirst()
        #expect(loader().load(files: renamed).policies?.revision != first.revision)
    }

    @Test func noFileIsTheBuiltInRules() {
        let (policies, findings) = loader().load(files: [])
        #expect(findings.isEmpty)
        #expect(policies?.rules.map(\.id) == ["builtin/opt-out", "builtin/quiet-times"])
    }

    @Test func offRulesAreLeftOut() {
        let (policies, findings) = load(file("kind: opt_out\nmode: off"))
        #expect(findings.isEmpty)
        #expect(policies?.rules.map(\.id) == ["builtin/opt-out", "builtin/quiet-times"])
    }

    static let policyFileNamesRows: [(String, Bool)] = [
        ("policies/house.yaml", true), ("house.yml", true), ("house.test.yaml", false), (".house.yaml", false),
        ("policies/.house.yaml", false), ("house.yaml~", false), ("readme.md", false), ("house.yaml.swp", false),
    ]

    @Test(arguments: policyFileNamesRows)
    func policyFileNames(name: String, isPolicy: Bool) {
        #expect(PolicySource.isPolicy(fileName: name) == isPolicy)
    }

    // MARK: Refusals, each with its code and place

    static let refusalRows: [(String, String, Int, Int)] = [
        ("kind: frequency_cap\nlimit: 08\nwindow: PT24H", "P019", 6, 12),
        ("kind: frequency_cap\nlimit: -1\nwindow: PT24H", "P019", 6, 12),
        ("kind: frequency_cap\nlimit: 1.5\nwindow: PT24H", "P019", 6, 12),
        ("kind: frequency_cap\nlimit: 1_0\nwindow: PT24H", "P019", 6, 12),
        ("kind: frequency_cap\nlimit: 99999999999999999999\nwindow: PT24H", "P019", 6, 12),
        ("kind: frequency_cap\nlimit:\nwindow: PT24H", "P010", 6, 11),
        ("kind: frequency_cap\nlimit: [1]\nwindow: PT24H", "P010", 6, 12),
        ("kind: frequency_cap\nlimit: 1\nwindow: PT0S", "P017", 7, 13),
        ("kind: frequency_cap\nlimit: 1\nwindow: forever", "P017", 7, 13),
        ("kind: frequency_cap\nlimit: 1\nwindow: { local_days: 0 }", "P019", 7, 27),
        ("kind: frequency_cap\nlimit: 1\nwindow: { business_days: 2 }", "P018", 7, 15),
        ("kind: frequency_cap\nlimit: 1\nwindow: {}", "P018", 7, 13),
        ("kind: frequency_cap\nlimit: 1\nwindow: { local_days: 2, starts: sunday }", "P034", 7, 30),
        ("kind: frequency_cap\nlimit: 1\nwindow: { calendar: month, starts: sunday }", "P034", 7, 32),
        ("kind: frequency_cap\nlimit: 1\nwindow: PT24H\nper: [person, endpoint]", "P034", 8, 19),
        ("kind: frequency_cap\nlimit: 2\nwindow: PT24H\nkeep: { slots: 1 }", "P012", 8, 13),
        ("kind: frequency_cap\nlimit: 2\nwindow: PT24H\noutcomes: [purchase]", "P013", 8, 16),
        ("kind: frequency_cap\nlimit: 2\nwindow: PT24H\ncount: { outcomes: [busy] }\noutcomes: [busy]", "P034", 9, 5),
        ("kind: min_gap\ngap: forever", "P017", 6, 10), ("kind: min_gap\ngap: P200Y", "P017", 6, 10),
        ("kind: cool_off\nafter: [refused]\nfor: { business_days: 5 }", "P012", 7, 12),
        ("kind: cool_off\nafter: [refused]\nfor: { local_days: 5, calendar: fr }", "P018", 7, 12),
        ("kind: cool_off\nafter: []\nfor: P1D", "P031", 6, 12),
        ("kind: contact_hours\nopen: { daily: [08:00-21:00] }", "P020", 6, 21),
        ("kind: contact_hours\nopen: { daily: [\"08:00-08:00\"] }", "P021", 6, 21),
        ("kind: contact_hours\nopen: { daily: [\"24:00-24:00\"] }", "P021", 6, 21),
        ("kind: contact_hours\nopen: { daily: [\"08:00-24:30\"] }", "P020", 6, 21),
        ("kind: contact_hours\nopen: { daily: [\"08:60-21:00\"] }", "P020", 6, 21),
        ("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"], holiday: [] }", "P012", 6, 11),
        ("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"] }\nmargin: P1D", "P017", 7, 13),
        ("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"] }\nclosed: [2026-12-24T18:00:00Z]", "P023", 7, 14),
        ("kind: contact_hours\nopen: { daily: [\"08:00-21:00\"], monday: [] }", "P011", 6, 37),
        ("kind: opt_out\nreach: household", "P013", 6, 12), ("kind: opt_out\nexcept: [marketing]", "P013", 6, 14),
        ("kind: opt_out\nfor: P1Y\nlasts: P1Y", "P034", 7, 5), ("kind: consent", "P012", 3, 5),
        ("kind: holding", "P012", 3, 5), ("kind: holding\nholds: {}", "P034", 6, 12),
        ("kind: block\nfrom: 2026-12-24", "P023", 6, 11),
        ("kind: block\nfrom: 2027-01-01T00:00:00Z\nuntil: 2026-12-01T00:00:00Z", "P032", 7, 12),
        ("kind: block\nscope: { channels: [true] }", "P014", 6, 25),
        ("kind: block\nscope: { channels: [~] }", "P010", 6, 25),
        ("kind: block\nscope: { jurisdictions: [us] }", "P024", 6, 30), ("kind: block\nmode: Off", "P013", 6, 11),
        ("kind: registry\nmax_age: P31D", "P012", 3, 5), ("kind: registry\nregistry: US DNC", "P014", 6, 15),
        ("kind: registry\nregistry: a\noverridden_by: [{ given: after }]", "P012", 7, 23),
        ("kind: consent\nrequire: [a]\nevidence: sure", "P013", 7, 15),
        ("kind: holding\nholds: any\nstatus: [lapsed]\nrenewal_window: P30D", "P034", 8, 5),
        ("kind: campaign_guard\nwindow: PT1H", "P012", 3, 5),
        ("kind: campaign_guard\nattempts: 5", "P012", 3, 5),
        ("kind: campaign_guard\nattempts: 5\nwindow: P1M", "P018", 7, 13),
        ("kind: campaign_guard\nattempts: 5\nwindow: P63D", "P017", 7, 13),
        ("kind: campaign_guard\nattempts: 5\nwindow: PT90S", "P017", 7, 13),
        ("kind: campaign_guard\nattempts: 5\nwindow: { periods: PT90M }", "P017", 7, 24),
        ("kind: campaign_guard\nattempts: 5\nwindow: { calendar: year }", "P013", 7, 25),
        ("kind: campaign_guard\nattempts: 5\nwindow: { calendar: day, zone: Mars }", "P025", 7, 36),
        ("kind: campaign_guard\nattempts: 5\nwindow: PT1H\nshare: { of: [abandoned], most: 3% }", "P034", 8, 5),
        ("kind: campaign_guard\nwindow: PT1H\nshare: { of: [abandoned], most: 3 }", "P019", 7, 37),
        ("kind: campaign_guard\nwindow: PT1H\nshare: { of: [abandoned], most: 101% }", "P019", 7, 37),
        ("kind: campaign_guard\nwindow: PT1H\nshare: { of: [purchase], most: 3% }", "P013", 7, 19),
        ("kind: block\nunless: [{ consent: written, event: purchase }]", "P011", 6, 34),
        ("kind: block\n<<: { mode: off }", "P011", 6, 5), ("kind: block\nbecause: twice", "P009", 6, 5),
    ]

    @Test(arguments: refusalRows)
    func refusal(lines: String, code: String, line: Int, column: Int) {
        let (policies, findings) = load(file(lines))
        #expect(policies == nil)
        let errors = findings.filter { $0.severity == .error }
        #expect(errors.codes == [code], "\(findings.report)")
        #expect(errors.first?.line == line && errors.first?.column == column, "\(findings.report)")
    }
}
