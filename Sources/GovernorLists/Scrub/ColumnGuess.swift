import Foundation

/// Which column of somebody's list is likely which field: by its name in a few languages, else by what stands in it.
///
/// A guess is shown and confirmed, never used silently.
public enum ColumnGuess {
    /// - Parameters:
    ///   - names: the first row.
    ///   - samples: a few rows after it.
    public static func columns(_ names: [String], samples: [[String]]) -> ListColumns {
        var uses = [ListColumns.Use](repeating: .carried, count: names.count)
        var taken: Set<ContactColumn> = []
        func take(_ index: Int, _ column: ContactColumn) {
            guard uses[index] == .carried, taken.insert(column).inserted else { return }
            uses[index] = .field(column, prefix: "")
        }
        // The names that the API has come first, so that they never lose to a likely one.
        for (index, name) in names.enumerated() {
            if let column = ContactColumn(rawValue: name.lowercased()) { take(index, column) }
        }
        for (index, name) in names.enumerated() {
            if let column = likely[folded(name)] { take(index, column) }
        }
        for index in names.indices where uses[index] == .carried {
            let cells = samples.compactMap { index < $0.count && !$0[index].isEmpty ? $0[index] : nil }
            if cells.count < 3 { continue }
            if cells.allSatisfy(looksLikeEmail) {
                take(index, .email)
            } else if cells.allSatisfy(looksLikePhone) {
                take(index, .phone)
            }
        }
        return ListColumns(uses: uses)
    }

    /// Letters alone, small and without accents: `E-Mail Adresse` is `emailadresse`.
    static func folded(_ name: String) -> String {
        name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).filter(\.isLetter)
    }

    static func looksLikeEmail(_ cell: String) -> Bool {
        let parts = cell.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !cell.contains(" ")
    }

    /// 7 to 15 digits, and what people put between them; a bare number without a plus needs at least ten, so that customer
    /// numbers and amounts are left alone.
    static func looksLikePhone(_ cell: String) -> Bool {
        let digits = cell.count { $0.isASCII && $0.isNumber }
        let isMarked = cell.hasPrefix("+") || cell.hasPrefix("0") || cell.hasPrefix("(")
        return cell.allSatisfy { $0.isASCII && ($0.isNumber || " +()-./".contains($0)) } && digits <= 15
            && digits >= (isMarked ? 7 : 10) && !looksLikeDate(cell)
    }

    /// `2026-11-22`, `22.11.2026`.
    private static func looksLikeDate(_ cell: String) -> Bool {
        let parts = cell.split { "-./".contains($0) }.map(\.count)
        return parts == [4, 2, 2] || parts == [2, 2, 4]
    }

    private static let likely: [String: ContactColumn] = {
        var table: [String: ContactColumn] = [:]
        let names: [ContactColumn: String] = [
            .phone: """
            phone phonenumber phoneno telephone telephonenumber tel telno telefon telefonnummer rufnummer handy \
            handynummer mobil mobilnummer mobile mobilenumber mobilephone mobileno cell cellphone cellnumber portable \
            numero numerodetelephone telefono telefonomovil movil celular telefone telemovel cellulare telefoonnummer \
            mobiel telefonnr mobilnr msisdn primaryphone homephone workphone
            """,
            .email: """
            email emailaddress mail mailaddress emailadresse mailadresse courriel adressemail correo \
            correoelectronico indirizzoemail posta epost emailadres
            """,
            .country: "country countrycode land laendercode landkurz pays pais paese countryiso",
            .region: "region state statecode province bundesland kanton departement provincia estado regione",
            .postalCode: "postalcode postcode zip zipcode plz postleitzahl codepostal cp codigopostal cap cep",
            .timeZones: "timezone timezones tz zeitzone",
            .lineType: "linetype",
        ]
        for (column, words) in names { for word in words.split(separator: " ") { table[String(word)] = column } }
        return table
    }()
}
