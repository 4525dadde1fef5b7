import GovernorCore
import GovernorPolicy
import GovernorRuntime

/// Reads the bodies of the API where a test file writes them in YAML: the same fields, the same validation.
///
/// What the API would refuse is reported where it stands in the file.
struct BodyReader {
    let findings: Findings
    let zone: ScenarioZone

    static let contactFields = [
        "phone", "email", "ids", "country", "region", "postal_code", "time_zones", "party", "line_type", "role",
    ]
    static let decisionFields = [
        "contact", "channel", "purpose", "campaign", "subject", "product", "brand", "accounts", "method",
        "in_reply_to", "exemption", "reserve", "hold_for", "idempotency_key", "ref", "at",
    ]
    /// What a question may say: a decision's body, and what the outside lists say of its number or address.
    static let questionFields = decisionFields + ["registries"]
    static let instantFields: Set<String> = ["at", "until", "from", "to", "grace_until", "outcome_at"]

    // MARK: Bodies

    func contact(_ node: LocatedNode) -> ContactForm {
        var form = ContactForm()
        guard var keys = KeyReader(node, what: "a contact", findings: findings) else { return form }
        form.phone = text(&keys, "phone")
        form.email = text(&keys, "email")
        form.ids = texts(&keys, "ids") ?? []
        form.country = text(&keys, "country")
        form.region = text(&keys, "region")
        form.postalCode = text(&keys, "postal_code")
        form.timeZones = texts(&keys, "time_zones") ?? []
        form.party = text(&keys, "party")
        form.lineType = text(&keys, "line_type")
        form.role = text(&keys, "role")
        keys.finish(findings)
        return form
    }

    /// Every field but the contact and the instant, which the test's clock gives.
    func decision(_ keys: inout KeyReader) -> DecisionForm {
        var form = DecisionForm()
        form.channel = required(&keys, "channel", "`channel: voice`, `sms`, `email` or a name of your own") ?? ""
        form.purpose = required(&keys, "purpose", "`purpose: marketing`, `service` or a name of your own") ?? ""
        form.campaign = text(&keys, "campaign")
        form.subject = text(&keys, "subject")
        form.product = text(&keys, "product")
        form.brand = text(&keys, "brand")
        form.accounts = texts(&keys, "accounts") ?? []
        form.method = text(&keys, "method")
        form.inReplyTo = text(&keys, "in_reply_to")
        form.exemption = text(&keys, "exemption")
        form.reserve = flag(&keys, "reserve") ?? true
        form.holdFor = text(&keys, "hold_for")
        form.idempotencyKey = text(&keys, "idempotency_key")
        form.ref = text(&keys, "ref")
        return form
    }

    /// `registries: { us-dnc: { of: 2026-11-01, listed: 2020-05-01 } }`; a list that is not named is not loaded.
    func registries(_ keys: inout KeyReader, names: inout NameTable) -> [RegistryAnswer] {
        guard let node = keys.take("registries"), !node.isNull else { return [] }
        guard case .mapping(let entries) = node.content else {
            findings.report(.wrongType, at: node, "`registries` is a group of lists by name, not \(node.described)")
            return []
        }
        return entries.compactMap { entry in
            guard var keys = KeyReader(entry.value, what: "\(quoted(entry.name))", findings: findings) else {
                return nil
            }
            let of = keys.require("of", findings, hint: "when the list was fetched: `of: 2026-11-01`")
                .flatMap { instant($0, "of") }
            let version = text(&keys, "version") ?? ""
            var listing = RegistryAnswer.Listing.notListed
            if let node = keys.take("listed") {
                switch node.text {
                case "false": break
                case "true": listing = .listed(since: nil)
                default: listing = .listed(since: instant(node, "listed"))
                }
            }
            keys.finish(findings)
            return of.map {
                RegistryAnswer(
                    registry: names.intern(entry.name), snapshotAt: $0, version: names.intern(version),
                    listing: listing)
            }
        }
    }

    /// Every field of the kind but the contact; `nil` and reported when a required one is missing.
    func fact(_ kind: FactKind, _ keys: inout KeyReader) -> FactForm? {
        var form = FactForm()
        var isComplete = true
        for field in kind.fields where field.name != "contact" && field.name != "at" {
            let isRequired = field.isRequired && field.name != "id"
            if isRequired && !keys.has(field.name) {
                findings.report(
                    .missingKey, at: keys.head, "\(quoted(kind.rawValue)) needs `\(field.name)`",
                    hint: "it is a required field of `POST \(kind.path)`")
                isComplete = false
            }
            switch field.name {
            case "id": form.id = text(&keys, "id") ?? ""
            case "scope": if let node = keys.take("scope") { form.scope = scope(node) }
            case "source": form.source = text(&keys, "source")
            case "evidence": form.evidence = text(&keys, "evidence")
            case "reach": form.reach = text(&keys, "reach")
            case "name": form.name = text(&keys, "name")
            case "until": form.until = instantText(&keys, "until")
            case "product": form.product = text(&keys, "product")
            case "family": form.family = text(&keys, "family")
            case "status": form.status = text(&keys, "status")
            case "from": form.from = instantText(&keys, "from")
            case "to": form.to = instantText(&keys, "to")
            case "grace_until": form.graceUntil = instantText(&keys, "grace_until")
            case "event": form.event = text(&keys, "event")
            case "hours": if let node = keys.take("hours") { form.hours = hours(node) }
            case "direction": form.direction = text(&keys, "direction")
            case "channel": form.channel = text(&keys, "channel")
            case "purpose": form.purpose = text(&keys, "purpose")
            case "campaign": form.campaign = text(&keys, "campaign")
            case "subject": form.subject = text(&keys, "subject")
            case "brand": form.brand = text(&keys, "brand")
            case "agency": form.agency = text(&keys, "agency")
            case "accounts": form.accounts = texts(&keys, "accounts") ?? []
            case "method": form.method = text(&keys, "method")
            case "outcome": form.outcome = text(&keys, "outcome")
            case "outcome_at": form.outcomeAt = instantText(&keys, "outcome_at")
            case "shared": form.shared = flag(&keys, "shared")
            case "household": form.household = flag(&keys, "household")
            case "labels": form.labels = texts(&keys, "labels")
            default: preconditionFailure("the test files do not know the field \(field.name)")
            }
        }
        return isComplete ? form : nil
    }

    private func scope(_ node: LocatedNode) -> ScopeForm {
        var form = ScopeForm()
        guard var keys = KeyReader(node, what: "the scope of a fact", findings: findings) else { return form }
        for field in ScopeField.allCases {
            if let values = texts(&keys, field.rawValue) { form.values[field] = values }
        }
        keys.finish(findings)
        return form
    }

    private func hours(_ node: LocatedNode) -> [String: [String]] {
        var hours: [String: [String]] = [:]
        guard var keys = KeyReader(node, what: "`hours`", findings: findings) else { return hours }
        for field in HoursField.allCases {
            if let spans = texts(&keys, field.rawValue) { hours[field.rawValue] = spans }
        }
        keys.finish(findings)
        return hours
    }

    // MARK: Values

    func text(_ node: LocatedNode, _ key: String) -> String? {
        guard case .scalar(let text, _) = node.content else {
            if case .refused = node.content { return nil }
            findings.report(.wrongType, at: node, "`\(key)` takes a text, not \(node.described)")
            return nil
        }
        return node.isNull ? nil : text
    }

    func text(_ keys: inout KeyReader, _ key: String) -> String? { keys.take(key).flatMap { text($0, key) } }

    func texts(_ keys: inout KeyReader, _ key: String) -> [String]? {
        keys.take(key).map { node in node.items.compactMap { text($0, key) } }
    }

    func flag(_ keys: inout KeyReader, _ key: String) -> Bool? {
        guard let node = keys.take(key), let text = text(node, key) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            findings.report(.unknownWord, at: node, "`\(key)` cannot be \(quoted(text))", expected: "`true` or `false`")
            return nil
        }
    }

    private func required(_ keys: inout KeyReader, _ key: String, _ hint: String) -> String? {
        keys.require(key, findings, hint: hint).flatMap { text($0, key) }
    }

    /// An instant, as RFC 3339 in UTC for the forms.
    private func instantText(_ keys: inout KeyReader, _ key: String) -> String? {
        instant(&keys, key)?.description
    }

    func instant(_ keys: inout KeyReader, _ key: String) -> Timestamp? {
        keys.take(key).flatMap { instant($0, key) }
    }

    func instant(_ node: LocatedNode, _ key: String) -> Timestamp? {
        guard let text = text(node, key) else { return nil }
        do throws(TestTime.Problem) { return try TestTime.read(text, in: zone) } catch {
            switch error {
            case .malformed:
                findings.report(
                    .badDate, at: node, "`\(key)` takes an instant, not \(quoted(text))",
                    expected: "one such as 2026-11-22T16:02, in \(zone.name), or with an offset, 2026-11-22T16:02-05:00"
                )
            case .skipped:
                findings.report(
                    .badDate, at: node, "the clocks of \(zone.name) skip \(quoted(text))",
                    hint: "write the instant with an offset")
            case .twice(let first, let second):
                findings.report(
                    .badDate, at: node, "the clocks of \(zone.name) show \(quoted(text)) twice",
                    hint: "write \(first) or \(second)")
            }
            return nil
        }
    }

    /// Reports what the API would refuse, at the field it names; the group itself when that is not written out.
    ///
    /// `parts` are the groups of keys that the body was put together from, by the path at which each stands in it.
    func refuse(_ errors: FieldErrors, _ parts: [(path: String, node: LocatedNode)], else head: SourceSpan) {
        for error in errors.errors {
            var span = head
            for (path, node) in parts where error.path.hasPrefix(path) {
                if let found = Self.find(error.path.dropFirst(path.count), in: node) {
                    span = found.span
                    break
                }
            }
            findings.report(
                .bodyRefused, at: span, "the API refuses \(quoted(String(error.path.dropFirst(2)))): \(error.detail)",
                hint: "code \(error.code)")
        }
    }

    /// The node at `.ids[2]` or as far as it goes; `nil` when nothing of it is there.
    private static func find(_ path: Substring, in node: LocatedNode) -> LocatedNode? {
        if path.isEmpty { return node }
        if path.first == "[" {
            guard let end = path.firstIndex(of: "]"), let i = Int(path[path.index(after: path.startIndex)..<end])
            else { return nil }
            let items = node.items
            return items.indices.contains(i) ? find(path[path.index(after: end)...], in: items[i]) : nil
        }
        let rest = path.dropFirst()
        let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
        guard let inner = node[String(rest[..<end])] else { return nil }
        return find(rest[end...], in: inner)
    }
}
