public import GovernorRuntime

/// What a column of a list may hold: a field of `contact`, named as in the API.
public enum ContactColumn: String, CaseIterable, Sendable {
    case phone, email, ids, country, region
    case postalCode = "postal_code"
    case timeZones = "time_zones"
    case party
    case lineType = "line_type"
    case role

    /// Whether a cell holds several values, with spaces between them.
    public var isList: Bool { self == .ids || self == .timeZones }
    /// Whether the field alone can say whom a row is about.
    public var isIdentifier: Bool { self == .phone || self == .email || self == .ids }
}

extension ContactForm {
    /// Fills one field from a cell; an empty cell leaves it as it is.
    ///
    /// - Parameter prefix: is put before each value, so that a column of bare customer numbers becomes `crm:` keys.
    public mutating func set(_ column: ContactColumn, _ cell: String, prefix: String = "") {
        if cell.isEmpty { return }
        switch column {
        case .phone: phone = cell
        case .email: email = cell
        case .ids: ids += cell.split(separator: " ").map { prefix + $0 }
        case .country: country = cell
        case .region: region = cell
        case .postalCode: postalCode = cell
        case .timeZones: timeZones = cell.split(separator: " ").map(String.init)
        case .party: party = cell
        case .lineType: lineType = cell
        case .role: role = cell
        }
    }
}

/// Which column of a list is which.
public struct ListColumns: Sendable, Equatable {
    /// What one column is for.
    public enum Use: Sendable, Equatable {
        /// A field of the contact; `prefix` is put before each value of an id.
        case field(ContactColumn, prefix: String)
        /// Comes back as it came.
        case carried
    }

    public var uses: [Use]

    public init(uses: [Use]) { self.uses = uses }

    /// A header that names its columns as the API does; other columns are carried.
    public init(named names: [String]) throws(FieldErrors) {
        var errors: [FieldError] = []
        var uses: [Use] = []
        for (index, name) in names.enumerated() {
            let name = name.lowercased().filter { $0 != " " }
            if Self.answered.contains(name) {
                errors.append(
                    FieldError(
                        path: "column[\(index)]", code: "csv.column_taken",
                        detail: "the answer has a column `\(name)` of its own: rename this one"))
            }
            guard let column = ContactColumn(rawValue: name) else {
                uses.append(.carried)
                continue
            }
            if uses.contains(.field(column, prefix: "")) {
                errors.append(
                    FieldError(
                        path: "column[\(index)]", code: "csv.column_twice",
                        detail: "the column `\(name)` is there twice"))
            }
            uses.append(.field(column, prefix: ""))
        }
        self.uses = uses
        if !namesSomebody {
            errors.append(
                FieldError(
                    path: "column", code: "csv.no_identifier",
                    detail: "no column says whom a row is about: name one `phone`, `email` or `ids`"))
        }
        if !errors.isEmpty { throw FieldErrors(errors) }
    }

    /// The columns that an answer adds, in their order.
    public static let answered = ["verdict", "reasons", "message", "next_allowed_at", "duplicate_of"]

    /// Whether some column can say whom a row is about.
    public var namesSomebody: Bool {
        uses.contains { if case .field(let column, _) = $0 { column.isIdentifier } else { false } }
    }

    /// The contact of a row; `common` holds what all rows have in common.
    public func contact(_ cells: [String], common: ContactForm) throws(FieldErrors) -> ContactForm {
        guard cells.count == uses.count else {
            throw FieldErrors([
                FieldError(
                    path: "", code: "csv.field_count",
                    detail: "the row has \(cells.count) fields and the first row \(uses.count)")
            ])
        }
        var form = common
        for (use, cell) in zip(uses, cells) {
            if case .field(let column, let prefix) = use { form.set(column, cell, prefix: prefix) }
        }
        return form
    }
}
