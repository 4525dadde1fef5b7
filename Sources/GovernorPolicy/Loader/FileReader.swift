import GovernorCore

/// Reads one file: first what it declares for all files, then its rules.
final class FileReader {
    let findings: Findings
    let context: LoadContext
    private let file: String
    private let root: LocatedNode?
    private var policy: String?
    private var rules: LocatedNode?
    /// When the author of the file last read the laws in it.
    private var readOn: LocalDate?
    /// The file cites a law, so that each of its rules should.
    private var isAboutLaw = false
    private var declaredHere: [(kind: String, name: String, node: LocatedNode)] = []

    init(_ source: PolicySource, context: LoadContext) {
        self.context = context
        file = source.name
        let located = LocatedFile(source)
        findings = located.findings
        root = located.root
    }

    /// `file:line` of a place in this file.
    func place(_ span: SourceSpan) -> String { "\(file):\(findings.text.position(of: span.start).line)" }

    // MARK: The head

    /// Reads everything but the rules.
    func readHead() {
        guard let root, var keys = KeyReader(root, what: "a policy file", findings: findings) else { return }
        if let node = keys.require("policy", findings, hint: "rules are named by it: `policy: house` makes `house/…`") {
            policy = identifier(node, "policy")
            if policy == "builtin" {
                findings.report(.badName, at: node, "`builtin` is the name of the rules that are always there")
            }
        }
        if let node = keys.take("description") { _ = text(node, "description") }
        rules = keys.take("rules")
        if let node = keys.take("calendars") { readCalendars(node) }
        if let node = keys.take("products") { readProducts(node) }
        if let node = keys.take("events") { readEvents(node) }
        if let node = keys.take("on_store_failure") { readFailurePolicies(node) }
        if let node = keys.take("cite") { isAboutLaw = text(node, "cite") != nil }
        if let node = keys.take("note") { _ = text(node, "note") }
        readOn = keys.take("read").flatMap { readingDate($0) }
        if let node = keys.take("retention") { readRetention(node) }
        if let node = keys.take("version") { _ = text(node, "version") }
        if let node = keys.take("language"), let version = integer(node, "language", 1...1_000),
            version != PolicyLoader.languageVersion
        {
            findings.report(
                .languageVersion, at: node,
                "version \(version) of the policy language is not known; this is version \(PolicyLoader.languageVersion)"
            )
        }
        keys.finish(findings)
    }

    /// The entries of a group whose keys are names.
    private func entries(_ node: LocatedNode, _ key: String) -> [LocatedNode.Entry] {
        switch node.content {
        case .mapping(let entries): return entries
        case .refused: return []
        default:
            findings.report(.wrongType, at: node, "`\(key)` is a group of names, not \(node.described)")
            return []
        }
    }

    private func isFirst(_ kind: String, _ name: String, _ span: SourceSpan) -> Bool {
        guard let earlier = context.declare(kind, name, at: place(span)) else { return true }
        findings.report(
            .declaredTwice, at: span, "\(kind) \(quoted(name)) is declared twice",
            hint: "it already stands at \(earlier); keep one of the two")
        return false
    }

    private func readCalendars(_ node: LocatedNode) {
        for entry in entries(node, "calendars") {
            guard let name = identifier(entry.key, "calendars"),
                var keys = KeyReader(entry.value, what: "a calendar", findings: findings)
            else { continue }
            var dates: [LocalDate] = []
            let end = keys.require(
                "valid_through", findings, hint: "the last date it speaks for; later dates are denied")
            let validThrough = end.flatMap { date($0, "valid_through") }
            if let node = keys.require("dates", findings, hint: "its holidays: `dates: [2026-12-25]`") {
                for item in list(node, "dates", mayBeEmpty: true) {
                    guard let date = date(item, "dates") else { continue }
                    dates.append(date)
                    if let validThrough, date > validThrough {
                        findings.report(
                            .emptyPeriod, at: item, "\(date) lies past the calendar's end, \(validThrough)",
                            hint: "move `valid_through` to a date up to which every holiday is listed")
                    }
                }
            }
            if let rule = keys.take("observed").flatMap({ word($0, "observed", ObservedDays.words) }) {
                dates = rule.observed(dates)
            }
            keys.finish(findings)
            guard isFirst("calendar", name, entry.key.span) else { continue }
            if let end, let validThrough, let today = context.today, validThrough < today.adding(years: 1, months: 0) {
                findings.report(
                    .calendarEnds, at: end,
                    validThrough < today
                        ? "calendar \(quoted(name)) ended on \(validThrough): every rule that needs it denies"
                        : "calendar \(quoted(name)) ends on \(validThrough), in \(validThrough.days - today.days) days",
                    hint: "add the holidays of the years to come and move `valid_through`")
            }
            // Even a broken one is known by name, so that its users are not reported as well.
            context.add(
                HolidayCalendar(name: name, dates: dates, validThrough: validThrough ?? LocalDate(days: .max)))
            declaredHere.append(("calendar", name, entry.key))
        }
    }

    private func readProducts(_ node: LocatedNode) {
        for entry in entries(node, "products") {
            guard let product = name(entry.key, "products"),
                var keys = KeyReader(entry.value, what: "a product", findings: findings)
            else {
                context.hasBrokenProducts = true
                continue
            }
            let family = keys.require("family", findings, hint: "write `\(product): { family: NAME }`")
                .flatMap { name($0, "family") }
            keys.finish(findings)
            guard isFirst("product", product, entry.key.span) else { continue }
            if let family {
                context.add(product: product, family: family)
            } else {
                context.hasBrokenProducts = true
            }
        }
    }

    private func readEvents(_ node: LocatedNode) {
        for item in list(node, "events", mayBeEmpty: true) {
            guard let name = name(item, "events") else { continue }
            if context.add(event: name) { declaredHere.append(("event", name, item)) }
        }
    }

    private func readFailurePolicies(_ node: LocatedNode) {
        for entry in entries(node, "on_store_failure") {
            let choice = word(entry.value, "on_store_failure", [("allow", FailurePolicy.allow), ("deny", .deny)])
            guard let purpose = name(entry.key, "on_store_failure"), let choice else { continue }
            warnIfMisspelt(purpose, entry.key, among: WellKnown.purposes, "purpose")
            if isFirst("on_store_failure for", purpose, entry.key.span) {
                context.setFailurePolicy(choice, purpose: purpose)
            }
        }
    }

    // MARK: The rules

    func readRules() -> [ReadRule] {
        guard let rules else { return [] }
        switch rules.content {
        case .sequence(let items): return items.compactMap { readRule($0) }
        case .refused: return []
        default:
            findings.report(
                .wrongType, at: rules, "`rules` is a list, not \(rules.described)",
                hint: "begin each rule with a hyphen: `- id: …`")
            return []
        }
    }

    private func readRule(_ node: LocatedNode) -> ReadRule? {
        guard var keys = KeyReader(node, what: "a rule", findings: findings) else { return nil }
        var id = ""
        var called = keys.what
        if let node = keys.require("id", findings, hint: "answers and audit records name the rule by it"),
            let name = identifier(node, "id")
        {
            // Without a policy's name its rules can still be told from each other.
            id = "\(policy ?? "?\(file)")/\(name)"
            called = quoted(name)
            _ = isFirst("rule", id, node.span)
        }
        let kindNode = keys.require("kind", findings, hint: "one of \(alternatives(RuleKind.allCases.map(\.rawValue)))")
        let kind = kindNode.flatMap { word($0, "kind", RuleKind.allCases.map { ($0.rawValue, $0) }) }
        if let kind {
            keys.what = kind.described
            if id.isEmpty { called = kind.described }
        }

        var scope = ScopeKeys()
        if let node = keys.take("scope") { scope = readScope(node) }
        var rule = Rule(
            id: id, file: file, line: findings.text.position(of: keys.head.start).line, body: .block(BlockRule()))
        rule.scope = scope.scope
        if let kind, let kindNode { readBody(kind, kindNode, &keys, scope, &rule) }
        if let node = keys.take("effective") { rule.effective = readEffective(node) }
        if let node = keys.take("mode") {
            rule.mode =
                word(node, "mode", [("enforce", RuleMode.enforce), ("shadow", .shadow), ("off", .off)]) ?? .enforce
        }
        if let node = keys.take("unless") { rule.unless += readExemptions(node, "unless") }
        if let node = keys.take("because") {
            rule.because = text(node, "because")
        } else if kind != nil {
            findings.report(
                .noBecause, at: keys.head, "\(called) has no `because`",
                hint: "add the sentence that an agent may read out when it denies")
        }
        readAbout(&keys, &rule, readOn: readOn)
        if isAboutLaw, kind != nil, !keys.has("cite") {
            findings.report(
                .noCite, at: keys.head, "\(called) does not say which law it comes from",
                hint: "add its place in the text: `cite: 47 CFR 64.1200(c)(1)`")
        }
        if let node = keys.take("obligations") {
            rule.obligations = list(node, "obligations").compactMap { text($0, "obligations") }
        }
        if kind != nil { keys.finish(findings) }
        return ReadRule(rule, at: node, findings: findings)
    }

    private func readBody(
        _ kind: RuleKind, _ kindNode: LocatedNode, _ keys: inout KeyReader, _ scope: ScopeKeys, _ rule: inout Rule
    ) {
        switch kind {
        case .frequencyCap:
            if let body = readFrequencyCap(&keys, scope) { rule.body = .frequencyCap(body) }
        case .minGap:
            if let body = readMinGap(&keys, scope) { rule.body = .minGap(body) }
        case .coolOff:
            if let body = readCoolOff(&keys, scope) { rule.body = .coolOff(body) }
        case .contactHours:
            if let body = readContactHours(&keys) { rule.body = .contactHours(body) }
        case .optOut:
            if let body = readOptOut(&keys, &rule.unless) { rule.body = .optOut(body) }
        case .consent:
            if let body = readConsent(&keys) { rule.body = .consent(body) }
        case .holding:
            if let body = readHolding(&keys) { rule.body = .holding(body) }
        case .block:
            rule.body = .block(readBlock(&keys))
        case .registry:
            if let body = readRegistry(&keys) { rule.body = .registry(body) }
        case .campaignGuard:
            if let body = readCampaignGuard(&keys) { rule.body = .campaignGuard(body) }
        }
    }

    private func readEffective(_ node: LocatedNode) -> EffectiveDates? {
        guard var keys = KeyReader(node, what: "`effective`", findings: findings) else { return nil }
        let from = keys.take("from").flatMap { date($0, "from") }
        let untilNode = keys.take("until")
        let until = untilNode.flatMap { date($0, "until") }
        keys.finish(findings)
        if let from, let until, let untilNode, until <= from {
            findings.report(
                .emptyPeriod, at: untilNode, "the rule ends on \(until), before it begins on \(from)",
                hint: "`until` is the first date on which it is no longer in force")
        } else if let until, let untilNode, let today = context.today, until < today.adding(days: -1) {
            findings.report(.over, at: untilNode, "the rule has not been in force since \(until)")
        }
        return EffectiveDates(from: from, until: until)
    }

    /// Notes what this file declares and no rule of any file uses.
    func reportUnused() {
        for (kind, name, node) in declaredHere {
            let isUsed = kind == "calendar" ? context.isUsed(calendar: name) : context.isUsed(event: name)
            if !isUsed { findings.report(.unused, at: node, "no rule uses the \(kind) \(quoted(name))") }
        }
    }
}

/// Every kind of rule that the language knows.
enum RuleKind: String, CaseIterable {
    case frequencyCap = "frequency_cap"
    case minGap = "min_gap"
    case coolOff = "cool_off"
    case contactHours = "contact_hours"
    case optOut = "opt_out"
    case consent
    case holding
    case registry
    case campaignGuard = "campaign_guard"
    case block

    var described: String {
        switch self {
        case .frequencyCap: "a frequency cap"
        case .minGap: "a minimum gap"
        case .coolOff: "a cool-off"
        case .contactHours: "contact hours"
        case .optOut: "an opt-out rule"
        case .consent: "a consent rule"
        case .holding: "a holding rule"
        case .registry: "a registry rule"
        case .campaignGuard: "a campaign guard"
        case .block: "a block"
        }
    }
}
