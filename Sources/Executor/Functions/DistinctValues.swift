// The values that were met where only distinct ones count: DISTINCT over one value, and aggregating
// functions over distinct values. Nodes, whole numbers and strings are looked up by themselves,
// with no allocation per value.

import Base
import Graph

/// A set of values by Cypher's equivalence.
struct DistinctValues: Sendable {
  private var nodes = SplitSet<NodeID>()
  private var integers = SplitSet<Int64>()
  private var texts = SplitSet<Text>()
  private var others = SplitSet<EquivalenceKey>()
  /// Whether a float among the others may equal an integer.
  private var hasWholeFloats = false

  init() {}

  /// Whether the value is new.
  mutating func insert(_ value: Value) -> Bool {
    switch value {
    case .node(let node): return nodes.insert(node)
    case .string(let text): return texts.insert(text)
    case .integer(let number):
      if hasWholeFloats, others.contains(EquivalenceKey([value])) { return false }
      return integers.insert(number)
    case .float(let number):
      if let whole = Int64(exactly: number) {
        if integers.contains(whole) { return false }
        hasWholeFloats = true
      }
    default: break
    }
    return others.insert(EquivalenceKey([value]))
  }

  func contains(_ value: Value) -> Bool {
    switch value {
    case .node(let node): return nodes.contains(node)
    case .string(let text): return texts.contains(text)
    case .integer(let number): if integers.contains(number) { return true }
    case .float(let number):
      if let whole = Int64(exactly: number), integers.contains(whole) { return true }
    default: break
    }
    return others.contains(EquivalenceKey([value]))
  }

  /// In no order that anything may depend on.
  var elements: [Value] {
    nodes.elements.map { .node($0) } + integers.elements.map { .integer($0) }
      + texts.elements.map { .string($0) } + others.elements.map { $0.values[0] }
  }

  mutating func removeAll() {
    nodes.removeAll()
    integers.removeAll()
    texts.removeAll()
    others.removeAll()
    hasWholeFloats = false
  }
}
