import GovernorCore
import GovernorRuntime

/// The bodies of `POST /v1/merges` and `POST /v1/people/apart`.
struct MergeForm: Sendable {
    /// A body may not be longer than this.
    static let bodyBytesMax = 16 * 1024

    var id = ""
    var persons: [String] = []
    var source: String?
    var evidence: String?

    private enum Field: String, JSONField {
        case id, persons, source, evidence
        var isRequired: Bool { self == .id || self == .persons }
    }

    private enum ApartField: String, JSONField {
        case persons
        var isRequired: Bool { true }
    }

    private static let fields = JSONFields<Field>()
    private static let apartFields = JSONFields<ApartField>()

    static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> MergeForm {
        var form = MergeForm()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(fields) { (field: Field, cursor) throws(JSONFault) in
                switch field {
                case .id: form.id = try cursor.text(bytesMax: 128, in: body)
                case .persons: form.persons = try persons(&cursor, body)
                case .source: form.source = try cursor.text(bytesMax: 64, in: body)
                case .evidence: form.evidence = try cursor.text(bytesMax: 1024, in: body)
                }
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }

    static func scanApart(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> MergeForm {
        var form = MergeForm()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(apartFields) { (_: ApartField, cursor) throws(JSONFault) in
                form.persons = try persons(&cursor, body)
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }

    private static func persons(
        _ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer
    ) throws(JSONFault) -> [String] {
        let opening = cursor.position
        let persons = try cursor.texts(countMax: Merge.personsMax, bytesMax: 32, in: body)
        if persons.isEmpty { throw JSONFault(.empty, at: opening) }
        return persons
    }

    /// The ids of two persons or more, each once.
    func ids() throws(FieldErrors) -> [PersonID] {
        var errors: [FieldError] = []
        var ids: [PersonID] = []
        for (i, text) in persons.enumerated() {
            guard let id = PersonID(hexadecimal: text) else {
                errors.append(
                    FieldError(
                        path: "$.persons[\(i)]", code: "person.malformed",
                        detail: "write the 32 hexadecimal digits that POST /v1/people/lookup gives as `id`"))
                continue
            }
            if !ids.contains(id) { ids.append(id) }
        }
        if errors.isEmpty && ids.count < 2 {
            errors.append(
                FieldError(path: "$.persons", code: "merge.single", detail: "name at least two different persons"))
        }
        if !errors.isEmpty { throw FieldErrors(errors) }
        return ids
    }
}
