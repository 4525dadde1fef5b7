/// A node of a policy file that knows where it stands.
///
/// Scalars keep their text as written. What it means is for the reader who knows what belongs there, so that `on`, `no`,
/// `2024` and `08:00` never turn into something else behind its back.
package struct LocatedNode: Sendable {
    package enum Content: Sendable {
        /// Plain means written without quotes and not as a block.
        case scalar(String, isPlain: Bool)
        case sequence([LocatedNode])
        case mapping([Entry])
        /// Already reported; whoever meets it stays silent.
        case refused
    }

    package struct Entry: Sendable {
        package var key: LocatedNode
        package var name: String
        package var value: LocatedNode

        package init(key: LocatedNode, name: String, value: LocatedNode) {
            self.key = key
            self.name = name
            self.value = value
        }
    }

    package var content: Content
    package var span: SourceSpan

    package init(content: Content, span: SourceSpan) {
        self.content = content
        self.span = span
    }

    /// Nothing was written: an empty value, `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    /// What it is, for messages.
    package var described: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : quoted(text)
        case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
        case .mapping: "a group of keys"
        case .refused: "nothing"
        }
    }
}

/// User text in backticks, short and on one line.
package func quoted(_ text: some StringProtocol) -> String {
    var result = "`"
    var count = 0
    for scalar in text.unicodeScalars {
        if count == 60 {
            result += "…"
            break
        }
        count += 1
        if scalar.properties.generalCategory == .control || scalar == "`" || scalar.properties.isBidiControl {
            result += "\u{fffd}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "`"
}

/// `a`, `b` or `c`.
package func alternatives(_ words: [String], most: Int = 12) -> String {
    var shown = words.prefix(most).map { quoted($0) }
    if words.count > most { return shown.joined(separator: ", ") + ", …" }
    guard let last = shown.popLast() else { return "nothing" }
    return shown.isEmpty ? last : shown.joined(separator: ", ") + " or " + last
}
