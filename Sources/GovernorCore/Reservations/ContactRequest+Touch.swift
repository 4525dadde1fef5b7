extension ContactRequest {
    /// The request that made `touch`, as far as the record still tells it: for its confirmation.
    public init(_ touch: Touch, on records: [PersonRecord]) {
        let known = records.lazy.flatMap(\.identifiers).first { $0.hash == touch.endpoint }
        let identifiers = known.map {
            [
                RequestIdentifier(
                    hash: $0.hash, kind: $0.kind, namespace: $0.namespace, zones: $0.zones,
                    jurisdictions: $0.jurisdictions, lineType: $0.lineType)
            ]
        }
        var names = NameTable()
        for record in records { names.adoptAll(from: record.names) }
        self.init(
            identifiers: identifiers ?? [], endpoint: identifiers == nil ? nil : 0,
            whereabouts: touch.whereabouts ?? RequestWhereabouts(), channel: touch.channel, purpose: touch.purpose,
            caller: touch.caller, names: names)
        party = touch.party
        lineType = touch.lineType
        campaign = touch.campaign
        subject = touch.subject
        product = touch.product
        brand = touch.brand
        agency = touch.agency
        accounts = touch.accounts
        method = touch.method
        inReplyTo = touch.inReplyTo
        exemption = touch.exemption
        idempotency = touch.idempotency
        role = touch.role
        registryAnswers = touch.registryAnswers
    }
}
