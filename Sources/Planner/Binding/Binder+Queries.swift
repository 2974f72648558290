// Queries: UNION, and the order in which clauses may stand.

import Base
import Cypher

extension Binder {
  /// Binds all branches, each from the scope at hand.
  mutating func bindQuery(_ query: Query, isTopLevel: Bool) throws -> BoundQuery {
    if query.unions.contains(.all), query.unions.contains(.distinct) {
      throw semanticError(
        "InvalidClauseComposition", "UNION and UNION ALL cannot be mixed", at: query.range,
        advice: "Use one of them throughout, or filter with DISTINCT in a branch.")
    }
    let bound = try bindBranches(query, isTopLevel: isTopLevel)
    let first = bound[0].columns
    guard bound.count > 1 else {
      return BoundQuery(
        branches: [BoundBranch(clauses: bound[0].clauses, output: first.map(\.slot))],
        union: nil, columns: first)
    }
    return try joinBranches(query, bound)
  }

  /// With more branches than this, each takes the slots of the one before again: a batch has a
  /// column for every slot, and a plan has a batch for every branch.
  private static let branchesWithOwnSlots = 16

  /// The branches, each from the scope at hand.
  private mutating func bindBranches(
    _ query: Query, isTopLevel: Bool
  ) throws -> [BranchDraft] {
    let outer = scope
    let sharesSlots = query.branches.count > Self.branchesWithOwnSlots
    let before = slots
    var longest = slots
    var drafts: [BranchDraft] = []
    for branch in query.branches {
      scope = outer
      if !subqueries.isEmpty { subqueries[subqueries.count - 1].closed = nil }
      if sharesSlots { slots = before }
      let (clauses, columns) = try bindBranch(branch, isTopLevel: isTopLevel)
      drafts.append(
        BranchDraft(
          clauses: clauses, columns: columns, types: columns.map { type(of: $0.slot) }))
      if slots.count > longest.count { longest = slots }
    }
    scope = outer
    slots = longest
    return drafts
  }

  private mutating func joinBranches(
    _ query: Query, _ bound: [BranchDraft]
  ) throws -> BoundQuery {
    let first = bound[0].columns
    var branches: [BoundBranch] = []
    var types = bound[0].types
    for (index, branch) in bound.enumerated() {
      var output: [Slot] = []
      for (position, column) in first.enumerated() {
        guard let match = branch.columns.firstIndex(where: { $0.name == column.name })
        else { break }
        output.append(branch.columns[match].slot)
        types[position] = types[position].union(branch.types[match])
      }
      guard output.count == first.count, branch.columns.count == first.count else {
        throw semanticError(
          "DifferentColumnsInUnion", "the branches of UNION return different columns",
          at: query.branches[index].clauses.last?.range ?? query.range,
          advice: "The first returns \(listing(first)), this one \(listing(branch.columns)); "
            + "rename with AS.")
      }
      branches.append(BoundBranch(clauses: branch.clauses, output: output))
    }
    var columns: [BoundColumn] = []
    for (column, type) in zip(first, types) {
      columns.append(BoundColumn(name: column.name, slot: makeSlot(column.name, type)))
    }
    return BoundQuery(branches: branches, union: query.unions[0], columns: columns)
  }

  private func listing(_ columns: [BoundColumn]) -> String {
    columns.isEmpty ? "nothing" : columns.map { "'\($0.name)'" }.joined(separator: ", ")
  }

  // MARK: Branches

  private mutating func bindBranch(
    _ branch: SingleQuery, isTopLevel: Bool
  ) throws -> (clauses: [BoundClause], columns: [BoundColumn]) {
    let wasStandalone = isTopLevel && branch.clauses.count == 1 && subqueries.isEmpty
    if wasStandalone, case .call(let call) = branch.clauses[0] {
      return try bindStandaloneCall(call)
    }
    var clauses: [BoundClause] = []
    var columns: [BoundColumn] = []
    for (index, clause) in branch.clauses.enumerated() {
      let isLast = index == branch.clauses.count - 1
      try checkPosition(clause, isLast: isLast, next: isLast ? nil : branch.clauses[index + 1])
      clauses.append(try bindClause(clause))
      if case .return = clause, case .project(let projection)? = clauses.last {
        columns = projection.items.filter(\.isVisible).map {
          BoundColumn(name: $0.name, slot: $0.slot)
        }
      }
    }
    return (clauses, columns)
  }

  private func checkPosition(_ clause: Clause, isLast: Bool, next: Clause?) throws {
    switch clause {
    case .return where !isLast:
      throw semanticError(
        "InvalidClauseComposition", "RETURN ends a query, but more clauses follow",
        at: next?.range ?? clause.range, advice: "Use WITH to hand results on.")
    case .match where isLast && subqueries.isEmpty:
      throw endsWith("MATCH", clause)
    case .unwind where isLast && subqueries.isEmpty:
      throw endsWith("UNWIND", clause)
    case .with where isLast:
      throw endsWith("WITH", clause)
    default:
      break
    }
  }

  private func endsWith(_ word: String, _ clause: Clause) -> StemmaError {
    semanticError(
      "InvalidClauseComposition", "a query cannot end with \(word)", at: clause.range,
      advice: "Add RETURN, or a clause that writes.")
  }

  mutating func bindClause(_ clause: Clause) throws -> BoundClause {
    switch clause {
    case .match(let match): return .match(try bindMatch(match))
    case .unwind(let unwind): return .unwind(try bindUnwind(unwind))
    case .with(let projection): return .project(try bindProjection(projection, isReturn: false))
    case .return(let projection): return .project(try bindProjection(projection, isReturn: true))
    case .call(let call): return .call(try bindCall(call))
    case .create, .merge, .set, .remove, .delete, .forEach:
      if !subqueries.isEmpty {
        throw semanticError(
          "InvalidClauseComposition", "a subquery cannot write", at: clause.range,
          advice: "Write in a clause of the query itself.")
      }
      isWriting = true
      return try bindUpdating(clause)
    }
  }

  private mutating func bindUnwind(_ unwind: UnwindClause) throws -> BoundUnwind {
    rules = ExpressionRules(place: "UNWIND")
    let list = try bindExpression(unwind.list)
    guard scope.slot(of: unwind.variable.text) == nil else {
      throw alreadyBound(unwind.variable)
    }
    let elements =
      list.type.kinds.isSubset(of: [.list, .null])
      ? StaticType(list.type.elements.union(.null)) : .any
    return BoundUnwind(list: list, slot: declare(unwind.variable.text, elements))
  }

  func alreadyBound(_ name: Name) -> StemmaError {
    semanticError(
      "VariableAlreadyBound", "the variable '\(name.text)' is already defined", at: name.range,
      advice: "Choose another name.")
  }
}

/// A branch of UNION, bound.
private struct BranchDraft {
  var clauses: [BoundClause]
  var columns: [BoundColumn]
  /// The types of the columns' slots.
  var types: [StaticType]
}
