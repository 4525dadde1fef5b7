package import GovernorLists

extension ImportHeader {
    /// The row as the API takes it.
    package func json(_ item: ImportItem) -> [UInt8] {
        jsonBytes { json in
            json.beginObject()
            json.field("id", item.id)
            write(item, to: &json) { !$0.isContact && !$0.isScope }
            json.name("contact")
            json.beginObject()
            write(item, to: &json, where: \.isContact)
            json.endObject()
            if zip(columns, item.cells).contains(where: { $0.isScope && !$1.isEmpty }) {
                json.name("scope")
                json.beginObject()
                write(item, to: &json, where: \.isScope)
                json.endObject()
            }
            json.endObject()
        }
    }

    private func write(_ item: ImportItem, to json: inout JSONWriter, where isMeant: (ImportColumn) -> Bool) {
        for (column, cell) in zip(columns, item.cells) where !cell.isEmpty && column != .id && isMeant(column) {
            json.name(text: column.header)
            guard column.isList else {
                json.value(cell)
                continue
            }
            json.beginArray()
            for value in cell.split(separator: " ") { json.value(String(value)) }
            json.endArray()
        }
    }
}
