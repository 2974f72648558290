// The values that were met where only distinct ones count: DISTINCT over one value, and aggregating
// functions over distinct values. Nodes, whole numbers and strings are looked up by themselves,
// with no allocation per value.

import Base
import Graph

/// A set of values by Cypher's equivalence.
struct DistinctValues: Sendable {
  private var nodes = SplitSet<NumberKey>()
  private var integers = SplitSet<NumberKey>()
  private var texts = SplitSet<Text>()
  private var others = SplitSet<EquivalenceKey>()
  /// Whether a float among the others may equal an integer.
  private var hasWholeFloats = false

  init() {}

  /// Whether the value is new.
  mutating func insert(_ value: Value) -> Bool {
    switch value {
    case .node(let node): return nodes.insert(NumberKey(node))
    case .string(let text): return texts.insert(text)
    case .integer(let number):
      if hasWholeFloats, others.contains(EquivalenceKey([value])) { return false }
      return integers.insert(NumberKey(number))
    case .float(let number):
      if let whole = Int64(exactly: number) {
        if integers.contains(NumberKey(whole)) { return false }
        hasWholeFloats = true
      }
    default: break
    }
    return others.insert(EquivalenceKey([value]))
  }

  /// Those of the rows that count whose values are new; `nil`, and nothing is noted, where the
  /// column has to be taken value by value.
  mutating func newRows(_ column: Column, _ batch: Batch) -> [Int32]? {
    guard column.nulls.isEmpty else { return nil }
    var new: [Int32] = []
    switch column.kind {
    case .nodes:
      let items = column.nodes
      batch.forEachSelected { row in
        if nodes.insert(NumberKey(items[row])) { new.append(Int32(truncatingIfNeeded: row)) }
      }
    case .integers where !hasWholeFloats:
      let items = column.integers
      batch.forEachSelected { row in
        if integers.insert(NumberKey(items[row])) { new.append(Int32(truncatingIfNeeded: row)) }
      }
    default: return nil
    }
    return new
  }

  func contains(_ value: Value) -> Bool {
    switch value {
    case .node(let node): return nodes.contains(NumberKey(node))
    case .string(let text): return texts.contains(text)
    case .integer(let number): if integers.contains(NumberKey(number)) { return true }
    case .float(let number):
      if let whole = Int64(exactly: number), integers.contains(NumberKey(whole)) { return true }
    default: break
    }
    return others.contains(EquivalenceKey([value]))
  }

  /// In no order that anything may depend on.
  var elements: [Value] {
    nodes.elements.map { .node(NodeID($0.rawValue)) }
      + integers.elements.map { .integer(Int64(bitPattern: $0.rawValue)) }
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
