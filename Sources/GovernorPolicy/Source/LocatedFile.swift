/// A file as it was read: its findings so far, and its tree unless one of them says why there is none.
package struct LocatedFile {
    package let findings: Findings
    package let root: LocatedNode?

    /// `what` a file that holds nothing should have held, and how it begins.
    package init(_ source: PolicySource, what: String = "policy", begin: String = "`policy: NAME`") {
        var bytes = source.bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes.removeFirst(3) }
        let start = SourceSpan(start: 0, end: 1)
        guard bytes.count <= TreeReader.bytesMax else {
            findings = Findings(SourceText(file: source.name, bytes: []))
            findings.report(
                .fileTooLarge, at: start, "the file is \(bytes.count) bytes long, the most is \(TreeReader.bytesMax)",
                hint: "split it into several files")
            root = nil
            return
        }
        if let bad = Self.firstInvalidByte(bytes) {
            // The text up to there, so that the place can be shown.
            let text = SourceText(file: source.name, bytes: Array(bytes[..<bad]))
            findings = Findings(text)
            let offset = text.scalarOffset(ofByte: bad)
            findings.report(
                .notUTF8, at: SourceSpan(start: offset, end: offset + 1), "the file is not UTF-8 from here on",
                hint: "save the file as UTF-8")
            root = nil
            return
        }
        let text = SourceText(file: source.name, bytes: bytes)
        findings = Findings(text)
        root = TreeReader.read(text, into: findings)
        if root == nil, findings.diagnostics.isEmpty {
            findings.report(.wrongType, at: start, "the file holds no \(what)", hint: "begin with \(begin)")
        }
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var valid = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): valid += scalar.count
            case .emptyInput, .error: return valid
            }
        }
    }
}
