// Walking over an input row by row, batch by batch, for operators that expand each row.

import Graph

/// An input with the batch at hand and the position in it.
struct InputCursor {
  let input: any Operator
  private(set) var batch: Batch
  /// The current row's place among those that count.
  private(set) var position = 0
  private var isExhausted = false

  init(_ input: any Operator, slotCount: Int) {
    self.input = input
    batch = Batch(slotCount: slotCount)
  }

  /// The index of the current row in `batch`.
  var row: Int {
    if let selection = batch.selection { return Int(selection[position]) }
    return position
  }

  /// Whether there is a current row in the batch at hand.
  var hasRow: Bool { position < batch.selectedCount }

  mutating func advance() { position += 1 }

  /// Goes on to a place among the rows that count.
  mutating func advance(to place: Int) { position = place }

  /// Fetches the next batch; `false` at the end of the input.
  mutating func fetch(
    limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if isExhausted { return false }
    position = 0
    guard try input.next(into: &batch, limit: limit, graph, run) else {
      isExhausted = true
      batch.clear()
      return false
    }
    return true
  }

  mutating func rewind() {
    input.rewind()
    batch.clear()
    position = 0
    isExhausted = false
  }
}
