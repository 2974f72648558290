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
  /// Adds a property of the selected nodes of the range at hand to `total`.
  package mutating func sum(
    _ name: Symbol, into total: inout ColumnSum, _ graph: borrowing GraphView,
    _ reader: inout ColumnReader
  ) throws {
    if let range {
      guard let chunk = try reader.chunk(name, range: range) else { return }
      let column = try ColumnChunk(chunk, graph.head.layout)
      if members.match(column, chunk) {
        if column.encoding == ColumnChunk.Encoding.floats {
          return try sumFloats(column, chunk, into: &total, graph, &reader)
        }
        if column.encoding == ColumnChunk.Encoding.integers {
          try select(graph, &reader)
          return total.add(mask.sum(integers: column, chunk), count: mask.selectedCount)
        }
      }
    }
    var selected: [NodeID] = []
    try appendSelected(to: &selected, graph, &reader)
    values.removeAll(keepingCapacity: true)
    try graph.gather(name, of: selected, into: &values)
    for value in values { total.add(value) }
  }

  private mutating func sumFloats(
    _ column: ColumnChunk, _ chunk: RawSpan, into total: inout ColumnSum,
    _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws {
    if let predicate = onlyOpen, case .closed(let least, let greatest) = predicate.floats,
      let range
    {
      if let testedChunk = try reader.chunk(predicate.name, range: range) {
        let tested = try ColumnChunk(testedChunk, graph.head.layout)
        if tested.encoding == ColumnChunk.Encoding.floats, members.match(tested, testedChunk) {
          let found = SelectionMask.sum(
            floats: column.floats(chunk), where: tested.floats(testedChunk), from: least,
            to: greatest, count: members.count)
          knownCount = found.count
          return total.add(found.sum, count: found.count)
        }
      }
    }
    try select(graph, &reader)
    total.add(mask.sum(floats: column.floats(chunk)), count: mask.selectedCount)
  }
}
