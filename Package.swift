// swift-tools-version: 6.2
import PackageDescription

// Upcoming features that every target carries; see docs/decisions/0001-package-shape.md.
let common: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Only `Store` touches pointers, so only it needs lifetimes and the strict check.
let pointers: [SwiftSetting] =
  common + [.enableExperimentalFeature("Lifetimes"), .strictMemorySafety()]

// `Graph` keeps views of a transaction that must not outlive it.
let views: [SwiftSetting] = common + [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "stemma",
  products: [
    .library(name: "Stemma", targets: ["Stemma"]),
    .executable(name: "stemma", targets: ["StemmaCommand"]),
    .executable(name: "stemma-tck", targets: ["TCKCommand"]),
    .executable(name: "stemma-bench", targets: ["BenchCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // C, and libraries of the system.
    .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CHash"),
    .target(name: "CSandbox"),
    .target(name: "CFaultGuard"),

    // The core: no Foundation from here to Stemma.
    .target(name: "Base", dependencies: ["CHash"], swiftSettings: common),
    .target(name: "Store", dependencies: ["Base", "CLMDB"], swiftSettings: pointers),
    .target(name: "Graph", dependencies: ["Base", "Store"], swiftSettings: views),
    .target(name: "Cypher", dependencies: ["Base"], swiftSettings: common),
    .target(name: "Planner", dependencies: ["Base", "Cypher"], swiftSettings: common),
    .target(
      name: "Executor", dependencies: ["Base", "Store", "Graph", "Cypher", "Planner"],
      swiftSettings: common),
    .target(
      name: "Stemma",
      dependencies: ["Base", "Store", "Graph", "Cypher", "Planner", "Executor"],
      swiftSettings: common),

    // The domain and what is done with it.
    .target(name: "Lineage", dependencies: ["Base", "Stemma"], swiftSettings: common),
    .target(
      name: "Recall", dependencies: ["Base", "Graph", "Stemma", "Lineage", "Rendering", "CSQLite"],
      swiftSettings: common),
    .target(name: "Signing", dependencies: ["Base", "CCrypto"], swiftSettings: common),
    .target(name: "Sandbox", dependencies: ["Base", "CSandbox"], swiftSettings: common),
    .target(name: "Models", dependencies: ["Base", "Lineage", "Sandbox"], swiftSettings: common),
    .target(
      name: "Loop",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Signing", "Sandbox", "Models", "Recall",
        "ContextServer",
      ],
      swiftSettings: common),
    .target(
      name: "Audit",
      dependencies: ["Base", "Graph", "Stemma", "Lineage", "Signing", "CSQLite"],
      exclude: ["Bundle/verify.py"], swiftSettings: common),
    .target(
      name: "Interchange", dependencies: ["Base", "Graph", "Stemma", "Lineage"],
      swiftSettings: common),

    .target(
      name: "Rendering", dependencies: ["Base", "Stemma", "Lineage"], swiftSettings: common),
    .target(
      name: "ContextServer",
      dependencies: ["Base", "Stemma", "Lineage", "Rendering", "Recall"],
      swiftSettings: common),

    // Programs.
    .executableTarget(
      name: "StemmaCommand",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Signing", "Sandbox", "Models", "Loop", "Audit",
        "Interchange", "Rendering", "Recall", "ContextServer", "CEdit", "CFaultGuard",
        argumentParser,
      ],
      swiftSettings: common),
    .executableTarget(
      name: "TCKCommand", dependencies: ["Base", "Stemma"], swiftSettings: common),
    .executableTarget(
      name: "BenchCommand", dependencies: ["Base", "Graph", "Stemma", "Interchange"],
      swiftSettings: common),

    // What a fuzzer feeds (`make fuzz`); in a normal build it replays files.
    .target(name: "CFuzzer", path: "Fuzz/CFuzzer"),
    .executableTarget(
      name: "stemma-fuzz", dependencies: ["Base", "Cypher", "Stemma", "CFuzzer"],
      path: "Fuzz/StemmaFuzz", swiftSettings: common),

    .target(name: "CStoreBench", dependencies: ["CLMDB"], path: "Benchmarks/CStoreBench"),
    .executableTarget(
      name: "StoreBench", dependencies: ["Base", "Store", "CStoreBench"],
      path: "Benchmarks/StoreBench", swiftSettings: common),
    .target(
      name: "CAppendBench", dependencies: ["CLMDB", "CSQLite"], path: "Benchmarks/CAppendBench"),
    .executableTarget(
      name: "GraphBench",
      dependencies: ["Base", "Store", "Graph", "Stemma", "Signing", "Audit", "CAppendBench"],
      path: "Benchmarks/GraphBench", exclude: ["experiments.sql", "sqlite_append.py"],
      swiftSettings: common),

    // Reads beside a floor in C, and beside SQLite.
    .target(
      name: "CReadFloor", dependencies: ["CLMDB", "CSQLite"], path: "Benchmarks/CReadFloor"),
    .executableTarget(
      name: "ReadBench", dependencies: ["Base", "Store", "Graph", "CReadFloor"],
      path: "Benchmarks/ReadBench", exclude: ["sqlite_reads.py", "budgets.txt"],
      swiftSettings: common),

    .executableTarget(
      name: "LanguageBench", dependencies: ["Base", "Cypher", "Planner"],
      path: "Benchmarks/LanguageBench", swiftSettings: common),

    // Tests; `TestSupport` holds the golden-file runner and seeded generators.
    .target(
      name: "TestSupport", dependencies: ["Base"], path: "Tests/TestSupport",
      swiftSettings: common),
    .testTarget(
      name: "BaseTests",
      dependencies: ["Base", "TestSupport"],
      exclude: ["Golden", "Temporal/Golden"],
      swiftSettings: common),
    // The other process of the store's tests, which can be killed at any of its writes.
    .target(name: "CrashPoints", path: "Tests/CrashPoints"),
    .target(
      name: "StoreWorkload", dependencies: ["Base", "Store"], path: "Tests/StoreWorkload",
      swiftSettings: common),
    .executableTarget(
      name: "store-probe", dependencies: ["Base", "Store", "StoreWorkload", "CrashPoints"],
      path: "Tests/StoreProbe", swiftSettings: common),
    // A seeded workload on a graph, and the naive model that predicts it.
    .target(
      name: "GraphWorkload", dependencies: ["Base", "Graph"], path: "Tests/GraphWorkload",
      swiftSettings: common),
    .executableTarget(
      name: "crash-lab",
      dependencies: ["Base", "Store", "Graph", "StoreWorkload", "GraphWorkload", "CrashPoints"],
      path: "Tests/CrashLab", swiftSettings: common),
    .executableTarget(
      name: "tamper-probe", dependencies: ["Base", "Store", "Graph", "Cypher", "CrashPoints"],
      path: "Tests/TamperProbe", swiftSettings: common),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Base", "Store", "StoreWorkload", "TestSupport", "store-probe"],
      swiftSettings: common),
    .testTarget(
      name: "GraphTests",
      dependencies: [
        "Base", "Store", "Graph", "TestSupport", "GraphWorkload", "tamper-probe", "crash-lab",
      ],
      exclude: ["Reader", "Fixtures"],
      swiftSettings: common),
    .testTarget(
      name: "CypherTests",
      dependencies: ["Base", "Cypher", "TestSupport"],
      exclude: ["Golden", "Schema/Golden"],
      swiftSettings: common),
    .testTarget(
      name: "PlannerTests",
      dependencies: ["Base", "Cypher", "Planner", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "ExecutorTests",
      dependencies: ["Base", "Cypher", "Planner", "Graph", "Store", "Executor", "TestSupport"],
      exclude: ["Expressions/Golden"],
      swiftSettings: common),
    // A naive evaluator and a generator of queries, and the program that compares the engine with it.
    .target(
      name: "Reference", dependencies: ["Base"], path: "Tests/Reference", swiftSettings: common),
    .executableTarget(
      name: "stemma-differential", dependencies: ["Base", "Stemma", "Reference"],
      path: "Tests/Differential", swiftSettings: common),
    .testTarget(
      name: "StemmaTests",
      dependencies: [
        "Base", "Graph", "Planner", "Stemma", "TCKCommand", "Reference", "stemma-differential",
        "TestSupport",
      ],
      exclude: ["Features", "Golden"],
      swiftSettings: common),
    .testTarget(
      name: "LineageTests",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Interchange", "Recall", "TestSupport",
      ],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "RecallTests",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Interchange", "Recall", "TestSupport",
      ],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "SigningTests",
      dependencies: ["Base", "Signing", "TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "SandboxTests",
      dependencies: ["Base", "Sandbox", "TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Base", "Lineage", "Sandbox", "Models", "TestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "LoopTests",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Signing", "Sandbox", "Models", "Loop",
        "ContextServer", "TestSupport",
      ],
      exclude: ["Campaigns"],
      swiftSettings: common),
    .testTarget(
      name: "AuditTests",
      dependencies: [
        "Base", "Graph", "Stemma", "Store", "Lineage", "Signing", "Audit", "TestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "InterchangeTests",
      dependencies: ["Base", "Graph", "Stemma", "Lineage", "Interchange", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "RenderingTests",
      dependencies: ["Base", "Stemma", "Rendering", "TestSupport"],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "ContextServerTests",
      dependencies: [
        "Base", "Graph", "Stemma", "Lineage", "Interchange", "ContextServer", "TestSupport",
      ],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Base", "StemmaCommand", "Store", "TestSupport", "store-probe"],
      exclude: ["Golden"],
      swiftSettings: common),
    .testTarget(
      name: "SourceTests",
      dependencies: ["TestSupport"],
      swiftSettings: common),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
