// The parser's events, through the C module that Yams is built on: its own tree follows aliases and recursion before
// anybody can count them, forgets where a node ends, and stops at the first duplicate key.
internal import CYaml

/// Turns a file into a located tree, or into findings. Bounded in size, depth and nodes, and without recursion.
package struct TreeReader {
    static let bytesMax = 1 << 20
    static let depthMax = 32
    static let nodesMax = 100_000

    /// A list or a group that is not closed yet, changed in place.
    private struct Frame {
        var isMapping: Bool
        var start: Int
        var items: [LocatedNode] = []
        var entries: [LocatedNode.Entry] = []
        var key: LocatedNode?
        /// Where each key stands in `entries`, kept once there are too many to look through.
        var index: [String: Int] = [:]

        func position(of name: String) -> Int? {
            entries.count <= 16 ? entries.firstIndex { $0.name == name } : index[name]
        }

        mutating func append(_ entry: LocatedNode.Entry) {
            entries.append(entry)
            if entries.count == 17 {
                for (position, entry) in entries.enumerated() { index[entry.name] = position }
            } else if entries.count > 17 {
                index[entry.name] = entries.count - 1
            }
        }
    }

    /// `nil` when there is no tree to go on with; why was reported.
    package static func read(_ text: SourceText, into findings: Findings) -> LocatedNode? {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            findings.report(.syntax, at: SourceSpan(start: 0, end: 0), "out of memory while reading the file")
            return nil
        }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        return text.bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            return TreeReader(text: text, findings: findings).run(&parser)
        }
    }

    private let text: SourceText
    private let findings: Findings

    private func run(_ parser: inout yaml_parser_t) -> LocatedNode? {
        var frames: [Frame] = []
        var root: LocatedNode?
        var nodes = 0
        var documents = 0
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else {
                reportSyntax(parser)
                return nil
            }
            defer { yaml_event_delete(&event) }
            let span = SourceSpan(start: event.start_mark.index, end: event.end_mark.index)
            var finished: LocatedNode?
            switch event.type {
            case YAML_STREAM_END_EVENT:
                return root
            case YAML_DOCUMENT_START_EVENT:
                documents += 1
                if documents > 1 {
                    findings.report(
                        .severalDocuments, at: SourceSpan(start: span.start, end: span.start + 3),
                        "a second document begins here", hint: "put each policy into a file of its own")
                    return nil
                }
                continue
            case YAML_ALIAS_EVENT:
                nodes += 1
                findings.report(
                    .anchorOrAlias, at: span, "aliases are not part of the policy language",
                    hint: "write the value out where it is meant")
                finished = LocatedNode(content: .refused, span: span)
            case YAML_SCALAR_EVENT:
                nodes += 1
                let scalar = event.data.scalar
                refuse(anchor: scalar.anchor, tag: scalar.tag, at: span)
                let value = String(
                    decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
                finished = LocatedNode(
                    content: .scalar(value, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), span: span)
            case YAML_SEQUENCE_START_EVENT:
                nodes += 1
                refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: span)
                frames.append(Frame(isMapping: false, start: span.start))
            case YAML_MAPPING_START_EVENT:
                nodes += 1
                refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: span)
                frames.append(Frame(isMapping: true, start: span.start))
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                guard let frame = frames.popLast() else { return nil }
                finished = LocatedNode(
                    content: frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items),
                    span: SourceSpan(start: frame.start, end: span.end))
            default:
                continue
            }
            guard frames.count <= Self.depthMax else {
                findings.report(
                    .nestedTooDeep, at: SourceSpan(start: span.start, end: span.start + 1),
                    "nested more than \(Self.depthMax) levels deep")
                return nil
            }
            guard nodes <= Self.nodesMax else {
                findings.report(
                    .tooManyNodes, at: SourceSpan(start: span.start, end: span.start + 1),
                    "more than \(Self.nodesMax) values in one file", hint: "split it into several files")
                return nil
            }
            if let finished { attach(finished, to: &frames, root: &root) }
        }
    }

    private func attach(_ node: LocatedNode, to frames: inout [Frame], root: inout LocatedNode?) {
        guard !frames.isEmpty else {
            root = node
            return
        }
        let top = frames.count - 1
        guard frames[top].isMapping else {
            frames[top].items.append(node)
            return
        }
        guard let key = frames[top].key else {
            frames[top].key = node
            return
        }
        frames[top].key = nil
        switch key.content {
        case .scalar(let name, _):
            if let position = frames[top].position(of: name) {
                let line = text.position(of: frames[top].entries[position].key.span.start).line
                findings.report(
                    .duplicateKey, at: key.span, "\(quoted(name)) is written twice",
                    hint: "it already stands in line \(line); keep one of the two")
            } else {
                frames[top].append(LocatedNode.Entry(key: key, name: name, value: node))
            }
        case .refused: break
        case .sequence, .mapping:
            findings.report(.wrongType, at: key.span, "a key must be a name, not \(key.described)")
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, at span: SourceSpan
    ) {
        if anchor != nil {
            findings.report(
                .anchorOrAlias, at: span, "anchors are not part of the policy language",
                hint: "remove the `&` name, and write the value out wherever it is meant")
        }
        if let tag {
            findings.report(
                .tag, at: span, "tags such as \(quoted(String(cString: tag))) are not part of the policy language",
                hint: "remove the tag; what a value is follows from its key")
        }
    }

    private func reportSyntax(_ parser: yaml_parser_t) {
        let problem = parser.problem.map { String(cString: $0) } ?? "cannot be read"
        guard parser.error != YAML_MEMORY_ERROR, !problem.hasPrefix("Maximum nesting level") else {
            // The scanner looks ahead and has a limit of its own.
            let here = parser.mark.index
            findings.report(
                .nestedTooDeep, at: SourceSpan(start: here, end: here + 1),
                "nested more than \(Self.depthMax) levels deep")
            return
        }
        guard parser.error != YAML_READER_ERROR else {
            let offset = text.scalarOffset(ofByte: parser.problem_offset)
            let value = parser.problem_value
            let name = value > 0 ? " (U+" + hexadecimal(UInt32(truncatingIfNeeded: value)) + ")" : ""
            findings.report(
                .syntax, at: SourceSpan(start: offset, end: offset + 1), "not valid YAML: \(problem)\(name)",
                hint: "remove the character, or write it as an escape inside double quotes")
            return
        }
        let start = parser.problem_mark.index
        var hints: [String] = []
        if problem.hasPrefix("mapping values are not allowed") {
            hints.append("a colon before a space begins a value; put a text that holds one into quotes")
        } else if problem.hasPrefix("found character that cannot start any token") {
            hints.append(
                "indent with spaces, not tabs, and put a text that begins with a special character into quotes")
        } else if let context = parser.context.map({ String(cString: $0) }) {
            let position = text.position(of: parser.context_mark.index)
            hints.append("\(context) that begins in line \(position.line), column \(position.column)")
        }
        findings.report(
            .syntax, at: SourceSpan(start: start, end: start + 1), "not valid YAML: \(problem)", hints: hints)
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
