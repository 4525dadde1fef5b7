import GovernorRuntime

extension WireDecisionRequest {
    /// Calls `use` with the texts where they stand in the body; they are valid until it returns.
    @inline(__always)
    func withTexts<Value>(in body: UnsafeRawBufferPointer, _ use: (borrowing DecisionTexts) -> Value) -> Value {
        strings.withTexts(in: body) { text in
            func texts(_ wires: borrowing WireTexts) -> [UnsafeRawBufferPointer] {
                var texts: [UnsafeRawBufferPointer] = []
                for i in 0..<wires.count {
                    if let text = text(wires[i]) { texts.append(text) }
                }
                return texts
            }
            var form = DecisionTexts()
            form.contact.phone = text(contact.phone)
            form.contact.email = text(contact.email)
            form.contact.ids = texts(contact.ids)
            form.contact.country = text(contact.country)
            form.contact.region = text(contact.region)
            form.contact.postalCode = text(contact.postalCode)
            form.contact.timeZones = texts(contact.timeZones)
            form.contact.party = text(contact.party)
            form.contact.lineType = text(contact.lineType)
            form.contact.role = text(contact.role)
            form.channel = text(channel)
            form.purpose = text(purpose)
            form.campaign = text(campaign)
            form.subject = text(subject)
            form.product = text(product)
            form.brand = text(brand)
            form.accounts = texts(accounts)
            form.method = text(method)
            form.inReplyTo = text(inReplyTo)
            form.exemption = text(exemption)
            form.reserve = reserve
            form.holdFor = text(holdFor)
            form.idempotencyKey = text(idempotencyKey)
            form.at = text(at)
            return use(form)
        }
    }
}
