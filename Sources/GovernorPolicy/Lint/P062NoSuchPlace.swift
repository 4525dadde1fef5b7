import GovernorCore

extension DiagnosticCode {
    /// A country or region that does not exist.
    static let noSuchPlace = DiagnosticCode(
        "P062", "no-such-place", .warning,
        what: """
            No country, or no state or province of the United States or Canada, has this code, so nobody is ever known \
            to be there.
            """,
        why: "The rule applies only to people of whom no place is known, and to nobody whom it was written for.",
        example: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice], jurisdictions: [UK] }
                open: { daily: ["09:00-20:00"] }
                because: We only call between 9 in the morning and 8 in the evening.
            """,
        instead: """
            policy: house
            rules:
              - id: calling-hours
                kind: contact_hours
                scope: { channels: [voice], jurisdictions: [GB] }
                open: { daily: ["09:00-20:00"] }
                because: We only call between 9 in the morning and 8 in the evening.
            """)
}

extension MeaningChecks {
    /// What people write for a country's code. Source: ISO 3166-1, codes exceptionally reserved or in use elsewhere.
    private static let aliases = ["UK": "GB", "EL": "GR", "EN": "GB"]

    func checkPlaces() {
        guard let clocks else { return }
        var exists: [Jurisdiction: Bool] = [:]
        for read in rules {
            for node in read.items("scope", "jurisdictions") {
                guard let text = node.scalarText, let place = Jurisdiction(text) else { continue }
                let isThere = exists[place] ?? (clocks(place) != nil)
                exists[place] = isThere
                guard !isThere else { continue }
                let country = clocks(place.country) == nil ? "country" : "region of \(place.country)"
                read.findings.report(
                    .noSuchPlace, at: node, "there is no \(country) \(quoted(text))",
                    hint: Self.aliases[place.countryCode].map {
                        "write `\($0)\(place.hasRegion ? "-" + place.regionCode : "")`"
                    })
            }
        }
    }
}
