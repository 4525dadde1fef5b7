import GovernorRuntime

private let unsubscribeFields = JSONFields<UnsubscribeLinkField>()
private let preferenceFields = JSONFields<PreferenceLinkField>()

extension UnsubscribeLinkField: JSONField {}
extension PreferenceLinkField: JSONField {}

/// The body of a request for links: one, or up to 1,000 as `items`.
enum LinkBatch {
    case single(LinkForm)
    case items([Result<LinkForm, JSONFaults>])

    static func scan(_ kind: LinkKind, _ body: UnsafeRawBufferPointer) throws(JSONFaults) -> LinkBatch {
        let offsets = try ItemList.scan(body, countMax: LinkForm.itemsMax)
        guard let offsets else {
            var cursor = JSONCursor(body)
            return .single(try LinkForm.scan(kind, &cursor, in: body, isWhole: true))
        }
        return .items(
            offsets.map { offset in
                var cursor = JSONCursor(body, from: offset)
                do throws(JSONFaults) {
                    return .success(try LinkForm.scan(kind, &cursor, in: body, isWhole: false))
                } catch {
                    return .failure(error)
                }
            })
    }
}

enum LinkKind: Sendable {
    case unsubscribe, preferences
}

extension LinkForm {
    fileprivate static func scan(
        _ kind: LinkKind, _ cursor: inout JSONCursor, in body: UnsafeRawBufferPointer, isWhole: Bool
    ) throws(JSONFaults) -> LinkForm {
        var form = LinkForm()
        do throws(JSONFault) {
            switch kind {
            case .unsubscribe:
                try cursor.object(unsubscribeFields) { (field: UnsubscribeLinkField, cursor) throws(JSONFault) in
                    switch field {
                    case .contact: form.contact = try cursor.contact(in: body)
                    case .scope: form.scope = try ScopeForm.scan(&cursor, in: body)
                    case .brand: form.brand = try cursor.text(bytesMax: 128, in: body)
                    case .reach: form.reach = try cursor.text(bytesMax: 32, in: body)
                    }
                }
            case .preferences:
                try cursor.object(preferenceFields) { (field: PreferenceLinkField, cursor) throws(JSONFault) in
                    switch field {
                    case .contact: form.contact = try cursor.contact(in: body)
                    case .brand: form.brand = try cursor.text(bytesMax: 128, in: body)
                    case .expiresIn: form.expiresIn = try cursor.text(bytesMax: 40, in: body)
                    }
                }
            }
            if isWhole { try cursor.finish() }
        } catch {
            throw JSONFaults(error, cursor.faults)
        }
        if let faults = JSONFaults(cursor.faults) { throw faults }
        return form
    }
}
