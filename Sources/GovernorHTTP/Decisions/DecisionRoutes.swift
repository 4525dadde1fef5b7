package import GovernorCore
package import GovernorRuntime
import NIOCore
import Synchronization

/// The hot routes: decisions, their batch, and what happens to a reservation.
///
/// Everything runs on the connection's event loop up to the store, and nothing suspends.
package struct DecisionRoutes: HotRoutes {
    let governor: Governor
    let intake: Intake
    let keys: KeyRing

    package init(governor: Governor, intake: Intake, keys: KeyRing) {
        self.governor = governor
        self.intake = intake
        self.keys = keys
    }

    package func handle(_ request: borrowing HotRequest, reply: HotReply) {
        // Every role may decide.
        guard let caller = authenticate(request) else {
            return reply.respond(.unauthorized, fields: "WWW-Authenticate: Bearer\r\n")
        }
        var reply = reply
        if let bounds = caller.bounds {
            do throws(CallerBounds.Refusal) {
                reply.lease = try bounds.admit(at: steadyNanoseconds())
            } catch {
                return reply.respond(Problem(error), retryAfter: error.seconds)
            }
        }
        switch request.route {
        case .decisions: decide(request, by: caller, reply: reply)
        case .decisionsBatch: decideBatch(request, by: caller, reply: reply)
        case .confirm: confirm(request, by: caller, reply: reply)
        case .outcome: report(request, by: caller, reply: reply)
        case .release: release(request, by: caller, reply: reply)
        }
    }

    private func authenticate(_ request: borrowing HotRequest) -> Caller? {
        let session = request.session
        // Connections come back with the same key; what was found for it holds while the ring is the same.
        if let known = session.admission, keys.isCurrent(known), session.authorization == request.authorization {
            return known.expiresAt == .distantFuture || known.expiresAt > governor.clock.now() ? known.caller : nil
        }
        let now = governor.clock.now()
        let found: KeyRing.Admission?
        if request.authorization.isEmpty, let certificate = session.client?.bytes {
            found = keys.admission(withCertificate: certificate, at: now)
        } else {
            found = request.withAuthorization { bytes in
                BearerKey.find(in: bytes).flatMap { keys.admission(withKey: $0, at: now) }
            }
        }
        session.authorization = request.authorization
        session.admission = found
        return found?.caller
    }

    // MARK: Decisions

    /// Stop 1 of 6: decodes and validates; every identifier becomes a keyed hash here and goes no further.
    private func decide(_ request: borrowing HotRequest, by caller: Caller, reply: HotReply) {
        let item = request.body.withUnsafeReadableBytes { body -> Item in
            do throws(JSONFaults) {
                return read(try WireDecisionRequest.scan(body), in: body, by: caller)
            } catch {
                return .refused(Problem(error, in: body))
            }
        }
        switch item {
        case .refused(let problem): reply.respond(problem)
        case .ask(let contact, let asked, let ref):
            let role = caller.role
            governor.decide(contact, asked: asked) { [governor] result in
                governor.remember(ref, of: result)
                @Sendable func write() {
                    switch result {
                    case .success(let answer):
                        reply.respond(200) { buffer in
                            buffer.writeJSON(estimate: 768) {
                                $0.decision(answer, ref: ref, for: role, hasher: governor.hasher)
                            }
                        }
                    case .failure(let error): reply.respond(Problem(error))
                    }
                }
                if reply.isOnEventLoop { write() } else { reply.post(write) }
            }
        }
    }

    private enum Item {
        case ask(ContactRequest, Timestamp?, ref: String?)
        case refused(Problem)
    }

    private func read(_ wire: WireDecisionRequest, in body: UnsafeRawBufferPointer, by caller: Caller) -> Item {
        wire.withTexts(in: body) { texts in
            do throws(FieldErrors) {
                let (request, asked) = try intake.request(texts, by: caller)
                return .ask(request, asked, ref: wire.strings.string(of: wire.ref, in: body))
            } catch {
                return .refused(Problem(error))
            }
        }
    }

    /// Answers in order. Items about the same identifier wait for each other, so that an earlier reserved allow counts
    /// for a later request; all others run side by side.
    private func decideBatch(_ request: borrowing HotRequest, by caller: Caller, reply: HotReply) {
        let items = request.body.withUnsafeReadableBytes { body -> Result<[Item], Problem> in
            do throws(JSONFaults) {
                let batch = try WireBatch.scan(body)
                if let bounds = caller.bounds {
                    if let most = bounds.limits.batchMax, batch.count > most { return .failure(.keyBatch(most)) }
                    bounds.charge(batch.count - 1)
                }
                return .success(
                    (0..<batch.count).map { i in
                        do throws(JSONFaults) {
                            return read(try batch.request(i, in: body), in: body, by: caller)
                        } catch {
                            return .refused(Problem(error, in: body))
                        }
                    })
            } catch {
                return .failure(Problem(error, in: body))
            }
        }
        switch items {
        case .failure(let problem): reply.respond(problem)
        case .success(let items):
            BatchRun(items.count, role: caller.role, hasher: intake.hasher, reply: reply).start(items, governor)
        }
    }

    /// One batch under way: the answers so far, and which items still wait for an earlier one.
    private final class BatchRun: Sendable {
        private enum Answer: Sendable {
            case waiting
            case decided(DecisionAnswer, ref: String?)
            case refused(Problem)
        }

        private struct State {
            var answers: [Answer]
            var open: Int
            /// Items that start when this one is answered.
            var followers: [Int: [Int]] = [:]
            /// Items that may start, the next one last.
            var ready: [Int] = []
            /// Somebody starts those that are ready: an answer that comes at once must not start the next from inside the
            /// last, or a thousand questions about one person would be as many calls deep.
            var isStarting = false
        }

        private let state: Mutex<State>
        private let role: Role
        private let hasher: ReservationSecret
        private let reply: HotReply

        init(_ count: Int, role: Role, hasher: ReservationSecret, reply: HotReply) {
            state = Mutex(State(answers: Array(repeating: .waiting, count: count), open: count))
            self.role = role
            self.hasher = hasher
            self.reply = reply
        }

        func start(_ items: [Item], _ governor: Governor) {
            var last: [IdentifierHash: Int] = [:]
            last.reserveCapacity(items.count * 2)
            state.withLock { state in
                for (i, item) in items.enumerated() {
                    guard case .ask(let contact, _, _) = item else {
                        state.ready.append(i)
                        continue
                    }
                    // The latest earlier item about any of the same identifiers; it waits for the ones before it.
                    let earlier = contact.identifiers.compactMap { last.updateValue(i, forKey: $0.hash) }.max()
                    if let earlier, earlier != i {
                        state.followers[earlier, default: []].append(i)
                    } else {
                        state.ready.append(i)
                    }
                }
                state.ready.reverse()
            }
            startReady(items, governor)
        }

        private func startReady(_ items: [Item], _ governor: Governor) {
            guard
                state.withLock({ state in
                    defer { state.isStarting = true }
                    return !state.isStarting
                })
            else { return }
            while let next = state.withLock({ state in
                let next = state.ready.popLast()
                if next == nil { state.isStarting = false }
                return next
            }) { run(next, items, governor) }
        }

        private func run(_ i: Int, _ items: [Item], _ governor: Governor) {
            switch items[i] {
            case .refused(let problem): settle(i, .refused(problem), items, governor)
            case .ask(let contact, let asked, let ref):
                governor.decide(contact, asked: asked) { [self] result in
                    governor.remember(ref, of: result)
                    switch result {
                    case .success(let answer): settle(i, .decided(answer, ref: ref), items, governor)
                    case .failure(let error): settle(i, .refused(Problem(error)), items, governor)
                    }
                }
            }
        }

        private func settle(_ i: Int, _ answer: Answer, _ items: [Item], _ governor: Governor) {
            let finished = state.withLock { state -> [Answer]? in
                state.answers[i] = answer
                state.open -= 1
                state.ready += state.followers.removeValue(forKey: i) ?? []
                return state.open == 0 ? state.answers : nil
            }
            guard let finished else { return startReady(items, governor) }
            if reply.isOnEventLoop { write(finished) } else { reply.post { [self] in write(finished) } }
        }

        private func write(_ answers: [Answer]) {
            reply.respond(200) { buffer in
                buffer.writeJSON(estimate: 640 * answers.count + 64) { json in
                    json.beginObject()
                    json.name("decisions")
                    json.beginArray()
                    for answer in answers {
                        switch answer {
                        case .decided(let answer, let ref):
                            json.decision(answer, ref: ref, for: role, hasher: hasher)
                        case .refused(let problem): problem.write(to: &json)
                        case .waiting: break
                        }
                    }
                    json.endArray()
                    json.endObject()
                }
            }
        }
    }

    // MARK: Reservations

    private func confirm(_ request: borrowing HotRequest, by caller: Caller, reply: HotReply) {
        guard let (touch, person) = reservation(of: request) else { return reply.respond(Problem(.notFound)) }
        let problem = request.body.withUnsafeReadableBytes { body -> Problem? in
            do throws(JSONFaults) { try WireNothing.scan(body) } catch { return Problem(error, in: body) }
            return nil
        }
        if let problem { return reply.respond(problem) }
        governor.confirm(touch, of: person, caller: id(of: caller)) { [hasher = intake.hasher] result in
            switch result {
            case .success(let answer):
                reply.respond(200) { buffer in
                    buffer.writeJSON { $0.decision(answer, ref: nil, for: caller.role, hasher: hasher) }
                }
            case .failure(let error): reply.respond(Problem(error))
            }
        }
    }

    private func report(_ request: borrowing HotRequest, by caller: Caller, reply: HotReply) {
        guard let (touch, person) = reservation(of: request) else { return reply.respond(Problem(.notFound)) }
        let now = governor.clock.now()
        let declared = governor.policies.current.declaredEvents
        let report = request.body.withUnsafeReadableBytes { body -> Result<OutcomeForm, Problem> in
            let wire: WireOutcome
            do throws(JSONFaults) { wire = try WireOutcome.scan(body) } catch {
                return .failure(Problem(error, in: body))
            }
            do throws(FieldErrors) {
                return .success(try intake.outcome(wire, in: body, declared: declared, at: now))
            } catch {
                return .failure(Problem(error))
            }
        }
        switch report {
        case .failure(let problem): reply.respond(problem)
        case .success(let form):
            governor.report(
                form.outcome, at: form.at, on: touch, of: person, caller: id(of: caller), accounts: form.accounts,
                isCorrection: form.isCorrection, names: form.names
            ) { [hasher = intake.hasher] result in
                switch result {
                case .success(let answer):
                    let token = ReservationToken.make(touch: touch, person: person, hasher: hasher)
                    let isSame = answer.touch.outcome == form.outcome && answer.touch.outcomeAt == form.at
                    reply.respond(200) { buffer in
                        buffer.writeJSON { json in
                            json.beginObject()
                            json.field("reservation", token)
                            json.field("status", answer.isApplied ? "recorded" : isSame ? "duplicate" : "superseded")
                            json.field("outcome", answer.names.text(answer.touch.outcome) ?? form.text)
                            json.field("at", answer.touch.outcomeAt)
                            json.field("recorded_at", answer.recordedAt)
                            json.name("overrun")
                            json.beginArray()
                            for overrun in answer.overruns {
                                let rule = answer.policies.rules[Int(overrun.rule)]
                                json.beginObject()
                                json.field("rule", rule.id)
                                json.field("count", overrun.count)
                                json.field("limit", overrun.limit)
                                json.endObject()
                            }
                            json.endArray()
                            json.endObject()
                        }
                    }
                case .failure(let error): reply.respond(Problem(error))
                }
            }
        }
    }

    private func release(_ request: borrowing HotRequest, by caller: Caller, reply: HotReply) {
        guard let (touch, person) = reservation(of: request) else { return reply.respond(Problem(.notFound)) }
        let now = governor.clock.now()
        governor.release(touch, of: person, caller: id(of: caller)) { [hasher = intake.hasher] result in
            switch result {
            case .success(let answer):
                reply.respond(200) { buffer in
                    buffer.writeJSON {
                        $0.reservation(answer.touch, of: person, names: answer.names, at: now, hasher: hasher)
                    }
                }
            case .failure(let error): reply.respond(Problem(error))
            }
        }
    }

    private func reservation(of request: borrowing HotRequest) -> (TouchID, PersonID)? {
        request.withReservationID { bytes in
            ReservationToken.read(bytes, hasher: intake.hasher).map { ($0.touch, $0.person) }
        }
    }

    private func id(of caller: Caller) -> CallerID { caller.callerID }
}

/// The key in an `Authorization: Bearer …` field.
enum BearerKey {
    static func find(in field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let scheme: StaticString = "bearer "
        guard field.count > scheme.utf8CodeUnitCount else { return nil }
        for i in 0..<scheme.utf8CodeUnitCount where field[i] | 0x20 != scheme.utf8Start[i] { return nil }
        return UnsafeRawBufferPointer(rebasing: field[scheme.utf8CodeUnitCount...])
    }
}

/// The report of an outcome, validated.
struct OutcomeForm: Sendable {
    var outcome: EventName
    var text: String
    var at: Timestamp
    var accounts: [Account]?
    var isCorrection: Bool
    var names: NameTable
}

extension Intake {
    func outcome(
        _ wire: WireOutcome, in body: UnsafeRawBufferPointer, declared: [String], at now: Timestamp
    ) throws(FieldErrors) -> OutcomeForm {
        var errors: [FieldError] = []
        var names = NameTable()
        let text = wire.strings.string(of: wire.outcome, in: body) ?? ""
        if !OutcomeNames.isKnown(text, declared: declared) {
            errors.append(
                FieldError(
                    path: "$.outcome", code: "outcome.unknown",
                    detail: "write one of \(OutcomeNames.builtIn.joined(separator: ", ")), or declare it in a policy's "
                        + "`events`"))
        }
        let outcome = names.intern(text, as: EventName.self)
        var at = now
        if let stamp = wire.strings.string(of: wire.at, in: body), let parsed = instant(stamp, "$.at", &errors) {
            at = parsed
            if at > now + Self.aheadMax {
                errors.append(
                    FieldError(
                        path: "$.at", code: "instant.ahead",
                        detail: "an outcome may not be more than 5 minutes ahead of the governor's clock"))
            }
        }
        var accounts: [Account] = []
        for i in 0..<wire.accounts.count {
            let text = wire.strings.string(of: wire.accounts[i], in: body)
            if let account: Account = name(text, "$.accounts[\(i)]", &names, &errors) { accounts.append(account) }
        }
        if !errors.isEmpty { throw FieldErrors(errors) }
        return OutcomeForm(
            outcome: outcome, text: text, at: at, accounts: wire.accounts.isEmpty ? nil : accounts,
            isCorrection: wire.correction, names: names)
    }
}

extension Problem {
    static let unauthorized = Problem(
        status: 401, code: "key.required", title: "A key is required",
        detail: "send `Authorization: Bearer KEY`; `governor keys add` makes one", deniesContact: true)

    package init(_ errors: FieldErrors) {
        let entries = errors.errors.map { Entry(path: $0.path, code: $0.code, detail: $0.detail) }
        if errors.errors[0].isLimitOfKey {
            self.init(
                status: 403, code: entries[0].code, title: "The key is limited to other contacts",
                detail: "\(entries[0].path): \(entries[0].detail)", errors: entries, deniesContact: true)
            return
        }
        self.init(
            status: 400, code: entries[0].code, title: "The request is not valid",
            detail: "\(entries[0].path): \(entries[0].detail)", errors: entries)
    }

    package init(_ error: DecideError) {
        switch error {
        case .inFlight:
            self.init(
                status: 409, code: "idempotency.in_flight", title: "The same idempotency key is being answered",
                detail: "wait for that answer, or ask again in a moment")
        case .mismatch:
            self.init(
                status: 409, code: "idempotency.mismatch", title: "The idempotency key came with another request",
                detail: "use a new key for a new request; a retry must be the same request")
        case .store(let error): self.init(error)
        }
    }

    package init(_ error: StoreFailure) {
        self.init(
            status: 503, code: "store.unavailable", title: "The store cannot answer", detail: "\(error)",
            deniesContact: true)
    }

    package init(_ error: ReservationError) {
        switch error {
        case .notFound:
            self.init(
                status: 404, code: "reservation.unknown", title: "No such reservation",
                detail: "no reservation of yours has this id")
        case .erased:
            self.init(
                status: 410, code: "reservation.erased", title: "The person was erased",
                detail: "nothing of this contact is kept; make none, and if she said no, tell it with POST /v1/opt-outs"
            )
        case .alreadyReported:
            self.init(
                status: 409, code: "reservation.used", title: "The reservation was used",
                detail: "an outcome was reported: correct it with `correction: true` instead")
        case .store(let error): self.init(error)
        }
    }
}
