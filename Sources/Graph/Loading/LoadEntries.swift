// The index entries of one part of a load, in the order of their keys. Parts are sorted beside each
// other and merged at the end.

import Base
import Store

/// Makes the entries of a part's nodes.
struct LoadEntries {
  /// By the number of the index.
  private(set) var buffers: [UInt32: EntryBuffer] = [:]

  /// An index that nodes of a shape are in, and the places of its properties among their values.
  private struct Use {
    var index: IndexRecord
    var places: [Int]
  }

  init(
    _ rows: LoadRows, _ indexes: [IndexRecord], _ transaction: TransactionNumber, first: UInt64
  ) throws {
    let uses = rows.shapes.map { shape in Self.uses(of: indexes, by: shape) }
    if uses.allSatisfy(\.isEmpty) { return }
    var value = 0
    for row in 0..<rows.count {
      let shape = Int(rows.rowShapes[row])
      for use in uses[shape] {
        guard let values = try Self.values(use, rows, value) else { continue }
        let number = use.index.number
        buffers[number, default: EntryBuffer()].add(
          IndexKey.entry(number, values, NodeID(first + UInt64(row))),
          firstCount: values.firstCount, values.isCut, from: transaction)
      }
      value += rows.shapes[shape].valueCount
    }
    for number in buffers.keys { buffers[number]!.sort() }
  }

  private static func uses(of indexes: [IndexRecord], by shape: RecordShape) -> [Use] {
    guard case .node(let labels, let hasKey, let names) = shape else { return [] }
    let all = hasKey ? [Names.key] + names : names
    return indexes.compactMap { index in
      guard index.isInForce, labels.contains(index.definition.label) else { return nil }
      let places = index.definition.properties.compactMap { all.firstIndex(of: $0) }
      guard places.count == index.definition.properties.count else { return nil }
      return Use(index: index, places: places)
    }
  }

  private static func values(
    _ use: Use, _ rows: LoadRows, _ first: Int
  ) throws -> IndexValues? {
    var result = IndexValues()
    result.bytes.reserveCapacity(32)
    let limit = IndexKey.limit(use.places.count)
    for place in use.places {
      let isCut = OrderedEncoding.append(
        try rows.value(first + place), limitBytes: limit, to: &result.bytes)
      guard let isCut else { return nil }
      if isCut { result.isCut = true }
      if result.firstCount == 0 { result.firstCount = result.bytes.count }
    }
    return result
  }

  /// The entries of all parts of an index as one sorted buffer.
  static func merge(_ parts: [EntryBuffer]) -> EntryBuffer {
    var level = parts
    while level.count > 1 {
      let pairs = level
      level = Parallel.map((pairs.count + 1) / 2) { pair in
        pair * 2 + 1 < pairs.count
          ? EntryBuffer.merged(pairs[pair * 2], pairs[pair * 2 + 1]) : pairs[pair * 2]
      }
    }
    return level.first ?? EntryBuffer()
  }
}
