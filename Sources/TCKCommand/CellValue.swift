// A value of a result table, expected or actual, in one form in which both are compared: nodes and
// edges are their labels, type and properties, since identities mean nothing to the TCK.

import Base
import Stemma

/// An expected or actual value, without identities.
indirect enum CellValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// The bits of the number, NaN and zero made canonical.
  case float(UInt64)
  case string(Text)
  case list([CellValue])
  case map([Entry])
  case node(NodeDescription)
  case edge(EdgeDescription)
  case path(NodeDescription, [PathStep])

  /// A property or an entry of a map; always sorted by key.
  struct Entry: Hashable, Sendable {
    var key: Text
    var value: CellValue
  }

  struct NodeDescription: Hashable, Sendable {
    /// Sorted.
    var labels: [Text]
    var properties: [Entry]
  }

  struct EdgeDescription: Hashable, Sendable {
    var type: Text
    var properties: [Entry]
  }

  struct PathStep: Hashable, Sendable {
    var edge: EdgeDescription
    /// Whether the path follows the edge along its arrow.
    var isForward: Bool
    var node: NodeDescription
  }

  static func number(_ value: Double) -> CellValue {
    if value.isNaN { return .float(Double.nan.bitPattern) }
    return .float(value == 0 ? 0 : value.bitPattern)
  }

  static func entries(_ pairs: [(Text, CellValue)]) -> [Entry] {
    pairs.map { Entry(key: $0.0, value: $0.1) }.sorted { $0.key < $1.key }
  }

  /// The same value with every list sorted, for tables that ignore the order of elements.
  var ignoringListOrder: CellValue {
    switch self {
    case .list(let elements):
      return .list(
        elements.map(\.ignoringListOrder).sorted { Text($0.rendered) < Text($1.rendered) })
    case .map(let entries):
      return .map(entries.map { Entry(key: $0.key, value: $0.value.ignoringListOrder) })
    default: return self
    }
  }

  /// A readable form for reasons and for sorting.
  var rendered: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .float(let bits): return String(Double(bitPattern: bits))
    case .string(let text): return "'\(text.string)'"
    case .list(let elements): return "[" + elements.map(\.rendered).joined(separator: ", ") + "]"
    case .map(let entries): return Self.rendered(entries)
    case .node(let node): return Self.rendered(node)
    case .edge(let edge): return Self.rendered(edge)
    case .path(let start, let steps):
      let rest = steps.map { step in
        (step.isForward ? "-" : "<-") + Self.rendered(step.edge)
          + (step.isForward ? "->" : "-") + Self.rendered(step.node)
      }
      return "<" + Self.rendered(start) + rest.joined() + ">"
    }
  }

  private static func rendered(_ entries: [Entry]) -> String {
    let inside = entries.map { "\($0.key.string): \($0.value.rendered)" }
    return "{" + inside.joined(separator: ", ") + "}"
  }

  private static func rendered(_ node: NodeDescription) -> String {
    let labels = node.labels.map { ":" + $0.string }.joined()
    let gap = labels.isEmpty || node.properties.isEmpty ? "" : " "
    return "(" + labels + gap + (node.properties.isEmpty ? "" : rendered(node.properties)) + ")"
  }

  private static func rendered(_ edge: EdgeDescription) -> String {
    "[:\(edge.type.string)"
      + (edge.properties.isEmpty ? "" : " " + rendered(edge.properties)) + "]"
  }
}
