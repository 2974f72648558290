// Many values of one kind in a plain array, with a null mask beside it: what a slot has for the
// rows of a batch, and what a property has for many nodes. The kinds that loops are written for
// (numbers, booleans, identities) are typed arrays; everything else is the general `values` kind.
// It must never give up its buffer when it is cleared: a prepared statement runs again in the same
// memory. It is `public`, as `Reading` is, so that it is inlined where rows are worked on.

public import Base

/// The values of some rows.
@frozen
public struct Column: Sendable {
  /// Which kind of array holds the rows.
  public enum Kind: UInt8, Sendable {
    case integers, floats, booleans, nodes, edges, values
  }

  @usableFromInline
  enum Storage: Sendable {
    case integers([Int64])
    case floats([Double])
    case booleans([Bool])
    case nodes([NodeID])
    case edges([EdgeID])
    /// The general kind; nulls are `Value.null` and `nulls` stays empty.
    case values([Value])
  }

  @usableFromInline var storage: Storage
  /// `true` where the row is null. Empty when no row is null, and always for `values`.
  public var nulls: [Bool] = []

  public init(_ kind: Kind = .values) { storage = Self.empty(kind) }

  public init(values: [Value]) { storage = .values(values) }

  public init(nodes: [NodeID]) { storage = .nodes(nodes) }

  @usableFromInline
  static func empty(_ kind: Kind) -> Storage {
    switch kind {
    case .integers: .integers([])
    case .floats: .floats([])
    case .booleans: .booleans([])
    case .nodes: .nodes([])
    case .edges: .edges([])
    case .values: .values([])
    }
  }

  @inlinable
  public var kind: Kind {
    switch storage {
    case .integers: .integers
    case .floats: .floats
    case .booleans: .booleans
    case .nodes: .nodes
    case .edges: .edges
    case .values: .values
    }
  }

  /// The number of rows.
  @inlinable
  public var count: Int {
    switch storage {
    case .integers(let rows): rows.count
    case .floats(let rows): rows.count
    case .booleans(let rows): rows.count
    case .nodes(let rows): rows.count
    case .edges(let rows): rows.count
    case .values(let rows): rows.count
    }
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// Forgets the rows and becomes a column of `kind`; where it was one, the buffer is kept.
  public mutating func reset(to kind: Kind) {
    nulls.empty()
    guard self.kind == kind else {
      storage = Self.empty(kind)
      return
    }
    if isEmpty { return }
    switch kind {
    case .integers: integers.empty()
    case .floats: floats.empty()
    case .booleans: booleans.empty()
    case .nodes: nodes.empty()
    case .edges: edges.empty()
    case .values: values.empty()
    }
  }

  /// Whether the row is null.
  @inlinable
  public func isNull(_ row: Int) -> Bool {
    if case .values(let rows) = storage { return rows[row].isNull }
    return !nulls.isEmpty && nulls[row]
  }

  /// The row as a general value. O(1); may retain what the value points to.
  @inlinable
  public subscript(row: Int) -> Value {
    if case .values(let rows) = storage { return rows[row] }
    if !nulls.isEmpty, nulls[row] { return .null }
    switch storage {
    case .integers(let rows): return .integer(rows[row])
    case .floats(let rows): return .float(rows[row])
    case .booleans(let rows): return .boolean(rows[row])
    case .nodes(let rows): return .node(rows[row])
    case .edges(let rows): return .edge(rows[row])
    case .values(let rows): return rows[row]
    }
  }

  /// The node at a row, or `nil` where it is null or no node.
  @inlinable
  public func node(_ row: Int) -> NodeID? {
    if case .nodes(let rows) = storage {
      return !nulls.isEmpty && nulls[row] ? nil : rows[row]
    }
    guard case .values(let rows) = storage, row < rows.count, case .node(let node) = rows[row]
    else { return nil }
    return node
  }

  /// The edge at a row, or `nil` where it is null or no edge.
  @inlinable
  public func edge(_ row: Int) -> EdgeID? {
    if case .edges(let rows) = storage {
      return !nulls.isEmpty && nulls[row] ? nil : rows[row]
    }
    guard case .values(let rows) = storage, row < rows.count, case .edge(let edge) = rows[row]
    else { return nil }
    return edge
  }
}

// The rows as an array of each kind; empty where the column is of another kind. Changing one makes
// the column one of its kind.
extension Column {
  @inlinable
  public var integers: [Int64] {
    @inline(__always) get { if case .integers(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [Int64] = []
      if case .integers(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .integers(rows) }
      yield &rows
    }
  }

  @inlinable
  public var floats: [Double] {
    @inline(__always) get { if case .floats(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [Double] = []
      if case .floats(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .floats(rows) }
      yield &rows
    }
  }

  @inlinable
  public var booleans: [Bool] {
    @inline(__always) get { if case .booleans(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [Bool] = []
      if case .booleans(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .booleans(rows) }
      yield &rows
    }
  }

  @inlinable
  public var nodes: [NodeID] {
    @inline(__always) get { if case .nodes(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [NodeID] = []
      if case .nodes(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .nodes(rows) }
      yield &rows
    }
  }

  @inlinable
  public var edges: [EdgeID] {
    @inline(__always) get { if case .edges(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [EdgeID] = []
      if case .edges(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .edges(rows) }
      yield &rows
    }
  }

  @inlinable
  public var values: [Value] {
    @inline(__always) get { if case .values(let rows) = storage { rows } else { [] } }
    @inline(__always) _modify {
      var rows: [Value] = []
      if case .values(let held) = storage { rows = held }
      storage = .values([])
      defer { storage = .values(rows) }
      yield &rows
    }
  }
}

extension Array {
  /// Forgets the items and keeps their room. Where there are none it costs nothing, which
  /// `removeAll` does: operators begin every batch so.
  @inlinable @inline(__always)
  public mutating func empty() {
    if !isEmpty { removeAll(keepingCapacity: true) }
  }
}
