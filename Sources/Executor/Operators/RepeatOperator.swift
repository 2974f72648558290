// GQL's repeated groups: `((a)-[e]->(b) WHERE ...){2,5}`. Repetitions are enumerated depth first;
// the ways to repeat once more from a node come from the inner plan.

import Base
package import Graph
package import Planner

/// Enumerates the paths made of repetitions of an inner plan.
package final class RepeatOperator: Operator {
  /// One way to go through the group once.
  private struct Repetition {
    var last: NodeID
    var edges: [EdgeID]
    /// The values of the group's variables.
    var values: [Value]

    /// Roughly; all repetitions of a group have as many edges and values.
    var bytes: Int {
      128 + edges.count * MemoryLayout<EdgeID>.stride + values.count * MemoryLayout<Value>.stride
    }
  }

  private struct Frame {
    var repetitions: [Repetition]
    var next = 0
  }

  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: RepeatStep
  private let inner: any Operator
  private let argument: ArgumentOperator
  @exclusivity(unchecked) private var gather: RowGather
  private let slotCount: Int
  @exclusivity(unchecked) private var frames: [Frame] = []
  @exclusivity(unchecked) private var path: [Repetition] = []
  @exclusivity(unchecked) private var start: NodeID?
  @exclusivity(unchecked) private var target: NodeID?
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) private var emitsStart = false
  @exclusivity(unchecked) private var ends: [NodeID] = []
  @exclusivity(unchecked) private var lists: [[Value]]
  /// Elements in the lists of the output together.
  @exclusivity(unchecked) private var elementCount = 0
  @exclusivity(unchecked) private var edgeLists: [Value] = []
  @exclusivity(unchecked) private var held = HeldMemory()
  /// What the repetitions of all open frames hold.
  @exclusivity(unchecked) private var frameBytes = 0

  package init(
    input: any Operator, step: RepeatStep, inner: any Operator, argument: ArgumentOperator,
    carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    self.inner = inner
    self.argument = argument
    self.slotCount = slotCount
    gather = RowGather(carried: carried)
    lists = [[Value]](repeating: [], count: step.group.variables.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      clearOutput()
      while cursor.hasRow, gather.count < limit, elementCount < ExecutionRun.elementsPerBatch {
        if !isStarted { try startRow(graph, run) }
        try enumerate(limit: limit, graph, run)
        if frames.isEmpty, !emitsStart {
          cursor.advance()
          isStarted = false
        }
      }
      if gather.count > 0 {
        emit(into: &batch)
        return true
      }
    }
  }

  private func clearOutput() {
    elementCount = 0
    gather.clear()
    ends.removeAll(keepingCapacity: true)
    edgeLists.removeAll(keepingCapacity: true)
    for index in lists.indices { lists[index].removeAll(keepingCapacity: true) }
  }

  private func startRow(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isStarted = true
    frames = []
    frameBytes = 0
    path = []
    emitsStart = false
    target = nil
    start = cursor.batch.columns[step.from.index].node(cursor.row)
    guard let start else { return }
    if step.isInto {
      guard let bound = cursor.batch.columns[step.to.index].node(cursor.row) else { return }
      target = bound
    }
    emitsStart = step.group.length.minimum == 0 && (target == nil || target == start)
    try open(start, graph, run)
  }

  /// Reads the ways to repeat once more from a node.
  private func open(
    _ node: NodeID, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    var frame = Frame(repetitions: [])
    defer { frames.append(frame) }
    guard path.count < step.group.length.maximum ?? .max else { return }
    argument.row.clear()
    argument.row.append(row: cursor.row, of: cursor.batch)
    argument.row.columns[step.innerFirst.index].reset(to: .nodes)
    argument.row.columns[step.innerFirst.index].nodes.append(node)
    inner.rewind()
    var batch = Batch(slotCount: slotCount)
    while try inner.next(into: &batch, limit: run.batchRows, graph, run) {
      try run.countPathExpansions(batch.selectedCount)
      batch.forEachSelected { row in
        guard let last = batch.columns[step.innerLast.index].node(row) else { return }
        var edges: [EdgeID] = []
        for slot in step.innerEdges {
          _ = batch.columns[slot.index].appendEdges(row, to: &edges)
        }
        let values = step.group.variables.map { variable in
          let column = batch.columns[variable.inner.index]
          return row < column.count ? column[row] : .null
        }
        frame.repetitions.append(Repetition(last: last, edges: edges, values: values))
        frameBytes += frame.repetitions[0].bytes
      }
    }
    try held.set(frameBytes, run)
  }

  private func enumerate(
    limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    if emitsStart {
      emitsStart = false
      try emitPath(run)
    }
    while gather.count < limit, elementCount < ExecutionRun.elementsPerBatch,
      let frame = frames.last
    {
      try run.tick()
      guard frame.next < frame.repetitions.count else {
        frameBytes -= frame.repetitions.count * (frame.repetitions.first?.bytes ?? 0)
        frames.removeLast()
        if !path.isEmpty { path.removeLast() }
        continue
      }
      frames[frames.count - 1].next += 1
      let repetition = frame.repetitions[frame.next]
      try run.tick(work: path.count)
      guard permits(repetition) else { continue }
      path.append(repetition)
      try open(repetition.last, graph, run)
      if path.count >= step.group.length.minimum, target == nil || target == repetition.last {
        try emitPath(run)
      }
    }
  }

  private func permits(_ repetition: Repetition) -> Bool {
    if step.restriction == .walk { return true }
    for edge in repetition.edges {
      if path.contains(where: { $0.edges.contains(edge) }) { return false }
      for slot in step.distinctFrom
      where cursor.batch.columns[slot.index].holds(edge, cursor.row) { return false }
    }
    switch step.restriction {
    case .acyclic:
      return repetition.last != start && !path.contains { $0.last == repetition.last }
    case .simple:
      return path.last?.last != start && !path.contains { $0.last == repetition.last }
    case .walk, .trail: return true
    }
  }

  private func emitPath(_ run: ExecutionRun) throws {
    let work = path.count * (lists.count + 1)
    elementCount += work
    try run.tick(work: work)
    gather.append(cursor.row)
    ends.append(path.last?.last ?? start ?? NodeID(0))
    for index in lists.indices { lists[index].append(.list(path.map { $0.values[index] })) }
    edgeLists.append(.list(path.flatMap { $0.edges.map { .edge($0) } }))
  }

  private func emit(into batch: inout Batch) {
    gather.copy(from: cursor.batch, into: &batch)
    if !step.isInto {
      batch.columns[step.to.index].reset(to: .nodes)
      batch.columns[step.to.index].nodes.append(contentsOf: ends)
    }
    batch.columns[step.edges.index].reset(to: .values)
    batch.columns[step.edges.index].values.append(contentsOf: edgeLists)
    for (index, variable) in step.group.variables.enumerated() {
      batch.columns[variable.outer.index].reset(to: .values)
      batch.columns[variable.outer.index].values.append(contentsOf: lists[index])
    }
  }

  package func rewind() {
    cursor.rewind()
    isStarted = false
    frames = []
    frameBytes = 0
    held.giveBack()
    path = []
    emitsStart = false
  }
}
