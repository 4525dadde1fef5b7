import GovernorCore

extension ContactRequest {
    /// What a contact is for, for a line of a report: channel, purpose, campaign, product and agency, as far as it says so.
    var words: String {
        [
            names.text(channel), names.text(purpose), names.text(campaign), names.text(product),
            names.text(agency).map { "by \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }
}
