import GovernorCore
import GovernorLists
import GovernorRuntime

/// How a list is written, in both directions.
enum ListLayout: String, Sendable {
    case csv = "text/csv"
    case ndjson = "application/x-ndjson"

    /// From a `Content-Type`, its parameters left out.
    init?(contentType: String?) {
        guard let type = contentType?.lowercased().split(separator: ";").first else { return nil }
        switch type.filter({ $0 != " " }) {
        case "text/csv": self = .csv
        case "application/x-ndjson", "application/ndjson", "application/jsonl": self = .ndjson
        default: return nil
        }
    }

    var format: any ScrubFormat {
        switch self {
        case .csv: CSVScrubFormat()
        case .ndjson: JSONScrubFormat()
        }
    }
}

/// Turns the bytes of a list into rows, piece by piece.
struct ListReader {
    /// One line of JSON, at most.
    static let lineBytesMax = 64 << 10

    private let layout: ListLayout
    private let common: ContactForm
    private var parser = CSVParser()
    private var columns: ListColumns?
    private var line: [UInt8] = []
    private var isSkipping = false
    private var number = 0
    /// What opens the answer, once it is known: the header of CSV.
    private(set) var opening: [UInt8]?
    /// The header as it came, with its line end; nothing where there is none.
    private(set) var header: [UInt8] = []

    init(_ layout: ListLayout, common: ContactForm) {
        self.layout = layout
        self.common = common
        if layout == .ndjson { opening = [] }
    }

    /// The rows that end in `bytes`.
    /// - Throws: what is wrong with the header.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(FieldErrors) -> [ScrubRow] {
        switch layout {
        case .csv:
            var rows: [CSVParser.Row] = []
            parser.feed(bytes) { rows.append($0) }
            return try csv(rows)
        case .ndjson:
            var rows: [ScrubRow] = []
            for byte in bytes { if let row = take(byte) { rows.append(row) } }
            return rows
        }
    }

    /// The rows that no line end followed.
    mutating func finish() throws(FieldErrors) -> [ScrubRow] {
        switch layout {
        case .csv:
            var rows: [CSVParser.Row] = []
            parser.finish { rows.append($0) }
            let read = try csv(rows)
            if columns == nil {
                throw FieldErrors([
                    FieldError(
                        path: "", code: "csv.empty", detail: "the first row must name the columns; there is none")
                ])
            }
            return read
        case .ndjson: return take(UInt8(ascii: "\n")).map { [$0] } ?? []
        }
    }

    private mutating func csv(_ rows: [CSVParser.Row]) throws(FieldErrors) -> [ScrubRow] {
        var read: [ScrubRow] = []
        for row in rows {
            guard let columns else {
                switch row.fields {
                case .failure(let error):
                    throw FieldErrors([FieldError(path: "", code: error.rawValue, detail: error.detail)])
                case .success(let names):
                    columns = try ListColumns(named: names)
                    CSVText.append(names, to: &header)
                    var bytes: [UInt8] = []
                    CSVText.append(names + ListColumns.answered, to: &bytes)
                    opening = bytes
                }
                continue
            }
            number += 1
            switch row.fields {
            case .failure(let error):
                read.append(
                    ScrubRow(
                        number: number, head: Array(repeating: UInt8(ascii: ","), count: columns.uses.count - 1),
                        contact: .failure(
                            FieldErrors([FieldError(path: "", code: error.rawValue, detail: error.detail)]))))
            case .success(let cells):
                var head: [UInt8] = []
                for i in columns.uses.indices {
                    if i > 0 { head.append(UInt8(ascii: ",")) }
                    if i < cells.count { CSVText.append(cells[i], to: &head) }
                }
                let common = self.common
                read.append(
                    ScrubRow(
                        number: number, head: head,
                        contact: Result { () throws(FieldErrors) in try columns.contact(cells, common: common) }))
            }
        }
        return read
    }

    private mutating func take(_ byte: UInt8) -> ScrubRow? {
        guard byte == UInt8(ascii: "\n") else {
            if isSkipping { return nil }
            if line.count >= Self.lineBytesMax { isSkipping = true } else { line.append(byte) }
            return nil
        }
        defer {
            line.removeAll(keepingCapacity: true)
            isSkipping = false
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.isEmpty { return nil }
        number += 1
        if isSkipping {
            return invalid(
                FieldError(
                    path: "", code: "json.too_long", detail: "the line is longer than \(Self.lineBytesMax) bytes"))
        }
        let form = line.withUnsafeBytes { bytes -> Result<ContactForm, FieldErrors> in
            var cursor = JSONCursor(bytes)
            do throws(JSONFault) {
                let form = try cursor.contact(in: bytes)
                try cursor.finish()
                if let faults = JSONFaults(cursor.faults) { return .failure(FieldErrors(faults, in: bytes)) }
                return .success(form.over(common))
            } catch {
                return .failure(FieldErrors(JSONFaults(error, cursor.faults), in: bytes))
            }
        }
        // A line that is no JSON is not given back as if it were.
        let isJSON = line.withUnsafeBytes { bytes in
            var cursor = JSONCursor(bytes)
            do throws(JSONFault) {
                try cursor.skipValue()
                try cursor.finish()
                return true
            } catch { return false }
        }
        return ScrubRow(
            number: number, head: JSONScrubFormat.head(row: number, contact: isJSON ? line : nil), contact: form)
    }

    private func invalid(_ error: FieldError) -> ScrubRow {
        ScrubRow(
            number: number, head: JSONScrubFormat.head(row: number, contact: nil),
            contact: .failure(FieldErrors([error])))
    }
}

extension FieldErrors {
    /// What a scanner found, as errors of fields.
    init(_ faults: JSONFaults, in bytes: UnsafeRawBufferPointer) {
        self.init(
            Problem(faults, in: bytes).errors.map { FieldError(path: $0.path, code: $0.code, detail: $0.detail) })
    }
}

extension ContactForm {
    /// What this contact says, and what all rows have in common where it says nothing.
    fileprivate func over(_ common: ContactForm) -> ContactForm {
        var form = self
        form.country = country ?? common.country
        form.region = region ?? common.region
        form.party = party ?? common.party
        form.lineType = lineType ?? common.lineType
        form.role = role ?? common.role
        return form
    }
}
