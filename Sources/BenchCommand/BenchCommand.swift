// `stemma-bench`: our column beside the peers' (one JSON object per line) or by itself. Every
// operation is a Cypher text from queries/bench with parameters, never a hand-written traversal.

import Foundation
import Stemma

@main
struct BenchCommand {
  static func main() {
    let options: BenchOptions
    do {
      options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    } catch {
      fail(error, 2)
    }
    do {
      if options.isWorker {
        try BenchWorker(options: options).run()
      } else {
        try BenchAlone(options: options).run()
      }
    } catch {
      fail(error, 1)
    }
  }

  private static func fail(_ error: any Error, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data("stemma-bench: \(error)\n".utf8))
    exit(status)
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
  /// Whether a benchmark with peers asks; otherwise a person does.
  var isWorker = false
  var rounds = 3
  var history = ".bench-history.jsonl"

  static let usage = """
    usage: stemma bench --data DIR --db DIR [--rounds 3] [--budget SECONDS] [--ops a,b,c]
                        [--no-load] [--history .bench-history.jsonl]
           stemma-bench --worker NAME --data DIR --db DIR [--budget SECONDS] [--ops a,b,c]
                        [--no-load] [--load-only]

    The data is made by the benchmark's generator; `make bench` makes some and runs this.
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let flag = rest.popFirst() {
      switch flag {
      case "--no-load": loads = false
      case "--load-only": loadsOnly = true
      case "--help", "-h":
        print(Self.usage)
        exit(0)
      case "--worker", "--data", "--db", "--budget", "--ops", "--rounds", "--history":
        guard let value = rest.popFirst() else { throw BenchError("\(flag) needs a value") }
        try set(flag, value)
      default: throw BenchError("unknown argument \(flag)\n\(Self.usage)")
      }
    }
    guard !data.isEmpty, !store.isEmpty else { throw BenchError(Self.usage) }
  }

  private mutating func set(_ flag: String, _ value: String) throws {
    switch flag {
    case "--worker": isWorker = true
    case "--history": history = value
    case "--rounds":
      guard let number = Int(value), number > 0 else {
        throw BenchError("--rounds is no number above 0: \(value)")
      }
      rounds = number
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
