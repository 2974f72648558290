// MATCH after MATCH is one pattern to whoever plans it: the more selective of the two is begun
// with, wherever it stands in the text. A WITH between them that only hands on is no obstacle.
//
// What is proven:
// 1. Rows of the first MATCH are joined with rows of the second: so are the parts of one pattern,
//    but that relationships of different clauses may be the same, which each connection's `clause`
//    remembers.
// 2. The WITH between neither drops, cuts, groups nor sorts, and computes only what is the same
//    whenever it is computed; it comes behind both.
// 3. Neither asks for something random, which every row of its own clause would have to be asked,
//    and neither has a selector, which chooses for each row before it.
// 4. The second reads no relationship that the first binds, except in conditions, which wait for
//    what they read.

import Base
import Cypher

/// Joins the patterns of clauses that follow each other.
package struct MergeMatchesRule: QueryRule {
  package let name = "merge-matches"

  package init() {}

  package func apply(to clauses: [BoundClause]) -> [BoundClause]? {
    var result: [BoundClause] = []
    var isChanged = false
    for clause in clauses {
      if case .match(let match) = clause, merge(match, into: &result) {
        isChanged = true
      } else {
        result.append(clause)
      }
    }
    return isChanged ? result : nil
  }

  private func merge(_ second: BoundMatch, into clauses: inout [BoundClause]) -> Bool {
    var between: [BoundProjection] = []
    var index = clauses.count - 1
    while index >= 0, case .project(let projection) = clauses[index], projection.isTransparent {
      between.insert(projection, at: 0)
      index -= 1
    }
    guard index >= 0, case .match(let first) = clauses[index],
      let moved = second.moved(before: between), first.canTake(moved)
    else { return false }
    var merged = first
    merged.pattern.add(moved.pattern)
    // Whoever writes clauses orders them: where no better order is looked for, theirs stays.
    guard JoinOrder.isSmall(merged.pattern) else { return false }
    merged.predicates += moved.predicates
    clauses.removeLast(clauses.count - index)
    clauses.append(.match(merged))
    for projection in between where !projection.onlyHandsOn {
      clauses.append(.project(projection.handingOn(moved.pattern.newSlots)))
    }
    return true
  }
}

extension BoundProjection {
  /// Whether every row goes through it as it is, with what can be computed later as well.
  fileprivate var isTransparent: Bool {
    aggregation == nil && !isDistinct && orderBy.isEmpty && skip == nil && limit == nil
      && predicates.isEmpty && !isReturn && items.allSatisfy(\.expression.isRepeatable)
  }

  fileprivate var onlyHandsOn: Bool { items.allSatisfy { $0.expression.plainSlot == $0.slot } }

  fileprivate func handingOn(_ slots: [Slot]) -> BoundProjection {
    var result = self
    for slot in slots where !items.contains(where: { $0.slot == slot }) {
      result.items.append(
        BoundProjectionItem(
          name: "", slot: slot,
          expression: BoundExpression(.slot(slot), type: .any, range: .none), isVisible: false))
    }
    return result
  }
}

extension BoundMatch {
  /// The clause as it reads in front of some projections; `nil` where it reads what they compute
  /// in a place where only a variable can stand.
  fileprivate func moved(before projections: [BoundProjection]) -> BoundMatch? {
    guard !isOptional else { return nil }
    var result = self
    for projection in projections.reversed() {
      var replacements: [Slot: BoundExpression] = [:]
      for item in projection.items where item.expression.plainSlot != item.slot {
        replacements[item.slot] = item.expression
      }
      guard let renamed = result.pattern.renaming(replacements) else { return nil }
      result.pattern = renamed
      var predicates: [BoundExpression] = []
      for predicate in result.predicates {
        guard let moved = predicate.replacing(replacements) else { return nil }
        predicates.append(moved)
      }
      result.predicates = predicates
    }
    return result
  }

  /// Whether the other clause can be matched together with this one.
  fileprivate func canTake(_ other: BoundMatch) -> Bool {
    guard !isOptional, pattern.hasFreeOrder, other.pattern.hasFreeOrder else { return false }
    if (predicates + other.predicates).contains(where: \.isRandom) { return false }
    let mine = SlotSet(pattern.newSlots + pattern.groupSlots)
    guard other.pattern.expressions.readSlots.isDisjoint(with: mine) else { return false }
    return other.pattern.connections.allSatisfy { connection in
      guard case .relationship(let edge) = connection.kind, edge.isBound else { return true }
      return !mine.contains(edge.slot)
    }
  }
}

extension BoundPattern {
  /// Whether nothing in it chooses among rows or must be asked for every row.
  fileprivate var hasFreeOrder: Bool {
    !paths.contains(where: \.isSelective) && !expressions.contains(where: \.isRandom)
  }

  /// The slots of lists that groups leave.
  fileprivate var groupSlots: [Slot] {
    connections.flatMap { connection -> [Slot] in
      guard case .group(let group) = connection.kind else { return [] }
      return group.variables.map(\.outer)
    }
  }

  /// The pattern with other names for what it reads; `nil` where a name stands for no variable.
  fileprivate func renaming(_ replacements: [Slot: BoundExpression]) -> BoundPattern? {
    let replaced = SlotSet(replacements.keys)
    guard expressions.readSlots.isDisjoint(with: replaced) else { return nil }
    var result = self
    for index in nodes.indices {
      guard let replacement = replacements[nodes[index].slot] else { continue }
      guard let slot = replacement.plainSlot,
        !nodes.contains(where: { $0.slot == slot })
      else { return nil }
      result.nodes[index].slot = slot
    }
    let readsReplaced = connections.contains { $0.edgeSlot.map(replaced.contains) ?? false }
    return readsReplaced ? nil : result
  }

  /// Adds the parts of another clause's pattern; a node that both have becomes one.
  fileprivate mutating func add(_ other: BoundPattern) {
    var places: [Int] = []
    let clause = max(connections.map(\.clause).max() ?? 0, nodes.map(\.clause).max() ?? 0) + 1
    for node in other.nodes {
      if let known = nodes.firstIndex(where: { $0.slot == node.slot }) {
        for label in node.labels where !nodes[known].labels.contains(label) {
          nodes[known].labels.append(label)
        }
        places.append(known)
      } else {
        nodes.append(node)
        nodes[nodes.count - 1].clause += clause
        places.append(nodes.count - 1)
      }
    }
    let offset = connections.count
    for connection in other.connections {
      var moved = connection
      moved.from = places[connection.from]
      moved.to = places[connection.to]
      moved.clause += clause
      connections.append(moved)
    }
    for path in other.paths {
      var moved = path
      moved.start = places[path.start]
      moved.connections = path.connections.map { $0 + offset }
      paths.append(moved)
    }
  }
}
