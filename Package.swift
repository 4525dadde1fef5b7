// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A product of another package, by the names SwiftPM wants.
func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let package = Package(
    name: "contact-governor",
    products: [
        .executable(name: "governor", targets: ["governor"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C and C++ at the edges.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(
            name: "CPhoneNumber",
            exclude: ["places.bin"],
            cxxSettings: [.unsafeFlags(["-Wno-deprecated-declarations"])],
            linkerSettings: [.linkedLibrary("phonenumber")]
        ),

        // The domain, pure.
        .target(name: "GovernorCore", swiftSettings: settings),

        // Who and where: identifiers to keyed hashes, numbers and addresses to candidate zones and jurisdictions.
        .target(
            name: "GovernorIdentity",
            dependencies: ["GovernorCore", "CPhoneNumber", "CIDN2", product("Crypto", "swift-crypto")],
            swiftSettings: settings
        ),

        // National do-not-call lists and the like, as mapped files.
        .target(
            name: "GovernorRegistry",
            dependencies: ["GovernorCore", "GovernorIdentity", product("Crypto", "swift-crypto")],
            swiftSettings: settings
        ),

        // YAML to located tree to diagnostics to a compiled policy set.
        .target(
            name: "GovernorPolicy",
            dependencies: ["GovernorCore", product("Yams", "Yams")],
            swiftSettings: settings
        ),

        // Records and how they are kept.
        .target(
            name: "GovernorStore",
            dependencies: ["GovernorCore", product("Collections", "swift-collections")],
            swiftSettings: settings
        ),
        .target(name: "GovernorSQLite", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(
            name: "GovernorLedger",
            dependencies: ["GovernorCore", "GovernorSQLite", "CSQLite", product("Crypto", "swift-crypto")],
            swiftSettings: settings
        ),
        .target(
            name: "GovernorStoreEmbedded",
            dependencies: [
                "GovernorCore", "GovernorStore", "GovernorLedger", "GovernorSQLite", "CSQLite",
                product("Collections", "swift-collections"),
            ],
            swiftSettings: settings
        ),

        .target(
            name: "GovernorStoreRedis",
            dependencies: [
                "GovernorCore", "GovernorStore", "CHiredis",
                product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
                product("Logging", "swift-log"),
            ],
            swiftSettings: settings
        ),

        // The one `decide`, its policies and its callers.
        .target(
            name: "GovernorRuntime",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger",
                product("Crypto", "swift-crypto"), product("CryptoExtras", "swift-crypto"),
                product("Logging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "GovernorWorkbench",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorLedger",
                "GovernorRuntime",
            ],
            swiftSettings: settings
        ),
        // What pages are made of: markup, style and words.
        .target(name: "GovernorPages", dependencies: [product("Crypto", "swift-crypto")], swiftSettings: settings),
        // What a ledger tells: numbers, extracts, a dossier of one person, the way back into a store.
        .target(
            name: "GovernorAudit",
            dependencies: ["GovernorCore", "GovernorPages", "GovernorStore", "GovernorLedger", "GovernorRuntime"],
            swiftSettings: settings
        ),
        // Whole lists: rows of CSV, who is in them twice, and what may be done with each.
        .target(
            name: "GovernorLists",
            dependencies: ["GovernorCore", "GovernorIdentity", "GovernorStore", "GovernorSQLite", "GovernorRuntime"],
            swiftSettings: settings
        ),
        .target(
            name: "GovernorHTTP",
            dependencies: [
                "GovernorCore", "GovernorPages", "GovernorRegistry", "GovernorRuntime", "GovernorLists",
                product("Hummingbird", "hummingbird"), product("HummingbirdCore", "hummingbird"),
                product("HTTPTypes", "swift-http-types"), product("NIOCore", "swift-nio"),
                product("NIOHTTP1", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
                product("NIOTLS", "swift-nio"), product("NIOHTTPTypes", "swift-nio-extras"),
                product("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                product("Logging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        // Pages for agents and compliance officers.
        .target(
            name: "GovernorConsole",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger", "GovernorRuntime", "GovernorWorkbench", "GovernorAudit", "GovernorPages",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "governor",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorRegistry", "GovernorStore",
                "GovernorLedger",
                "GovernorStoreEmbedded", "GovernorStoreRedis", "GovernorRuntime", "GovernorWorkbench", "GovernorAudit",
                "GovernorLists", "GovernorPages", "GovernorHTTP", "GovernorConsole", "CMalloc",
                product("ArgumentParser", "swift-argument-parser"), product("AsyncHTTPClient", "async-http-client"),
                product("Logging", "swift-log"), product("NIOCore", "swift-nio"), product("NIOHTTP1", "swift-nio"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
                product("UnixSignals", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Tests and what they share.
        .target(name: "Allocations", path: "Tests/Allocations"),
        .target(
            name: "GovernorTesting",
            dependencies: ["GovernorCore", "GovernorPolicy", "GovernorStore", product("Yams", "Yams")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GovernorRegistryTests", dependencies: ["GovernorCore", "GovernorIdentity", "GovernorRegistry"],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorCoreTests", dependencies: ["GovernorCore", "GovernorTesting"],
            exclude: ["Time/zoneinfo_oracle.py"], swiftSettings: settings),
        .testTarget(
            name: "GovernorIdentityTests",
            dependencies: ["GovernorCore", "GovernorIdentity", "GovernorTesting", "CPhoneNumber"],
            exclude: ["Spellings", "Whereabouts"], swiftSettings: settings),
        .testTarget(
            name: "GovernorPolicyTests",
            dependencies: ["GovernorCore", "GovernorPolicy", "GovernorTesting"],
            exclude: ["Goldens"], swiftSettings: settings),
        .testTarget(
            name: "GovernorLedgerTests",
            dependencies: ["GovernorCore", "GovernorLedger", "GovernorSQLite", "GovernorTesting", "CSQLite"],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorStoreTests",
            dependencies: [
                "GovernorCore", "GovernorStore", "GovernorLedger", "GovernorStoreEmbedded", "GovernorTesting",
                "CSQLite",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorStoreRedisTests",
            dependencies: [
                "GovernorCore", "GovernorStore", "GovernorStoreRedis", "GovernorTesting",
                product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("Logging", "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorRuntimeTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorLedger",
                "GovernorStoreEmbedded", "GovernorRegistry", "GovernorRuntime", "GovernorTesting",
                product("Crypto", "swift-crypto"), product("CryptoExtras", "swift-crypto"),
                product("Logging", "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorWorkbenchTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorRuntime",
                "GovernorLedger", "GovernorStoreEmbedded", "GovernorWorkbench", "GovernorTesting",
            ],
            exclude: ["Goldens"], swiftSettings: settings),
        .testTarget(
            name: "GovernorPagesTests", dependencies: ["GovernorPages", "GovernorTesting"], swiftSettings: settings),
        .testTarget(
            name: "GovernorAuditTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorLedger",
                "GovernorStoreEmbedded", "GovernorRuntime", "GovernorAudit", "GovernorTesting",
                product("Logging", "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorListsTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorStore", "GovernorRuntime",
                "GovernorLists", "GovernorTesting",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorHTTPTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorRegistry", "GovernorStore", "GovernorRuntime",
                "GovernorLists", "GovernorHTTP", "GovernorTesting", "Allocations",
                product("Hummingbird", "hummingbird"), product("HTTPTypes", "swift-http-types"),
                product("NIOCore", "swift-nio"), product("NIOEmbedded", "swift-nio"), product("NIOHTTP1", "swift-nio"),
                product("NIOPosix", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
                product("Logging", "swift-log"), product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GovernorConsoleTests",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorStore", "GovernorRuntime", "GovernorPages",
                "GovernorConsole", "GovernorTesting", product("Logging", "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "governorTests",
            dependencies: [
                "governor", "GovernorCore", "GovernorStore", "GovernorStoreRedis", "GovernorLedger", "GovernorRuntime",
                "GovernorLists", "GovernorHTTP", "GovernorTesting",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "GovernorCore", "GovernorTesting", product("AsyncHTTPClient", "async-http-client"),
                product("Crypto", "swift-crypto"), product("CryptoExtras", "swift-crypto"),
                product("NIOCore", "swift-nio"), product("NIOHTTP1", "swift-nio"), product("NIOSSL", "swift-nio-ssl"),
            ], swiftSettings: settings),
        .testTarget(
            name: "ArchitectureTests",
            dependencies: ["GovernorCore", "GovernorPolicy", "GovernorTesting", product("Yams", "Yams")],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// Declared for `make bench` alone, so that nobody else builds it.
if Context.environment["GOVERNOR_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "EvaluationBenchmarks", dependencies: ["GovernorCore", "GovernorIdentity", "GovernorPolicy"],
            path: "Tests/Benchmarks/EvaluationBenchmarks", swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "WorkbenchBenchmarks",
            dependencies: [
                "GovernorCore", "GovernorIdentity", "GovernorPolicy", "GovernorLedger", "GovernorRuntime",
                "GovernorStoreEmbedded", "GovernorWorkbench",
            ],
            path: "Tests/Benchmarks/WorkbenchBenchmarks", swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "RegistryBenchmarks", dependencies: ["GovernorCore", "GovernorRegistry"],
            path: "Tests/Benchmarks/RegistryBenchmarks", swiftSettings: settings))
}
