// Sums over what a scan selected, from the columns where they lie.

package import Base
import Store

/// What summing a property came to, floats and integers apart: integers exactly, floats added up
/// plainly within a range and with what the additions lost between the ranges.
package struct ColumnSum: Sendable {
  package private(set) var floats = 0.0
  /// What the additions lost of `floats`.
  package private(set) var correction = 0.0
  package private(set) var integers: Int128 = 0
  package private(set) var floatCount = 0
  package private(set) var integerCount = 0
  /// Values that are neither, and not null.
  package private(set) var otherCount = 0

  package init() {}

  mutating func add(_ value: Value) {
    switch value {
    case .null: break
    case .float(let number): add(number, count: 1)
    case .integer(let number): add(Int128(number), count: 1)
    default: otherCount += 1
    }
  }

  mutating func add(_ number: Double, count: Int) {
    let total = floats + number
    let part = total - floats
    correction += (floats - (total - part)) + (number - part)
    floats = total
    floatCount += count
  }

  mutating func add(_ number: Int128, count: Int) {
    integers += number
    integerCount += count
  }
}

extension ColumnScan {
  /// Adds some properties of all that is selected from here on to their sums and returns how many
  /// nodes that is; `nil`, with no sum to be used, where some value is no number. A name that
  /// nobody has is `nil`. Calls `tick` for each range.
  package mutating func sumRest(
    _ names: [Symbol?], into sums: inout [ColumnSum], _ graph: borrowing GraphView,
    _ reader: inout ColumnReader, _ tick: () throws -> Void
  ) throws -> Int? {
    var rows = 0
    // Ranges are added up three at a time: while one waits for memory, the others go on.
    var first: FloatColumns?
    var second: FloatColumns?
    while try next(graph, &reader) {
      try tick()
      if names.count == 1, let name = names[0],
        let columns = try floatColumns(name, graph, &reader)
      {
        try lookAhead(name, graph, &reader)
        if let held = first, let next = second {
          rows += sums[0].add(held, next, columns)
          (first, second) = (nil, nil)
        } else if first == nil {
          first = columns
        } else {
          second = columns
        }
        continue
      }
      if first != nil { rows += sums[0].add(first) + sums[0].add(second) }
      (first, second) = (nil, nil)
      for (index, name) in names.enumerated() {
        guard let name else { continue }
        try sum(name, into: &sums[index], graph, &reader)
        if sums[index].otherCount > 0 { return nil }
      }
      rows += try selectedCount(graph, &reader)
    }
    if first != nil { rows += sums[0].add(first) + sums[0].add(second) }
    return rows
  }

  /// Finds the columns of the next range and has them fetched while those at hand are added up; who
  /// asks for them then finds them in the reader.
  private func lookAhead(
    _ name: Symbol, _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws {
    guard nextRange < graph.sealedRanges else { return }
    try reader.chunk(predicates[0].name, range: nextRange)?.prefetch()
    try reader.chunk(name, range: nextRange)?.prefetch()
  }

  /// Adds a property of the selected nodes of the range at hand to `total`.
  package mutating func sum(
    _ name: Symbol, into total: inout ColumnSum, _ graph: borrowing GraphView,
    _ reader: inout ColumnReader
  ) throws {
    if let columns = try floatColumns(name, graph, &reader) {
      knownCount = total.add(columns)
      return
    }
    if let range {
      guard let chunk = try reader.chunk(name, range: range) else { return }
      let column = try ColumnChunk(chunk, graph.head.layout)
      if members.match(column, chunk) {
        if column.encoding == ColumnChunk.Encoding.floats {
          try select(graph, &reader)
          return total.add(mask.sum(floats: column.floats(chunk)), count: mask.selectedCount)
        }
        if column.encoding == ColumnChunk.Encoding.integers {
          try select(graph, &reader)
          return total.add(mask.sum(integers: column, chunk), count: mask.selectedCount)
        }
      }
    }
    var selected: [NodeID] = []
    swap(&selected, &asked)
    selected.removeAll(keepingCapacity: true)
    try appendSelected(to: &selected, graph, &reader)
    try graph.forEachValue(of: name, selected.span) { _, value in total.add(value) }
    asked = selected
  }

  /// Where the floats lie that are added up and those that are compared, where the range at hand
  /// needs no more than one comparison and these.
  @_lifetime(copy reader)
  private func floatColumns(
    _ name: Symbol, _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws -> FloatColumns? {
    guard let range, let predicate = onlyOpen,
      case .closed(let least, let greatest) = predicate.floats,
      let chunk = try reader.chunk(name, range: range),
      let testedChunk = try reader.chunk(predicate.name, range: range)
    else { return nil }
    let column = try ColumnChunk(chunk, graph.head.layout)
    let tested = try ColumnChunk(testedChunk, graph.head.layout)
    guard column.encoding == ColumnChunk.Encoding.floats,
      tested.encoding == ColumnChunk.Encoding.floats, members.match(column, chunk),
      members.match(tested, testedChunk)
    else { return nil }
    return FloatColumns(
      values: column.floats(chunk), tested: tested.floats(testedChunk), count: members.count,
      least: least, greatest: greatest)
  }
}
