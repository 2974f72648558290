// Runs plans that write. Each writing clause is carried out for all of its rows before the next
// clause sees any (Cypher's eager semantics), so that a plan falls into stages: what reads runs as
// operators over the rows of the stage before, what writes runs here.

import Base
package import Graph
package import Planner

/// Runs a writing plan inside one transaction, and after it in the next one: what was made of the
/// plan's expressions and of what it reads first is kept.
package final class PlanWriter: @unchecked Sendable {
  // @unchecked: whoever took it has it alone until it is given back.

  let builder: OperatorBuilder
  package let run: ExecutionRun
  private let plan: PreparedPlan
  private let slotCount: Int
  /// What the clauses did, for the summary of the result.
  package private(set) var changes = GraphChanges()
  /// Where the plan's rows begin.
  private let start: ArgumentOperator
  /// What was made for operations of the plan, by their numbers.
  private var operators: [Int: any Operator] = [:]
  private var creators: [Int: PatternCreator] = [:]
  private var inputSlots: [Int: SlotSet] = [:]

  package init(
    _ plan: PreparedPlan, procedures: any ProcedureLibrary, _ run: ExecutionRun,
    profile: PlanProfile? = nil
  ) {
    builder = OperatorBuilder(
      plan: plan, procedures: procedures, run: run, profile: profile)
    self.run = run
    self.plan = plan
    slotCount = plan.slotCount
    start = ArgumentOperator(slotCount: plan.slotCount)
  }

  /// Runs the whole plan; the rows hold the plan's columns. Where it throws, the writer is not to
  /// be used again.
  package func run(
    _ settings: RunSettings, in transaction: inout GraphTransaction
  ) throws -> Batch {
    run.begin(settings)
    changes = GraphChanges()
    start.rewind()
    let needed = SlotSet(plan.columns.map(\.slot))
    let rows = try rows(of: plan.root, needed: needed, from: start, &transaction)
    for operators in operators.values { operators.rewind() }
    return rows
  }

  /// The rows that a plan leaves, with the slots that are needed.
  func rows(
    of plan: Plan, needed: SlotSet, from argument: any Operator,
    _ transaction: inout GraphTransaction
  ) throws -> Batch {
    try run.checkpoint()
    if !plan.isWriting { return try pull(plan, needed, argument, &transaction) }
    if plan.operation.isWriting {
      let input = try rows(
        of: plan.inputs[0], needed: inputSlots(of: plan, needed), from: argument, &transaction)
      return try write(plan, input, &transaction)
    }
    if case .union(let slots, let outputs) = plan.operation {
      return try union(plan, slots, outputs, argument, &transaction)
    }
    return try readAfterWriting(plan, needed, argument, &transaction)
  }

  /// The slots of a plan's input that it or its consumers read.
  private func inputSlots(of plan: Plan, _ needed: SlotSet) -> SlotSet {
    if let known = inputSlots[plan.identifier] { return known }
    let slots = SlotSet(plan.carried).union(plan.operation.read).union(needed)
      .union(plan.innerSlots)
    inputSlots[plan.identifier] = slots
    return slots
  }

  /// Finds the last writing operation below, carries it out, and runs what reads its rows.
  private func readAfterWriting(
    _ plan: Plan, _ needed: SlotSet, _ argument: any Operator,
    _ transaction: inout GraphTransaction
  ) throws -> Batch {
    var above = plan
    let stage = Self.cut(&above)
    let slots = inputSlots(of: stage.parent, needed)
    let rows = try rows(of: stage.writing, needed: slots, from: argument, &transaction)
    return try pull(above, needed, BatchOperator(rows), &transaction)
  }

  /// Replaces the first plan below `plan` that is no chain of reading operations by an argument.
  private static func cut(_ plan: inout Plan) -> (writing: Plan, parent: Plan) {
    let input = plan.inputs[0]
    let isStage: Bool
    if case .union = input.operation { isStage = true } else { isStage = input.operation.isWriting }
    if isStage {
      let parent = plan
      plan.inputs[0] = Plan(.argument([]))
      return (input, parent)
    }
    return cut(&plan.inputs[0])
  }

  private func union(
    _ plan: Plan, _ slots: [Slot], _ outputs: [[Slot]], _ argument: any Operator,
    _ transaction: inout GraphTransaction
  ) throws -> Batch {
    var result = Batch(slotCount: slotCount)
    for (branch, output) in zip(plan.inputs, outputs) {
      let rows = try rows(
        of: branch, needed: SlotSet(output), from: RestartingOperator(argument), &transaction)
      for (target, source) in zip(slots, output) {
        result.columns[target.index].generalise()
        for row in 0..<rows.rowCount {
          result.columns[target.index].append(rows.columns[source.index][row])
        }
      }
      result.rowCount += rows.rowCount
    }
    return result
  }

  /// Pulls all rows of a reading plan into one batch.
  private func pull(
    _ plan: Plan, _ needed: SlotSet, _ argument: any Operator,
    _ transaction: inout GraphTransaction
  ) throws -> Batch {
    let operators = try operators(of: plan, argument)
    var rows = RowBuffer(slots: needed.map(\.index).sorted(), slotCount: slotCount)
    try transaction.read { graph in
      var batch = Batch(slotCount: slotCount)
      while try operators.next(into: &batch, limit: run.batchRows, graph, run) {
        try rows.append(batch, run)
      }
    }
    return rows.takeBatch()
  }

  /// The operators of a plan; those that begin where the whole plan does are kept.
  private func operators(of plan: Plan, _ argument: any Operator) throws -> any Operator {
    guard argument === start else { return try builder.build(plan, argument: argument) }
    if let known = operators[plan.identifier] { return known }
    let made = try builder.build(plan, argument: argument)
    operators[plan.identifier] = made
    return made
  }

  /// What carries out a CREATE, or the creating half of a MERGE.
  private func creator(
    of plan: Plan, _ create: BoundCreate, refusesNull: Bool
  ) throws -> PatternCreator {
    if let known = creators[plan.identifier] { return known }
    let made = try PatternCreator(create, refusesNull: refusesNull, builder)
    creators[plan.identifier] = made
    return made
  }

  // MARK: Writing

  func write(
    _ plan: Plan, _ input: Batch, _ transaction: inout GraphTransaction
  ) throws -> Batch {
    var rows = input
    switch plan.operation {
    case .create(let create):
      let creator = try creator(of: plan, create, refusesNull: false)
      for row in 0..<rows.rowCount {
        try run.tick()
        try creator.create(row, of: &rows, &transaction, run, &changes)
      }
    case .merge(let merge): rows = try self.merge(merge, plan, rows, &transaction)
    case .set(let items):
      let setter = try PropertySetter(items, builder)
      for row in 0..<rows.rowCount { try setter.apply(row, of: rows, &transaction, run, &changes) }
    case .remove(let items):
      let remover = try PropertyRemover(items, builder)
      for row in 0..<rows.rowCount { try remover.apply(row, of: rows, &transaction, run, &changes) }
    case .delete(let delete):
      var deleter = try EntityDeleter(delete, builder)
      for row in 0..<rows.rowCount { try deleter.collect(row, of: rows, &transaction, run) }
      try deleter.delete(&transaction, run, &changes)
    case .forEach(let slot, let list):
      try forEach(slot, list, plan.inputs[1], rows, &transaction)
    default:
      throw StemmaError(.queryNotSupported, "this writing clause is not executed yet")
    }
    return rows
  }

  /// Per row: the matches of the pattern, or what is created where there are none.
  private func merge(
    _ merge: BoundMerge, _ plan: Plan, _ input: Batch, _ transaction: inout GraphTransaction
  ) throws -> Batch {
    let argument = ArgumentOperator(slotCount: slotCount)
    let matcher = try builder.build(plan.inputs[1], argument: argument)
    let creator = try creator(of: plan, merge.create, refusesNull: true)
    let onCreate = try PropertySetter(merge.onCreate, builder)
    let onMatch = try PropertySetter(merge.onMatch, builder)
    let output = SlotSet(plan.carried + plan.operation.assigned).union(plan.operation.read)
    var result = RowBuffer(slots: output.map(\.index).sorted(), slotCount: slotCount)
    for row in 0..<input.rowCount {
      try run.tick()
      argument.row.clear()
      argument.row.append(row: row, of: input)
      matcher.rewind()
      var matches = RowBuffer(slots: result.slots, slotCount: slotCount)
      try transaction.read { graph in
        var batch = Batch(slotCount: slotCount)
        while try matcher.next(into: &batch, limit: run.batchRows, graph, run) {
          try matches.append(batch, run)
        }
      }
      var rows = matches.takeBatch()
      if rows.rowCount > 0 {
        for match in 0..<rows.rowCount {
          try onMatch.apply(match, of: rows, &transaction, run, &changes)
        }
      } else {
        rows = argument.row
        for slot in merge.create.newSlots { rows.columns[slot.index].reset(to: .values) }
        try creator.create(0, of: &rows, &transaction, run, &changes)
        try onCreate.apply(0, of: rows, &transaction, run, &changes)
      }
      try result.append(rows, run)
      matches.clear()
    }
    return result.takeBatch()
  }

  /// Runs the body once per element, one after the other.
  private func forEach(
    _ slot: Slot, _ list: BoundExpression, _ body: Plan, _ rows: Batch,
    _ transaction: inout GraphTransaction
  ) throws {
    let list = try builder.compile(list)
    for row in 0..<rows.rowCount {
      let value = try transaction.read { graph in
        try list.value(rows, row: row, graph, run.evaluation)
      }
      let elements: [Value]
      switch value {
      case .null: elements = []
      case .list(let values): elements = values
      default:
        throw StemmaError(
          .queryRuntime, "FOREACH needs a list, not \(value)",
          advice: "write FOREACH (x IN [...] | ...)",
          classification: CypherClassification(
            type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
      }
      for element in elements {
        let argument = ArgumentOperator(slotCount: slotCount)
        argument.row.clear()
        argument.row.append(row: row, of: rows)
        argument.row.columns[slot.index].reset(to: .values)
        argument.row.columns[slot.index].append(element)
        _ = try self.rows(of: body, needed: [], from: argument, &transaction)
      }
    }
  }
}
