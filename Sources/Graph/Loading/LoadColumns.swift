// The sealed columns of one part of a load, straight from its rows: the same chunks that sealing
// makes of rows in the tables. Symbols are assigned by the writer, in the order of the log; until
// then names stand for them. It runs beside others.

import Base

/// What one range of identities becomes, but for symbols.
struct LoadRange: Sendable {
  var columns: [(name: Text, chunk: [UInt8])] = []
  /// Of nodes: the number of each node's label set among `labelSets`.
  var setNumbers: [UInt16] = []
  var labelSets: [[Text]] = []
  /// Of edges: the heads with zeros for the symbols of `types`.
  var edgeHeads: [UInt8] = []
  var types: [Text] = []
}

/// Makes ranges from the rows of a part, in their order.
struct LoadColumns {
  private let rows: LoadRows
  private let record: LoadRecord
  private let transaction: TransactionNumber
  private let layout: GraphLayout
  /// The place of each property of each shape among the names.
  private var slots: [[Int]] = []
  private var names: [Text] = []
  private var next = (row: 0, value: 0)

  init(
    _ rows: LoadRows, _ record: LoadRecord, _ transaction: TransactionNumber,
    _ layout: GraphLayout
  ) {
    self.rows = rows
    self.record = record
    self.transaction = transaction
    self.layout = layout
    var known: [Text: Int] = [:]
    for shape in rows.shapes {
      let all = shape.hasKey ? [Names.key] + shape.names : shape.names
      slots.append(
        all.map { name in
          if let slot = known[name] { return slot }
          known[name] = names.count
          names.append(name)
          return names.count - 1
        })
    }
  }

  /// The chunks of the next range.
  mutating func nextRange() -> LoadRange {
    var builders = [ColumnBuilder](repeating: ColumnBuilder(), count: names.count)
    let first = next.row
    for place in 0..<layout.rangeSize {
      let shape = Int(rows.rowShapes[first + place])
      let hasKey = rows.shapes[shape].hasKey
      for (index, slot) in slots[shape].enumerated() {
        let range = rows.range(next.value)
        builders[slot].add(place, rows.bytes, range)
        if range.count > ColumnBuilder.referenceBytes, !(hasKey && index == 0) {
          let count = range.count - 1
          let offset = record.valueEnds[next.value] - count
          builders[slot].noteLast(
            LogPlace(transaction: transaction, offset: offset, count: count))
        }
        next.value += 1
      }
    }
    next.row += layout.rangeSize
    var result = LoadRange()
    for slot in names.indices where !builders[slot].isEmpty {
      builders[slot].choose()
      result.columns.append((names[slot], builders[slot].chunk(size: layout.rangeSize)))
    }
    addHeads(first..<next.row, &result)
    return result
  }

  private func addHeads(_ range: Range<Int>, _ result: inout LoadRange) {
    if case .edge? = rows.shapes.first { return addEdgeHeads(range, &result) }
    var numbers: [[Text]: UInt16] = [:]
    var known = [UInt16?](repeating: nil, count: rows.shapes.count)
    result.setNumbers.reserveCapacity(range.count)
    for row in range {
      let shape = Int(rows.rowShapes[row])
      if known[shape] == nil, case .node(let labels, _, _) = rows.shapes[shape] {
        // Sets are told apart by their labels in some order that is always the same.
        let set = labels.sorted()
        if numbers[set] == nil {
          numbers[set] = UInt16(result.labelSets.count)
          result.labelSets.append(set)
        }
        known[shape] = numbers[set]
      }
      result.setNumbers.append(known[shape] ?? 0)
    }
  }

  private func addEdgeHeads(_ range: Range<Int>, _ result: inout LoadRange) {
    var known = [Int?](repeating: nil, count: rows.shapes.count)
    var numbers: [Text: Int] = [:]
    var codes: [Int] = []
    codes.reserveCapacity(range.count)
    for row in range {
      let shape = Int(rows.rowShapes[row])
      if known[shape] == nil, case .edge(let type, _) = rows.shapes[shape] {
        if numbers[type] == nil {
          numbers[type] = result.types.count
          result.types.append(type)
        }
        known[shape] = numbers[type]
      }
      codes.append(known[shape] ?? 0)
    }
    result.edgeHeads = EdgeHeads.encode(
      creation: transaction.rawValue, codes: codes, typeCount: result.types.count,
      from: rows.starts[range].map(\.rawValue), to: rows.targets[range].map(\.rawValue))
  }
}
