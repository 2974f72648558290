// One column of a batch: values of one kind in a plain array, with a null mask beside it. The kinds
// that loops are written for (numbers, booleans, identities) are typed arrays; everything else is
// the general `values` kind. It must never allocate per row, and never give up its buffers when it
// is cleared: a prepared statement runs again in the same memory.

package import Base

/// The values of one slot for the rows of a batch.
package struct Column: Sendable {
  /// Which of the arrays holds the rows.
  package enum Kind: UInt8, Sendable {
    case integers, floats, booleans, nodes, edges, values
  }

  package private(set) var kind: Kind
  package var integers: [Int64] = []
  package var floats: [Double] = []
  package var booleans: [Bool] = []
  package var nodes: [NodeID] = []
  package var edges: [EdgeID] = []
  /// The general kind; nulls are `Value.null` and `nulls` stays empty.
  package var values: [Value] = []
  /// `true` where the row is null. Empty when no row is null, and always for `values`.
  package var nulls: [Bool] = []

  package init(_ kind: Kind = .values) { self.kind = kind }

  package init(values: [Value]) {
    kind = .values
    self.values = values
  }

  package init(nodes: [NodeID]) {
    kind = .nodes
    self.nodes = nodes
  }

  /// The number of rows.
  package var count: Int {
    switch kind {
    case .integers: integers.count
    case .floats: floats.count
    case .booleans: booleans.count
    case .nodes: nodes.count
    case .edges: edges.count
    case .values: values.count
    }
  }

  package var isEmpty: Bool { count == 0 }

  /// Forgets the rows and becomes a column of `kind`; buffers are kept.
  package mutating func reset(to kind: Kind) {
    // Only the array of the kind at hand holds anything.
    switch self.kind {
    case .integers: if !integers.isEmpty { integers.removeAll(keepingCapacity: true) }
    case .floats: if !floats.isEmpty { floats.removeAll(keepingCapacity: true) }
    case .booleans: if !booleans.isEmpty { booleans.removeAll(keepingCapacity: true) }
    case .nodes: if !nodes.isEmpty { nodes.removeAll(keepingCapacity: true) }
    case .edges: if !edges.isEmpty { edges.removeAll(keepingCapacity: true) }
    case .values: if !values.isEmpty { values.removeAll(keepingCapacity: true) }
    }
    if !nulls.isEmpty { nulls.removeAll(keepingCapacity: true) }
    self.kind = kind
  }

  /// Whether the row is null.
  package func isNull(_ row: Int) -> Bool {
    if kind == .values { return values[row].isNull }
    return !nulls.isEmpty && nulls[row]
  }

  /// The row as a general value. O(1); may retain what the value points to.
  package subscript(row: Int) -> Value {
    if kind == .values { return values[row] }
    if !nulls.isEmpty, nulls[row] { return .null }
    switch kind {
    case .integers: return .integer(integers[row])
    case .floats: return .float(floats[row])
    case .booleans: return .boolean(booleans[row])
    case .nodes: return .node(nodes[row])
    case .edges: return .edge(edges[row])
    case .values: return values[row]
    }
  }

  /// Appends a value; a value that does not fit the kind turns the whole column into the general
  /// kind, once.
  package mutating func append(_ value: Value) {
    switch (kind, value) {
    case (.values, _): values.append(value)
    case (.integers, .integer(let number)): integers.append(number); appendMask(false)
    case (.floats, .float(let number)): floats.append(number); appendMask(false)
    case (.booleans, .boolean(let flag)): booleans.append(flag); appendMask(false)
    case (.nodes, .node(let node)): nodes.append(node); appendMask(false)
    case (.edges, .edge(let edge)): edges.append(edge); appendMask(false)
    case (_, .null): appendNull()
    default:
      generalise()
      values.append(value)
    }
  }

  /// Appends a null to a column of any kind.
  package mutating func appendNull() {
    if kind == .values { return values.append(.null) }
    if nulls.isEmpty { nulls = [Bool](repeating: false, count: count) }
    switch kind {
    case .integers: integers.append(0)
    case .floats: floats.append(0)
    case .booleans: booleans.append(false)
    case .nodes: nodes.append(NodeID(0))
    case .edges: edges.append(EdgeID(0))
    case .values: break
    }
    nulls.append(true)
  }

  /// Turns the column into the general kind. O(rows) unless it already is.
  package mutating func generalise() {
    guard kind != .values else { return }
    var general: [Value] = []
    general.reserveCapacity(count)
    for row in 0..<count { general.append(self[row]) }
    reset(to: .values)
    values = general
  }

  private mutating func appendMask(_ isNull: Bool) {
    if !nulls.isEmpty { nulls.append(isNull) }
  }
}

extension Column {
  /// Appends row `row` of `other`, whatever its kind; the usual way to copy a row between batches.
  package mutating func append(row: Int, of other: Column) {
    guard kind == other.kind, kind != .values else { return append(other[row]) }
    if !other.nulls.isEmpty, other.nulls[row] { return appendNull() }
    switch kind {
    case .integers: integers.append(other.integers[row])
    case .floats: floats.append(other.floats[row])
    case .booleans: booleans.append(other.booleans[row])
    case .nodes: nodes.append(other.nodes[row])
    case .edges: edges.append(other.edges[row])
    case .values: return
    }
    appendMask(false)
  }

  /// Becomes the rows of `other` at `rows`, in that order; buffers are kept.
  package mutating func gather(_ rows: [Int32], of other: Column) {
    reset(to: other.kind)
    switch kind {
    case .integers: for row in rows { integers.append(other.integers[Int(row)]) }
    case .floats: for row in rows { floats.append(other.floats[Int(row)]) }
    case .booleans: for row in rows { booleans.append(other.booleans[Int(row)]) }
    case .nodes: for row in rows { nodes.append(other.nodes[Int(row)]) }
    case .edges: for row in rows { edges.append(other.edges[Int(row)]) }
    case .values: for row in rows { values.append(other.values[Int(row)]) }
    }
    if !other.nulls.isEmpty { for row in rows { nulls.append(other.nulls[Int(row)]) } }
  }
}
