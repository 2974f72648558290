// A fixed amount of one kind of work, for counting instructions: `tools/budgets.sh` runs it twice
// with different counts, and what one operation takes is the difference.

import Base
import Foundation
import Graph

/// Repeats one operation.
struct Work {
  let data: ReadData

  static let operations = ["get", "expand", "closure", "scan", "append"]

  /// Nodes that one `get` or `expand` asks for, apart from each other.
  private static let nodes = 100

  func run(_ operation: String, _ count: Int) throws {
    var checksum = 0.0
    if operation == "append" {
      try append(count)
    } else {
      let readings = Readings(
        history: try Graph.open(at: data.historyFolder, surroundings: .bench, options: .bench),
        rows: try Graph.open(at: data.rowsFolder, surroundings: .bench, options: .bench))
      var random = SplitMix64(seed: 5)
      let nodes = (0..<Self.nodes).map { _ in
        ReadData.proposal(random.next() % data.experiments)
      }
      var search = BreadthFirstSearch()
      for _ in 0..<count {
        switch operation {
        case "get": checksum += try readings.points(nodes)
        case "expand": checksum += Double(try readings.neighbours(nodes))
        case "closure":
          checksum += Double(try readings.closure(nodes[0], &search).1)
        case "scan": checksum += try readings.scan(0.25).0
        default: throw ReadFailure(what: "there is no operation \(operation)")
        }
      }
    }
    print(checksum)
  }

  /// Experiments appended one by one to a store of their own.
  private func append(_ count: Int) throws {
    let folder = data.folder + "/appended"
    try? FileManager.default.removeItem(atPath: folder)
    let graph = try Graph.create(
      at: folder, schema: nil, surroundings: .bench, options: .bench)
    var random = SplitMix64(seed: 42)
    for experiment in 0..<UInt64(count) {
      _ = try graph.append(data.request(experiment, &random))
    }
  }
}
