/// One policy file as it was read: its name, as findings and answers will show it, and its bytes.
public struct PolicySource: Sendable {
    /// `policies/house.yaml`.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// Whether a file of this name holds rules: `*.yaml` and `*.yml`, but no tests (`*.test.yaml`) and no hidden files.
    public static func isPolicy(fileName: String) -> Bool {
        let name = fileName.split(separator: "/").last ?? ""
        guard !name.hasPrefix("."), name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return false }
        return !isTest(fileName: fileName)
    }

    /// Whether a file of this name holds tests.
    public static func isTest(fileName: String) -> Bool {
        fileName.hasSuffix(".test.yaml") || fileName.hasSuffix(".test.yml")
    }
}
