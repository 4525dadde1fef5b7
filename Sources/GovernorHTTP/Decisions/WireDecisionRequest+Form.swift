import GovernorRuntime

extension WireDecisionRequest {
    /// The same with its texts read out of the body.
    func form(in body: UnsafeRawBufferPointer) -> DecisionForm {
        func text(_ wire: WireText) -> String? { strings.string(of: wire, in: body) }
        func texts(_ wires: WireTexts) -> [String] {
            if wires.isEmpty { return [] }
            return (0..<wires.count).map { text(wires[$0]) ?? "" }
        }
        var form = DecisionForm()
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
        form.channel = text(channel) ?? ""
        form.purpose = text(purpose) ?? ""
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
        form.ref = text(ref)
        form.at = text(at)
        return form
    }
}
