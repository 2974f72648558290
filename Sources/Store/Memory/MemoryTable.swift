// One ordered table in memory: a list of leaves with sorted rows. Copies share everything; a change
// copies the list once and the one leaf it touches, so that snapshots taken before stay as they
// were. Creating one costs nothing, which test suites with thousands of stores need.

/// An ordered map from bytes to bytes with cheap copies.
@usableFromInline
struct MemoryTable: Sendable {
  /// Sorted rows; split in two when full.
  final class Leaf: @unchecked Sendable {
    // @unchecked: changed only while uniquely referenced by the one writer's table.
    var cells: [MemoryCell]
    init(_ cells: [MemoryCell]) { self.cells = cells }
  }

  /// A place in the table; `none` before the first row and after the last.
  @usableFromInline
  struct Position: BitwiseCopyable, Sendable {
    var leaf: Int
    var row: Int
    @usableFromInline static let none = Position(leaf: -1, row: 0)
  }

  static let leafCapacity = 64

  /// No leaf is empty.
  private var leaves: [Leaf] = []
  private(set) var count = 0

  // MARK: Reading

  @usableFromInline
  func cell(at position: Position) -> MemoryCell? {
    guard position.leaf >= 0, position.leaf < leaves.count else { return nil }
    let cells = leaves[position.leaf].cells
    return position.row < cells.count ? cells[position.row] : nil
  }

  func find(_ key: RawSpan) -> MemoryCell? {
    guard let cell = cell(at: lowerBound(key)), cell.order(against: key) == 0 else { return nil }
    return cell
  }

  /// The first row whose key is `key` or above.
  @usableFromInline
  func lowerBound(_ key: RawSpan) -> Position {
    let leaf = leafIndex(for: key)
    guard leaf < leaves.count else { return .none }
    let row = Self.row(for: key, in: leaves[leaf].cells)
    if row < leaves[leaf].cells.count { return Position(leaf: leaf, row: row) }
    return leaf + 1 < leaves.count ? Position(leaf: leaf + 1, row: 0) : .none
  }

  @usableFromInline var firstPosition: Position {
    leaves.isEmpty ? .none : Position(leaf: 0, row: 0)
  }

  @usableFromInline var lastPosition: Position {
    guard let leaf = leaves.last else { return .none }
    return Position(leaf: leaves.count - 1, row: leaf.cells.count - 1)
  }

  @usableFromInline
  func position(after position: Position) -> Position {
    guard position.leaf >= 0 else { return firstPosition }
    if position.row + 1 < leaves[position.leaf].cells.count {
      return Position(leaf: position.leaf, row: position.row + 1)
    }
    return position.leaf + 1 < leaves.count ? Position(leaf: position.leaf + 1, row: 0) : .none
  }

  @usableFromInline
  func position(before position: Position) -> Position {
    guard position.leaf >= 0 else { return lastPosition }
    if position.row > 0 { return Position(leaf: position.leaf, row: position.row - 1) }
    guard position.leaf > 0 else { return .none }
    return Position(leaf: position.leaf - 1, row: leaves[position.leaf - 1].cells.count - 1)
  }

  /// The last leaf whose first key is not above `key`, or the first leaf.
  private func leafIndex(for key: RawSpan) -> Int {
    var low = 0
    var high = leaves.count
    while low < high {
      let middle = (low + high) / 2
      let isBefore = leaves[middle].cells[0].order(against: key) <= 0
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return max(low - 1, 0)
  }

  private static func row(for key: RawSpan, in cells: [MemoryCell]) -> Int {
    var low = 0
    var high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].order(against: key) < 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Writing

  /// Whether `key` is above every key.
  func isAboveAll(_ key: RawSpan) -> Bool {
    guard let last = cell(at: lastPosition) else { return true }
    return last.order(against: key) < 0
  }

  mutating func put(_ cell: MemoryCell, key: RawSpan) {
    guard !leaves.isEmpty else {
      leaves = [Leaf([cell])]
      count = 1
      return
    }
    let index = leafIndex(for: key)
    makeUnique(index)
    let leaf = leaves[index]
    let row = Self.row(for: key, in: leaf.cells)
    if row < leaf.cells.count, leaf.cells[row].order(against: key) == 0 {
      leaf.cells[row] = cell
      return
    }
    leaf.cells.insert(cell, at: row)
    count += 1
    guard leaf.cells.count > Self.leafCapacity else { return }
    // Keys that only grow leave full leaves behind; others leave halves.
    let cut = row == leaf.cells.count - 1 ? leaf.cells.count - 1 : leaf.cells.count / 2
    leaves.insert(Leaf(Array(leaf.cells[cut...])), at: index + 1)
    leaf.cells.removeSubrange(cut...)
  }

  mutating func delete(_ key: RawSpan) -> MemoryCell? {
    guard !leaves.isEmpty else { return nil }
    let index = leafIndex(for: key)
    let row = Self.row(for: key, in: leaves[index].cells)
    guard row < leaves[index].cells.count,
      leaves[index].cells[row].order(against: key) == 0
    else { return nil }
    makeUnique(index)
    let removed = leaves[index].cells.remove(at: row)
    count -= 1
    if leaves[index].cells.isEmpty { leaves.remove(at: index) }
    return removed
  }

  private mutating func makeUnique(_ index: Int) {
    if !isKnownUniquelyReferenced(&leaves[index]) {
      leaves[index] = Leaf(leaves[index].cells)
    }
  }
}
