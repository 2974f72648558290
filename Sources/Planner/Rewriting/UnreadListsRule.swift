// The lists that a repeated group leaves of its variables need not be made where nobody reads them.
// A group of one relationship without such lists is a run of relationships, which can be followed
// from either end.
//
// What is proven: no expression, pattern or writing clause of the branch reads the list's variable.
// Variables have slots of their own, so that a later one of the same name is another.

import Base

/// Drops the lists of groups that nobody reads.
package struct UnreadListsRule: QueryRule {
  package let name = "unread-lists"

  package init() {}

  package func apply(to clauses: [BoundClause]) -> [BoundClause]? {
    guard clauses.contains(where: \.hasGroupLists) else { return nil }
    let read = clauses.reduce(into: SlotSet()) { $0.formUnion($1.mentioned) }
    var isChanged = false
    let result = clauses.map { clause -> BoundClause in
      guard case .match(var match) = clause else { return clause }
      for index in match.pattern.connections.indices {
        guard case .group(var group) = match.pattern.connections[index].kind else { continue }
        let kept = group.variables.filter { read.contains($0.outer) }
        if kept.count == group.variables.count { continue }
        group.variables = kept
        match.pattern.connections[index].kind = .group(group)
        isChanged = true
      }
      return .match(match)
    }
    return isChanged ? result : nil
  }
}

extension BoundClause {
  fileprivate var hasGroupLists: Bool {
    guard case .match(let match) = self else { return false }
    return match.pattern.connections.contains { connection in
      guard case .group(let group) = connection.kind else { return false }
      return !group.variables.isEmpty
    }
  }

  /// Every slot that stands anywhere in the clause, but for the lists that its groups leave.
  fileprivate var mentioned: SlotSet {
    switch self {
    case .match(let match):
      match.pattern.mentioned.union(match.predicates.readSlots)
    case .unwind(let unwind): unwind.list.readSlots
    case .project(let projection): projection.expressions.readSlots
    case .call(let call): (call.arguments + call.predicates).readSlots
    case .create(let create): create.readSlots
    case .merge(let merge):
      merge.pattern.mentioned.union(merge.expressions.readSlots).union(merge.create.readSlots)
    case .delete(let delete): delete.expressions.readSlots
    case .forEach(let loop):
      loop.clauses.reduce(into: loop.list.readSlots) { $0.formUnion($1.mentioned) }
    case .set, .remove: updateExpressions.readSlots
    }
  }
}

extension BoundPattern {
  fileprivate var mentioned: SlotSet {
    expressions.readSlots.union(nodes.map(\.slot)).union(connections.compactMap(\.edgeSlot))
  }
}
