import Foundation
import Testing

/// The edges between modules are those of this table and no others: in the package description and in every `import`.
@Suite struct ArchitectureTests {
    struct Allowed {
        /// Targets of this package.
        var ours: Set<String> = []
        /// Modules of other packages.
        var others: Set<String> = []
        /// Foundation is too slow and too heavy for what a decision passes through.
        var mayUseFoundation = false
    }

    /// A target that is missing here may not exist.
    static let table: [String: Allowed] = [
        "CSQLite": Allowed(),
        "CHiredis": Allowed(),
        "CIDN2": Allowed(),
        "CPhoneNumber": Allowed(),
        "CMalloc": Allowed(),
        "GovernorCore": Allowed(),
        "GovernorIdentity": Allowed(
            ours: ["GovernorCore", "CPhoneNumber", "CIDN2"], others: ["Crypto"], mayUseFoundation: true),
        "GovernorPolicy": Allowed(ours: ["GovernorCore"], others: ["Yams", "CYaml"], mayUseFoundation: true),
        "GovernorStore": Allowed(ours: ["GovernorCore"], others: collections),
        "GovernorSQLite": Allowed(ours: ["CSQLite"]),
        "GovernorLedger": Allowed(ours: ["GovernorCore", "GovernorSQLite", "CSQLite"], others: ["Crypto"]),
        "GovernorStoreEmbedded": Allowed(
            ours: ["GovernorCore", "GovernorStore", "GovernorLedger", "GovernorSQLite", "CSQLite"],
            others: collections),
        "GovernorStoreRedis": Allowed(
            ours: ["GovernorCore", "GovernorStore", "CHiredis"],
            others: ["NIOCore", "NIOPosix", "NIOSSL", "Logging"]),
        "GovernorRegistry": Allowed(ours: ["GovernorCore", "GovernorIdentity"], others: ["Crypto"]),
        "GovernorRuntime": Allowed(
            ours: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger",
            ],
            others: collections.union(["Crypto", "CryptoExtras", "Logging", "Metrics", "ServiceLifecycle"]),
            mayUseFoundation: true),
        "GovernorWorkbench": Allowed(
            ours: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorLedger",
                "GovernorRuntime",
            ], mayUseFoundation: true),
        "GovernorPages": Allowed(others: ["Crypto"], mayUseFoundation: true),
        "GovernorAudit": Allowed(
            ours: ["GovernorCore", "GovernorPages", "GovernorStore", "GovernorLedger", "GovernorRuntime"],
            mayUseFoundation: true),
        "GovernorLists": Allowed(
            ours: ["GovernorCore", "GovernorIdentity", "GovernorStore", "GovernorSQLite", "GovernorRuntime"],
            mayUseFoundation: true),
        "GovernorHTTP": Allowed(
            ours: ["GovernorCore", "GovernorPages", "GovernorRegistry", "GovernorRuntime", "GovernorLists"],
            others: [
                "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1", "NIOHTTPTypes",
                "NIOHTTPTypesHTTP1", "NIOPosix", "NIOSSL", "NIOTLS", "Logging", "ServiceLifecycle",
            ], mayUseFoundation: true),
        "GovernorConsole": Allowed(
            ours: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger", "GovernorRuntime", "GovernorWorkbench", "GovernorAudit", "GovernorPages",
            ]),
        "governor": Allowed(
            ours: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger", "GovernorStoreEmbedded", "GovernorStoreRedis", "GovernorRuntime", "GovernorWorkbench",
                "GovernorAudit", "GovernorLists", "GovernorPages", "GovernorHTTP", "GovernorConsole", "CMalloc",
            ],
            others: [
                "ArgumentParser", "AsyncHTTPClient", "FoundationNetworking", "Logging", "ServiceLifecycle",
                "UnixSignals",
                "NIOCore", "NIOHTTP1", "NIOPosix",
            ], mayUseFoundation: true),
        "Allocations": Allowed(),
        "GovernorTesting": Allowed(
            ours: ["GovernorCore", "GovernorPolicy", "GovernorStore"], others: ["Yams"], mayUseFoundation: true),
    ]

    static let collections: Set<String> = ["Collections", "DequeModule", "HashTreeCollections", "OrderedCollections"]
    /// What comes with the compiler and the system.
    static let system: Set<String> = ["Swift", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]
    static let foundation: Set<String> = ["Foundation", "FoundationEssentials", "FoundationInternationalization"]

    let package: PackageDescription

    init() throws { package = try PackageDescription(text: Repository.text("Package.swift")) }

    @Test func everyTargetIsInTheTable() {
        let names = Set(
            package.targets.filter { $0.kind != "testTarget" && !$0.name.hasSuffix("Benchmarks") }.map(\.name))
        #expect(names == Set(Self.table.keys))
        #expect(package.targets.filter { $0.kind == "testTarget" }.count >= 8)
    }

    @Test(arguments: table.keys.sorted())
    func declaresOnlyAllowedEdges(name: String) throws {
        let target = try #require(package[name])
        let declared = Set(target.targets)
        #expect(declared.subtracting(Self.table[name]!.ours).isEmpty, "\(name) may not depend on these")
    }

    @Test(arguments: table.keys.sorted())
    func importsOnlyWhatItDeclares(name: String) throws {
        let allowed = Self.table[name]!
        let target = try #require(package[name])
        let ours = Set(package.targets.map(\.name))
        for file in Repository.files(in: "Sources/\(name)", ending: ".swift") {
            for module in try importedModules(in: Repository.text(file)).sorted() where module != name {
                if ours.contains(module) {
                    #expect(target.targets.contains(module), "\(file) imports \(module)")
                } else if Self.foundation.contains(module) {
                    #expect(allowed.mayUseFoundation, "\(file) imports \(module)")
                } else if name == "GovernorTesting" && module == "Testing" {
                    continue
                } else if !Self.system.contains(module) {
                    #expect(allowed.others.contains(module), "\(file) imports \(module)")
                }
            }
        }
    }

    @Test func theCoreKnowsNoSystem() throws {
        for file in Repository.files(in: "Sources/GovernorCore", ending: ".swift") {
            #expect(try importedModules(in: Repository.text(file)).isEmpty, "\(file) imports something")
        }
    }

    /// A search for `of 6:` prints the hot path: each stop once.
    @Test(arguments: 1...6)
    func theHotPathIsMarked(stop: Int) throws {
        let marked = try Repository.files(in: "Sources", ending: ".swift").filter {
            try Repository.text($0).contains("/// Stop \(stop) of 6:")
        }
        #expect(marked.count == 1, "stop \(stop) is marked in \(marked)")
    }
}

/// The tools above, on texts that show their edges.
@Suite struct ArchitectureToolsTests {
    @Test(arguments: [
        ("import A", ["A"]),
        ("public import struct B.C\npackage import D", ["B", "D"]),
        ("@preconcurrency @testable import E\n#if canImport(F)\n    import F\n#endif", ["E", "F"]),
        ("// import G\nlet important = 1\n/// Words import nothing", []),
    ])
    func findsImports(source: String, modules: [String]) {
        #expect(importedModules(in: source).sorted() == modules)
    }

    @Test func readsDependencies() throws {
        let text = """
            targets: [
                .systemLibrary(name: "S", pkgConfig: "s", providers: [.apt(["s-dev"])]),
                .target(name: "A", dependencies: ["S", product("P", "p-package"), "B"], resources: [.copy("x(")]),
                .testTarget(name: "T", dependencies: []),
            ]
            """
        let package = PackageDescription(text: text)
        #expect(package.targets.map(\.name) == ["S", "A", "T"])
        #expect(package["A"] == .init(kind: "target", name: "A", targets: ["S", "B"], products: ["P"]))
        #expect(package["T"]?.targets == [])
    }
}
