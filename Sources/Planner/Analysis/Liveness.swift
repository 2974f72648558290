// The last pass: for each operation, which slots of its input must reach its output. Operators copy
// these and no others.

/// Computes the carried slots of a plan, from its end to its beginning.
package enum Liveness {
  /// The plan with `carried` set; `needed` are the slots that the consumer of the plan reads.
  package static func annotate(_ plan: Plan, needed: SlotSet) -> Plan {
    var result = plan
    let carried = needed.union(plan.operation.passedThrough).subtracting(plan.operation.assigned)
    result.carried = carried.sorted()
    if case .hashJoin(var step) = plan.operation {
      step.kept = step.held.subtracting(step.held.subtracting(needed)).sorted()
      result.operation = .hashJoin(step)
    }
    let input = carried.union(plan.operation.read)
    result.inputs = plan.inputs.enumerated().map { index, inner in
      annotate(inner, needed: self.needed(of: index, in: plan, input: input, needed: needed))
    }
    return result
  }

  private static func needed(
    of index: Int, in plan: Plan, input: SlotSet, needed: SlotSet
  ) -> SlotSet {
    switch plan.operation {
    case .union(_, let outputs): return SlotSet(outputs[index])
    case .aggregate(let aggregation): return aggregation.expressions.readSlots
    case .optional(let nulls, let number):
      if index == 0 { return input.union(plan.inputs[1].externalSlots) }
      return needed.union(nulls).union([number])
    case .merge(let merge):
      if index == 0 { return input.union(plan.inputs[1].externalSlots) }
      return needed.union(input).union(merge.create.newSlots)
    case .forEach(let slot, _):
      if index == 0 {
        return input.union(plan.inputs[1].externalSlots.subtracting([slot]))
      }
      return []
    case .repeatGroup(let step):
      if index == 0 { return input.union(plan.inputs[1].externalSlots) }
      return SlotSet(step.innerEdges + [step.innerLast] + step.group.variables.map(\.inner))
    case .hashJoin(let step):
      if index == 0 { return input.subtracting(step.held) }
      return needed.union(step.read).subtracting(plan.inputs[0].assignedSlots)
    default: return input
    }
  }
}

extension Plan {
  /// The slots that the inner plan beside the input reads; branches of a union are no inner plans.
  package var innerSlots: SlotSet {
    if case .union = operation { return [] }
    return inputs.count > 1 ? inputs[1].externalSlots : []
  }

  /// The slots that this operation and those below it assign.
  var assignedSlots: SlotSet {
    inputs.reduce(operation.assigned) { $0.union($1.assignedSlots) }
  }

  /// The slots of the argument that an inner plan reads anywhere.
  package var externalSlots: SlotSet {
    var slots: SlotSet = operation.read
    for inner in inputs { slots.formUnion(inner.externalSlots) }
    return slots
  }
}

extension PlanOperation {
  /// The slots that this operation reads.
  package var read: SlotSet {
    switch self {
    case .argument, .nodeScan, .union, .storedCount: return []
    case .keySeek(_, let value), .identitySeek(_, let value): return value.readSlots
    case .indexSeek(let step):
      return (step.prefix + [step.lower?.value, step.upper?.value].compactMap { $0 }).readSlots
    case .edgeScan(let step), .edgeEnds(let step):
      var slots = SlotSet(step.distinctFrom)
      if step.isFromBound { slots.insert(step.from) }
      if step.isToBound { slots.insert(step.to) }
      if case .edgeEnds = self { slots.insert(step.edge) }
      return slots
    case .expand(let step), .semiExpand(let step): return step.read
    case .degree(let step, _, let times): return step.read.union([times].compactMap { $0 })
    case .variableExpand(let run), .reach(let run), .shortestPath(let run, _):
      let slots = run.elementPredicates.readSlots.subtracting(run.elementSlots)
      return slots.union(run.step.read)
    case .repeatGroup(let step):
      return SlotSet(step.distinctFrom + [step.from] + (step.isInto ? [step.to] : []))
    case .selectPaths(let step): return SlotSet(step.edges + [step.outer, step.start, step.end])
    case .path(let step): return SlotSet(step.edges + [step.start])
    default: return readByRows
    }
  }

  private var readByRows: SlotSet {
    switch self {
    case .filter(let predicates), .prefilter(let predicates): return predicates.readSlots
    case .project(let assignments): return assignments.map(\.expression).readSlots
    case .aggregate(let aggregation): return aggregation.expressions.readSlots
    case .distinct(let slots): return SlotSet(slots)
    case .sort(let keys, let limits, _): return (keys.map(\.expression) + limits).readSlots
    case .slice(let skip, let limit): return [skip, limit].compactMap { $0 }.readSlots
    case .unwind(let list, _), .elements(let list, _), .forEach(_, let list):
      return list.readSlots
    case .call(let call): return call.arguments.readSlots
    case .hashJoin(let step): return step.read
    case .create(let create): return create.readSlots
    case .merge(let merge):
      return merge.expressions.readSlots.union(merge.create.readSlots)
        .subtracting(merge.create.newSlots)
    case .set(let items): return items.flatMap(\.expressions).readSlots
    case .remove(let items): return items.flatMap(\.expressions).readSlots
    case .delete(let delete): return delete.expressions.readSlots
    default: return []
    }
  }

  /// The slots that this operation assigns, whatever they held before.
  package var assigned: SlotSet {
    switch self {
    case .nodeScan(let slot, _), .keySeek(let slot, _), .identitySeek(let slot, _),
      .unwind(_, let slot), .elements(_, let slot):
      return [slot]
    case .columnScan(let step): return [step.slot]
    case .indexSeek(let step): return [step.slot]
    case .edgeScan(let step), .edgeEnds(let step):
      var slots: SlotSet = [step.edge]
      if !step.isFromBound { slots.insert(step.from) }
      if !step.isToBound { slots.insert(step.to) }
      return slots
    case .expand(let step): return step.assigned
    case .variableExpand(let run), .reach(let run), .shortestPath(let run, _):
      return run.step.assigned
    case .repeatGroup(let step):
      return SlotSet(
        step.group.variables.map(\.outer) + [step.edges] + (step.isInto ? [] : [step.to]))
    case .path(let step): return [step.slot]
    case .number(let slot), .storedCount(let slot, _), .degree(_, let slot, _): return [slot]
    case .project(let assignments): return SlotSet(assignments.map(\.slot))
    case .aggregate(let aggregation):
      return SlotSet(aggregation.keys.map(\.slot) + aggregation.calls.map(\.slot))
    case .call(let call): return SlotSet(call.yields.map(\.slot))
    case .optional(let nulls, let number): return SlotSet(nulls + [number])
    case .union(let slots, _): return SlotSet(slots)
    case .hashJoin(let step): return step.held
    case .create(let create): return SlotSet(create.newSlots)
    case .merge(let merge): return SlotSet(merge.create.newSlots + merge.pattern.newSlots)
    default: return []
    }
  }

  /// Slots that the operation needs to find in its own output.
  var passedThrough: SlotSet {
    switch self {
    case .distinct(let slots): SlotSet(slots)
    default: []
    }
  }
}

extension BoundPattern {
  /// The slots that matching assigns.
  var newSlots: [Slot] {
    nodes.filter { !$0.isBound }.map(\.slot)
      + connections.compactMap { connection in
        guard case .relationship(let edge) = connection.kind, !edge.isBound else { return nil }
        return edge.slot
      } + paths.compactMap(\.slot)
  }
}

extension ExpandStep {
  package var read: SlotSet { SlotSet(distinctFrom + [from] + (isInto ? [to] : [])) }

  var assigned: SlotSet {
    var slots: SlotSet = isInto ? [] : [to]
    if let edge { slots.insert(edge) }
    return slots
  }
}
