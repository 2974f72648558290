// Which expressions can end in a run-time error. A predicate that can may be tried before a pattern
// is matched as a whole only with care: a row that the rest of the pattern would have dropped must
// not fail the query.

import Base

extension BoundExpression {
  /// Whether evaluating this may throw, as far as the types tell; `true` where in doubt.
  package var mayFail: Bool {
    switch kind {
    case .literal, .parameter, .slot: return false
    case .property(let subject, _):
      return subject.mayFail || !subject.type.isOnly([.node, .edge, .map])
    case .hasLabels(let subject, _):
      return subject.mayFail || !subject.type.isOnly([.node, .edge])
    case .list, .map, .comparison, .comparisonChain, .isNull, .isNotNull, .startsWith, .endsWith,
      .contains:
      return anyChildMayFail
    case .not, .and, .or, .xor:
      return anyChild { $0.mayFail || !$0.type.isOnly(.boolean) }
    case .isIn(_, let list): return anyChildMayFail || !list.type.isOnly(.list)
    case .matchesRegularExpression(_, let pattern):
      if case .literal = pattern.kind { return anyChildMayFail }
      return true
    case .call(let function, let arguments):
      return anyChildMayFail || !function.isTotal(for: arguments)
    case .listComprehension(_, let list, let predicate, _):
      return anyChildMayFail || !list.type.isOnly(.list)
        || !(predicate?.type.isOnly(.boolean) ?? true)
    case .quantifier(_, _, let list, let predicate):
      return anyChildMayFail || !list.type.isOnly(.list) || !predicate.type.isOnly(.boolean)
    case .subquery(let subquery): return subquery.query.mayFail
    case .subscripted, .slice, .negate, .plus, .arithmetic, .arithmeticChain, .caseOf, .reduce,
      .mapProjection:
      return true
    }
  }

  private var anyChildMayFail: Bool { anyChild(\.mayFail) }

  /// Whether this can be a condition of WHERE without an error.
  package var mayFailAsCondition: Bool { mayFail || !type.isOnly(.boolean) }
}

extension ScalarFunction {
  /// Whether it has an answer for all arguments of these types, which the binder has let through.
  fileprivate func isTotal(for arguments: [BoundExpression]) -> Bool {
    switch self {
    case .coalesce, .exists, .valueType: true
    case .id, .elementId, .labels, .type, .keys, .properties, .startNode, .endNode, .length,
      .nodes, .relationships, .size:
      arguments.allSatisfy { $0.type.isOnly([.node, .edge, .path, .list]) }
    default: false
    }
  }
}

extension BoundQuery {
  fileprivate var mayFail: Bool {
    branches.contains { branch in branch.clauses.contains(where: \.mayFail) }
  }
}

extension BoundClause {
  fileprivate var mayFail: Bool {
    switch self {
    case .match(let match):
      match.pattern.expressions.contains(where: \.mayFail)
        || match.predicates.contains(where: \.mayFailAsCondition)
    case .project(let projection): projection.expressions.contains(where: \.mayFail)
    default: true
    }
  }
}
