package import GovernorRuntime

private let optOutFields = JSONFields<OptOutField>()
private let optInFields = JSONFields<OptInField>()
private let consentFields = JSONFields<ConsentField>()
private let withdrawalFields = JSONFields<WithdrawalField>()
private let holdingFields = JSONFields<HoldingField>()
private let touchFields = JSONFields<TouchField>()
private let eventFields = JSONFields<EventField>()
private let linkFields = JSONFields<LinkField>()
private let identifierFields = JSONFields<IdentifierField>()
private let scopeFields = JSONFields<ScopeField>()
private let hoursFields = JSONFields<HoursField>()

extension OptOutField: JSONField {}
extension OptInField: JSONField {}
extension ConsentField: JSONField {}
extension WithdrawalField: JSONField {}
extension HoldingField: JSONField {}
extension TouchField: JSONField {}
extension EventField: JSONField {}
extension LinkField: JSONField {}
extension IdentifierField: JSONField {}
extension ScopeField: JSONField {}
extension HoursField: JSONField {}

extension FactForm {
    /// Scans the object that the cursor stands before.
    static func scan(_ kind: FactKind, _ cursor: inout JSONCursor, in body: UnsafeRawBufferPointer) throws(JSONFault)
        -> FactForm
    {
        switch kind {
        case .optOut: try scan(optOutFields, &cursor, body)
        case .optIn: try scan(optInFields, &cursor, body)
        case .consent: try scan(consentFields, &cursor, body)
        case .withdrawal: try scan(withdrawalFields, &cursor, body)
        case .holding: try scan(holdingFields, &cursor, body)
        case .touch: try scan(touchFields, &cursor, body)
        case .event: try scan(eventFields, &cursor, body)
        case .link: try scan(linkFields, &cursor, body)
        case .identifier: try scan(identifierFields, &cursor, body)
        }
    }

    private static func scan<Field: JSONField>(
        _ fields: JSONFields<Field>, _ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer
    ) throws(JSONFault) -> FactForm {
        var form = FactForm()
        try cursor.object(fields) { (field: Field, cursor) throws(JSONFault) in
            try form.read(field.rawValue, &cursor, body)
        }
        return form
    }

    private mutating func read(
        _ field: String, _ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer
    ) throws(JSONFault) {
        func text(_ bytesMax: Int) throws(JSONFault) -> String { try cursor.text(bytesMax: bytesMax, in: body) }
        switch field {
        case "id": id = try text(128)
        case "contact": contact = try cursor.contact(in: body)
        case "at": at = try text(40)
        case "scope": scope = try ScopeForm.scan(&cursor, in: body)
        case "source": source = try text(64)
        case "evidence": evidence = try text(1024)
        case "reach": reach = try text(32)
        case "name": name = try text(64)
        case "until": until = try text(40)
        case "product": product = try text(128)
        case "family": family = try text(128)
        case "status": status = try text(32)
        case "from": from = try text(40)
        case "to": to = try text(40)
        case "grace_until": graceUntil = try text(40)
        case "event": event = try text(64)
        case "hours": hours = try Self.hours(&cursor, body)
        case "direction": direction = try text(32)
        case "channel": channel = try text(64)
        case "purpose": purpose = try text(64)
        case "campaign": campaign = try text(128)
        case "subject": subject = try text(128)
        case "brand": brand = try text(128)
        case "agency": agency = try text(128)
        case "accounts": accounts = try cursor.texts(countMax: 16, bytesMax: 128, in: body)
        case "method": method = try text(32)
        case "outcome": outcome = try text(64)
        case "outcome_at": outcomeAt = try text(40)
        case "shared": shared = try cursor.bool()
        case "household": household = try cursor.bool()
        case "labels": labels = try cursor.texts(countMax: 16, bytesMax: 64, in: body)
        default: throw JSONFault(.unknown, at: cursor.position)
        }
    }

    private static func hours(
        _ cursor: inout JSONCursor, _ body: UnsafeRawBufferPointer
    ) throws(JSONFault) -> [String: [String]] {
        var hours: [String: [String]] = [:]
        try cursor.object(hoursFields) { (field: HoursField, cursor) throws(JSONFault) in
            hours[field.rawValue] = try cursor.texts(countMax: HoursField.spansMax, bytesMax: 16, in: body)
        }
        return hours
    }
}

extension ScopeForm {
    static func scan(_ cursor: inout JSONCursor, in body: UnsafeRawBufferPointer) throws(JSONFault) -> ScopeForm {
        var form = ScopeForm()
        try cursor.object(scopeFields) { (field: ScopeField, cursor) throws(JSONFault) in
            let opening = cursor.position
            let values = try cursor.texts(countMax: ScopeField.valuesMax, bytesMax: 128, in: body)
            // No value would match nothing, and read as everything.
            if values.isEmpty { throw JSONFault(.empty, at: opening) }
            form.values[field] = values
        }
        return form
    }
}

/// The body of a facts route: one fact, or `{"items": […]}`.
enum FactBatch {
    case single(Result<FactForm, JSONFaults>)
    /// Well-formed as a whole; a bad item has its own faults.
    case items([Result<FactForm, JSONFaults>])

    static func scan(_ kind: FactKind, _ body: UnsafeRawBufferPointer) throws(JSONFaults) -> FactBatch {
        guard let offsets = try ItemList.scan(body, countMax: FactKind.itemsMax) else {
            return .single(.success(try item(kind, at: 0, in: body)))
        }
        return .items(
            offsets.map { offset in
                do throws(JSONFaults) { return .success(try item(kind, at: offset, in: body)) } catch {
                    return .failure(error)
                }
            })
    }

    private static func item(_ kind: FactKind, at offset: Int, in body: UnsafeRawBufferPointer) throws(JSONFaults)
        -> FactForm
    {
        var cursor = JSONCursor(body, from: offset)
        let form: FactForm
        do throws(JSONFault) { form = try FactForm.scan(kind, &cursor, in: body) } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }
}
