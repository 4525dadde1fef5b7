import GovernorCore
import GovernorRuntime

extension ColdResponder {
    func erase(_ id: String, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard let person = PersonID(hexadecimal: id) else { throw Problem(ErasureError.unknownPerson) }
        let report: Erasures.Report
        switch await erasures.erase(person, by: caller) {
        case .failure(let error): throw Problem(error)
        case .success(let done): report = done
        }
        let now = governor.clock.now()
        let answer = report.answer
        return ColdAnswer(report.recordCount == nil ? 202 : 200, estimate: 2048) { json in
            json.beginObject()
            json.name("id")
            json.hexadecimal(person.high, person.low)
            json.field("erased_at", answer.erasedAt)
            json.field("repeated", answer.isRepeated)
            json.persons("persons", answer.persons)
            json.name("erased")
            json.beginObject()
            json.field("identifiers", answer.before.identifiers - answer.keptIdentifiers)
            json.field("touches", answer.before.touches)
            json.field("facts", max(0, answer.before.facts - answer.keptFacts))
            json.field("merges", answer.before.merges)
            json.endObject()
            json.name("kept")
            json.beginArray()
            for record in answer.kept where !record.isVacant {
                json.person(record, mergedWith: [], for: caller, at: now, zones: zoneNames)
            }
            json.endArray()
            json.field("reservations_revoked", answer.revoked.count)
            json.field("ledger", report.recordCount == nil ? "working" : "done")
            json.name("ledger_records")
            if let count = report.recordCount { json.value(count) } else { json.null() }
            json.field("summary", report.summary)
            json.endObject()
        }
    }
}

extension ErasureAnswer {
    fileprivate var keptIdentifiers: Int { kept.reduce(0) { $0 + $1.identifiers.count } }
    fileprivate var keptFacts: Int { kept.reduce(0) { $0 + $1.facts.count } }
}

extension Erasures.Report {
    /// What happened, for somebody who has to confirm it in writing.
    fileprivate var summary: String {
        func some(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        let facts = answer.keptFacts
        let identifiers = answer.keptIdentifiers
        var text = "Everything held about this person was erased"
        if facts > 0 {
            text += " but \(some(facts, "refusal", "refusals")) to be contacted, kept so that they go on binding with "
            text += "\(some(identifiers, "keyed hash", "keyed hashes")) of what they bind"
        } else if identifiers > 0 {
            text += " but \(some(identifiers, "keyed hash", "keyed hashes")) marked as shared by several people"
        }
        text += ". "
        switch recordCount {
        case nil: text += "The ledger of this node is still being worked on; this is finished in any case."
        case 0?: text += "The ledger of this node held nothing more."
        case let count?:
            text += "The contents of \(some(count, "record", "records")) of this node's ledger were erased."
        }
        return text
    }
}

extension Problem {
    init(_ error: ErasureError) {
        switch error {
        case .unknownPerson:
            self.init(
                status: 404, code: "person.unknown", title: "No such person",
                detail: "nobody has this id; POST /v1/people/lookup finds a person by her identifiers")
        case .folder(let why):
            self.init(
                status: 503, code: "store.unavailable", title: "The erasure cannot be noted down",
                detail: "nothing was erased: \(why)")
        case .store(let error):
            self.init(error)
            deniesContact = false
        }
    }
}
