// Expressions of a wanted type over the variables in scope.

import Base

extension QueryGenerator {
  mutating func expression(_ type: GeneratedType, depth: Int) -> NaiveExpression {
    if chance(1, in: 25) { return .literal(.null) }
    if depth > 0, chance(1, in: 12) {
      return .call(
        "coalesce",
        [
          expression(type, depth: depth - 1), expression(type, depth: depth - 1),
        ])
    }
    if depth > 0, chance(1, in: 15) {
      let branches = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        (when: condition(depth: depth - 1), then: expression(type, depth: depth - 1))
      }
      return .choose(
        branches, otherwise: chance(1, in: 2) ? expression(type, depth: depth - 1) : nil)
    }
    switch type {
    case .integer: return integer(depth: depth)
    case .float: return float(depth: depth)
    case .boolean: return depth > 0 ? condition(depth: depth, isFree: false) : booleanLeaf()
    case .string: return string(depth: depth)
    case .date: return date(depth: depth)
    case .integers: return integers(depth: depth)
    default: return mixed(depth: depth)
    }
  }

  private mutating func variable(_ types: Set<GeneratedType>) -> NaiveExpression? {
    let known = scope.filter { types.contains($0.type) && !unordered.contains($0.name) }
    return known.isEmpty ? nil : .variable(random.pick(known).name)
  }

  /// A variable of the type, or a property of a node.
  private mutating func leaf(_ type: GeneratedType, property: String) -> NaiveExpression? {
    if chance(1, in: 2), let name = variable([type]) { return name }
    if let node = variable([.node]) { return .property(node, property) }
    return variable([type])
  }

  private mutating func literal() -> NaiveExpression {
    .literal(.integer(Int64.random(in: -1...4, using: &random)))
  }

  mutating func integer(depth: Int) -> NaiveExpression {
    guard depth > 0 else {
      if chance(1, in: 8), let edge = variable([.edge]) { return .property(edge, "w") }
      let property = chance(1, in: 2) ? "v" : "i"
      return chance(3, in: 4) ? leaf(.integer, property: property) ?? literal() : literal()
    }
    switch Int.random(in: 0..<16, using: &random) {
    case 14: return .property(date(depth: depth - 1), random.pick(["year", "month", "day"]))
    case 15:
      let (first, last) = (date(depth: depth - 1), date(depth: depth - 1))
      return .property(.call("duration.inDays", [first, last]), "days")
    case 0, 1, 2:
      let (left, right) = (integer(depth: depth - 1), integer(depth: depth - 1))
      return .arithmetic(random.pick(["+", "-", "*"]), left, right)
    case 3:
      let divisor = NaiveExpression.literal(.integer(random.pick([2, 3, -2])))
      return .arithmetic(random.pick(["/", "%"]), integer(depth: depth - 1), divisor)
    case 4: return .call("size", [expression(.integers, depth: depth - 1)])
    case 5: return .call("size", [expression(.string, depth: depth - 1)])
    case 6:
      return .call(random.pick(["abs", "sign", "toInteger"]), [integer(depth: depth - 1)])
    case 7:
      return .element(bracketed(expression(.integers, depth: depth - 1)), literal())
    case 8:
      let name = fresh("z")
      let list = expression(.integers, depth: depth - 1)
      return local(name, .integer) { generator in
        .sum(name, in: list, step: generator.integer(depth: depth - 1))
      }
    case 9: return .subquery("COUNT", inner(depth: depth - 1))
    case 10: return variable([.path]).map { .call("length", [$0]) } ?? integer(depth: depth - 1)
    case 11: return .call(random.pick(["head", "last"]), [expression(.integers, depth: depth - 1)])
    case 12:
      return .property(
        .map([("k", integer(depth: depth - 1)), ("o", .literal(.null))]),
        chance(3, in: 4) ? "k" : "o")
    default: return integer(depth: 0)
    }
  }

  /// A null or a call cannot be followed by a bracket without being one's own thing.
  private func bracketed(_ list: NaiveExpression) -> NaiveExpression {
    if case .literal(.null) = list { return .list([]) }
    if case .slice = list { return list }
    return list
  }

  private mutating func float(depth: Int) -> NaiveExpression {
    guard depth > 0 else {
      let number = NaiveExpression.literal(
        .float(Double(Int.random(in: 0...3, using: &random)) + 0.5))
      return chance(1, in: 2) ? leaf(.float, property: "f") ?? number : number
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1:
      return .arithmetic(
        random.pick(["+", "-"]), float(depth: depth - 1), float(depth: depth - 1))
    case 2: return .arithmetic("+", integer(depth: depth - 1), float(depth: depth - 1))
    case 3: return .call("abs", [float(depth: depth - 1)])
    default: return .call("toFloat", [integer(depth: depth - 1)])
    }
  }

  private mutating func date(depth: Int) -> NaiveExpression {
    guard depth > 0 else {
      let literal = NaiveExpression.literal(.date(NaiveGraph.date(&random)))
      return chance(2, in: 3) ? leaf(.date, property: "d") ?? literal : literal
    }
    let duration = NaiveExpression.literal(
      .duration(
        months: Int.random(in: -2...14, using: &random),
        days: Int.random(in: -3...40, using: &random)))
    return .arithmetic(random.pick(["+", "-"]), date(depth: depth - 1), duration)
  }

  private mutating func string(depth: Int) -> NaiveExpression {
    guard depth > 0 else {
      let text = NaiveExpression.literal(.text(random.pick(["a", "b", "Ab", "", "ba"])))
      return chance(1, in: 2) ? leaf(.string, property: "s") ?? text : text
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .arithmetic("+", string(depth: depth - 1), string(depth: depth - 1))
    case 1:
      return .call(random.pick(["toUpper", "toLower", "reverse"]), [string(depth: depth - 1)])
    case 2:
      let count = NaiveExpression.literal(.integer(Int64.random(in: 0...2, using: &random)))
      return .call(random.pick(["left", "right", "substring"]), [string(depth: depth - 1), count])
    case 3: return .call("toString", [integer(depth: depth - 1)])
    case 4: return variable([.edge]).map { .call("type", [$0]) } ?? string(depth: depth - 1)
    default: return string(depth: 0)
    }
  }

  private mutating func integers(depth: Int) -> NaiveExpression {
    guard depth > 0 else {
      let list = NaiveExpression.list(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in integer(depth: 0) })
      return chance(1, in: 2) ? leaf(.integers, property: "l") ?? list : list
    }
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return .arithmetic("+", integers(depth: depth - 1), integers(depth: depth - 1))
    case 1: return .call(random.pick(["tail", "reverse"]), [integers(depth: depth - 1)])
    case 2:
      return .slice(
        bracketed(integers(depth: depth - 1)), chance(2, in: 3) ? literal() : nil,
        chance(2, in: 3) ? literal() : nil)
    case 3:
      let name = fresh("z")
      let list = integers(depth: depth - 1)
      return local(name, .integer) { generator in
        let filters = generator.chance(1, in: 2)
        let wanted = filters ? generator.condition(depth: depth - 1, isFree: false) : nil
        let maps = !filters || generator.chance(1, in: 2)
        let result = maps ? generator.integer(depth: depth - 1) : nil
        return .comprehension(name, in: list, where: wanted, result: result)
      }
    case 4:
      let step = NaiveExpression.literal(.integer(random.pick([1, 2, -1])))
      return .call("range", [literal(), literal(), step])
    case 5:
      guard let edges = variable([.edges]) else { return integers(depth: depth - 1) }
      return .comprehension(
        "each", in: edges, where: nil, result: .property(.variable("each"), "i"))
    default: return integers(depth: 0)
    }
  }

  private mutating func mixed(depth: Int) -> NaiveExpression {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return leaf(.mixed, property: "m") ?? integer(depth: 0)
    case 1: return leaf(.mixed, property: random.pick(["m", "d"])) ?? integer(depth: 0)
    case 2: return string(depth: min(depth, 1))
    case 3: return integer(depth: min(depth, 1))
    case 4: return booleanLeaf()
    case 5: return integers(depth: 0)
    default: return variable([.node, .edge]) ?? leaf(.mixed, property: "m") ?? literal()
    }
  }

  /// Adds a variable for the inside of an expression.
  private mutating func local<Result>(
    _ name: String, _ type: GeneratedType, _ body: (inout QueryGenerator) -> Result
  ) -> Result {
    let outer = scope
    scope.append((name, type))
    defer { scope = outer }
    return body(&self)
  }

  // MARK: Conditions

  private mutating func booleanLeaf() -> NaiveExpression {
    let literal = NaiveExpression.literal(.boolean(chance(1, in: 2)))
    return chance(1, in: 2) ? leaf(.boolean, property: "b") ?? literal : literal
  }

  /// A condition; with `isFree` a bare pattern may stand in it.
  mutating func condition(depth: Int, isFree: Bool = true) -> NaiveExpression {
    guard depth > 0 else { return chance(1, in: 3) ? booleanLeaf() : comparison(depth: 0) }
    switch Int.random(in: 0..<14, using: &random) {
    case 0:
      return .and((0..<2).map { _ in condition(depth: depth - 1, isFree: isFree) })
    case 1:
      return .or((0..<3).map { _ in condition(depth: depth - 1, isFree: isFree) })
    case 2:
      return .xor(
        condition(depth: depth - 1, isFree: isFree), condition(depth: depth - 1, isFree: isFree))
    case 3: return .not(condition(depth: depth - 1, isFree: isFree))
    case 4: return .isNull(expression(.mixed, depth: depth - 1), isNegated: chance(1, in: 2))
    case 5:
      return .isIn(expression(.mixed, depth: depth - 1), expression(.integers, depth: depth - 1))
    case 6:
      return .test(
        random.pick(["STARTS WITH", "ENDS WITH", "CONTAINS"]), string(depth: depth - 1),
        string(depth: 0))
    case 7:
      let name = fresh("z")
      let list = integers(depth: depth - 1)
      let kind = random.pick(["all", "any", "none", "single"])
      return local(name, .integer) { generator in
        .quantifier(
          kind, name, in: list, where: generator.condition(depth: depth - 1, isFree: false))
      }
    case 8: return .subquery("EXISTS", inner(depth: depth - 1))
    case 9:
      guard isFree, scope.contains(where: { $0.type == .node }) else {
        return comparison(depth: depth - 1)
      }
      var pattern = pattern(named: false, longest: 2)
      if pattern.steps.isEmpty {
        pattern.steps = [NaivePattern.Step(direction: 0)]
        pattern.nodes.append(NaivePattern.Node())
      }
      return .pattern(pattern)
    case 10:
      return variable([.node]).map { .hasLabel($0, random.pick(NaiveGraph.labels)) }
        ?? comparison(depth: depth - 1)
    default: return comparison(depth: depth - 1)
    }
  }

  private mutating func comparison(depth: Int) -> NaiveExpression {
    let symbol = random.pick(["=", "<>", "<", "<=", ">", ">="])
    let type: GeneratedType = random.pick([
      .integer, .integer, .integer, .float, .string, .mixed, .integers, .date,
    ])
    if chance(1, in: 10) {
      return .between(
        expression(type, depth: depth), symbol, expression(type, depth: depth),
        random.pick(["<", "<=", "="]), expression(type, depth: depth))
    }
    if type == .float, chance(1, in: 2) {
      return .compare(symbol, expression(.integer, depth: depth), float(depth: depth))
    }
    return .compare(symbol, expression(type, depth: depth), expression(type, depth: depth))
  }

  /// The MATCH of a subquery; its variables stay inside.
  private mutating func inner(depth: Int) -> NaiveMatch {
    let outer = scope
    defer { scope = outer }
    var match = NaiveMatch(patterns: [pattern(named: true, longest: 2)])
    if depth > 0, chance(1, in: 2) { match.condition = condition(depth: depth - 1) }
    return match
  }
}
