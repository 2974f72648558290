// The rows of a scan, and of what is done with each of them, made on all processors. The first part
// is done on this thread and its rows go out as they come, so that a query which wants few rows
// pays for few; the other parts are done several at a time, and their rows wait for their turn.
// The rows, their order, and the error of a query that fails are those of a single thread; only
// where batches end is not.

import Base
import Graph
import Store

/// Emits the rows of a divided scan in the order of its parts.
final class GatherOperator: Operator {
  /// The same operators for this thread.
  private let here: any Operator
  private let scan: any DividedScan
  private let parts: ScanParts<any Operator>
  private let slotCount: Int
  @exclusivity(unchecked) private var ranges: [Range<UInt64>] = []
  @exclusivity(unchecked) private var nextPart = 0
  @exclusivity(unchecked) private var isStarted = false
  /// Whether the next rows are those of `here`.
  @exclusivity(unchecked) private var isHere = false
  @exclusivity(unchecked) private var waiting = WaitingRows()
  @exclusivity(unchecked) private var held = HeldMemory()

  init(
    here: any Operator, scan: any DividedScan, parts: ScanParts<any Operator>, slotCount: Int
  ) {
    self.here = here
    self.scan = scan
    self.parts = parts
    self.slotCount = slotCount
  }

  func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isStarted { try start(graph) }
    while true {
      if waiting.take(into: &batch, limit: limit) {
        try run.checkpoint()
        return true
      }
      held.giveBack()
      if isHere {
        if try here.next(into: &batch, limit: limit, graph, run) { return true }
        isHere = false
      }
      guard nextPart < ranges.count else {
        batch.clear()
        return false
      }
      try gather(graph, run)
    }
  }

  private func start(_ graph: borrowing GraphView) throws {
    isStarted = true
    ranges = try parts.division(graph)
    nextPart = min(1, ranges.count)
    if let first = ranges.first { begin(first) }
  }

  /// Has this thread do some parts.
  private func begin(_ nodes: Range<UInt64>) {
    here.rewind()
    scan.restrict(to: nodes)
    isHere = true
  }

  /// Does the next parts. One that fails, or has too many rows to let them wait, is done by this
  /// thread, with all that follow: so the rows before an error come out before it.
  private func gather(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    let end = min(nextPart + Self.partsPerThread * Parallel.threads, ranges.count)
    let some = ranges[nextPart..<end]
    let slotCount = slotCount
    let results = try parts.results(of: some, shares: some.count * Self.spared, graph, run) {
      top, graph, run in try PartRows(of: top, slotCount: slotCount, graph, run)
    }
    for (index, result) in zip(some.indices, results) {
      guard case .success(let rows) = result else {
        begin(ranges[index].lowerBound..<ranges[ranges.count - 1].upperBound)
        nextPart = ranges.count
        return
      }
      try held.add(rows.bytes, run)
      waiting.add(rows.batches)
      nextPart = index + 1
    }
  }

  /// More than one, since one part may take longer than another.
  private static let partsPerThread = 2
  /// Rows that wait may take this part of the memory that is left; the rest is for whom they are.
  private static let spared = 4

  func rewind() {
    here.rewind()
    waiting = WaitingRows()
    held.giveBack()
    isHere = false
    isStarted = false
  }
}

/// All rows of a part.
private struct PartRows: Sendable {
  var batches: [Batch] = []
  var bytes = 0

  init(
    of top: any Operator, slotCount: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    var held = HeldMemory()
    var batch = Batch(slotCount: slotCount)
    while try top.next(into: &batch, limit: run.batchRows, graph, run) {
      // Few rows among many that a filter dropped are not worth the room of all.
      if batch.selectedCount * 2 < batch.rowCount {
        batches.append(batch.gathered())
      } else {
        batches.append(batch)
        batch = Batch(slotCount: slotCount)
      }
      bytes += batches[batches.count - 1].columns.reduce(0) { $0 + $1.approximateBytes }
      try held.set(bytes, run)
    }
    top.rewind()
  }
}

/// Batches that wait to be asked for.
private struct WaitingRows {
  private var batches: [Batch] = []
  private var next = 0
  /// How many rows of the next batch have gone out.
  private var taken = 0

  mutating func add(_ more: [Batch]) { batches += more }

  /// Replaces `batch` with at most `limit` rows; `false` where none waits.
  mutating func take(into batch: inout Batch, limit: Int) -> Bool {
    guard next < batches.count else {
      batches.removeAll()
      next = 0
      return false
    }
    let count = batches[next].selectedCount
    if taken == 0, count <= limit {
      swap(&batch, &batches[next])
      next += 1
      return true
    }
    let end = min(count, taken + limit)
    batch = batches[next]
    batch.keep(selected: taken..<end)
    taken = end == count ? 0 : end
    if end == count { next += 1 }
    return true
  }
}
