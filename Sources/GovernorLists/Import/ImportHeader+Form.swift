package import GovernorRuntime

extension ImportHeader {
    /// The row as the API's scanner reads its JSON, without the way through JSON; `nil` where the scanner must judge it,
    /// because a cell is long, or not plain text.
    package func form(_ item: ImportItem) -> FactForm? {
        guard item.id.isPlain(bytesMax: 128) else { return nil }
        var form = FactForm()
        form.id = item.id
        for (column, cell) in zip(columns, item.cells) where !cell.isEmpty && column != .id {
            if column.isList {
                let values = cell.split(separator: " ").map(String.init)
                guard !values.isEmpty, values.count <= ScopeField.valuesMax,
                    values.allSatisfy({ $0.isPlain(bytesMax: 64) })
                else { return nil }
                form.set(column, values)
            } else {
                guard cell.isPlain(bytesMax: column.plainBytesMax) else { return nil }
                form.set(column, cell)
            }
        }
        return form
    }
}

extension ImportColumn {
    /// Not more than the API takes in this field.
    fileprivate var plainBytesMax: Int {
        switch self {
        case .phone, .channel, .purpose, .event, .name, .outcome, .source: 64
        case .email, .evidence: 256
        case .campaign, .subject, .product, .brand, .agency, .family: 128
        default: 32
        }
    }
}

extension String {
    /// Not empty, not long, and without control characters.
    fileprivate func isPlain(bytesMax: Int) -> Bool {
        var text = self
        return text.withUTF8 { !$0.isEmpty && $0.count <= bytesMax && $0.allSatisfy { $0 >= 0x20 } }
    }
}

extension FactForm {
    fileprivate mutating func set(_ column: ImportColumn, _ values: [String]) {
        switch column {
        case .ids: contact.ids = values
        case .timeZones: contact.timeZones = values
        case .accounts: accounts = values
        default: if let field = ScopeField(rawValue: column.header) { scope.values[field] = values }
        }
    }

    fileprivate mutating func set(_ column: ImportColumn, _ value: String) {
        switch column {
        case .phone: contact.phone = value
        case .email: contact.email = value
        case .country: contact.country = value
        case .region: contact.region = value
        case .postalCode: contact.postalCode = value
        case .party: contact.party = value
        case .lineType: contact.lineType = value
        case .role: contact.role = value
        case .at: at = value
        case .source: source = value
        case .evidence: evidence = value
        case .direction: direction = value
        case .channel: channel = value
        case .purpose: purpose = value
        case .campaign: campaign = value
        case .subject: subject = value
        case .product: product = value
        case .brand: brand = value
        case .agency: agency = value
        case .method: method = value
        case .outcome: outcome = value
        case .outcomeAt: outcomeAt = value
        case .family: family = value
        case .status: status = value
        case .from: from = value
        case .to: to = value
        case .graceUntil: graceUntil = value
        case .reach: reach = value
        case .name: name = value
        case .until: until = value
        case .event: event = value
        case .id, .ids, .timeZones, .accounts, .channels, .purposes, .brands, .products, .families, .campaigns,
            .subjects, .scopeAccounts:
            break
        }
    }
}
