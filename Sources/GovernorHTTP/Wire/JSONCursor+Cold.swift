import GovernorRuntime

/// What routes off the hot path read: copies instead of ranges.
extension JSONCursor {
    /// A string of 1 to `bytesMax` bytes; `body` must be what the cursor reads.
    mutating func text(bytesMax: Int, in body: UnsafeRawBufferPointer) throws(JSONFault) -> String {
        let text = try string(bytesMax: bytesMax)
        return strings.string(of: text, in: body) ?? ""
    }

    /// The strings of an array, none of them empty.
    mutating func texts(countMax: Int, bytesMax: Int, in body: UnsafeRawBufferPointer) throws(JSONFault) -> [String] {
        var texts: [String] = []
        try array(countMax: countMax) { (_, cursor) throws(JSONFault) in
            texts.append(try cursor.text(bytesMax: bytesMax, in: body))
        }
        return texts
    }

    mutating func contact(in body: UnsafeRawBufferPointer) throws(JSONFault) -> ContactForm {
        var wire = WireDecisionRequest.Contact()
        try wire.scan(&self)
        let strings = self.strings
        func text(_ wire: WireText) -> String? { strings.string(of: wire, in: body) }
        func texts(_ wires: WireTexts) -> [String] { (0..<wires.count).map { text(wires[$0]) ?? "" } }
        var form = ContactForm()
        form.phone = text(wire.phone)
        form.email = text(wire.email)
        form.ids = texts(wire.ids)
        form.country = text(wire.country)
        form.region = text(wire.region)
        form.postalCode = text(wire.postalCode)
        form.timeZones = texts(wire.timeZones)
        form.party = text(wire.party)
        form.lineType = text(wire.lineType)
        form.role = text(wire.role)
        return form
    }
}
