import GovernorCore
import GovernorRuntime
import HummingbirdCore
import NIOCore

extension ColdResponder {
    func lookUp(_ body: ByteBuffer, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let about = try body.withUnsafeReadableBytes { bytes -> Result<ContactRequest, Problem> in
            let form: ContactForm
            do throws(JSONFaults) { form = try StatusForm.scanLookup(bytes) } catch {
                return .failure(Problem(error, in: bytes))
            }
            do throws(FieldErrors) { return .success(try intake.contact(form, by: caller)) } catch {
                return .failure(Problem(error))
            }
        }.get()
        let people = try await found { governor.lookUp(about, completion: $0) }
        let now = governor.clock.now()
        return ColdAnswer(estimate: 4096) { json in
            json.beginObject()
            json.name("people")
            json.beginArray()
            let first = people.persons
            for (i, person) in people.enumerated() {
                let others = people.indices.filter { $0 != i && first[$0] == first[i] }.map { people[$0].id }
                json.person(person, mergedWith: others, for: caller, at: now, zones: zoneNames)
            }
            json.endArray()
            json.field("identity_conflict", Set(people.persons).count > 1)
            json.endObject()
        }
    }

    func person(_ id: String, by caller: Caller) async throws(Problem) -> ColdAnswer {
        guard let id = PersonID(hexadecimal: id),
            case let people = try await found({ governor.person(id, completion: $0) }), let person = people.first,
            person.id == id
        else {
            throw Problem(
                status: 404, code: "person.unknown", title: "No such person",
                detail: "nobody has this id; POST /v1/people/lookup finds a person by her identifiers")
        }
        let now = governor.clock.now()
        return ColdAnswer(estimate: 4096) {
            $0.person(
                person, mergedWith: people.dropFirst().map(\.id), for: caller, at: now, zones: zoneNames)
        }
    }

    /// Records that exist; a store's error is a problem.
    func found<Failure: Error>(
        _ start: (@escaping @Sendable (Result<[PersonRecord], Failure>) -> Void) -> Void
    ) async throws(Problem) -> [PersonRecord] {
        switch await settled(start) {
        case .success(let records): return records
        case .failure(let error): throw Problem(read: error)
        }
    }

    func reservations(_ uri: URI, by caller: Caller) async throws(Problem) -> ColdAnswer {
        let query = try PageQuery(uri, needsState: true)
        let id = CallerID(Name(caller.id))
        let now = governor.clock.now()
        var page: [(entry: OpenReservation, touch: Touch, names: NameTable)] = []
        var seen: Set<TouchID> = []
        var next: UInt64?
        for entry in governor.reservations(of: id, before: query.after) where seen.insert(entry.touch).inserted {
            guard let record = try await found({ governor.person(entry.person, completion: $0) }).first,
                let touch = record.touches.last(where: { $0.id == entry.touch }), touch.caller == id,
                touch.isOpen(at: now)
            else { continue }
            if page.count == query.limit {
                next = page.last?.entry.sequence
                break
            }
            page.append((entry, touch, record.names))
        }
        return ColdAnswer(estimate: 256 * page.count + 64) { json in
            json.beginObject()
            json.name("reservations")
            json.beginArray()
            for item in page {
                json.reservation(item.touch, of: item.entry.person, names: item.names, at: now, hasher: intake.hasher)
            }
            json.endArray()
            json.field("next", orNull: next.map { String($0) })
            json.endObject()
        }
    }
}

/// `?state=open&limit=…&after=…`, the state only where the list has several.
struct PageQuery {
    var limit = 100
    var after: UInt64?

    init(_ uri: URI, needsState: Bool) throws(Problem) {
        var errors: [FieldError] = []
        var seen: Set<String> = []
        for (key, value) in uri.queryParameters {
            let (key, value) = (String(key), String(value))
            func fault(_ code: String, _ detail: String) {
                errors.append(FieldError(path: "?\(key.prefix(64))", code: code, detail: detail))
            }
            if !seen.insert(key).inserted { fault("field.duplicate", "this parameter stands here twice; send it once") }
            switch key {
            case "state" where needsState:
                if value != "open" { fault("value.unknown", "write `open`; no other state can be listed") }
            case "limit":
                if let limit = Int(value), (1...1_000).contains(limit) {
                    self.limit = limit
                } else {
                    fault("value.out_of_range", "write a whole number from 1 to 1000")
                }
            case "after":
                if value.utf8.count <= 20, let after = UInt64(value) {
                    self.after = after
                } else {
                    fault("value.unknown", "write the `next` of the page before")
                }
            default: fault("field.unknown", "this parameter is not known here; check its spelling or leave it out")
            }
        }
        if needsState && !seen.contains("state") {
            errors.append(
                FieldError(
                    path: "?state", code: "field.missing", detail: "this parameter is required: write state=open"))
        }
        if !errors.isEmpty { throw Problem(FieldErrors(errors)) }
    }
}

extension Problem {
    /// A store that cannot be read.
    init(read error: some Error) {
        self.init(
            status: 503, code: "store.unavailable", title: "The store cannot answer", detail: "\(error)")
    }
}
