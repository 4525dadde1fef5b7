import GovernorCore

/// The JSON Schema of policy files, for editors: what may stand where, and what it means.
///
/// The loader knows more (names that must be declared, dates in order, hours that overlap); what the schema refuses, the
/// loader refuses too. Source: JSON Schema draft 7, which the YAML extensions of editors read.
public enum PolicySchema {
    public static var text: String { root.json() + "\n" }

    private static var root: SchemaNode {
        .group(
            [
                ("$schema", "http://json-schema.org/draft-07/schema#"),
                ("title", "Policies of the contact governor"),
            ] + members(of: file) + [("definitions", .group(definitions))])
    }

    private static func members(of node: SchemaNode) -> [(String, SchemaNode)] {
        if case .group(let members) = node { members } else { [] }
    }

    // MARK: The file

    private static var file: SchemaNode {
        .object(
            [
                ("policy", .reference("id").described("The policy's name; its rules are called by it.")),
                ("description", .string.described("For people.")),
                (
                    "language",
                    SchemaNode.group([("enum", .list([.number(PolicyLoader.languageVersion)]))])
                        .described("The version of the policy language.")
                ),
                (
                    "version",
                    SchemaNode.any(of: [.string, .group([("type", "number")])])
                        .described("The author's own version of the file.")
                ),
                ("cite", .string.described("The law or agreement that the file comes from.")),
                ("note", .string.described("A remark, for people.")),
                ("read", SchemaNode.reference("date").described("When the author last read the laws.")),
                (
                    "retention",
                    SchemaNode.object(RecordKind.allCases.map { ($0.name, .reference("duration")) })
                        .described("How long records of each kind are kept, at least.")
                ),
                ("calendars", .named(.reference("calendar")).described("Holidays by the calendar's name.")),
                (
                    "products",
                    .named(.object([("family", .reference("name"))], required: ["family"]))
                        .described("The product families: `term-life: { family: life }`.")
                ),
                (
                    "events",
                    SchemaNode.oneOrMore(.reference("name"), mayBeEmpty: true)
                        .described("Names of outcomes and events of one's own.")
                ),
                (
                    "on_store_failure",
                    .named(.words(["allow", "deny"]))
                        .described("Per purpose, what to do when the store cannot answer; without it, deny.")
                ),
                ("rules", .group([("type", "array"), ("items", .reference("rule"))])),
            ], required: ["policy"])
    }

    private static var definitions: [(String, SchemaNode)] {
        [
            ("id", .group([("type", "string"), ("pattern", "^[a-z0-9][a-z0-9-]{0,63}$")])),
            // Names made of digits alone are read as they are written.
            (
                "name",
                .group([
                    ("type", .list(["string", "integer"])), ("minLength", .number(1)), ("maxLength", .number(128)),
                ])
            ),
            ("date", .group([("type", "string"), ("pattern", "^\\d{4}-\\d{2}-\\d{2}$")])),
            (
                "instant",
                .group([("type", "string"), ("pattern", "^\\d{4}-\\d{2}-\\d{2}[Tt].*([Zz]|[+-]\\d{2}:\\d{2})$")])
            ),
            (
                "duration",
                .group([
                    ("type", "string"),
                    (
                        "pattern",
                        "^P(?=.)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=.)(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,3})?S)?)?$"
                    ),
                ])
                .described("An ISO 8601 duration: PT24H, P7D, P18M.")
            ),
            (
                "calendar",
                .object(
                    [
                        ("dates", .oneOrMore(.reference("date"), mayBeEmpty: true)),
                        (
                            "observed",
                            SchemaNode.words(ObservedDays.allCases.map(\.rawValue))
                                .described("The day off for a holiday that falls on a weekend.")
                        ),
                        ("valid_through", .reference("date")),
                    ],
                    required: ["dates", "valid_through"])
            ),
            (
                "spans",
                .group([
                    ("type", "array"),
                    (
                        "items",
                        .group([
                            ("type", "string"),
                            ("pattern", "^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$"),
                        ])
                    ),
                ]).described("Such as [\"08:00-12:00\", \"14:00-20:00\"]; an empty list is a closed day.")
            ),
            ("window", window), ("wait", wait), ("guard_window", guardWindow), ("lasting", lasting), ("scope", scope),
            ("count", count), ("per", per),
            ("holds", holds),
            ("exemptions", exemptions), ("rule", rule),
        ]
    }

    // MARK: Time

    private static let weekdays = SchemaNode.words(FileReader.weekdays.map(\.0))

    private static var window: SchemaNode {
        .any(of: [
            .reference("duration").described("Elapsed time; a day is 24 hours."),
            .object([("local_days", .integer(1...3_660))], required: ["local_days"])
                .described("So many local dates, today included."),
            .object(
                [
                    ("calendar", .words(["day", "week", "month", "year"])),
                    ("starts", weekdays),
                ], required: ["calendar"]
            ).described("Since the day, week, month or year began, where the person is."),
            .object([("steps", .reference("duration"))], required: ["steps"]).described(
                "Calendar steps back from now."),
        ])
    }

    private static let firstDay = SchemaNode.words(["counted", "not_counted"])
        .described("Whether the day of the event is the first.")

    private static var wait: SchemaNode {
        .any(of: [
            .reference("duration").described("Elapsed time, or calendar steps when it has months or years."),
            .object([("local_days", .integer(1...36_600)), ("first_day", firstDay)], required: ["local_days"])
                .described("Whole local dates."),
            .object(
                [("business_days", .integer(1...3_660)), ("calendar", .reference("id")), ("first_day", firstDay)],
                required: ["business_days", "calendar"]
            ).described("Dates that are neither weekend nor holiday."),
            .object([("steps", .reference("duration"))], required: ["steps"])
                .described("Calendar steps on the wall clock; month ends clamp."),
        ])
    }

    /// A wait that may be for good.
    private static var lasting: SchemaNode { .any(of: [aWait, .words(["forever"])]) }

    // MARK: Which contacts

    private static let name = SchemaNode.oneOrMore(.reference("name"))

    private static var dimensions: [(String, SchemaNode)] {
        [
            ("channels", .oneOrMore(.names(WellKnown.channels))), ("purposes", .oneOrMore(.names(WellKnown.purposes))),
            ("brands", name), ("products", name), ("families", name), ("campaigns", name), ("subjects", name),
            ("agencies", name), ("methods", .oneOrMore(.words(["live", "automated", "prerecorded"]))),
        ]
    }

    private static var scope: SchemaNode {
        SchemaNode.object(
            dimensions + [
                (
                    "jurisdictions",
                    .oneOrMore(
                        .group([
                            ("type", "string"), ("pattern", "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
                        ]))
                ),
                ("party", .words(["consumer", "business"])),
                ("line_types", .oneOrMore(.words(LineType.allCases.map(\.name)))),
                ("roles", name),
            ]
        ).described("Which contacts the rule is about; what is left out admits everything.")
    }

    private static var outcomes: [(String, SchemaNode)] {
        let outcome = SchemaNode.oneOrMore(.names(WellKnown.outcomes))
        return [
            ("outcomes", outcome.described("Only touches with one of these outcomes count, or with none yet.")),
            ("not_outcomes", outcome.described("Touches with one of these outcomes do not count.")),
        ]
    }

    private static var count: SchemaNode {
        SchemaNode.any(of: [.words(["all"]), .object(dimensions + [("accounts", name), ("roles", name)] + outcomes)])
            .described("Which touches count; without it, whatever the scope names.")
    }

    private static var per: SchemaNode {
        SchemaNode.oneOrMore(
            .words([
                "person", "endpoint", "household", "account", "subject", "campaign", "brand", "product", "family",
                "agency",
            ])
        ).described("Whose touches, and by which keys within them.")
    }

    private static var holds: SchemaNode {
        .any(of: [
            .words(["same_product", "same_family", "any"]), .object([("products", name)], required: ["products"]),
            .object([("families", name)], required: ["families"]),
        ])
    }

    private static let status = SchemaNode.oneOrMore(.words(HoldingStatus.names.map(\.0)))
    private static let event = SchemaNode.names(WellKnown.outcomes + WellKnown.events)
    private static let aWait = SchemaNode.reference("wait")
    private static let forLong = SchemaNode.reference("lasting")

    private static var eventWithin: SchemaNode {
        .object([("event", event), ("within", forLong)], required: ["event", "within"])
    }

    private static var holdingIn: SchemaNode {
        .object([("holding", .reference("holds")), ("status", status)], required: ["holding"])
    }

    private static var exemptions: SchemaNode {
        SchemaNode.oneOrMore(
            .any(of: [
                .words(["transactional", "stop_confirmation", "reply_to_inbound", "appointment"]),
                .object(
                    [("consent", .reference("name")), ("within", forLong), ("ends_on", .oneOrMore(event))],
                    required: ["consent"]),
                eventWithin, holdingIn,
                .object([("purpose", .names(WellKnown.purposes))], required: ["purpose"]),
            ])
        ).described("What lifts this rule, and only this one.")
    }

    // MARK: Rules

    private static var rule: SchemaNode {
        .group([
            (
                "oneOf",
                .list(
                    RuleKind.allCases.map { kind in
                        let own = keys(of: kind)
                        let common: [(String, SchemaNode)] = [
                            ("id", .reference("id").described("Unique within the policy.")),
                            (
                                "kind",
                                .group([("const", .text(kind.rawValue)), ("description", .text(sentence(kind)))])
                            ),
                            ("scope", .reference("scope")),
                            (
                                "effective",
                                .object([("from", .reference("date")), ("until", .reference("date"))])
                                    .described("Local dates: in force from `from` on and before `until`.")
                            ),
                            (
                                "mode",
                                .words(["enforce", "shadow", "off"])
                                    .described("`shadow`: evaluated and reported, decides nothing.")
                            ),
                            ("unless", .reference("exemptions")),
                            ("because", .string.described("The sentence that an agent may read out.")),
                            ("cite", .string.described("The law or house rule behind it.")),
                            (
                                "read",
                                SchemaNode.reference("date").described("When the author last read that law.")
                            ),
                            (
                                "confidence",
                                .words(["text", "two_sources", "one_source", "memory"])
                                    .described("How the author knows that law.")
                            ),
                            ("note", .string.described("A remark for the next author.")),
                            ("obligations", .oneOrMore(.string).described("What an allowed caller must do.")),
                        ]
                        return SchemaNode.object(common + own.members, required: ["id", "kind"] + own.required)
                    })
            )
        ])
    }

    private static func sentence(_ kind: RuleKind) -> String {
        switch kind {
        case .frequencyCap: "At most so many touches in a window."
        case .minGap: "Not sooner than so long after the last touch."
        case .coolOff: "Nothing for a while after an event or outcome."
        case .contactHours: "Only inside local hours."
        case .optOut: "Not if the person said no."
        case .consent: "Only with permission."
        case .holding: "Not if the person already has it."
        case .registry: "Not if the endpoint is listed."
        case .campaignGuard: "Not if the campaign has used up its right."
        case .block: "Never here."
        }
    }

    /// The keys that only this kind takes.
    private static func keys(of kind: RuleKind) -> (members: [(String, SchemaNode)], required: [String]) {
        let unreported = SchemaNode.words(["count", "release"])
            .described("What becomes of a reservation that expired without being confirmed.")
        switch kind {
        case .frequencyCap:
            return (
                [
                    ("limit", .integer(0...1_000_000).described("How many; the next one is denied.")),
                    ("window", .reference("window")), ("count", .reference("count")), ("per", .reference("per")),
                    ("unreported", unreported),
                    (
                        "keep",
                        .object(
                            [
                                ("campaigns", name), ("purposes", .oneOrMore(.names(WellKnown.purposes))),
                                ("slots", .integer(1...1_000_000)),
                            ], required: ["slots"]
                        ).described("A part of the budget kept for these.")
                    ),
                ] + outcomes, ["limit", "window"]
            )
        case .minGap:
            return (
                [
                    ("gap", aWait), ("count", .reference("count")), ("per", .reference("per")),
                    ("unreported", unreported),
                ] + outcomes, ["gap"]
            )
        case .coolOff:
            return (
                [
                    ("after", SchemaNode.oneOrMore(event).described("The outcomes or events that start it.")),
                    ("for", forLong),
                    ("first_day", firstDay),
                    ("count", .reference("count")), ("per", .reference("per")),
                ] + outcomes, ["after", "for"]
            )
        case .contactHours:
            let spans = SchemaNode.reference("spans")
            let days = ["daily", "weekdays", "weekend", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]
            return (
                [
                    (
                        "open",
                        .object(days.map { ($0, spans) })
                            .described(
                                "A named day beats weekdays and weekend, which beat daily; an unnamed day is closed.")
                    ),
                    ("holidays", .reference("id").described("A declared calendar.")),
                    ("closed", .oneOrMore(.reference("date")).described("Single dates that are closed.")),
                    ("zone", .string.described("A fixed zone in place of the person's: America/New_York, UTC-06:00.")),
                    ("margin", .reference("duration").described("Closes every span earlier by this much.")),
                ], ["open"]
            )
        case .optOut:
            return (
                [
                    ("except", .reference("exemptions")), ("for", forLong.described("How long an opt-out lasts.")),
                    ("lasts", forLong.described("The same as `for`.")),
                    (
                        "reach",
                        .words(["as_told", "person", "endpoint"]).described("Whom every opt-out binds.")
                    ),
                ], []
            )
        case .consent:
            return (
                [
                    ("require", name.described("The consents of which one is enough."))
                ] + terms + [("or", relationships)], []
            )
        case .registry:
            return (
                [
                    ("registry", .reference("id").described("The list's name.")),
                    ("max_age", aWait.described("How old the list may be.")),
                    ("after_listing", aWait.described("A listing binds only so long after it was made.")),
                    (
                        "overridden_by",
                        SchemaNode.oneOrMore(
                            .any(of: [
                                .reference("name"),
                                .object(
                                    [("consent", name), ("given", .words(["any", "before", "after"]))] + terms,
                                    required: ["consent"]),
                            ])
                        ).described("Consents that lift a listing.")
                    ),
                    ("or", relationships),
                ], ["registry"]
            )
        case .holding:
            return (
                [
                    ("holds", .reference("holds")), ("status", status),
                    (
                        "and_for",
                        .any(of: [forLong, .object(HoldingStatus.names.map { ($0.0, forLong) })])
                            .described("Also for this long after it left the status.")
                    ),
                    ("for_first", aWait.described("Only for the first while in the status.")),
                    (
                        "renewal_window",
                        SchemaNode.reference("duration").described("Not in the last while before an active one ends.")
                    ),
                ], ["holds"]
            )
        case .block:
            return (
                [
                    ("from", .reference("instant")), ("until", .reference("instant")),
                    ("labels", name.described("Only numbers and addresses with one of these labels.")),
                ], []
            )
        case .campaignGuard:
            return (
                [
                    (
                        "per",
                        SchemaNode.words(["campaign", "agency"]).described(
                            "Whose contacts, the campaign's if left out.")
                    ),
                    ("attempts", .integer(0...1_000_000_000).described("At most so many contacts.")),
                    ("share", share), ("window", .reference("guard_window")),
                ], ["window"]
            )
        }
    }

    private static var share: SchemaNode {
        let outcomes = SchemaNode.oneOrMore(.names(WellKnown.outcomes))
        return .object(
            [
                ("of", outcomes.described("Outcomes of which there may be only so few.")),
                (
                    "among",
                    .any(of: [.words(["live_answered"]), outcomes])
                        .described("The outcomes that they are a share of; live_answered when left out.")
                ),
                (
                    "most",
                    SchemaNode.group([("type", "string"), ("pattern", "^\\d{1,3}(\\.\\d{1,4})?%$")])
                        .described("The largest share: 3%.")
                ),
                ("at_least", .integer(1...1_000_000).described("Not judged while fewer are reported.")),
            ], required: ["of", "most"])
    }

    private static var guardWindow: SchemaNode {
        .any(of: [
            .reference("duration").described("Elapsed time, in whole minutes; 62 days at most."),
            .object(
                [
                    ("calendar", .words(["hour", "day", "week", "month"])), ("starts", weekdays),
                    ("zone", .string.described("The same for everybody; UTC when left out.")),
                ], required: ["calendar"]
            ).described("Since the hour, day, week or month began."),
            .object([("periods", .reference("duration"))], required: ["periods"])
                .described("Successive periods from the first contact counted."),
        ])
    }

    /// What a consent must be.
    private static var terms: [(String, SchemaNode)] {
        [
            ("bound_to", .words(["endpoint", "person"])), ("evidence", .words(["required", "not_required"])),
            ("valid_for", aWait), ("void_on", .oneOrMore(event)),
        ]
    }

    private static var relationships: SchemaNode {
        SchemaNode.oneOrMore(.any(of: [eventWithin, holdingIn])).described("A relationship in its place.")
    }
}
