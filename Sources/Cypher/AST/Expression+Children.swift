// One way to walk over an expression, for every analysis that only needs the parts.

extension Expression {
  /// Calls the body with each expression directly inside this one, in the order of the text. What
  /// stands in patterns and subqueries is not visited: other variables are in scope there.
  package func forEachChild(_ body: (Expression) -> Void) {
    switch kind {
    case .null, .boolean, .integer, .float, .string, .parameter, .variable, .countAll,
      .patternComprehension, .subquery, .pattern:
      break
    case .list(let elements), .and(let elements), .or(let elements): elements.forEach(body)
    case .map(let entries): entries.forEach { body($0.value) }
    case .property(let inner, _), .hasLabels(let inner, _), .not(let inner), .negate(let inner),
      .plus(let inner), .isNull(let inner), .isNotNull(let inner):
      body(inner)
    case .subscripted(let left, let right), .xor(let left, let right),
      .arithmetic(_, let left, let right), .isIn(let left, let right),
      .startsWith(let left, let right), .endsWith(let left, let right),
      .contains(let left, let right), .matchesRegularExpression(let left, let right):
      body(left)
      body(right)
    case .slice(let subject, let from, let to):
      body(subject)
      if let from { body(from) }
      if let to { body(to) }
    case .comparison(let first, let rest):
      body(first)
      rest.forEach { body($0.operand) }
    case .arithmeticChain(let first, let rest):
      body(first)
      rest.forEach { body($0.operand) }
    case .call(let call): call.arguments.forEach(body)
    default: forEachChildOfCompound(body)
    }
  }

  private func forEachChildOfCompound(_ body: (Expression) -> Void) {
    switch kind {
    case .caseOf(let value):
      if let subject = value.subject { body(subject) }
      for branch in value.branches {
        body(branch.condition)
        body(branch.result)
      }
      if let otherwise = value.otherwise { body(otherwise) }
    case .listComprehension(let value):
      body(value.list)
      if let predicate = value.predicate { body(predicate) }
      if let result = value.result { body(result) }
    case .quantifier(let value):
      body(value.list)
      if let predicate = value.predicate { body(predicate) }
    case .reduce(let value):
      body(value.initial)
      body(value.list)
      body(value.step)
    case .mapProjection(let value):
      for item in value.items {
        if case .entry(let entry) = item { body(entry.value) }
      }
    default: break
    }
  }
}
