/// The body of `POST /v1/decisions/batch`: `{ "requests": [ … ] }`, each item a `WireDecisionRequest`.
///
/// Well-formed as a whole or refused as a whole; then each item is scanned by itself, so that a bad one yields its own
/// faults and leaves the others alone.
package struct WireBatch: Sendable {
    package static let requestsMax = 1_000
    /// A body may not be longer than this.
    package static let bodyBytesMax = 4 * 1024 * 1024

    private var offsets: [UInt32] = []

    package var count: Int { offsets.count }

    /// Finds the items and checks that everything is JSON.
    package static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> WireBatch {
        var batch = WireBatch()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(fields) { (_: Field, cursor) throws(JSONFault) in
                let opening = cursor.position
                var offsets: [UInt32] = []
                offsets.reserveCapacity(64)
                try cursor.array(countMax: requestsMax) { (_, cursor) throws(JSONFault) in
                    offsets.append(UInt32(truncatingIfNeeded: cursor.position))
                    try cursor.skipValue()
                }
                if offsets.isEmpty { throw JSONFault(.empty, at: opening) }
                batch.offsets = offsets
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return batch
    }

    /// Scans one item; `body` must be the body of `scan`. Fault offsets count from the start of the body.
    @inline(__always)
    package func request(_ index: Int, in body: UnsafeRawBufferPointer) throws(JSONFaults) -> WireDecisionRequest {
        try WireDecisionRequest.scan(itemAt: Int(offsets[index]), in: body)
    }

    package enum Field: String, JSONField {
        case requests
        package var isRequired: Bool { true }
    }

    private static let fields = JSONFields<Field>()
}
