import GovernorCore
import GovernorRuntime
import NIOCore

extension ColdResponder {
    /// One fact, or up to 1,000 with an answer each; a bad item gets its own problem and the others proceed.
    func facts(_ kind: FactKind, _ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let now = governor.clock.now()
        var reader = FactIntake(intake: intake, caller: caller, policies: governor.policies.current, now: now)
        let read = body.withUnsafeReadableBytes {
            bytes -> Result<(works: [Result<FactWork, Problem>], ids: [String], isBatch: Bool), Problem> in
            func work(_ form: FactForm, at path: String) -> Result<FactWork, Problem> {
                do throws(FieldErrors) { return .success(try reader.read(form, kind, at: path)) } catch {
                    return .failure(Problem(error))
                }
            }
            do throws(JSONFaults) {
                switch try FactBatch.scan(kind, bytes) {
                case .single(let form):
                    let form = try form.get()
                    return .success(([work(form, at: "$")], [form.id], false))
                case .items(let forms):
                    var ids: [String] = []
                    var works: [Result<FactWork, Problem>] = []
                    for (i, form) in forms.enumerated() {
                        switch form {
                        case .success(let form):
                            ids.append(form.id)
                            works.append(work(form, at: "$.items[\(i)]"))
                        case .failure(let faults):
                            ids.append("")
                            works.append(.failure(Problem(faults, in: bytes)))
                        }
                    }
                    return .success((works, ids, true))
                }
            } catch {
                return .failure(Problem(error, in: bytes))
            }
        }
        let (works, ids, isBatch) = try read.get()
        guard isBatch else {
            let answer = try await told(works[0].get(), by: caller)
            return ColdAnswer { write(answer, kind, id: ids[0], to: &$0) }
        }
        let answers = await told(works, by: caller)
        return ColdAnswer(estimate: 256 * answers.count + 64) { json in
            json.beginObject()
            json.name("answers")
            json.beginArray()
            for (answer, id) in zip(answers, ids) {
                switch answer {
                case .success(let answer): write(answer, kind, id: id, to: &json)
                case .failure(let problem): problem.write(to: &json)
                }
            }
            json.endArray()
            json.endObject()
        }
    }

    /// Facts about the same identifier in their order, all others side by side, so that they share the disk's commits.
    private func told(_ works: [Result<FactWork, Problem>], by caller: Caller) async -> [Result<FactAnswer, Problem>] {
        var last: [IdentifierHash: Int] = [:]
        var tasks: [Task<Result<FactAnswer, Problem>, Never>] = []
        tasks.reserveCapacity(works.count)
        for (i, work) in works.enumerated() {
            guard case .success(let fact) = work else {
                tasks.append(Task { work.map { _ in preconditionFailure("only a failure comes here") } })
                continue
            }
            let earlier = Set(fact.about.identifiers.compactMap { last.updateValue(i, forKey: $0.hash) }).subtracting([
                i
            ])
            .map { tasks[$0] }
            tasks.append(
                Task {
                    for task in earlier { _ = await task.value }
                    do throws(Problem) { return .success(try await told(fact, by: caller)) } catch {
                        return .failure(error)
                    }
                })
        }
        var answers: [Result<FactAnswer, Problem>] = []
        answers.reserveCapacity(tasks.count)
        for task in tasks { answers.append(await task.value) }
        return answers
    }

    func told(_ work: FactWork, by caller: Caller) async throws(Problem) -> FactAnswer {
        let result: Result<FactAnswer, FactError> = await settled { completion in
            governor.take(work, callerText: caller.id, completion: completion)
        }
        switch result {
        case .success(let answer): return answer
        case .failure(let error): throw Problem(error)
        }
    }

    private func write(_ answer: FactAnswer, _ kind: FactKind, id: String, to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", id)
        json.name("person")
        if let first = answer.persons.first { json.hexadecimal(first.high, first.low) } else { json.null() }
        json.field("status", answer.isDuplicate ? "duplicate" : "recorded")
        json.field("recorded_at", answer.recordedAt)
        json.name("revoked")
        json.beginArray()
        for reservation in answer.revoked {
            json.value(
                ReservationToken.make(touch: reservation.touch, person: reservation.person, hasher: intake.hasher))
        }
        json.endArray()
        json.name("overrun")
        json.beginArray()
        for overrun in answer.overruns {
            json.beginObject()
            json.field("rule", overrun.rule)
            json.field("count", overrun.count)
            json.field("limit", overrun.limit)
            json.endObject()
        }
        json.endArray()
        if kind == .link {
            json.field(
                "link",
                !answer.conflict.isEmpty ? "conflict" : answer.isDuplicate ? "already_linked" : "linked")
            if !answer.conflict.isEmpty { json.list("why", answer.conflict.names) }
        }
        if answer.isIdentityConflict {
            json.field("identity_conflict", true)
            if answer.persons.count > 1 {
                json.name("persons")
                json.beginArray()
                for person in answer.persons { json.hexadecimal(person.high, person.low) }
                json.endArray()
            }
        }
        json.endObject()
    }
}

extension Problem {
    init(_ error: FactError) {
        switch error {
        case .recordFull:
            self.init(
                status: 409, code: "record.full", title: "The person's record is full",
                detail:
                    "the record holds as many facts or touches as it may; every decision about the person is a denial")
        case .mismatch:
            self.init(
                status: 409, code: "fact.mismatch", title: "A fact with this id says something else",
                detail: "use a new id for a new fact; a retry must say the same")
        case .store(let error):
            self.init(error)
            deniesContact = false
        }
    }
}
