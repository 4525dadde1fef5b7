import Foundation

extension AuditEvent {
    /// One line of NDJSON, without its end.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static let columns: [(name: String, value: @Sendable (AuditEvent) -> String?)] = [
        ("node", { $0.node }),
        ("sequence", { "\($0.sequence)" }),
        ("at", { $0.at }),
        ("kind", { $0.kind }),
        ("persons", { $0.persons.joined(separator: " ") }),
        ("verdict", { $0.verdict }),
        ("reserve", { $0.reserve.map { $0 ? "true" : "false" } }),
        ("rules", { $0.reasons.map { $0.map { $0.rule ?? "" }.joined(separator: " ") } }),
        ("codes", { $0.reasons.map { $0.map(\.code).joined(separator: " ") } }),
        ("shadow_rules", { $0.shadow.map { $0.map { $0.rule ?? "" }.joined(separator: " ") } }),
        ("next_allowed_at", { $0.next_allowed_at }),
        ("policy_revision", { $0.policy_revision }),
        ("caller", { $0.caller }),
        ("agency", { $0.agency ?? $0.touches?.first?.agency }),
        ("channel", { $0.channel ?? $0.touches?.first?.channel }),
        ("purpose", { $0.purpose ?? $0.touches?.first?.purpose }),
        ("campaign", { $0.campaign ?? $0.touches?.first?.campaign }),
        ("subject", { $0.subject ?? $0.touches?.first?.subject }),
        ("product", { $0.product ?? $0.touches?.first?.product ?? $0.facts?.first?.product }),
        ("brand", { $0.brand ?? $0.touches?.first?.brand }),
        ("method", { $0.method }),
        ("endpoint", { $0.endpoint ?? $0.touches?.first?.endpoint }),
        ("touch", { $0.touch ?? $0.touches?.first?.id }),
        ("state", { $0.state ?? $0.touches?.first?.state }),
        ("outcome", { $0.outcome ?? $0.touches?.first?.outcome }),
        ("fact", { $0.fact }),
        ("fact_at", { $0.facts?.first?.at }),
        ("source", { $0.facts?.first?.source ?? $0.touches?.first?.source }),
        ("evidence", { $0.evidence }),
        ("note", { $0.note }),
    ]

    /// The first row of a CSV, without its end.
    package static var csvHeader: String { columns.map(\.name).joined(separator: ",") }

    /// One row, without its end. Source: RFC 4180. Cells that a spreadsheet would take for a formula have an apostrophe
    /// before them.
    package var csv: String { Self.columns.map { Self.cell($0.value(self) ?? "") }.joined(separator: ",") }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
