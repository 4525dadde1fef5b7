public import GovernorCore

/// YAML files in, one compiled policy set or the reasons why not out.
public struct PolicyLoader: Sendable {
    /// The version of the policy language that `language:` may name.
    public static let languageVersion = 1
    /// Rules of all files together.
    public static let rulesMax = 50_000
    /// Different names that rules and declarations of all files may use.
    public static let namesMax = 20_000

    /// For what depends on the calendar, such as holidays about to run out; without it those findings are left out.
    public var today: LocalDate?
    /// Whether a zone of that name exists; without it only the spelling is checked.
    public var isKnownZone: (@Sendable (String) -> Bool)?
    /// The clocks of a country or region, one for each of its zones: `nil` when there is no such place, empty when nothing
    /// is known of its clocks. Without it, findings about places are left out.
    public var clocks: (@Sendable (Jurisdiction) -> [PlaceClock]?)?
    /// A content hash, as text. The set's revision is that of all names and texts.
    public var digest: @Sendable ([UInt8]) -> String

    public init(
        today: LocalDate? = nil, isKnownZone: (@Sendable (String) -> Bool)? = nil,
        clocks: (@Sendable (Jurisdiction) -> [PlaceClock]?)? = nil,
        digest: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.today = today
        self.isKnownZone = isKnownZone
        self.clocks = clocks
        self.digest = digest
    }

    /// Loads all files as one set. There is a set exactly when no finding is an error.
    ///
    /// Every finding of every file is reported, in the order of file, line and column. The order of `files` does not
    /// matter: rules stand in the order of their files' names. No file at all is a set of the built-in rules. `tests` are
    /// looked at for the rules that they name, and for nothing else.
    public func load(files: [PolicySource], tests: [PolicySource] = []) -> (
        policies: PolicySet?, findings: [Diagnostic]
    ) {
        let files = files.sorted { $0.name < $1.name }
        let context = LoadContext(today: today, isKnownZone: isKnownZone)
        let readers = files.map { FileReader($0, context: context) }
        for reader in readers { reader.readHead() }
        var rules: [ReadRule] = []
        for reader in readers {
            rules += reader.readRules()
            if rules.count > Self.rulesMax {
                reader.findings.report(
                    .tooManyNodes, at: SourceSpan(start: 0, end: 1),
                    "with this file there are more than \(Self.rulesMax) rules", hint: "load fewer files")
                break
            }
        }
        for reader in readers { reader.reportUnused() }
        if !readers.contains(where: { $0.findings.diagnostics.hasErrors }) {
            MeaningChecks(rules: rules, context: context, clocks: clocks, tests: tests).run()
        }
        if context.nameCount > Self.namesMax, let last = readers.last {
            last.findings.report(
                .tooManyNodes, at: SourceSpan(start: 0, end: 1),
                "all files together use more than \(Self.namesMax) different names",
                hint: "rules are about kinds of contacts; lists of single ones belong elsewhere")
        }
        let findings = readers.flatMap(\.findings.diagnostics).sorted()
        guard !findings.hasErrors else { return (nil, findings) }
        let policies = PolicySet(
            rules: rules.map(\.rule), calendars: context.calendars, families: context.families,
            declaredEvents: context.declaredEvents, onStoreFailure: context.onStoreFailure,
            retention: context.retention, revision: digest(Self.revisionBytes(of: files)), names: context.nameTable)
        return (policies, findings)
    }

    /// What the revision is the hash of: each file's name and text with their lengths, in the order of the names.
    static func revisionBytes(of files: [PolicySource]) -> [UInt8] {
        var bytes = Array("governor policies 1\n".utf8)
        for file in files.sorted(by: { $0.name < $1.name }) {
            for part in [Array(file.name.utf8), file.bytes] {
                withUnsafeBytes(of: UInt64(part.count).bigEndian) { bytes.append(contentsOf: $0) }
                bytes.append(contentsOf: part)
            }
        }
        return bytes
    }
}
