package import GovernorRuntime

/// Which column of the file is which, from its first row.
package struct ImportHeader: Sendable {
    package let kind: ImportKind
    package let columns: [ImportColumn]

    /// - Throws: the first thing that is wrong with the row; its path names the column, from 0.
    package init(_ names: [String], kind: ImportKind) throws(FieldErrors) {
        self.kind = kind
        let known = kind.columns
        var columns: [ImportColumn] = []
        func fault(_ index: Int?, _ code: String, _ detail: String) -> FieldErrors {
            FieldErrors([FieldError(path: index.map { "column[\($0)]" } ?? "column", code: code, detail: detail)])
        }
        for (index, name) in names.enumerated() {
            let name = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()).lowercased()
            guard let column = known.first(where: { $0.header == name }) else {
                throw fault(
                    index, "csv.column_unknown",
                    "column \(index + 1), `\(name)`, is none of \(kind.rawValue): there are "
                        + known.map(\.header).joined(separator: ", "))
            }
            guard !columns.contains(column) else {
                throw fault(index, "csv.column_twice", "the column `\(name)` is there twice")
            }
            columns.append(column)
        }
        if let missing = kind.required.first(where: { !columns.contains($0) }) {
            throw fault(nil, "csv.column_missing", "\(kind.rawValue) need a column `\(missing.header)`")
        }
        guard columns.contains(where: { [.phone, .email, .ids].contains($0) }) else {
            throw fault(
                nil, "csv.no_identifier", "no column says who it is about: name one `phone`, `email` or `ids`")
        }
        self.columns = columns
    }

    /// The same of a row as the parser hands it out.
    package init(_ row: CSVParser.Row, kind: ImportKind) throws(FieldErrors) {
        switch row.fields {
        case .success(let names): try self.init(names, kind: kind)
        case .failure(let error):
            throw FieldErrors([FieldError(path: "", code: error.rawValue, detail: error.detail)])
        }
    }

    /// What is wrong with a row before anybody is asked.
    func fault(_ cells: [String]) -> ImportFault? {
        if cells.count != columns.count {
            return ImportFault(
                path: "", code: "csv.field_count",
                detail: "the row has \(cells.count) fields and the first row \(columns.count)")
        }
        for column in kind.required {
            if let index = columns.firstIndex(of: column), cells[index].isEmpty {
                return ImportFault(path: column.header, code: "field.missing", detail: "this field is required")
            }
        }
        return nil
    }
}

/// One row, read but not judged yet.
package struct ImportItem: Sendable {
    package var line: Int
    /// The fact's id: the row's own, or one made of the file's digest and the row.
    package var id: String
    /// By position in `ImportHeader.columns`; empty means left out.
    package var cells: [String]

    package init(line: Int, id: String, cells: [String]) {
        self.line = line
        self.id = id
        self.cells = cells
    }
}
