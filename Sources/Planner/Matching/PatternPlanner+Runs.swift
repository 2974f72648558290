// Repeated groups that are runs of one relationship, followed from their last node.

import Base
import Cypher

extension PatternPlanner {
  /// Whether a connection is a group of one relationship of whose variables no list is asked for.
  func isRun(_ index: Int) -> Bool {
    guard case .group(let group) = pattern.connections[index].kind, group.variables.isEmpty,
      restriction(of: index) == .trail || restriction(of: index) == .walk
    else { return false }
    return group.single != nil
  }

  /// Follows such a group from its last node, which is bound.
  mutating func followFromEnd(
    _ group: BoundGroup, _ index: Int, _ slots: inout SlotAllocator
  ) {
    guard let edge = group.single else { return }
    let connection = pattern.connections[index]
    let first = pattern.nodes[connection.from].slot
    let isForward = group.pattern.connections[0].from == group.first
    let list = slots.make()
    let step = ExpandStep(
      from: pattern.nodes[connection.to].slot, to: first, edge: list,
      direction: isForward ? edge.direction.reversed : edge.direction, types: edge.types,
      isInto: false, distinctFrom: distinctSlots(from: edge.types, of: index))
    let labelled = group.pattern.nodes.filter { !$0.labels.isEmpty }
    let run = VariableExpandStep(
      step: step, minimum: group.length.minimum, maximum: group.length.maximum,
      restriction: restriction(of: index), reversesList: true, element: edge.slot,
      elementFrom: group.pattern.nodes[group.first].slot,
      elementTo: group.pattern.nodes[group.last].slot,
      elementPredicates: labelled.map { $0.labelTest($0.labels) } + group.predicates)
    plan = Plan(.variableExpand(run), inputs: [plan], rows: plan.rows * 10)
    close(index, edge: list, types: edge.types)
    bindEnds(connection, [first])
  }
}

extension BoundGroup {
  /// The relationship of a group that has no other.
  var single: BoundRelationship? {
    guard pattern.connections.count == 1, first != last,
      case .relationship(let edge) = pattern.connections[0].kind, edge.length == nil,
      !edge.isBound
    else { return nil }
    return edge
  }
}
