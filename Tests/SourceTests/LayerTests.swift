// Arrows point down only: what each target may import, and what nobody in the core may.

import Testing

@Suite struct LayerTests {
  /// Per target, the modules of ours that it may import. Anything else points upward or aside.
  static let allowed: [String: Set<String>] = [
    "CHash": [], "CSandbox": [], "CFaultGuard": [],
    "Base": ["CHash"],
    "Store": ["Base", "CLMDB"],
    "Graph": ["Base", "Store"],
    "Cypher": ["Base"],
    "Planner": ["Base", "Cypher"],
    "Executor": ["Base", "Store", "Graph", "Cypher", "Planner"],
    "Stemma": ["Base", "Store", "Graph", "Cypher", "Planner", "Executor"],
    "Lineage": ["Base", "Graph", "Stemma"],
    "Recall": ["Base", "Graph", "Stemma", "Lineage", "Rendering", "CSQLite"],
    "Signing": ["Base", "CCrypto"],
    "Sandbox": ["Base", "CSandbox"],
    "Models": ["Base", "Lineage", "Sandbox"],
    "Loop": [
      "Base", "Graph", "Stemma", "Lineage", "Signing", "Sandbox", "Models", "Recall",
      "ContextServer",
    ],
    "Audit": ["Base", "Graph", "Stemma", "Lineage", "Signing", "CSQLite"],
    "Interchange": ["Base", "Graph", "Stemma", "Lineage"],
    "Rendering": ["Base", "Stemma", "Lineage"],
    "ContextServer": ["Base", "Stemma", "Lineage", "Rendering", "Recall"],
    "StemmaCommand": [
      "Base", "Graph", "Stemma", "Lineage", "Signing", "Sandbox", "Models", "Loop", "Audit",
      "Interchange", "Rendering", "Recall", "ContextServer", "CEdit", "CFaultGuard",
    ],
    "TCKCommand": ["Base", "Graph", "Stemma", "Rendering"],
    "BenchCommand": ["Base", "Graph", "Stemma", "Interchange"],
  ]

  /// Packages from outside, and the one target that each earned its place in.
  static let external: [String: Set<String>] = [
    "ArgumentParser": ["StemmaCommand", "TCKCommand", "BenchCommand"]
  ]

  /// The system's own modules. `Foundation` and its parts are for the edges only.
  static let system: Set<String> = ["Glibc", "Swift", "Synchronization"]
  static let foundation: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch"]

  static let core: Set<String> = [
    "Base", "Store", "Graph", "Cypher", "Planner", "Executor", "Stemma",
  ]

  @Test func importsPointDown() throws {
    var faults: [String] = []
    for file in try SourceFile.all(below: "Sources") where file.isSwift {
      guard let allowed = Self.allowed[file.target] else {
        faults.append("\(file.path): the target \(file.target) is not in the table of layers")
        continue
      }
      for module in Self.imports(of: file) {
        let isAllowed =
          allowed.contains(module) || Self.system.contains(module)
          || Self.external[module]?.contains(file.target) == true
          || (Self.foundation.contains(module) && !Self.core.contains(file.target))
        if !isAllowed { faults.append("\(file.path): may not import \(module)") }
      }
    }
    expectNoFaults(faults)
  }

  @Test func theScannerFindsImports() {
    let file = SourceFile(
      path: "Sources/Base/X.swift",
      text: """
        // import Nothing
        public import Foundation
        @testable import struct Graph.NodeView
        let text = "import Quoted"
          package import Store
        """)
    #expect(Self.imports(of: file) == ["Foundation", "Graph", "Store"])
  }

  static func imports(of file: SourceFile) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let"]
    return file.codeLines.compactMap { line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), position <= 2,
        position + 1 < words.count
      else { return nil }
      var name = words[position + 1]
      if kinds.contains(name), position + 2 < words.count { name = words[position + 2] }
      return String(name.split(separator: ".")[0])
    }
  }
}
