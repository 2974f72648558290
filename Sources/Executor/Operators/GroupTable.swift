// The groups of an aggregation, numbered in the order in which their keys were first met. A single
// key that is a node, an integer or a string is looked up by itself, with no allocation per row.

import Base
import Graph

/// Numbers groups by their keys.
struct GroupTable {
  private(set) var keys: [EquivalenceKey] = []
  private var numbers = SplitTable<EquivalenceKey, Int32>()
  private var nodeNumbers = SplitTable<NumberKey, Int32>()
  private var integerNumbers = SplitTable<NumberKey, Int32>()
  /// The groups of small integers, -1 where there is none: most codes and keys are small.
  private var smallNumbers: [Int32] = []
  private static let smallLimit = 1 << 16
  private var textNumbers = SplitTable<Text, Int32>()
  private var nullNumber: Int32?
  private var scratch = EquivalenceKey([])

  /// Whether no group is added any more: rows of others are in group -1.
  var isFrozen = false

  var count: Int { keys.count }

  /// Forgets the groups.
  mutating func removeAll() {
    isFrozen = false
    keys.removeAll(keepingCapacity: true)
    numbers.removeAll()
    nodeNumbers.removeAll()
    integerNumbers.removeAll()
    smallNumbers.removeAll(keepingCapacity: true)
    textNumbers.removeAll()
    nullNumber = nil
  }

  /// The groups of the selected rows by one key; `groups` has a place for every row.
  mutating func assign(_ column: Column, _ batch: Batch, to groups: inout [Int32]) {
    switch column.kind {
    case .nodes where column.nulls.isEmpty:
      let nodes = column.nodes
      batch.forEachSelected { groups[$0] = index(of: nodes[$0]) }
    case .integers where column.nulls.isEmpty:
      let integers = column.integers
      batch.forEachSelected { groups[$0] = index(of: integers[$0]) }
    default: batch.forEachSelected { groups[$0] = index(ofSingle: column[$0]) }
    }
  }

  /// The groups of the selected rows by several keys.
  mutating func assign(_ columns: [Column], _ batch: Batch, to groups: inout [Int32]) {
    batch.forEachSelected { row in
      scratch.values.removeAll(keepingCapacity: true)
      for column in columns { scratch.values.append(column[row]) }
      groups[row] = index(of: scratch)
    }
  }

  mutating func index(of key: EquivalenceKey) -> Int32 {
    if key.values.count == 1 { return index(ofSingle: key.values[0]) }
    if let number = numbers[key] { return number }
    let made = add(key)
    if made >= 0 { numbers[key] = made }
    return made
  }

  /// Equal keys must meet in one table: a float that is whole is looked up as the integer.
  private mutating func index(ofSingle value: Value) -> Int32 {
    switch value {
    case .node(let node): return index(of: node)
    case .integer(let whole): return index(of: whole)
    case .float(let number):
      guard let whole = Int64(exactly: number) else { break }
      return find(whole, value)
    case .string(let text):
      if let known = textNumbers[text] { return known }
      let made = add(EquivalenceKey([value]))
      if made >= 0 { textNumbers[text] = made }
      return made
    case .null:
      if let nullNumber { return nullNumber }
      let made = add(EquivalenceKey([.null]))
      if made >= 0 { nullNumber = made }
      return made
    default: break
    }
    let key = EquivalenceKey([value])
    if let known = numbers[key] { return known }
    let made = add(key)
    if made >= 0 { numbers[key] = made }
    return made
  }

  private mutating func index(of node: NodeID) -> Int32 {
    if let known = nodeNumbers[NumberKey(node)] { return known }
    let made = add(EquivalenceKey([.node(node)]))
    if made >= 0 { nodeNumbers[NumberKey(node)] = made }
    return made
  }

  @inline(__always)
  private mutating func index(of whole: Int64) -> Int32 {
    if whole >= 0, whole < Int64(smallNumbers.count) {
      let known = smallNumbers[Int(whole)]
      if known >= 0 { return known }
    }
    return find(whole, .integer(whole))
  }

  /// The group of a whole number, made with `value` where it is new.
  private mutating func find(_ whole: Int64, _ value: Value) -> Int32 {
    if whole >= 0, whole < Int64(Self.smallLimit) {
      let place = Int(whole)
      if place >= smallNumbers.count {
        let size = max(place + 1, min(Self.smallLimit, smallNumbers.count * 2))
        smallNumbers.append(contentsOf: repeatElement(-1, count: size - smallNumbers.count))
      }
      if smallNumbers[place] < 0 { smallNumbers[place] = add(EquivalenceKey([value])) }
      return smallNumbers[place]
    }
    if let known = integerNumbers[NumberKey(whole)] { return known }
    let made = add(EquivalenceKey([value]))
    if made >= 0 { integerNumbers[NumberKey(whole)] = made }
    return made
  }

  private mutating func add(_ key: EquivalenceKey) -> Int32 {
    if isFrozen { return -1 }
    keys.append(key)
    return Int32(keys.count - 1)
  }
}
