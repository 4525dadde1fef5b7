import GovernorCore

// One value each. What cannot be read is reported here, and the caller goes on without it.
extension FileReader {
    /// The scalar's text as written; `nil` and reported for anything else.
    private func scalar(_ node: LocatedNode, _ key: String, _ what: String) -> (text: String, isPlain: Bool)? {
        switch node.content {
        case .refused: return nil
        case .scalar(let text, let isPlain):
            guard !node.isNull else {
                findings.report(.wrongType, at: node, "`\(key)` has no value", expected: what)
                return nil
            }
            return (text, isPlain)
        case .sequence, .mapping:
            findings.report(.wrongType, at: node, "`\(key)` takes \(what), not \(node.described)")
            return nil
        }
    }

    /// A sentence or another free text of up to 1,000 characters.
    func text(_ node: LocatedNode, _ key: String) -> String? {
        guard let (text, _) = scalar(node, key, "a text") else { return nil }
        if text.allSatisfy(\.isWhitespace) {
            findings.report(.wrongType, at: node, "`\(key)` is empty", expected: "a text")
            return nil
        }
        if text.unicodeScalars.count > 1_000 {
            findings.report(.badName, at: node, "`\(key)` is longer than 1,000 characters")
            return nil
        }
        // A folded block ends with a line break that nobody wants to read out.
        return String(text.trimmedEnd)
    }

    /// A name that requests use: a channel, a campaign, a product, …
    func name(_ node: LocatedNode, _ key: String) -> String? {
        guard let (text, isPlain) = scalar(node, key, "a name") else { return nil }
        if isPlain, ["true", "false"].contains(text.lowercased()) {
            findings.report(
                .badName, at: node, "\(quoted(text)) is a truth value, not a name",
                hint: "if it is a name, put it in quotes")
            return nil
        }
        let problem: String? =
            if text.isEmpty { "a name cannot be empty" } else if text.utf8.count > 128 {
                "a name has at most 128 bytes"
            } else if text.first?.isWhitespace == true || text.last?.isWhitespace == true {
                "\(quoted(text)) begins or ends with a space"
            } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                "\(quoted(text)) holds a control character"
            } else { nil }
        if let problem {
            findings.report(.badName, at: node, problem)
            return nil
        }
        return text
    }

    /// The id of a rule or the name of a policy or calendar.
    func identifier(_ node: LocatedNode, _ key: String) -> String? {
        guard let text = name(node, key) else { return nil }
        let isGood =
            text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: "-") && text.utf8.allSatisfy(Self.isIDByte)
        guard !isGood else { return text }
        let proposal = Self.identifier(from: text)
        findings.report(
            .badName, at: node, "\(quoted(text)) cannot be used here",
            expected: "lower-case letters, digits and hyphens, at most 64",
            hint: proposal.isEmpty ? nil : "write \(quoted(proposal))")
        return nil
    }

    private static func isIDByte(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "-")
    }

    private static func identifier(from text: String) -> String {
        var result = ""
        for byte in text.lowercased().utf8 {
            if isIDByte(byte), byte != UInt8(ascii: "-") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !result.isEmpty, result.last != "-" {
                result += "-"
            }
        }
        while result.last == "-" { result.removeLast() }
        return String(result.prefix(64))
    }

    /// One of a few words.
    func word<Value>(_ node: LocatedNode, _ key: String, _ words: [(String, Value)]) -> Value? {
        findings.onWord?(key, words.map(\.0))
        guard let (text, _) = scalar(node, key, "a word") else { return nil }
        if let match = words.first(where: { $0.0 == text }) { return match.1 }
        let known = words.map(\.0)
        findings.report(
            .unknownWord, at: node, "`\(key)` cannot be \(quoted(text))", expected: alternatives(known),
            hint: Suggestion.hint(for: text, in: known))
        return nil
    }

    /// The items of a list; a single value is a list of one.
    func list(_ node: LocatedNode, _ key: String, mayBeEmpty: Bool = false) -> [LocatedNode] {
        switch node.content {
        case .refused: return []
        case .sequence(let items):
            if items.isEmpty, !mayBeEmpty {
                findings.report(
                    .emptyList, at: node, "`\(key)` is an empty list",
                    hint: "leave the key out when it is not meant to restrict anything")
            }
            return items
        case .scalar where node.isNull:
            findings.report(.wrongType, at: node, "`\(key)` has no value", expected: "a list")
            return []
        case .scalar, .mapping: return [node]
        }
    }

    func names(_ node: LocatedNode, _ key: String) -> [String] {
        list(node, key).compactMap { name($0, key) }
    }

    /// A whole number in plain decimal digits.
    func integer(_ node: LocatedNode, _ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let (text, isPlain) = scalar(node, key, "a whole number") else { return nil }
        let isDecimal = !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        guard isDecimal, text == "0" || text.utf8.first != 0x30 else {
            findings.report(
                .badNumber, at: node, "`\(key)` takes a whole number, not \(quoted(text))",
                expected: "digits alone, \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        guard isPlain else {
            findings.report(
                .badNumber, at: node, "`\(key)` takes a number, not a text in quotes",
                hint: "write \(text) without quotes")
            return nil
        }
        guard let value = Int(text), range.contains(value) else {
            findings.report(
                .badNumber, at: node, "`\(key)` cannot be \(quoted(text))",
                expected: "\(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func date(_ node: LocatedNode, _ key: String) -> LocalDate? {
        guard let (text, _) = scalar(node, key, "a date") else { return nil }
        do throws(TimeFormatError) {
            return try LocalDate(parsing: text)
        } catch {
            let isInstant = (try? Timestamp(parsing: text)) != nil
            findings.report(
                .badDate, at: node, "`\(key)` takes a local date, not \(quoted(text))",
                expected: "a date such as 2026-12-25",
                hint: isInstant ? "to close from one instant to another, write a rule of kind `block`" : nil)
            return nil
        }
    }

    func instant(_ node: LocatedNode, _ key: String) -> Timestamp? {
        guard let (text, _) = scalar(node, key, "an instant") else { return nil }
        do throws(TimeFormatError) {
            return try Timestamp(parsing: text)
        } catch {
            findings.report(
                .badDate, at: node, "`\(key)` cannot be \(quoted(text)): \(error)",
                expected: "an instant such as 2026-12-25T18:00:00-05:00",
                hint: (try? LocalDate(parsing: text)) == nil
                    ? nil : "a date is another instant in every zone: write `\(text)T00:00:00` and the offset")
            return nil
        }
    }

    /// An event or outcome that is built in or declared. A refusal may be reported as the outcome `refused` or as the
    /// event `refusal`: either name stands for both.
    func events(_ node: LocatedNode, _ key: String) -> [String] {
        var result: [String] = []
        for name in list(node, key).compactMap({ eventName($0, key) }) {
            result.append(name)
            if name == "refused" { result.append("refusal") }
            if name == "refusal" { result.append("refused") }
        }
        var seen: Set<String> = []
        return result.filter { seen.insert($0).inserted }
    }

    func eventName(_ node: LocatedNode, _ key: String) -> String? {
        guard let name = name(node, key) else { return nil }
        if context.useEvent(name) { return name }
        findings.report(
            .undeclaredEvent, at: node, "no outcome or event is called \(quoted(name))",
            hint: Suggestion.hint(for: name, in: context.eventNames)
                ?? "declare it at the head of the file: `events: [\(name)]`")
        return nil
    }

    /// Outcomes of a touch, built in or declared.
    func outcomes(_ node: LocatedNode, _ key: String) -> [String] {
        list(node, key).compactMap { item in
            guard let name = eventName(item, key) else { return nil }
            guard !WellKnown.events.contains(name) else {
                findings.report(
                    .unknownWord, at: item, "\(quoted(name)) is an event, not the outcome of a contact",
                    expected: "outcomes such as `no_answer` or `refused`")
                return nil
            }
            return name
        }
    }

    func calendar(_ node: LocatedNode, _ key: String) -> Int? {
        guard let name = identifier(node, key) else { return nil }
        if let index = context.useCalendar(name) { return index }
        findings.report(
            .undeclaredCalendar, at: node, "no file declares a calendar \(quoted(name))",
            hint: Suggestion.hint(for: name, in: context.calendarNames)
                ?? "declare it: `calendars: { \(name): { dates: [2026-12-25], valid_through: 2030-12-31 } }`")
        return nil
    }

    func warnIfMisspelt(_ name: String, _ node: LocatedNode, among words: [String], _ what: String) {
        guard !words.contains(name), let near = Suggestion.nearest(to: name, in: words) else { return }
        findings.report(
            .looksMisspelt, at: node, "\(quoted(name)) is not a well-known \(what)",
            hint: "did you mean \(quoted(near))?")
    }
}
