package import GovernorCore
package import GovernorRuntime

/// Takes facts in process exactly as the routes take them, for imports that find no server running.
package struct FactImporter: Sendable {
    /// What became of one fact.
    package enum Answer: Sendable {
        case recorded
        /// The same id was told before: nothing changed.
        case duplicate
        case refused([FieldError])
        /// The store could not take it now; the same fact may be told again.
        case busy(String)
    }

    private let governor: Governor
    private let intake: Intake
    private let caller: Caller

    package init(governor: Governor, intake: Intake, caller: Caller) {
        self.governor = governor
        self.intake = intake
        self.caller = caller
    }

    /// Takes one fact as its form; `completion` runs once it is on disk, on any thread.
    package func take(_ form: FactForm, _ kind: FactKind, completion: @escaping @Sendable (Answer) -> Void) {
        var facts = FactIntake(
            intake: intake, caller: caller, policies: governor.policies.current, now: governor.clock.now())
        let work: FactWork
        do throws(FieldErrors) { work = try facts.read(form, kind) } catch {
            return completion(.refused(error.errors))
        }
        governor.take(work, callerText: caller.id) { result in
            switch result {
            case .success(let answer): completion(answer.isDuplicate ? .duplicate : .recorded)
            case .failure(.recordFull):
                completion(
                    .refused([FieldError(path: "$", code: "record.full", detail: "her record holds as much as it may")])
                )
            case .failure(.mismatch):
                completion(
                    .refused([
                        FieldError(
                            path: "$.id", code: "fact.mismatch", detail: "a fact with this id says something else")
                    ]))
            case .failure(.store(let error)): completion(.busy("\(error)"))
            }
        }
    }

    /// The same as the body of its route.
    package func take(
        _ json: UnsafeRawBufferPointer, _ kind: FactKind, completion: @escaping @Sendable (Answer) -> Void
    ) {
        let form: FactForm
        do throws(JSONFaults) { form = try Self.form(json, kind) } catch {
            return completion(
                .refused(
                    Problem(error, in: json).errors.map { FieldError(path: $0.path, code: $0.code, detail: $0.detail) })
            )
        }
        take(form, kind, completion: completion)
    }

    package static func form(_ json: UnsafeRawBufferPointer, _ kind: FactKind) throws(JSONFaults) -> FactForm {
        guard case .single(let read) = try FactBatch.scan(kind, json) else {
            preconditionFailure("an import tells one fact at a time")
        }
        return try read.get()
    }
}
