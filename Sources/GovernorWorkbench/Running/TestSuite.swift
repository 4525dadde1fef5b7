import Foundation
package import GovernorCore
import GovernorIdentity
package import GovernorPolicy
package import GovernorRuntime

/// Test files with the policies they are about, found, read and run.
package struct TestSuite: Sendable {
    /// One file of tests, ready to run.
    package struct File: Sendable {
        package var name: String
        package var scenarios: [Scenario]
        /// `nil` when the policies are broken or missing; then there are findings and no scenarios.
        package var policies: PolicySet?

        package init(name: String, scenarios: [Scenario], policies: PolicySet?) {
            self.name = name
            self.scenarios = scenarios
            self.policies = policies
        }
    }

    package var files: [File]
    /// Errors keep a file from being run; those of the policies themselves are among them.
    package var findings: [Diagnostic]
    /// Rules of policies that no test file names count as untested.
    package var untested: [PolicySet]

    /// Why a path cannot be used at all.
    package enum Failure: Error, CustomStringConvertible {
        case missing(String)
        case unreadable(String)

        package var description: String {
            switch self {
            case .missing(let path): "there is no file or folder \(path)"
            case .unreadable(let path): "\(path) cannot be read"
            }
        }
    }

    /// Files that were read already.
    package init(files: [File], findings: [Diagnostic]) {
        self.files = files
        self.findings = findings
        untested = []
    }

    /// Finds `*.test.yaml` in folders; a policy file stands for the tests beside it.
    package init(paths: [String], zones: ZoneAtlas, intake: Intake) throws(Failure) {
        var tests: [String] = []
        var policies: [String] = []
        func add(_ path: String) {
            let isTest = path.hasSuffix(".test.yaml") || path.hasSuffix(".test.yml")
            if isTest, !tests.contains(path) { tests.append(path) }
            if !isTest, !policies.contains(path) { policies.append(path) }
        }
        for path in paths {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .missing(path) }
            if isDirectory.boolValue {
                guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                    throw .unreadable(path)
                }
                for name in names.sorted() where Self.isTest(name) || PolicySource.isPolicy(fileName: name) {
                    add(path + (path.hasSuffix("/") ? "" : "/") + name)
                }
            } else {
                add(path)
                if PolicySource.isPolicy(fileName: path) {
                    for beside in [Self.stem(path) + ".test.yaml", Self.stem(path) + ".test.yml"]
                    where FileManager.default.fileExists(atPath: beside) { add(beside) }
                }
            }
        }
        var loading = Loading(zones: zones)
        files = []
        findings = []
        var named: Set<String> = []
        for test in tests {
            let reader = TestFileReader(PolicySource(name: test, bytes: try loading.bytes(test)))
            let names = loading.policies(of: test, reader)
            named.formUnion(names)
            let set = names.isEmpty ? nil : try loading.load(names, &findings)
            let scenarios = set.map { reader.scenarios(policies: $0, intake: intake, zones: zones) } ?? []
            let own = reader.findings.diagnostics
            findings += own
            files.append(File(name: test, scenarios: own.hasErrors ? [] : scenarios, policies: set))
        }
        untested = []
        for policy in policies where !named.contains(policy) {
            if let set = try loading.load([policy], &findings) { untested.append(set) }
        }
        findings = Array(Set(findings)).sorted()
    }

    static func isTest(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".test.yaml") || name.hasSuffix(".test.yml"))
    }

    /// `policies/house` of `policies/house.yaml`.
    static func stem(_ path: String) -> String {
        for end in [".test.yaml", ".test.yml", ".yaml", ".yml"] where path.hasSuffix(end) {
            return String(path.dropLast(end.count))
        }
        return path
    }
}

/// Reads each policy file once, however many tests name it.
private struct Loading {
    let zones: ZoneAtlas
    private var sources: [String: [UInt8]] = [:]
    private var sets: [[String]: PolicySet?] = [:]

    init(zones: ZoneAtlas) { self.zones = zones }

    mutating func bytes(_ path: String) throws(TestSuite.Failure) -> [UInt8] {
        if let known = sources[path] { return known }
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
        sources[path] = Array(data)
        return Array(data)
    }

    /// The policies that a test names, beside it, or the one that is called like it; what is missing is reported.
    func policies(of test: String, _ reader: TestFileReader) -> [String] {
        let folder = test.contains("/") ? String(test[...test.lastIndex(of: "/")!]) : ""
        guard let named = reader.head.policies else {
            let stem = TestSuite.stem(test)
            for path in [stem + ".yaml", stem + ".yml"] where FileManager.default.fileExists(atPath: path) {
                return [path]
            }
            reader.findings.report(
                .missingKey, at: SourceSpan(start: 0, end: 1),
                "there is no policy file \(quoted(stem.dropFirst(folder.count) + ".yaml")) beside it",
                hint: "name the policies that are tested: `policies: [house.yaml]`")
            return []
        }
        var paths: [String] = []
        for (name, span) in named {
            let path = folder + name
            if FileManager.default.fileExists(atPath: path) {
                paths.append(path)
            } else {
                reader.findings.report(
                    .missingKey, at: span, "there is no policy file \(quoted(name))",
                    hint: "name it as seen from the folder of the test")
                return []
            }
        }
        return paths
    }

    mutating func load(_ paths: [String], _ findings: inout [Diagnostic]) throws(TestSuite.Failure) -> PolicySet? {
        let key = paths.sorted()
        if let known = sets[key] { return known }
        var files: [PolicySource] = []
        for path in key { files.append(PolicySource(name: path, bytes: try bytes(path))) }
        // Without a date: what a test says of its policies must not change by itself.
        var loader = PolicyService.loader(zones: zones, at: Timestamp(milliseconds: 0))
        loader.today = nil
        let (set, found) = loader.load(files: files)
        findings += found.filter { $0.severity == .error }
        sets[key] = set
        return set
    }
}
