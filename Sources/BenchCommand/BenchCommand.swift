// `stemma-bench`: our column beside the peers'. Speaks one JSON object per line; every operation is
// a Cypher text from queries/bench with parameters, never a hand-written traversal.

import Foundation
import Stemma

@main
struct BenchCommand {
  static func main() {
    do {
      let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
      try BenchWorker(options: options).run()
    } catch {
      FileHandle.standardError.write(Data("stemma-bench: \(error)\n".utf8))
      exit(1)
    }
  }
}

/// The arguments of a worker.
struct BenchOptions {
  var data = ""
  var store = ""
  var budgetSeconds = 15.0
  var operations: [String] = []
  var loads = true
  var loadsOnly = false

  static let usage = """
    usage: stemma-bench --worker NAME --data DIR --db DIR [--budget SECONDS] [--ops a,b,c] \
    [--no-load] [--load-only]
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let flag = rest.popFirst() {
      switch flag {
      case "--no-load": loads = false
      case "--load-only": loadsOnly = true
      case "--worker", "--data", "--db", "--budget", "--ops":
        guard let value = rest.popFirst() else { throw BenchError("\(flag) needs a value") }
        try set(flag, value)
      default: throw BenchError("unknown argument \(flag)\n\(Self.usage)")
      }
    }
    guard !data.isEmpty, !store.isEmpty else { throw BenchError(Self.usage) }
  }

  private mutating func set(_ flag: String, _ value: String) throws {
    switch flag {
    case "--data": data = value
    case "--db": store = value
    case "--budget":
      guard let seconds = Double(value) else { throw BenchError("--budget is no number: \(value)") }
      budgetSeconds = seconds
    case "--ops": operations = value.split(separator: ",").map(String.init).filter { $0 != "none" }
    default: break
    }
  }
}

/// What goes wrong in a benchmark.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
