/// The body of `POST /v1/reservations/{id}/outcome` as it stands on the wire.
package struct WireOutcome: Sendable {
    /// The report's own id, for repeats.
    package var id = WireText.absent
    package var outcome = WireText.absent
    /// When it happened; RFC 3339, not interpreted here.
    package var at = WireText.absent
    package var accounts = WireTexts()
    package var correction = false
    package var strings = WireStrings()

    /// A body may not be longer than this.
    package static let bodyBytesMax = 16 * 1024

    private init() {}

    package static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) -> WireOutcome {
        var report = WireOutcome()
        var cursor = JSONCursor(body)
        do throws(JSONFault) {
            try cursor.object(fields) { (field: Field, cursor) throws(JSONFault) in
                switch field {
                case .id: report.id = try cursor.string(bytesMax: 128)
                case .outcome: report.outcome = try cursor.string(bytesMax: 64)
                case .at: report.at = try cursor.string(bytesMax: 40)
                case .accounts: try cursor.strings(into: &report.accounts, countMax: 16, bytesMax: 128)
                case .correction: report.correction = try cursor.bool()
                }
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        report.strings = cursor.strings
        return report
    }

    package enum Field: String, JSONField {
        case id, outcome, at, accounts, correction
        package var isRequired: Bool { self == .outcome }
    }

    private static let fields = JSONFields<Field>()
}

/// The body of a confirmation or a release: nothing at all, or an object without members (`at` may be null).
package enum WireNothing {
    /// A body may not be longer than this.
    package static let bodyBytesMax = 1024

    package static func scan(_ body: UnsafeRawBufferPointer) throws(JSONFaults) {
        var cursor = JSONCursor(body)
        if cursor.next() == 0 { return }
        do throws(JSONFault) {
            try cursor.object(fields) { (_: Field, cursor) throws(JSONFault) in
                throw JSONFault(.unknown, at: cursor.position)
            }
            try cursor.finish()
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
    }

    /// A confirmation is always of now, so its instant may only be null.
    package enum Field: String, JSONField {
        case at
        package var isRequired: Bool { false }
    }

    private static let fields = JSONFields<Field>()
}
