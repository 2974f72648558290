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
    var index = try gatherNumbers(name, nodes, from: 0, isFirst: true, into: &column)
    var isOpen = index > 0
    while index < nodes.count {
      let end = endOfRun(nodes, from: index)
      if try !gatherSlice(name, nodes, index..<end, into: &column, &isOpen, &nulls) {
        for row in index..<end {
          add(try property(name, of: nodes[row]), to: &column, &isOpen, &nulls)
        }
      }
      index = end
      if isOpen, column.nulls.isEmpty {
        index = try gatherNumbers(name, nodes, from: index, isFirst: false, into: &column)
      }
    }
    if !isOpen { open(&column, .values, after: nulls) }
  }

  /// Appends the numbers of as many nodes as have such of one kind in sealed columns that nobody
  /// has changed; returns the first node that must be looked at more closely. The first numbers
  /// decide the kind of the column, later ones must fit it.
  private func gatherNumbers(
    _ name: Symbol, _ nodes: Span<NodeID>, from start: Int, isFirst: Bool,
    into column: inout Column
  ) throws -> Int {
    guard start < nodes.count, nodes[start].rawValue < sealedLimit else { return start }
    let range = head.layout.range(of: nodes[start].rawValue)
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    guard let chunk = try reading.get(.chunks, key.bytes),
      let kind = try ColumnChunk(chunk, head.layout).kind, isFirst || kind == column.kind
    else { return start }
    if isFirst { column.reset(to: kind) }
    switch kind {
    case .integers:
      return try gather(name, nodes, start, kind, Int64(0), into: &column.integers) {
        $0.integer($1, $2)
      }
    case .floats:
      return try gather(name, nodes, start, kind, 0.0, into: &column.floats) {
        $0.float($1, $2)
      }
    default: return start
    }
  }

  /// Below it, nodes are in sealed ranges that the snapshot has whole.
  private var sealedLimit: UInt64 {
    min(head.sealedNodes, (nodeLimit >> head.layout.rangeShift) << head.layout.rangeShift)
  }

  @inline(__always)
  private func gather<Number>(
    _ name: Symbol, _ nodes: Span<NodeID>, _ start: Int, _ kind: Column.Kind, _ none: Number,
    into numbers: inout [Number], _ number: (ColumnChunk, Int, RawSpan) -> Number
  ) throws -> Int {
    let limit = sealedLimit
    let before = numbers.count - start
    numbers.append(contentsOf: repeatElement(none, count: nodes.count - start))
    let layout = head.layout
    let order = placesByRange(nodes, from: start)
    // Nodes from here on must be looked at more closely.
    var end = nodes.count
    try fill(&numbers) { span in
      var next = start
      while next < nodes.count {
        let first = order.isEmpty ? next : Int(order[next - start])
        let range = layout.range(of: nodes[first].rawValue)
        let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
        guard first < end, nodes[first].rawValue < limit, try isAsCreated(range: range),
          let chunk = try reading.get(.chunks, key.bytes)
        else {
          end = min(end, first)
          next += 1
          continue
        }
        let values = try ColumnChunk(chunk, layout)
        if values.kind != kind { end = first }
        while next < nodes.count {
          let index = order.isEmpty ? next : Int(order[next - start])
          guard layout.range(of: nodes[index].rawValue) == range else { break }
          next += 1
          if index >= end { continue }
          if let rank = try values.rank(of: layout.place(of: nodes[index].rawValue), chunk) {
            span[before + index] = number(values, rank, chunk)
          } else {
            end = index
          }
        }
      }
    }
    numbers.removeLast(nodes.count - end)
    return end
  }

  /// Fewer nodes than this are taken as they come.
  private static let fewNodes = 64
  /// More ranges than this between the first and the last are not counted.
  private static let manyRanges = 1 << 16

  /// The places of the nodes from `start` on, those of one range together and in their order, so
  /// that its column is looked up once; empty where they are together already.
  private func placesByRange(_ nodes: Span<NodeID>, from start: Int) -> [Int32] {
    guard nodes.count - start >= Self.fewNodes else { return [] }
    let layout = head.layout
    var (least, most) = (UInt32.max, UInt32.min)
    var isInOrder = true
    var last = UInt32.min
    for index in start..<nodes.count {
      let range = layout.range(of: nodes[index].rawValue)
      isInOrder = isInOrder && range >= last
      last = range
      least = min(least, range)
      most = max(most, range)
    }
    guard !isInOrder, Int(most - least) < Self.manyRanges else { return [] }
    // How many nodes lie in the ranges before each one, then where its next node goes.
    var places = [Int32](repeating: 0, count: Int(most - least) + 2)
    for index in start..<nodes.count {
      places[Int(layout.range(of: nodes[index].rawValue) - least) + 1] += 1
    }
    for range in 1..<places.count { places[range] += places[range - 1] }
    var order = [Int32](repeating: 0, count: nodes.count - start)
    for index in start..<nodes.count {
      let range = Int(layout.range(of: nodes[index].rawValue) - least)
      order[Int(places[range])] = Int32(truncatingIfNeeded: index)
      places[range] += 1
    }
    return order
  }

  /// Lends the elements of an array as one span, so that writing one costs no look at its owners.
  @inline(__always)
  private func fill<Item>(
    _ items: inout [Item], _ body: (inout MutableSpan<Item>) throws -> Void
  ) rethrows {
    var span = items.mutableSpan
    try body(&span)
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
    for index in run {
      let place = head.layout.place(of: nodes[index].rawValue)
      add(try value(values, place, chunk), to: &column, &isOpen, &nulls)
    }
    return true
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
