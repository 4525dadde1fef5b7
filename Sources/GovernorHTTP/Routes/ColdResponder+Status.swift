import GovernorCore
import GovernorRuntime
import NIOCore

extension ColdResponder {
    /// All channels and purposes of a person at once; counts and teaches nothing.
    func status(_ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let form = try body.withUnsafeReadableBytes { bytes -> Result<StatusForm, Problem> in
            do throws(JSONFaults) { return .success(try StatusForm.scan(bytes)) } catch {
                return .failure(Problem(error, in: bytes))
            }
        }.get()
        var asks: [(channel: String, purpose: String)] = []
        var requests: [ContactRequest] = []
        var asked: Timestamp?
        for channel in form.channels.isEmpty ? channels(of: form.contact, by: caller) : form.channels {
            for purpose in form.purposes.isEmpty ? Self.purposes : form.purposes {
                do throws(FieldErrors) {
                    let (request, at) = try intake.request(form.decision(channel, purpose), by: caller)
                    asks.append((channel, purpose))
                    requests.append(request)
                    asked = at
                } catch {
                    throw Problem(
                        FieldErrors(
                            error.errors.map { error in
                                error.path == "$.channel"
                                    ? FieldError(path: "$.channels", code: error.code, detail: error.detail) : error
                            }))
                }
            }
        }
        if requests.isEmpty {
            throw Problem(
                FieldErrors([
                    FieldError(
                        path: "$.contact", code: "key.channel",
                        detail: "this key may use no channel that this contact can be reached by")
                ]))
        }
        let answers: [DecisionAnswer]
        let start = asked ?? governor.clock.now()
        switch await settled({ governor.status(requests, asked: asked, completion: $0) }) {
        case .success(let given): answers = given
        case .failure(let error):
            var problem = Problem(read: error)
            problem.deniesContact = true
            throw problem
        }
        return ColdAnswer(estimate: 512 * answers.count + 128) { json in
            json.beginObject()
            json.name("statuses")
            json.beginArray()
            for (ask, answer) in zip(asks, answers) {
                let decision = answer.decision
                json.beginObject()
                json.field("channel", ask.channel)
                json.field("purpose", ask.purpose)
                json.field("verdict", static: decision.verdict == .allow ? "allow" : "deny")
                json.name("reasons")
                json.reasons(decision.reasons, of: answer, for: caller.role)
                json.field("next_allowed_at", orNull: decision.nextAllowedAt)
                json.field("next_basis", decision.nextBasis.name)
                json.name("remaining")
                json.beginArray()
                for remaining in decision.remaining {
                    json.beginObject()
                    json.field("rule", answer.policies.rules[Int(remaining.rule)].id)
                    json.field("left", remaining.left)
                    json.endObject()
                }
                json.endArray()
                json.endObject()
            }
            json.endArray()
            json.field("policy_revision", (answers.first?.policies ?? governor.policies.current).revision)
            json.field("evaluated_at", answers.first?.decision.evaluatedAt ?? start)
            if answers.contains(where: \.decision.isIdentityConflict) { json.field("identity_conflict", true) }
            json.endObject()
        }
    }

    /// The channels that a contact can be reached by, of those that the key may use, when the request names none.
    private func channels(of contact: ContactForm, by caller: Caller) -> [String] {
        var channels: [String] = []
        if contact.phone != nil { channels += ["voice", "sms"] }
        if contact.email != nil { channels.append("email") }
        channels += ["push", "mail"]
        if contact.phone != nil { channels.append("whatsapp") }
        return channels.filter { caller.bounds?.mayUse(channel: $0) ?? true }
    }

    private static var purposes: [String] { ["marketing", "service", "collections", "survey", "transactional"] }
}

extension StatusForm {
    fileprivate func decision(_ channel: String, _ purpose: String) -> DecisionForm {
        var form = DecisionForm()
        form.contact = contact
        form.channel = channel
        form.purpose = purpose
        form.campaign = campaign
        form.subject = subject
        form.product = product
        form.brand = brand
        form.accounts = accounts
        form.method = method
        form.reserve = false
        form.at = at
        return form
    }
}
