// GQL's quantified path patterns: `((a)-[e]->(b) WHERE p){2,5}`. Inside, each variable is one
// element; outside, the same name is the list of all of them.

import Base
import Cypher

extension Binder {
  mutating func declareGroup(
    _ group: GroupPattern, in draft: inout PatternDraft
  ) throws -> BoundGroup {
    try checkGroup(group, in: draft)
    let outer = scope
    var inner = PatternDraft(firstSlot: slots.count, declares: true)
    inner.isGroup = true
    let chain = try declareChain(group.elements, path: nil, in: &inner)
    guard !chain.connections.isEmpty else {
      throw semanticError(
        "InvalidRelationshipPattern", "a group needs at least one relationship",
        at: group.range, advice: "Write ((a)-[e]->(b)){1,5}.")
    }
    if let variable = group.variable {
      throw semanticError(
        "UnexpectedSyntax", "a group cannot name its path", at: variable.range,
        advice: "Name the whole path: MATCH p = (a) ((x)-[e]->(y)){1,5} (b).")
    }
    var predicates = try bindPending(&inner)
    if let predicate = group.predicate {
      rules = ExpressionRules(place: "WHERE", allowsPatternPredicate: true)
      predicates += try bindConjuncts(predicate)
    }
    let variables = try declareGroupVariables(inside: scope, outer: outer)
    return BoundGroup(
      pattern: inner.finished, first: chain.first, last: chain.last, chain: chain.connections,
      predicates: predicates,
      length: BoundLength(
        minimum: group.quantifier?.minimum ?? 1,
        maximum: group.quantifier == nil ? 1 : group.quantifier?.maximum),
      variables: variables, range: group.range)
  }

  private func checkGroup(_ group: GroupPattern, in draft: PatternDraft) throws {
    if draft.isGroup {
      throw semanticError(
        "InvalidRelationshipPattern", "groups cannot be nested", at: group.range,
        advice: "Write the inner repetition as a relationship: -[:TYPE*1..3]->.")
    }
    for element in group.elements {
      if case .relationship(let step) = element, step.length != nil || step.quantifier != nil {
        throw semanticError(
          "InvalidRelationshipPattern", "a repetition cannot stand inside a group",
          at: step.range, advice: "Repeat either the relationship or the group.")
      }
    }
    if let mode = group.mode, mode != .trail {
      throw semanticError(
        "UnexpectedSyntax", "a mode stands before the whole path", at: group.range,
        advice: "Write MATCH \(String(describing: mode).uppercased()) (a) (...){1,5} (b).")
    }
  }

  /// Back outside: the inner names come into scope as lists.
  private mutating func declareGroupVariables(
    inside: Scope, outer: Scope
  ) throws -> [BoundGroupVariable] {
    scope = outer
    var variables: [BoundGroupVariable] = []
    for index in outer.names.count..<inside.names.count {
      let slot = inside.slots[index]
      let kinds = type(of: slot).kinds.subtracting(.null)
      let list = declare(inside.names[index], .list(of: kinds))
      variables.append(BoundGroupVariable(inner: slot, outer: list))
    }
    return variables
  }
}
