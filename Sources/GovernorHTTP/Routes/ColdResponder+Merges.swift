import GovernorCore
import GovernorRuntime
import HummingbirdCore
import NIOCore

extension ColdResponder {
    func merge(_ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let form = try read(body, MergeForm.scan)
        var errors: [FieldError] = []
        var names = NameTable()
        let source: Name<LabelKind> = intake.name(form.source, "$.source", &names, &errors) ?? .none
        if let evidence = form.evidence, evidence.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            errors.append(
                FieldError(path: "$.evidence", code: "text.malformed", detail: "write it without control characters"))
        }
        let persons: [PersonID]
        do throws(FieldErrors) {
            persons = try form.ids()
            if !errors.isEmpty { throw FieldErrors(errors) }
        } catch { throw Problem(error) }
        names.add(bits: caller.callerID.name.bits, text: caller.id)
        let merge = Merge(
            id: intake.factID(form.id, by: caller), persons: persons, at: governor.clock.now(),
            caller: caller.callerID, source: source)
        let texts = names
        return try await answer(id: form.id) {
            governor.merge(merge, names: texts, evidence: form.evidence, callerText: caller.id, completion: $0)
        }
    }

    func undoMerge(_ name: String, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard let merge = MergeName(name) else { throw Problem(MergeError.unknownMerge) }
        var names = NameTable()
        names.add(bits: caller.callerID.name.bits, text: caller.id)
        let texts = names
        return try await answer(id: nil) {
            governor.undoMerge(
                merge, by: caller.callerID, names: texts, evidence: nil, callerText: caller.id, completion: $0)
        }
    }

    func keepApart(_ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let form = try read(body, MergeForm.scanApart)
        let persons: [PersonID]
        do throws(FieldErrors) { persons = try form.ids() } catch { throw Problem(error) }
        switch await settled({ governor.keepApart(persons, callerText: caller.id, completion: $0) }) {
        case .failure(let error): throw Problem(read: error)
        case .success(let known):
            return ColdAnswer { json in
                json.beginObject()
                json.persons("persons", known)
                json.endObject()
            }
        }
    }

    func conflicts(_ uri: URI, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let query = try PageQuery(uri, needsState: false)
        switch await governor.identityConflicts(before: query.after, limit: query.limit) {
        case .failure(let error): throw Problem(read: error)
        case .success((let page, let next)):
            return ColdAnswer(estimate: 256 * page.count + 64) { json in
                json.beginObject()
                json.name("conflicts")
                json.beginArray()
                for conflict in page { json.conflict(conflict) }
                json.endArray()
                json.field("next", orNull: next.map { String($0) })
                json.endObject()
            }
        }
    }

    private func read(
        _ body: ByteBuffer, _ scan: (UnsafeRawBufferPointer) throws(JSONFaults) -> MergeForm
    ) throws(Problem) -> MergeForm {
        try body.withUnsafeReadableBytes { bytes -> Result<MergeForm, Problem> in
            do throws(JSONFaults) { return .success(try scan(bytes)) } catch {
                return .failure(Problem(error, in: bytes))
            }
        }.get()
    }

    private func answer(
        id: String?, _ start: (@escaping @Sendable (Result<MergeAnswer, MergeError>) -> Void) -> Void
    ) async throws(Problem) -> ColdAnswer {
        switch await settled(start) {
        case .failure(let error): throw Problem(error)
        case .success(let answer):
            return ColdAnswer { json in
                json.beginObject()
                json.field("id", orNull: id)
                json.field("status", answer.status.rawValue)
                json.field("merge", orNull: answer.merge.map { MergeName($0).description })
                json.persons("persons", answer.persons)
                json.field("recorded_at", answer.recordedAt)
                json.endObject()
            }
        }
    }
}

extension JSONWriter {
    mutating func persons(_ name: StaticString, _ persons: [PersonID]) {
        self.name(name)
        beginArray()
        for person in persons { hexadecimal(person.high, person.low) }
        endArray()
    }

    /// A merge as a person's history shows it.
    mutating func merge(_ merge: Merge, _ names: NameTable) {
        beginObject()
        field("merge", MergeName(merge).description)
        persons("persons", merge.persons)
        field("at", merge.at)
        field("by", orNull: names.text(merge.caller.name))
        field("source", orNull: names.text(merge.source))
        field("undone_at", orNull: merge.undoneAt)
        field("undone_by", orNull: names.text(merge.undoneBy.name))
        endObject()
    }

    fileprivate mutating func conflict(_ conflict: WaitingConflict) {
        beginObject()
        name("persons")
        beginArray()
        for (person, known) in zip(conflict.persons, conflict.identifiers) {
            beginObject()
            name("id")
            hexadecimal(person.high, person.low)
            field("phones", known.phones)
            field("emails", known.emails)
            field("keys", known.keys)
            endObject()
        }
        endArray()
        list("why", conflict.why.names)
        field("first_at", conflict.firstAt)
        field("last_at", conflict.lastAt)
        field("count", conflict.count)
        endObject()
    }
}

extension Problem {
    init(_ error: MergeError) {
        func text(_ person: PersonID) -> String { hexadecimal(person.high) + hexadecimal(person.low) }
        switch error {
        case .count(let count):
            self.init(
                status: 400, code: "merge.count", title: "So many persons cannot be merged",
                detail: "name 2 to \(Merge.personsMax) different persons, not \(count)")
        case .unknownPerson(let person):
            self.init(
                status: 404, code: "person.unknown", title: "No such person",
                detail: "nobody has the id \(text(person)); POST /v1/people/lookup finds a person by her identifiers")
        case .shared(let person):
            self.init(
                status: 409, code: "merge.shared", title: "A shared identifier joins nobody",
                detail: "several people use an identifier of \(text(person)): say with POST /v1/identifiers that it is "
                    + "not shared, or leave this record out")
        case .tooMany(let count):
            self.init(
                status: 409, code: "merge.too_many", title: "So many records cannot be one person",
                detail: "with those merged before they would be \(count) records; \(Merge.personsMax) are the most")
        case .recordFull(let person):
            self.init(
                status: 409, code: "record.full", title: "The person's record is full",
                detail: "\(text(person)) has been merged \(Merge.perRecordMax) times already, undone merges included")
        case .mismatch:
            self.init(
                status: 409, code: "fact.mismatch", title: "A merge with this id says something else",
                detail: "use a new id for a new merge; a retry must name the same persons")
        case .unknownMerge:
            self.init(
                status: 404, code: "merge.unknown", title: "No such merge",
                detail: "write the `merge` that POST /v1/merges and the persons' records give")
        case .store(let error):
            self.init(error)
            deniesContact = false
        }
    }
}
