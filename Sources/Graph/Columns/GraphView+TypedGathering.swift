// One property of many nodes as a typed column: numbers go from the file into an array of numbers.

package import Base
import Store

extension GraphView {
  /// Replaces what is in `column` by one row for each node. Its kind is that of the values where
  /// they are numbers or booleans of one type; it is general otherwise, and where all are null.
  package func gather(
    _ name: Symbol, of nodes: Span<NodeID>, into column: inout Column
  ) throws {
    // Before the first value, nulls are only counted: they fit every kind.
    var nulls = 0
    var isOpen = false
    var index = 0
    while index < nodes.count {
      let end = endOfRun(nodes, from: index)
      if try !gatherSlice(name, nodes, index..<end, into: &column, &isOpen, &nulls) {
        for row in index..<end {
          add(try property(name, of: nodes[row]), to: &column, &isOpen, &nulls)
        }
      }
      index = end
    }
    if !isOpen { open(&column, .values, after: nulls) }
  }

  private func open(_ column: inout Column, _ kind: Column.Kind, after nulls: Int) {
    column.reset(to: kind)
    for _ in 0..<nulls { column.appendNull() }
  }

  @inline(__always)
  private func add(
    _ value: Value, to column: inout Column, _ isOpen: inout Bool, _ nulls: inout Int
  ) {
    if !isOpen {
      if value.isNull {
        nulls += 1
        return
      }
      isOpen = true
      open(&column, value.gatheredKind, after: nulls)
    }
    column.append(value)
  }

  /// Gathers a run of nodes from the column of their range; false where they must be asked one by
  /// one.
  private func gatherSlice(
    _ name: Symbol, _ nodes: Span<NodeID>, _ run: Range<Int>, into column: inout Column,
    _ isOpen: inout Bool, _ nulls: inout Int
  ) throws -> Bool {
    guard nodes[run.lowerBound].rawValue < head.sealedNodes else { return false }
    let range = head.layout.range(of: nodes[run.lowerBound].rawValue)
    guard try isAsCreated(range: range) else { return false }
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    guard let chunk = try reading.get(.chunks, key.bytes) else {
      for _ in run { add(.null, to: &column, &isOpen, &nulls) }
      return true
    }
    let values = try ColumnChunk(chunk, head.layout)
    if !isOpen, let kind = values.kind {
      isOpen = true
      open(&column, kind, after: nulls)
    }
    var next = run.lowerBound
    if isOpen, column.nulls.isEmpty, column.kind == values.kind {
      switch values.encoding {
      case ColumnChunk.Encoding.integers:
        next = try take(values, chunk, nodes, run, &column.integers) { values.integer($0, chunk) }
      case ColumnChunk.Encoding.floats:
        next = try take(values, chunk, nodes, run, &column.floats) { values.float($0, chunk) }
      default: break
      }
    }
    while next < run.upperBound {
      let place = head.layout.place(of: nodes[next].rawValue)
      add(try value(values, place, chunk), to: &column, &isOpen, &nulls)
      next += 1
    }
    return true
  }

  /// Appends numbers up to the first node that has none, and returns that.
  @inline(__always)
  private func take<Number>(
    _ values: ColumnChunk, _ chunk: RawSpan, _ nodes: Span<NodeID>, _ run: Range<Int>,
    _ numbers: inout [Number], _ number: (Int) -> Number
  ) throws -> Int {
    for index in run {
      guard let rank = try values.rank(of: head.layout.place(of: nodes[index].rawValue), chunk)
      else { return index }
      numbers.append(number(rank))
    }
    return run.upperBound
  }
}

extension ColumnChunk {
  /// The kind of a typed column that fits every value; `nil` where they must be looked at.
  fileprivate var kind: Column.Kind? {
    switch encoding {
    case Encoding.integers: .integers
    case Encoding.floats: .floats
    case Encoding.booleans: .booleans
    default: nil
    }
  }
}

extension Value {
  /// The kind of column that a property of this value begins.
  fileprivate var gatheredKind: Column.Kind {
    switch self {
    case .integer: .integers
    case .float: .floats
    case .boolean: .booleans
    default: .values
    }
  }
}
