import Testing

@testable import GovernorLists

/// Headers as lists have them, and what each column is taken for until somebody confirms it.
@Suite struct ColumnGuessTests {
    @Test(
        "names in several languages",
        arguments: [
            ("Phone Number", .phone), ("PHONE_NUMBER", .phone), ("Telefon-Nr.", .phone), ("Téléphone", .phone),
            ("Teléfono móvil", .phone), ("Handy", .phone), ("Mobile #", .phone), ("E-Mail Adresse", .email),
            ("Courriel", .email), ("correo electrónico", .email), ("PLZ", .postalCode), ("Zip code", .postalCode),
            ("Code postal", .postalCode), ("Bundesland", .region), ("Province", .region), ("Land", .country),
            ("País", .country), ("Time zone", .timeZones), ("line_type", .lineType), ("postal_code", .postalCode),
            ("Name", nil), ("Kunde", nil), ("", nil), ("Phone call notes", nil), ("Mailing consent", nil),
        ] as [(String, ContactColumn?)])
    func names(name: String, column: ContactColumn?) {
        let use = column.map { ListColumns.Use.field($0, prefix: "") } ?? .carried
        #expect(ColumnGuess.columns([name], samples: []).uses == [use])
    }

    @Test(
        "what stands in a column whose name tells nothing",
        arguments: [
            (["+1 212 555 0100", "(212) 555-0101", "0171 2345678"], .phone),
            (["2125550100", "2125550101", "", "2125550102"], .phone),
            (["ana@example.com", "b@mail.example.org", "c.d@example.com"], .email),
            // Too few, customer numbers, amounts, dates, and one cell that is something else.
            (["+1 212 555 0100", "+1 212 555 0101"], nil), (["100021", "100022", "100023"], nil),
            (["1234.50", "99.00", "7.25"], nil), (["2026-11-22", "2026-11-23", "2026-11-24"], nil),
            (["22.11.2026", "23.11.2026", "24.11.2026"], nil), (["+1 212 555 0100", "+1 212 555 0101", "none"], nil),
            (["ana@example", "b@c", "@example.com"], nil),
        ] as [([String], ContactColumn?)])
    func cells(cells: [String], column: ContactColumn?) {
        let use = column.map { ListColumns.Use.field($0, prefix: "") } ?? .carried
        #expect(ColumnGuess.columns(["x"], samples: cells.map { [$0] }).uses == [use])
    }

    /// A field is taken once: by the API's own name first, then by a likely one, then by what stands in the cells.
    @Test func eachFieldOnce() {
        let guess = ColumnGuess.columns(["Mobile", "phone", "Home", "Name"], samples: [])
        #expect(guess.uses == [.carried, .field(.phone, prefix: ""), .carried, .carried])
        let rows = [
            ["a@example.com", "+12125550100"], ["b@example.com", "+12125550101"], ["c@example.com", "+12125550102"],
        ]
        let both = ColumnGuess.columns(["Tel", "Other"], samples: rows)
        #expect(both.uses == [.field(.phone, prefix: ""), .carried], "the name counts for more than the cells")
        let short = ColumnGuess.columns(["a", "b"], samples: rows.map { [$0[0]] } + rows)
        #expect(short.uses == [.field(.email, prefix: ""), .field(.phone, prefix: "")], "rows may be short")
    }
}
