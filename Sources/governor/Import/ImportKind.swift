import GovernorRuntime

/// What rows of a file may be.
enum ImportKind: String, CaseIterable {
    case people
    case holdings
    case optOuts = "opt-outs"
    case optIns = "opt-ins"
    case consents
    case withdrawals
    case touches
    case events

    /// The route that takes them in batches.
    var path: String { fact.path }

    /// What a row tells.
    var fact: FactKind {
        switch self {
        case .people: .link
        case .holdings: .holding
        case .optOuts: .optOut
        case .optIns: .optIn
        case .consents: .consent
        case .withdrawals: .withdrawal
        case .touches: .touch
        case .events: .event
        }
    }

    /// Columns, named like the fields of the API.
    var columns: [ImportColumn] {
        var columns = ImportColumn.contact + [.id, .at, .source, .evidence]
        switch self {
        case .people: return columns
        case .touches:
            return columns + [
                .direction, .channel, .purpose, .campaign, .subject, .product, .brand, .agency, .accounts, .method,
                .outcome, .outcomeAt,
            ]
        case .holdings: columns += [.product, .family, .status, .from, .to, .graceUntil]
        case .optOuts, .optIns: columns += [.reach]
        case .consents: columns += [.name, .until]
        case .withdrawals: columns += [.name]
        case .events: columns += [.event, .from, .to, .until]
        }
        return columns + ImportColumn.scope.filter { !(self == .touches && $0 == .scopeAccounts) }
    }

    /// Columns that every row must fill.
    var required: [ImportColumn] {
        switch self {
        case .people, .optOuts, .withdrawals: []
        case .optIns: [.evidence]
        case .holdings: [.product, .status]
        case .consents: [.name]
        case .touches: [.channel, .purpose]
        case .events: [.event]
        }
    }
}

/// A column of an import file.
enum ImportColumn: String, CaseIterable {
    case phone, email, ids, country, region
    case postalCode = "postal_code"
    case timeZones = "time_zones"
    case party
    case lineType = "line_type"
    case role
    case id, at, source, evidence
    case direction, channel, purpose, campaign, subject, product, brand, agency, accounts, method, outcome
    case outcomeAt = "outcome_at"
    case family, status, from, to
    case graceUntil = "grace_until"
    case reach, name, until, event
    case channels, purposes, brands, products, families, campaigns, subjects
    /// `accounts` of a scope; a touch's own accounts are `accounts` too, and no kind of row has both.
    case scopeAccounts = "scope.accounts"

    static let contact: [ImportColumn] = [
        .phone, .email, .ids, .country, .region, .postalCode, .timeZones, .party, .lineType, .role,
    ]
    static let scope: [ImportColumn] = [
        .channels, .purposes, .brands, .products, .families, .campaigns, .subjects, .scopeAccounts,
    ]

    /// The name in the file and in the API.
    var header: String { self == .scopeAccounts ? "accounts" : rawValue }
    var isContact: Bool { Self.contact.contains(self) }
    var isScope: Bool { Self.scope.contains(self) }
    /// Whether a cell holds several values, with spaces between them.
    var isList: Bool { isScope || self == .ids || self == .timeZones || self == .accounts }
}

/// Which column of the file is which, from its first row.
struct ImportHeader {
    let kind: ImportKind
    let columns: [ImportColumn]

    init(_ names: [String], kind: ImportKind, file: String) throws(CommandFailure) {
        self.kind = kind
        let known = kind.columns
        var columns: [ImportColumn] = []
        for (index, name) in names.enumerated() {
            let name = String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()).lowercased()
            guard let column = known.first(where: { $0.header == name }) else {
                let place = "\(file):1: column \(index + 1), "
                throw CommandFailure(
                    place + "`\(name)`, is none of \(kind.rawValue): there are "
                        + known.map(\.header).joined(separator: ", "))
            }
            guard !columns.contains(column) else {
                throw CommandFailure("\(file):1: the column `\(name)` is there twice")
            }
            columns.append(column)
        }
        if let missing = kind.required.first(where: { !columns.contains($0) }) {
            throw CommandFailure("\(file):1: \(kind.rawValue) need a column `\(missing.header)`")
        }
        guard columns.contains(where: { [.phone, .email, .ids].contains($0) }) else {
            throw CommandFailure("\(file):1: no column says who it is about: name one `phone`, `email` or `ids`")
        }
        self.columns = columns
    }
}

/// One row, read but not judged yet.
struct ImportItem: Sendable {
    var line: Int
    /// The fact's id: the row's own, or one made of the file's digest and the row.
    var id: String
    /// By position in `ImportHeader.columns`; empty means left out.
    var cells: [String]
}

extension ImportHeader {
    /// The row as the API takes it.
    func json(_ item: ImportItem) -> String {
        var contact: [(String, JSONText.Value)] = []
        var scope: [(String, JSONText.Value)] = []
        var fields: [(String, JSONText.Value)] = [("id", .text(item.id))]
        for (column, cell) in zip(columns, item.cells) where !cell.isEmpty && column != .id {
            let value: JSONText.Value =
                column.isList ? .texts(cell.split(separator: " ").map(String.init)) : .text(cell)
            if column.isContact {
                contact.append((column.header, value))
            } else if column.isScope {
                scope.append((column.header, value))
            } else {
                fields.append((column.header, value))
            }
        }
        fields.append(("contact", .raw(JSONText.object(contact))))
        if !scope.isEmpty { fields.append(("scope", .raw(JSONText.object(scope)))) }
        return JSONText.object(fields)
    }
}
