// GQL's selectors where no special search applies: all paths are collected, and for each outer row
// and pair of ends some are chosen by their lengths. Right for every pattern, never fast.

import Base
import Cypher
package import Graph
package import Planner

/// Chooses among the paths of its input.
package final class SelectPathsOperator: Operator {
  private struct Ends: Hashable {
    var row: Int64
    var start: NodeID
    var end: NodeID
  }

  private let input: any Operator
  private let step: SelectPathsStep
  private let slotCount: Int
  @exclusivity(unchecked) private var rows: RowBuffer
  @exclusivity(unchecked) private var chosen: [Int32] = []
  @exclusivity(unchecked) private var position = 0
  @exclusivity(unchecked) private var isCollected = false
  @exclusivity(unchecked) private var held = HeldMemory()

  package init(
    input: any Operator, step: SelectPathsStep, carried: [Int], slotCount: Int
  ) {
    self.input = input
    self.step = step
    self.slotCount = slotCount
    rows = RowBuffer(slots: carried, slotCount: slotCount)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isCollected { try collect(graph, run) }
    let end = min(chosen.count, position + limit)
    rows.gather(chosen[position..<end], into: &batch)
    defer { position = end }
    return end > position
  }

  private func collect(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isCollected = true
    var groups: [Ends: [(row: Int32, length: Int)]] = [:]
    var order: [Ends] = []
    var batch = Batch(slotCount: slotCount)
    var number: Int32 = 0
    while try input.next(into: &batch, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      try batch.forEachSelected { row in
        defer { number += 1 }
        guard let start = batch.columns[step.start.index].node(row),
          let end = batch.columns[step.end.index].node(row),
          case .integer(let outer) = batch.columns[step.outer.index][row]
        else { return }
        var edges: [EdgeID] = []
        for slot in step.edges { _ = batch.columns[slot.index].appendEdges(row, to: &edges) }
        try run.tick(work: edges.count)
        let ends = Ends(row: outer, start: start, end: end)
        if groups[ends] == nil { order.append(ends) }
        groups[ends, default: []].append((number, edges.count))
      }
      try held.add(batch.selectedCount * 48, run)
      try rows.append(batch, run)
    }
    chosen = []
    for ends in order { chosen += try choose(groups[ends] ?? [], run) }
  }

  private func choose(
    _ paths: [(row: Int32, length: Int)], _ run: ExecutionRun
  ) throws -> [Int32] {
    let byLength = try paths.enumerated().sorted { left, right in
      try run.tick()
      return (left.element.length, left.offset) < (right.element.length, right.offset)
    }.map(\.element)
    let kept: [(row: Int32, length: Int)]
    switch step.selector {
    case .all: kept = paths
    case .any(let count): kept = Array(paths.prefix(count))
    case .shortest(let count): kept = Array(byLength.prefix(count))
    case .allShortest: kept = byLength.filter { $0.length == byLength.first?.length }
    case .shortestGroups(let count):
      var lengths: [Int] = []
      for path in byLength where lengths.last != path.length { lengths.append(path.length) }
      kept = byLength.filter { lengths.prefix(count).contains($0.length) }
    }
    return kept.map(\.row)
  }

  package func rewind() {
    input.rewind()
    rows.clear()
    held.giveBack()
    chosen = []
    position = 0
    isCollected = false
  }
}

/// Numbers rows in a slot, from 0.
package final class NumberOperator: Operator {
  private let input: any Operator
  private let slot: Int
  @exclusivity(unchecked) private var count: Int64 = 0

  package init(input: any Operator, slot: Int) {
    self.input = input
    self.slot = slot
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    guard try input.next(into: &batch, limit: limit, graph, run) else { return false }
    batch.columns[slot].reset(to: .integers)
    for _ in 0..<batch.rowCount {
      batch.columns[slot].integers.append(count)
      count += 1
    }
    return true
  }

  package func rewind() {
    input.rewind()
    count = 0
  }
}
