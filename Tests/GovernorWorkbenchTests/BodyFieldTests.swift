import Foundation
import GovernorRuntime
import GovernorTesting
import Testing

@testable import GovernorWorkbench

/// Test files know the fields of the API, no more and no fewer.
@Suite struct BodyFieldTests {
    static let rows: [(schema: String, fields: [String])] =
        [("Contact", BodyReader.contactFields), ("DecisionRequest", BodyReader.decisionFields)]
        + zip(
            ["OptOut", "OptIn", "Consent", "Withdrawal", "Holding", "Touch", "Event", "Link", "IdentifierNote"],
            FactKind.allCases
        ).map { ($0, $1.fields.map(\.name)) }

    @Test(arguments: rows.indices)
    func fields(row: Int) throws {
        let (schema, fields) = Self.rows[row]
        let text = try String(contentsOf: World.repository.appending(path: "openapi.yaml"), encoding: .utf8)
        let root = try JSONValue(yaml: text)
        let described = try #require(root["components"]?["schemas"]?[schema]?["properties"]?.object)
        #expect(Set(described.keys) == Set(fields), "\(schema)")
    }

    @Test func everyKindIsInTheTable() { #expect(Self.rows.count == FactKind.allCases.count + 2) }
}
