import GovernorCore
import GovernorPolicy
import GovernorRuntime

/// Reads what a test gives and asks, each into the very value that the service would make of it.
struct ActReader {
    let context: TestFileReader.Context
    let body: BodyReader
    let place: (SourceSpan) -> Place
    /// The test's own contact, for whatever names none.
    let contact: LocatedNode?
    /// The test's own instant, for questions that name none.
    let at: Timestamp?
    let expect: LocatedNode?
    let named: (LocatedNode) -> LocatedNode?

    private static let reservationKinds = ["confirm", "release", "outcome"]
    static let kinds = FactKind.allCases.map(\.rawValue) + reservationKinds

    // MARK: Given

    func given(_ node: LocatedNode, order: Int) -> Act? {
        guard var keys = KeyReader(node, what: "an entry of `given`", findings: body.findings) else { return nil }
        guard let kindNode = keys.require("kind", body.findings, hint: "one of \(alternatives(Self.kinds, most: 20))"),
            let text = body.text(kindNode, "kind")
        else { return nil }
        guard Self.kinds.contains(text) else {
            body.findings.report(
                .unknownWord, at: kindNode, "`kind` cannot be \(quoted(text))",
                expected: alternatives(Self.kinds, most: 20), hint: Suggestion.hint(for: text, in: Self.kinds))
            return nil
        }
        keys.what = "\(quoted(text))"
        let stamp = keys.require("at", body.findings, hint: "when it happened").flatMap { body.instant($0, "at") }
        let received = body.instant(&keys, "received_at") ?? stamp
        var caller = context.caller
        if let node = keys.take("caller") { caller = self.caller(node) }
        if let kind = FactKind(rawValue: text) {
            let form = body.fact(kind, &keys)
            let about = keys.take("contact").flatMap(named) ?? contact
            keys.finish(body.findings)
            guard let form, let stamp, let received else { return nil }
            return fact(form, kind, about, node, stamp: stamp, received: received, caller, order)
        }
        let act = onReservation(text, &keys, node, stamp: stamp)
        keys.finish(body.findings)
        guard let act, let received else { return nil }
        return Act(
            at: received, place: place(node.span), name: nil, summary: act.summary, body: act.body, order: order)
    }

    private func fact(
        _ form: FactForm, _ kind: FactKind, _ about: LocatedNode?, _ node: LocatedNode, stamp: Timestamp,
        received: Timestamp, _ caller: Caller, _ order: Int
    ) -> Act? {
        var form = form
        form.at = stamp.description
        if form.id.isEmpty { form.id = "given-\(order)" }
        guard let about = contactForm(about, node) else { return nil }
        form.contact = about.form
        var intake = FactIntake(
            intake: context.intake, caller: caller, policies: context.policies, now: received)
        do throws(FieldErrors) {
            let work = try intake.read(form, kind)
            return Act(
                at: received, place: place(node.span), name: nil, summary: Summary.fact(form, kind),
                body: .fact(work, callerText: caller.id), order: order)
        } catch {
            body.refuse(error, [("$.contact", about.node), ("$", node)], else: node.head)
            return nil
        }
    }

    private func onReservation(
        _ kind: String, _ keys: inout KeyReader, _ node: LocatedNode, stamp: Timestamp?
    ) -> (summary: String, body: Act.Body)? {
        let of = keys.require("of", body.findings, hint: "the `name` of the question that got the reservation")
            .flatMap { body.text($0, "of") }
        switch kind {
        case "confirm": return of.map { ("confirm \(quoted($0))", .confirm(of: $0, nil)) }
        case "release": return of.map { ("release \(quoted($0))", .release(of: $0)) }
        default:
            let outcome = keys.require("outcome", body.findings, hint: "what happened: `outcome: no_answer`")
            let accounts = body.texts(&keys, "accounts")
            let isCorrection = body.flag(&keys, "correction") ?? false
            guard let outcome, let text = body.text(outcome, "outcome"), let of, let stamp else { return nil }
            guard OutcomeNames.isKnown(text, declared: context.policies.declaredEvents) else {
                let known = OutcomeNames.builtIn + context.policies.declaredEvents
                body.findings.report(
                    .unknownWord, at: outcome, "`outcome` cannot be \(quoted(text))",
                    expected: alternatives(known, most: 20), hint: Suggestion.hint(for: text, in: known))
                return nil
            }
            var names = NameTable()
            let report = OutcomeReport(
                outcome: names.intern(text), at: stamp, accounts: accounts?.map { names.intern($0) },
                isCorrection: isCorrection, names: names)
            var told = report
            told.names = names
            return ("outcome \(text) of \(quoted(of))", .outcome(of: of, told))
        }
    }

    // MARK: Asked

    func question(_ node: LocatedNode, order: Int) -> Act? {
        guard var keys = KeyReader(node, what: "a question", findings: body.findings) else { return nil }
        let name = body.text(&keys, "name")
        let instant = body.instant(&keys, "at") ?? at
        if instant == nil && !keys.has("at") {
            body.findings.report(
                .missingKey, at: node.head, "a question needs `at`",
                hint: "tests have no clock: say when it is asked, here or for the whole test")
        }
        var caller = context.caller
        if let node = keys.take("caller") { caller = self.caller(node) }
        let expectNode = keys.take("expect") ?? expect
        let expectations = ExpectationReader(body: body, place: place, rules: context.rules)
        let expectation = expectNode.map { expectations.read($0) }
        if expectation == nil {
            body.findings.report(
                .missingKey, at: node.head, "nothing is expected of this question",
                hint: "write `expect: allow`, or `expect: { verdict: deny, rules: […] }`")
        }
        if let confirmed = keys.take("confirm") {
            // What the defaults say of questions is not about this one.
            for field in BodyReader.questionFields { _ = keys.take(field) }
            keys.finish(body.findings)
            guard let of = body.text(confirmed, "confirm"), let instant else { return nil }
            return Act(
                at: instant, place: place(node.span), name: name, summary: "confirm \(quoted(of))",
                body: .confirm(of: of, expectation ?? Expectation(place: place(node.span))), order: order)
        }
        var form = body.decision(&keys)
        var names = NameTable()
        let registries = body.registries(&keys, names: &names)
        let about = keys.take("contact").flatMap(named) ?? contact
        keys.finish(body.findings)
        guard let about = contactForm(about, node), let instant, !form.channel.isEmpty, !form.purpose.isEmpty else {
            return nil
        }
        form.contact = about.form
        do throws(FieldErrors) {
            var request = try context.intake.request(form, by: caller).request
            request.registryAnswers = registries
            request.names.adoptAll(from: names)
            return Act(
                at: instant, place: place(node.span), name: name, summary: Summary.question(form),
                body: .ask(request, expectation), order: order)
        } catch {
            body.refuse(error, [("$.contact", about.node), ("$", node)], else: node.head)
            return nil
        }
    }

    /// Acts on reservations name a question of the same test.
    func checkNames(_ acts: [Act], _ nodes: [LocatedNode]) {
        let names = acts.compactMap(\.name)
        for act in acts {
            let of: String
            switch act.body {
            case .confirm(let name, _), .release(let name), .outcome(let name, _): of = name
            case .fact, .ask: continue
            }
            if names.contains(of) { continue }
            let node = nodes[act.order]
            body.findings.report(
                .unknownWord, at: node["of"] ?? node["confirm"] ?? node,
                "no question of this test is called \(quoted(of))",
                hint: Suggestion.hint(for: of, in: names) ?? "give the question a `name`")
        }
    }

    // MARK: Parts

    private func contactForm(_ about: LocatedNode?, _ node: LocatedNode) -> (form: ContactForm, node: LocatedNode)? {
        guard let about else {
            body.findings.report(
                .missingKey, at: node.head, "nobody is named",
                hint: "write `contact: { phone: … }` here, for the test or under `defaults`")
            return nil
        }
        return (body.contact(about), about)
    }

    private func caller(_ node: LocatedNode) -> Caller {
        let agency = node.text ?? node["agency"]?.text ?? ""
        let id = node["id"]?.text ?? (agency.isEmpty ? context.caller.id : agency)
        let role =
            node["role"]?.text.flatMap(Role.init(rawValue:)) ?? (node.text != nil ? .dialer : context.caller.role)
        return Caller(id: id, role: role, agency: agency)
    }
}

extension LocatedNode {
    /// Its first key, or itself.
    var head: SourceSpan { entries.first?.key.span ?? span }
}

/// What a timeline says of an act, in a few words.
enum Summary {
    static func question(_ form: DecisionForm) -> String {
        var parts = [form.channel, form.purpose]
        parts += [form.campaign, form.product, form.subject, form.brand].compactMap { $0 }
        parts += form.accounts
        if let method = form.method { parts.append(method) }
        if let exemption = form.exemption { parts.append("claims \(exemption)") }
        if !form.reserve { parts.append("without reserving") }
        return parts.joined(separator: ", ")
    }

    static func fact(_ form: FactForm, _ kind: FactKind) -> String {
        var parts: [String] = []
        if form.direction == "inbound" { parts.append("inbound") }
        parts += [form.channel, form.purpose, form.name, form.event, form.product, form.status, form.campaign]
            .compactMap { $0 }
        parts += [form.subject, form.agency].compactMap { $0 }
        parts += form.accounts
        if form.reach == "endpoint" { parts.append("this address alone") }
        let scope = ScopeField.allCases.flatMap { form.scope.values[$0] ?? [] }
        if !scope.isEmpty { parts.append("for \(scope.joined(separator: ", "))") }
        var text = kind.rawValue
        if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        if let outcome = form.outcome { text += " → \(outcome)" }
        return text
    }
}
