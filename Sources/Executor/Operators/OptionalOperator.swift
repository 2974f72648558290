// OPTIONAL MATCH: the rows of an inner plan, and for each input row without any, that row with
// nulls. The inner plan runs over whole batches; a hidden slot numbers the rows on their way.

import Base
package import Graph

/// Runs an inner plan that never mixes rows (no aggregation, no limit) over each input batch.
package final class OptionalOperator: Operator {
  private let input: any Operator
  private let inner: any Operator
  private let argument: ArgumentOperator
  /// The hidden slot with the number of the row in the input batch.
  private let numberSlot: Int
  private let nullSlots: [Int]
  private let carried: [Int]
  @exclusivity(unchecked) private var source: Batch
  @exclusivity(unchecked) private var isMatched: [Bool] = []
  @exclusivity(unchecked) private var isInnerOpen = false
  @exclusivity(unchecked) private var isExhausted = false

  package init(
    input: any Operator, inner: any Operator, argument: ArgumentOperator, numberSlot: Int,
    nullSlots: [Int], carried: [Int], slotCount: Int
  ) {
    self.input = input
    self.inner = inner
    self.argument = argument
    self.numberSlot = numberSlot
    self.nullSlots = nullSlots
    self.carried = carried
    source = Batch(slotCount: slotCount)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while true {
      try run.checkpoint()
      if isInnerOpen {
        if try inner.next(into: &batch, limit: limit, graph, run) {
          noteMatches(batch)
          return true
        }
        isInnerOpen = false
        if emitUnmatched(into: &batch) { return true }
      }
      guard !isExhausted, try input.next(into: &source, limit: limit, graph, run) else {
        isExhausted = true
        batch.clear()
        return false
      }
      openInner()
    }
  }

  private func openInner() {
    source.columns[numberSlot].reset(to: .integers)
    for row in 0..<source.rowCount { source.columns[numberSlot].integers.append(Int64(row)) }
    isMatched = [Bool](repeating: false, count: source.rowCount)
    argument.row = source
    inner.rewind()
    isInnerOpen = true
  }

  private func noteMatches(_ batch: Batch) {
    let numbers = batch.columns[numberSlot].integers
    batch.forEachSelected { isMatched[Int(numbers[$0])] = true }
  }

  /// The rows of the input batch that met nothing; `false` where there are none.
  private func emitUnmatched(into batch: inout Batch) -> Bool {
    var gather = RowGather(carried: carried)
    source.forEachSelected { if !isMatched[$0] { gather.append($0) } }
    batch.clear()
    guard gather.count > 0 else { return false }
    gather.copy(from: source, into: &batch)
    for slot in nullSlots {
      batch.columns[slot].reset(to: .values)
      batch.columns[slot].values.append(
        contentsOf: repeatElement(Value.null, count: gather.count))
    }
    return true
  }

  package func rewind() {
    input.rewind()
    isInnerOpen = false
    isExhausted = false
  }
}
