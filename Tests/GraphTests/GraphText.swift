// A graph in words, as `Reader/read_graph.py` prints it: what one reader says can be compared with
// what another says.

import Base

@testable import Graph

/// Prints graphs.
enum GraphText {
  /// The graph as of every transaction.
  static func everything(_ graph: Graph) throws -> String {
    var text = ""
    let last = try graph.lastTransaction().rawValue
    guard last > 0 else { return text }
    for moment in 1...last {
      text += "as of \(moment)\n"
      try graph.read(at: TransactionNumber(moment)) { view in text += try lines(view) }
    }
    return text
  }

  private static func lines(_ view: borrowing GraphView) throws -> String {
    var text = ""
    for number in 0..<view.nodeLimit where try view.exists(NodeID(number)) {
      let node = NodeID(number)
      var labels: [Text] = []
      for label in try view.labels(of: node) { labels.append(try view.name(of: label)) }
      let creation = try view.creation(of: node)?.rawValue ?? 0
      let names = labels.sorted().map(\.string).joined(separator: ",")
      let held = try words(try view.properties(of: node), view)
      text += "node \(number) since \(creation) \(names):\(held)\n"
    }
    for number in 0..<view.edgeLimit {
      guard let ends = try view.edge(EdgeID(number)) else { continue }
      let creation = try view.creation(of: EdgeID(number))?.rawValue ?? 0
      let type = try view.name(of: ends.type).string
      let held = try words(try view.properties(of: EdgeID(number)), view)
      text += "edge \(number) since \(creation) \(type) \(ends.from.rawValue) \(ends.to.rawValue)"
      text += ":\(held)\n"
    }
    return text
  }

  private static func words(
    _ properties: [(name: Symbol, value: Value)], _ view: borrowing GraphView
  ) throws -> String {
    var named: [(name: Text, value: Value)] = []
    for property in properties { named.append((try view.name(of: property.name), property.value)) }
    named.sort { $0.name < $1.name }
    return named.map { " \($0.name.string)=\(words($0.value))" }.joined()
  }

  private static func words(_ value: Value) -> String {
    switch value {
    case .null: "n"
    case .boolean(let flag): flag ? "b1" : "b0"
    case .integer(let number): "i\(number)"
    case .float(let number): "f" + HexText.encode(bytes(number.bitPattern))
    case .string(let text): "s" + HexText.encode(Array(text.string.utf8))
    case .bytes(let bytes): "x" + HexText.encode(bytes)
    case .list(let values): "[" + values.map(words).joined(separator: ",") + "]"
    default: timeWords(value)
    }
  }

  private static func timeWords(_ value: Value) -> String {
    switch value {
    case .date(let date): return "d\(date.daysSinceEpoch)"
    case .localTime(let time): return "l\(time.nanosecondsOfDay)"
    case .time(let time): return "t\(time.local.nanosecondsOfDay),\(time.offsetSeconds)"
    case .localDateTime(let moment):
      return "m\(moment.date.daysSinceEpoch),\(moment.time.nanosecondsOfDay)"
    case .dateTime(let moment):
      let zone = HexText.encode(Array((moment.zoneName?.string ?? "").utf8))
      return "z\(moment.secondsSinceEpoch),\(moment.nanosecondsOfSecond),"
        + "\(moment.offsetSeconds),\(zone)"
    case .duration(let duration):
      return "p\(duration.months),\(duration.days),\(duration.seconds),"
        + "\(duration.nanosecondsOfSecond)"
    default: return "?"
    }
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }
}
