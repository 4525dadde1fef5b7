import GovernorCore
import GovernorRuntime
import NIOCore

extension ColdResponder {
    /// Makes links: one, or up to 1,000 with an answer each.
    func links(_ kind: LinkKind, _ body: ByteBuffer, by caller: Caller) throws(Problem) -> ColdAnswer {
        guard let base = configuration.publicURL else { throw .noPublicURL }
        let now = governor.clock.now()
        func made(_ form: LinkForm, at path: String) -> Result<ContactLink, Problem> {
            do throws(FieldErrors) {
                return .success(
                    try intake.link(
                        form, kind == .unsubscribe ? .unsubscribe : .preferences, by: caller, at: path, now: now))
            } catch {
                return .failure(Problem(error))
            }
        }
        let read = body.withUnsafeReadableBytes {
            bytes -> Result<(links: [Result<ContactLink, Problem>], isBatch: Bool), Problem> in
            do throws(JSONFaults) {
                switch try LinkBatch.scan(kind, bytes) {
                case .single(let form): return .success(([made(form, at: "$")], false))
                case .items(let forms):
                    return .success(
                        (
                            forms.enumerated().map { i, form in
                                switch form {
                                case .success(let form): made(form, at: "$.items[\(i)]")
                                case .failure(let faults): .failure(Problem(faults, in: bytes))
                                }
                            }, true
                        ))
                }
            } catch {
                return .failure(Problem(error, in: bytes))
            }
        }
        let (links, isBatch) = try read.get()
        func write(_ link: ContactLink, to json: inout JSONWriter) {
            let token = governor.links.seal(link)
            json.beginObject()
            json.field("url", "\(base)/\(kind == .unsubscribe ? "u" : "p")/\(token)")
            json.field("token", token)
            if kind == .unsubscribe {
                json.name("headers")
                json.beginObject()
                json.field("List-Unsubscribe", "<\(base)/u/\(token)>")
                json.field("List-Unsubscribe-Post", static: "List-Unsubscribe=One-Click")
                json.endObject()
            }
            json.field("expires_at", orNull: link.expiresAt)
            json.endObject()
        }
        guard isBatch else {
            let link = try links[0].get()
            return ColdAnswer { write(link, to: &$0) }
        }
        return ColdAnswer(estimate: 640 * links.count + 64) { json in
            json.beginObject()
            json.name("answers")
            json.beginArray()
            for link in links {
                switch link {
                case .success(let link): write(link, to: &json)
                case .failure(let problem): problem.write(to: &json)
                }
            }
            json.endArray()
            json.endObject()
        }
    }
}

extension Problem {
    static var noPublicURL: Problem {
        Problem(
            status: 409, code: "links.no_public_url", title: "The server does not know its public address",
            detail: "start it with --public-url https://contact.example.com, where people's browsers reach it")
    }
}
