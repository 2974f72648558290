// The expressions that the generator makes, with their text.

/// An expression of the generated queries.
indirect enum NaiveExpression: Sendable {
  case literal(NaiveValue)
  case variable(String)
  case property(NaiveExpression, String)
  case arithmetic(String, NaiveExpression, NaiveExpression)
  case compare(String, NaiveExpression, NaiveExpression)
  /// `a < b <= c`.
  case between(NaiveExpression, String, NaiveExpression, String, NaiveExpression)
  case and([NaiveExpression])
  case or([NaiveExpression])
  case xor(NaiveExpression, NaiveExpression)
  case not(NaiveExpression)
  case isNull(NaiveExpression, isNegated: Bool)
  case isIn(NaiveExpression, NaiveExpression)
  /// `STARTS WITH`, `ENDS WITH` or `CONTAINS`.
  case test(String, NaiveExpression, NaiveExpression)
  case hasLabel(NaiveExpression, String)
  case call(String, [NaiveExpression])
  case list([NaiveExpression])
  case map([(key: String, value: NaiveExpression)])
  case element(NaiveExpression, NaiveExpression)
  case slice(NaiveExpression, NaiveExpression?, NaiveExpression?)
  case choose([(when: NaiveExpression, then: NaiveExpression)], otherwise: NaiveExpression?)
  case comprehension(
    String, in: NaiveExpression, where: NaiveExpression?, result: NaiveExpression?)
  case quantifier(String, String, in: NaiveExpression, where: NaiveExpression)
  /// `reduce(sum = 0, x IN list | sum + step)`.
  case sum(String, in: NaiveExpression, step: NaiveExpression)
  /// `EXISTS { }` or `COUNT { }`.
  case subquery(String, NaiveMatch)
  /// `(a)-->(b)` as a condition.
  case pattern(NaivePattern)
  case patternComprehension(NaivePattern, result: NaiveExpression)
  /// `count(*)` where there is no argument.
  case aggregate(String, isDistinct: Bool, NaiveExpression?)
}

extension NaiveExpression {
  var text: String {
    switch self {
    case .literal(let value): return value.literal
    case .variable(let name): return name
    case .property(let subject, let name): return "\(subject.text).\(name)"
    case .arithmetic(let symbol, let left, let right), .compare(let symbol, let left, let right),
      .test(let symbol, let left, let right):
      return "(\(left.text) \(symbol) \(right.text))"
    case .between(let low, let first, let middle, let second, let high):
      return "(\(low.text) \(first) \(middle.text) \(second) \(high.text))"
    case .and(let parts): return "(" + parts.map(\.text).joined(separator: " AND ") + ")"
    case .or(let parts): return "(" + parts.map(\.text).joined(separator: " OR ") + ")"
    case .xor(let left, let right): return "(\(left.text) XOR \(right.text))"
    case .not(let part): return "(NOT \(part.text))"
    case .isNull(let part, let isNegated):
      return "(\(part.text) IS \(isNegated ? "NOT " : "")NULL)"
    case .isIn(let left, let right): return "(\(left.text) IN \(right.text))"
    case .hasLabel(let subject, let label): return "(\(subject.text):\(label))"
    case .call(let name, let arguments):
      return "\(name)(" + arguments.map(\.text).joined(separator: ", ") + ")"
    default: return compoundText
    }
  }

  private var compoundText: String {
    switch self {
    case .list(let elements): return "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .map(let entries):
      return "{" + entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    case .element(let list, let index): return "\(list.text)[\(index.text)]"
    case .slice(let list, let from, let to):
      return "\(list.text)[\(from?.text ?? "")..\(to?.text ?? "")]"
    case .choose(let branches, let otherwise):
      return "CASE " + branches.map { "WHEN \($0.when.text) THEN \($0.then.text) " }.joined()
        + (otherwise.map { "ELSE \($0.text) " } ?? "") + "END"
    case .comprehension(let name, let list, let condition, let result):
      return "[\(name) IN \(list.text)" + (condition.map { " WHERE \($0.text)" } ?? "")
        + (result.map { " | \($0.text)" } ?? "") + "]"
    case .quantifier(let kind, let name, let list, let condition):
      return "\(kind)(\(name) IN \(list.text) WHERE \(condition.text))"
    case .sum(let name, let list, let step):
      return "reduce(sum = 0, \(name) IN \(list.text) | sum + \(step.text))"
    case .subquery(let kind, let match): return "\(kind) { \(match.text) }"
    case .pattern(let pattern): return pattern.text
    case .patternComprehension(let pattern, let result):
      return "[\(pattern.text) | \(result.text)]"
    case .aggregate(let name, let isDistinct, let argument):
      return "\(name)(\(isDistinct ? "DISTINCT " : "")\(argument?.text ?? "*"))"
    default: return "null"
    }
  }
}
