// Adding rows to a column: values of any kind, and rows of other columns, one or many.

public import Base

extension Column {
  /// Appends a value; a value that does not fit the kind turns the whole column into the general
  /// kind, once.
  public mutating func append(_ value: Value) {
    switch (kind, value) {
    case (.values, _): values.append(value)
    case (.integers, .integer(let number)): integers.append(number); appendMask()
    case (.floats, .float(let number)): floats.append(number); appendMask()
    case (.booleans, .boolean(let flag)): booleans.append(flag); appendMask()
    case (.nodes, .node(let node)): nodes.append(node); appendMask()
    case (.edges, .edge(let edge)): edges.append(edge); appendMask()
    case (_, .null): appendNull()
    default:
      generalise()
      values.append(value)
    }
  }

  /// Appends a null to a column of any kind.
  public mutating func appendNull() {
    if kind != .values, nulls.isEmpty { nulls = [Bool](repeating: false, count: count) }
    switch kind {
    case .integers: integers.append(0)
    case .floats: floats.append(0)
    case .booleans: booleans.append(false)
    case .nodes: nodes.append(NodeID(0))
    case .edges: edges.append(EdgeID(0))
    case .values: return values.append(.null)
    }
    nulls.append(true)
  }

  /// Turns the column into the general kind. O(rows) unless it already is.
  public mutating func generalise() {
    guard kind != .values else { return }
    var general: [Value] = []
    general.reserveCapacity(count)
    for row in 0..<count { general.append(self[row]) }
    reset(to: .values)
    values = general
  }

  /// Notes that the row that was added last is not null.
  @inlinable
  mutating func appendMask() {
    if !nulls.isEmpty { nulls.append(false) }
  }

  // MARK: Rows of other columns

  /// Appends row `row` of `other`, whatever its kind; the usual way to copy a row between batches.
  public mutating func append(row: Int, of other: Column) {
    guard kind == other.kind, kind != .values, other.nulls.isEmpty else {
      return append(other[row])
    }
    switch other.storage {
    case .integers(let rows): integers.append(rows[row])
    case .floats(let rows): floats.append(rows[row])
    case .booleans(let rows): booleans.append(rows[row])
    case .nodes(let rows): nodes.append(rows[row])
    case .edges(let rows): edges.append(rows[row])
    case .values: return
    }
    appendMask()
  }

  /// Becomes the rows of `other` at `rows`, in that order.
  public mutating func gather(_ rows: [Int32], of other: Column) {
    reset(to: other.kind)
    append(rows: rows, of: other)
  }

  /// Appends the rows of `other` at `rows`, in that order; all of its rows for `nil`.
  public mutating func append(rows: [Int32]?, of other: Column) {
    if isEmpty, kind != other.kind { reset(to: other.kind) }
    guard kind == other.kind else {
      for row in rows ?? Array(0..<Int32(other.count)) { append(other[Int(row)]) }
      return
    }
    if kind != .values, !nulls.isEmpty || !other.nulls.isEmpty {
      if nulls.isEmpty { nulls = [Bool](repeating: false, count: count) }
      if other.nulls.isEmpty {
        nulls.append(contentsOf: repeatElement(false, count: rows?.count ?? other.count))
      } else {
        Self.take(rows, other.nulls, &nulls)
      }
    }
    switch other.storage {
    case .integers(let source): Self.take(rows, source, &integers)
    case .floats(let source): Self.take(rows, source, &floats)
    case .booleans(let source): Self.take(rows, source, &booleans)
    case .nodes(let source): Self.take(rows, source, &nodes)
    case .edges(let source): Self.take(rows, source, &edges)
    case .values(let source): Self.take(rows, source, &values)
    }
  }

  @inline(__always)
  private static func take<Item>(_ rows: [Int32]?, _ source: [Item], _ target: inout [Item]) {
    guard let rows else { return target.append(contentsOf: source) }
    // Room for many, grown by doubling: a reservation would fit exactly, and the next one move all.
    for row in rows { target.append(source[Int(row)]) }
  }
}
