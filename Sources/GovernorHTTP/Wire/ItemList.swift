/// A body that is one thing, or a list of them: `{"items": […]}`.
enum ItemList {
    private enum Field: String, JSONField {
        case items
        var isRequired: Bool { false }
    }

    private static let fields = JSONFields<Field>()

    /// Where the items stand in a body that is well-formed as a whole; `nil` when it is one thing.
    static func scan(_ body: UnsafeRawBufferPointer, countMax: Int) throws(JSONFaults) -> [Int]? {
        var probe = JSONCursor(body)
        var isBatch = false
        var offsets: [Int] = []
        do throws(JSONFault) {
            try probe.object(fields) { (_: Field, cursor) throws(JSONFault) in
                isBatch = true
                let opening = cursor.position
                try cursor.array(countMax: countMax) { (_, cursor) throws(JSONFault) in
                    offsets.append(cursor.position)
                    try cursor.skipValue()
                }
                if offsets.isEmpty { throw JSONFault(.empty, at: opening) }
            }
            try probe.finish()
        } catch {
            throw JSONFaults(error, isBatch ? probe.faults : [])
        }
        guard isBatch else { return nil }
        if let faults = JSONFaults(probe.faults) { throw faults }
        return offsets
    }
}
