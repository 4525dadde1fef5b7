package import GovernorRuntime

/// Takes rows in groups; several groups may be under way at once.
package protocol ImportSink: Sendable {
    /// What became of each, in order.
    /// - Throws: when no row can be taken any more; `CancellationError` where it was waiting for a store and was told to
    ///   stop.
    func take(_ items: [ImportItem], _ header: ImportHeader) async throws -> [ImportOutcome]
}

/// What became of one row.
package enum ImportOutcome: Sendable {
    case recorded
    /// A fact with this id was there already.
    case repeated
    case refused([ImportFault])
}

/// Why an import cannot go on, in a sentence without any identifier.
package struct ImportFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// How long an import waits for a store or a server that is busy and takes nothing, before it gives up.
package enum ImportPatience {
    package static let pauseMilliseconds = 25
    package static let most = Duration.seconds(120)
}

/// One thing wrong with a row: never the value of an identifier.
package struct ImportFault: Sendable, Equatable {
    /// The column, or the field of the API.
    package var field: String
    package var code: String
    package var detail: String

    /// `$.items[3].contact.phone` is `phone` to the reader of the file.
    package init(path: String, code: String, detail: String) {
        var field = Substring(path)
        if field.hasPrefix("$") { field = field.dropFirst() }
        if field.hasPrefix(".items["), let end = field.firstIndex(of: "]") { field = field[field.index(after: end)...] }
        if field.hasPrefix(".") { field = field.dropFirst() }
        if field.hasPrefix("contact.") { field = field.dropFirst(8) }
        if field.hasPrefix("scope.") { field = field.dropFirst(6) }
        if let bracket = field.firstIndex(of: "[") { field = field[..<bracket] }
        self.field = String(field)
        self.code = code
        self.detail = detail
    }

    package init(_ error: FieldError) { self.init(path: error.path, code: error.code, detail: error.detail) }

    init(_ error: CSVError) { self.init(path: "", code: error.rawValue, detail: error.detail) }

    /// The first row of a file of refused rows.
    package static let csvHeader = Array("line,column,code,reason\r\n".utf8)

    /// A row of such a file.
    package func appendRow(of line: Int, to bytes: inout [UInt8]) {
        CSVText.append(["\(line)", field, code, detail], to: &bytes)
    }
}
