// Finds the Cypher texts of the operations: queries/bench below the folder of the program or above
// it.

import Foundation

/// The texts of queries/bench.
enum BenchQueries {
  static func read(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  static func text(_ name: String) throws -> String {
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let file = folder.appendingPathComponent("queries/bench/\(name).cypher")
      if let text = try? String(contentsOf: file, encoding: .utf8) { return text }
    }
    throw BenchError("there is no queries/bench/\(name).cypher above the program")
  }
}
