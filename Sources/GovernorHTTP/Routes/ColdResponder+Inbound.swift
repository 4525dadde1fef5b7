import GovernorCore
import GovernorRuntime
import NIOCore

private let inboundFields = JSONFields<InboundField>()

extension InboundField: JSONField {}

extension ColdResponder {
    /// An inbound text: recorded, and its STOP or START carried out before the answer says what to send back.
    func inbound(_ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let now = governor.clock.now()
        // What a person says is heard whatever the key is limited to.
        var reader = FactIntake(intake: intake, caller: caller.unbounded, policies: governor.policies.current, now: now)
        let mode = configuration.inboundKeywords
        let read = body.withUnsafeReadableBytes { bytes -> Result<(InboundForm, InboundWork), Problem> in
            let form: InboundForm
            do throws(JSONFaults) { form = try InboundForm.scan(bytes) } catch {
                return .failure(Problem(error, in: bytes))
            }
            do throws(FieldErrors) { return .success((form, try reader.read(form, mode))) } catch {
                return .failure(Problem(error))
            }
        }
        let (form, work) = try read.get()
        var said: FactAnswer?
        if let fact = work.fact { said = try await told(fact, by: caller) }
        let heard = try await told(work.touch, by: caller)
        let answer = said ?? heard
        return ColdAnswer { json in
            json.beginObject()
            json.field("id", form.id)
            json.name("person")
            if let first = answer.persons.first { json.hexadecimal(first.high, first.low) } else { json.null() }
            json.field("status", answer.isDuplicate ? "duplicate" : "recorded")
            json.field("meaning", work.match.meaning.rawValue)
            json.field("keyword", orNull: work.match.keyword)
            json.field("language", orNull: work.match.language.map { _ in work.language.rawValue })
            json.list(
                "revoked",
                answer.revoked.map {
                    ReservationToken.make(touch: $0.touch, person: $0.person, hasher: intake.hasher)
                })
            json.name("reply")
            if let text = work.language.reply(to: work.match.meaning, brand: form.brand) {
                json.beginObject()
                json.field("text", text)
                json.field("exemption", work.match.meaning == .stop ? "stop_confirmation" : "reply_to_inbound")
                json.field(
                    "until",
                    orNull: work.match.meaning == .stop
                        ? answer.recordedAt + InboundForm.confirmationWithin : nil)
                json.endObject()
            } else {
                json.null()
            }
            json.endObject()
        }
    }
}

extension InboundForm {
    static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> InboundForm {
        var form = InboundForm()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(inboundFields) { (field: InboundField, cursor) throws(JSONFault) in
                func text(_ most: Int) throws(JSONFault) -> String { try cursor.text(bytesMax: most, in: body) }
                switch field {
                case .id: form.id = try text(120)
                case .channel: form.channel = try text(64)
                case .from: form.from = try text(64)
                // Our own number, which says nothing about her and is not kept.
                case .to: _ = try text(64)
                case .country: form.country = try text(8)
                case .text: form.text = try text(textBytesMax)
                case .at: form.at = try text(40)
                case .brand: form.brand = try text(128)
                case .purpose: form.purpose = try text(64)
                case .scope: form.scope = try ScopeForm.scan(&cursor, in: body)
                case .language: form.language = try text(8)
                }
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }
}
