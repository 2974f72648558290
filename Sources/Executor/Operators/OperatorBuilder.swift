// From a plan to running operators: compiles expressions and wires inputs. Operations that write
// have no operator; `PlanExecution` carries them out between pulls.

import Base
import Graph
package import Planner

/// Builds operators for one run of a plan.
package struct OperatorBuilder {
  let plan: PreparedPlan
  let procedures: any ProcedureLibrary
  let run: ExecutionRun
  /// Where PROFILE notes what each operation does.
  let profile: PlanProfile?
  /// Where scans are noted that can be told to look at a part of the nodes.
  var scans: BuiltScans?
  /// Whether scans are divided among processors.
  var isDividing = true

  var slotCount: Int { plan.slotCount }

  package init(
    plan: PreparedPlan, procedures: any ProcedureLibrary, run: ExecutionRun,
    profile: PlanProfile? = nil
  ) {
    self.profile = profile
    self.plan = plan
    self.procedures = procedures
    self.run = run
  }

  /// The operators of a plan that does not write; `argument` is where its rows begin.
  func build(_ plan: Plan, argument: any Operator) throws -> any Operator {
    if let gathered = try gather(plan, argument) { return gathered }
    let built = try buildPlain(plan, argument: argument)
    guard let profile else { return built }
    return ProfilingOperator(
      built, identifier: plan.identifier, profile: profile,
      now: run.evaluation.surroundings.now)
  }

  private func buildPlain(_ plan: Plan, argument: any Operator) throws -> any Operator {
    switch plan.operation {
    case .argument: return argument
    case .nodeScan, .columnScan, .keySeek, .identitySeek, .indexSeek, .edgeScan, .edgeEnds:
      return try source(plan, argument)
    case .expand, .degree, .semiExpand, .variableExpand, .reach, .shortestPath, .repeatGroup,
      .selectPaths, .number, .path:
      return try matching(plan, argument)
    default: return try rows(plan, argument)
    }
  }

  func compile(_ expression: BoundExpression) throws -> CompiledExpression {
    try CompiledExpression(expression) { try subquery($0) }
  }

  func compile(_ expressions: [BoundExpression]) throws -> [CompiledExpression] {
    try expressions.map(compile)
  }

  private func input(_ plan: Plan, _ argument: any Operator) throws -> any Operator {
    try build(plan.inputs[0], argument: argument)
  }

  // MARK: Sources

  private func source(_ plan: Plan, _ argument: any Operator) throws -> any Operator {
    let input = try input(plan, argument)
    let carried = plan.carried.map(\.index)
    switch plan.operation {
    case .nodeScan(let slot, let label):
      let scan = NodeScanOperator(
        input: input, slot: slot.index, label: label, carried: carried, slotCount: slotCount)
      scans?.all.append(scan)
      return scan
    case .columnScan(let step):
      let scan = try columnScan(plan, step, argument)
      scans?.all.append(scan)
      return scan
    case .keySeek(let slot, let key):
      return NodeSeekOperator(
        input: input, kind: .key, slot: slot.index, value: try compile(key))
    case .identitySeek(let slot, let identity):
      return NodeSeekOperator(
        input: input, kind: .identity, slot: slot.index, value: try compile(identity))
    case .indexSeek(let step):
      return IndexSeekOperator(
        input: input, step: step, prefix: try compile(step.prefix),
        lower: try step.lower.map { try compile($0.value) },
        upper: try step.upper.map { try compile($0.value) }, carried: carried,
        slotCount: slotCount)
    case .edgeScan(let step):
      return EdgeScanOperator(input: input, step: step, carried: carried, slotCount: slotCount)
    case .edgeEnds(let step):
      return EdgeEndsOperator(input: input, step: step, carried: carried, slotCount: slotCount)
    default: throw notAnOperator(plan)
    }
  }

  // MARK: Matching

  private func matching(_ plan: Plan, _ argument: any Operator) throws -> any Operator {
    let input = try input(plan, argument)
    let carried = plan.carried.map(\.index)
    switch plan.operation {
    case .expand(let step):
      return ExpandOperator(input: input, step: step, carried: carried, slotCount: slotCount)
    case .degree(let step, let weight, let times):
      return DegreeOperator(
        input: input, step: step, weight: weight.index, times: times?.index)
    case .semiExpand(let step):
      return DegreeOperator(input: input, step: step, weight: nil, times: nil)
    case .variableExpand(let run):
      return VariableExpandOperator(
        input: input, pattern: run, filter: try filter(run), carried: carried,
        slotCount: slotCount)
    case .reach(let run):
      return ReachOperator(
        input: input, pattern: run, filter: try filter(run), carried: carried,
        slotCount: slotCount)
    case .shortestPath(let run, let wantsAll):
      return ShortestPathOperator(
        input: input, pattern: run, wantsAll: wantsAll, filter: try filter(run),
        carried: carried, slotCount: slotCount)
    case .repeatGroup(let step):
      let start = ArgumentOperator(slotCount: slotCount)
      return RepeatOperator(
        input: input, step: step, inner: try undivided.build(plan.inputs[1], argument: start),
        argument: start, carried: carried, slotCount: slotCount)
    case .selectPaths(let step):
      return SelectPathsOperator(
        input: input, step: step, carried: carried, slotCount: slotCount)
    case .number(let slot): return NumberOperator(input: input, slot: slot.index)
    case .path(let step): return PathOperator(input: input, step: step)
    default: throw notAnOperator(plan)
    }
  }

  private func filter(_ run: VariableExpandStep) throws -> CandidateFilter? {
    guard !run.elementPredicates.isEmpty else { return nil }
    let outer = run.elementPredicates.readSlots.subtracting(run.elementSlots)
    // Followed against the order of the text, an edge leads to its `from`.
    let ends =
      run.reversesList
      ? (near: run.elementTo, far: run.elementFrom) : (near: run.elementFrom, far: run.elementTo)
    return CandidateFilter(
      predicates: try compile(run.elementPredicates), edge: run.element?.index,
      near: ends.near?.index, far: ends.far?.index, outerSlots: outer.map(\.index).sorted(),
      slotCount: slotCount)
  }

  // MARK: Rows

  private func rows(_ plan: Plan, _ argument: any Operator) throws -> any Operator {
    switch plan.operation {
    case .optional(let nulls, let number): return try optional(plan, nulls, number, argument)
    case .union(let slots, let outputs):
      let branches = try zip(plan.inputs, outputs).map { branch, output in
        // Branches are pulled one after the other and all begin at the same row.
        UnionOperator.Branch(
          input: try build(branch, argument: RestartingOperator(argument)),
          slots: output.map(\.index))
      }
      return UnionOperator(
        branches: branches, slots: slots.map(\.index), slotCount: slotCount)
    default: break
    }
    if case .aggregate(let aggregation) = plan.operation {
      return try aggregate(plan, aggregation, argument)
    }
    if case .hashJoin(let step) = plan.operation { return try join(plan, step, argument) }
    let input = try input(plan, argument)
    switch plan.operation {
    case .filter(let predicates):
      return FilterOperator(input: input, predicates: try predicates.map(compile))
    case .prefilter(let predicates):
      return FilterOperator(
        input: input, predicates: try predicates.map(compile), isLenient: true)
    case .project(let assignments):
      return ProjectOperator(input: input, assignments: try assignments.map(assignment))
    case .distinct(let slots):
      return DistinctOperator(input: input, slots: slots.map(\.index))
    case .sort(let keys, let limits, let isPresorted):
      return SortOperator(
        input: input,
        keys: try keys.map {
          SortKey(expression: try compile($0.expression), isDescending: $0.isDescending)
        }, limits: try compile(limits), isPresorted: isPresorted,
        slots: plan.carried.map(\.index), slotCount: slotCount)
    case .slice(let skip, let limit):
      return SliceOperator(
        input: input, skip: try skip.map(compile), limit: try limit.map(compile))
    case .unwind(let list, let slot):
      if case .call(.range, let arguments) = list.kind {
        return RangeOperator(
          input: input, arguments: try compile(arguments), slot: slot.index,
          carried: plan.carried.map(\.index), slotCount: slotCount)
      }
      return UnwindOperator(
        input: input, list: try compile(list), slot: slot.index,
        carried: plan.carried.map(\.index), slotCount: slotCount)
    case .elements(let list, let slot):
      return UnwindOperator(
        input: input, list: try compile(list), slot: slot.index, isDistinct: true,
        carried: plan.carried.map(\.index), slotCount: slotCount)
    case .storedCount(let slot, let counted):
      return StoredCountOperator(input: input, slot: slot.index, counted: counted)
    case .call(let call): return try procedure(input, call, plan)
    default: throw notAnOperator(plan)
    }
  }

  private func assignment(_ item: SlotExpression) throws -> SlotAssignment {
    SlotAssignment(slot: item.slot.index, expression: try compile(item.expression))
  }

  private func optional(
    _ plan: Plan, _ nulls: [Slot], _ number: Slot, _ argument: any Operator
  ) throws -> any Operator {
    let inner = ArgumentOperator(slotCount: slotCount)
    return OptionalOperator(
      input: try input(plan, argument), inner: try undivided.build(plan.inputs[1], argument: inner),
      argument: inner, numberSlot: number.index, nullSlots: nulls.map(\.index),
      carried: plan.carried.map(\.index), slotCount: slotCount)
  }

  private func procedure(
    _ input: any Operator, _ call: BoundCall, _ plan: Plan
  ) throws -> any Operator {
    guard let body = procedures.body(of: call.procedure.name) else {
      throw StemmaError(
        .queryNotSupported, "the procedure \(call.procedure.name) has no implementation")
    }
    return ProcedureOperator(
      input: input, signature: call.procedure, body: body, arguments: try compile(call.arguments),
      yields: call.yields.map { ($0.field, $0.slot.index) }, carried: plan.carried.map(\.index),
      slotCount: slotCount)
  }

  private func subquery(_ subquery: BoundSubquery) throws -> any SubqueryEvaluator {
    guard let inner = plan.subqueries[subquery] else {
      throw StemmaError(.queryNotSupported, "a subquery is not supported in this place")
    }
    let argument = ArgumentOperator(slotCount: slotCount)
    return SubqueryRunner(
      subquery, weight: plan.weights[subquery], number: plan.rowNumbers[subquery],
      operators: try undivided.build(inner, argument: argument), argument: argument, run: run,
      slotCount: slotCount)
  }

  func notAnOperator(_ plan: Plan) -> StemmaError {
    StemmaError(
      .queryNotSupported, "this kind of pattern or clause is not executed yet",
      advice: "write it in another way")
  }
}
