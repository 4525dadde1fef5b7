import Foundation

/// What `Package.swift` declares, read from its text: the names of the targets and of what each depends on.
///
/// Reading the text instead of asking the package manager keeps the test free of a second build.
struct PackageDescription {
    struct Target: Equatable {
        var kind: String
        var name: String
        /// Targets of this package, in their order.
        var targets: [String] = []
        /// Products of other packages, in their order.
        var products: [String] = []
    }

    var targets: [Target]

    init(text: String) {
        var found: [Target] = []
        let kinds = /\.(target|executableTarget|testTarget|systemLibrary)\(/
        for match in text.matches(of: kinds) {
            let body = Self.balanced(text[match.range.upperBound...])
            guard let name = body.firstMatch(of: /name:\s*"([^"]+)"/)?.output.1 else { continue }
            var target = Target(kind: String(match.output.1), name: String(name))
            if let list = body.firstMatch(of: /dependencies:\s*\[/) {
                var rest = String(Self.balanced(body[list.range.upperBound...], open: "[", close: "]"))
                target.products = rest.matches(of: /product\("([^"]+)",\s*"[^"]+"\)/).map { String($0.output.1) }
                rest.replace(/product\("[^"]+",\s*"[^"]+"\)/, with: "")
                target.targets = rest.matches(of: /"([^"]+)"/).map { String($0.output.1) }
            }
            found.append(target)
        }
        targets = found
    }

    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    /// The text up to the bracket that closes one already open.
    private static func balanced(_ text: Substring, open: Character = "(", close: Character = ")") -> Substring {
        var depth = 1
        var isQuoted = false
        for index in text.indices {
            let character = text[index]
            if character == "\"" { isQuoted.toggle() }
            if isQuoted { continue }
            if character == open { depth += 1 }
            if character == close { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }
}

/// The modules that a Swift file imports, submodules by their first name.
func importedModules(in source: String) -> Set<String> {
    let line =
        /^\s*(?:@\w+\s+|(?:public|package|internal|private|fileprivate)\s+)*import\s+(?:(?:struct|class|enum|func|protocol|let|var|typealias)\s+)?(\w+)/
        .anchorsMatchLineEndings()
    return Set(source.matches(of: line).map { String($0.output.1) })
}
