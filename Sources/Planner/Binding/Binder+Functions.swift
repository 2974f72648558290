// Calls of functions by name.

import Base
import Cypher

extension Binder {
  mutating func bindFunction(
    _ call: FunctionCall, _ expression: Expression
  ) throws -> BoundExpression {
    switch FunctionTable.resolve(call.name) {
    case .aggregate(let function)?:
      return try bindAggregate(function, call, expression)
    case .scalar(let function)?:
      return try bindScalar(function, call, expression)
    case nil:
      throw unknownFunction(call)
    }
  }

  private mutating func bindScalar(
    _ function: ScalarFunction, _ call: FunctionCall, _ expression: Expression
  ) throws -> BoundExpression {
    let signature = function.signature
    try checkArity(function.rawValue, signature, call, expression)
    if call.isDistinct {
      throw semanticError(
        "UnexpectedSyntax", "only aggregates take DISTINCT", at: expression.range,
        advice: "Leave DISTINCT out.")
    }
    if function == .exists { return try bindExistsFunction(call, expression) }
    if rules.aggregates == .insideAggregate, !signature.isDeterministic {
      throw semanticError(
        "NonConstantExpression", "\(function.rawValue)() cannot stand inside an aggregate",
        at: expression.range, advice: "Compute it in a WITH before.")
    }
    let arguments = try bindAll(call.arguments)
    for (argument, kinds) in zip(arguments, signature.argumentKinds) {
      try demand(
        kinds, of: argument,
        "\(function.rawValue)() takes \(kinds.describedWithArticle)")
    }
    return BoundExpression(
      .call(function, arguments), type: resultType(function, signature, arguments),
      range: expression.range)
  }

  /// A few functions hand the type of their argument on.
  private func resultType(
    _ function: ScalarFunction, _ signature: FunctionSignature, _ arguments: [BoundExpression]
  ) -> StaticType {
    guard let first = arguments.first?.type else { return signature.result }
    switch function {
    case .head, .last: return first.isOnly(.list) ? StaticType(first.elements.union(.null)) : .any
    case .tail: return .list(of: first.elements)
    case .reverse: return first.isOnly(.list) || first.isOnly(.string) ? first : signature.result
    case .coalesce: return arguments.dropFirst().reduce(first) { $0.union($1.type) }
    default: return signature.result
    }
  }

  func checkArity(
    _ name: String, _ signature: FunctionSignature, _ call: FunctionCall,
    _ expression: Expression
  ) throws {
    let count = call.arguments.count
    let isEnough = count >= signature.minimumArguments
    guard isEnough, signature.maximumArguments.map({ count <= $0 }) ?? true else {
      throw semanticError(
        "InvalidNumberOfArguments",
        "\(name)() takes \(describe(signature)), but got \(count)", at: expression.range,
        advice: "Usage: \(signature.summary).")
    }
  }

  private func describe(_ signature: FunctionSignature) -> String {
    let minimum = signature.minimumArguments
    let plural = minimum == 1 ? "" : "s"
    guard let maximum = signature.maximumArguments else {
      return "at least \(minimum) argument\(plural)"
    }
    if minimum == maximum { return "\(minimum) argument\(plural)" }
    return "\(minimum) to \(maximum) arguments"
  }

  private func unknownFunction(_ call: FunctionCall) -> StemmaError {
    let written = call.name.map(\.text.string).joined(separator: ".")
    let range = call.name[0].range.through(call.name[call.name.count - 1].range)
    let advice: String
    if let habit = FunctionHabits.advice(for: written) {
      advice = habit
    } else if let near = Suggestion.nearest(to: written, among: FunctionTable.names) {
      advice = "Did you mean \(near)()?"
    } else {
      advice = "SHOW FUNCTIONS lists all of them."
    }
    return semanticError(
      "UnknownFunction", "there is no function '\(written)'", at: range, advice: advice)
  }

  /// `exists(n.property)` and `exists((a)-->(b))`.
  private mutating func bindExistsFunction(
    _ call: FunctionCall, _ expression: Expression
  ) throws -> BoundExpression {
    let argument = call.arguments[0]
    switch argument.kind {
    case .pattern(let pattern):
      return try bindPatternExpression(pattern, expression, isAllowed: true)
    case .property, .subscripted:
      let bound = try bindExpression(argument)
      return BoundExpression(
        .call(.exists, [bound]), type: StaticType(.boolean), range: expression.range)
    default:
      throw semanticError(
        "InvalidArgumentExpression", "exists() takes a property or a pattern",
        at: argument.range, advice: "Write x IS NOT NULL, or EXISTS { (a)-->(b) }.")
    }
  }
}

/// Functions of SQL and of other dialects, and what to write here.
enum FunctionHabits {
  private static let table: [(String, String)] = [
    ("len", "Use size(list or string), or length(path)."),
    ("strlen", "Use size(string)."), ("count_distinct", "Write count(DISTINCT x)."),
    ("ifnull", "Use coalesce(x, default)."), ("nvl", "Use coalesce(x, default)."),
    ("isnull", "Write x IS NULL."), ("now", "Use datetime()."), ("sysdate", "Use datetime()."),
    ("concat", "Join strings with +."), ("group_concat", "Use collect(x)."),
    ("array_agg", "Use collect(x)."), ("string_agg", "Use collect(x)."),
    ("mean", "Use avg(x)."), ("average", "Use avg(x)."), ("median", "Use percentileCont(x, 0.5)."),
    ("stddev", "Use stDev(x)."), ("std", "Use stDev(x)."), ("pow", "Write x ^ y."),
    ("power", "Write x ^ y."), ("mod", "Write x % y."), ("ceiling", "Use ceil(x)."),
    ("ln", "Use log(x), the natural logarithm."), ("int", "Use toInteger(x)."),
    ("toint", "Use toInteger(x)."),
    ("float", "Use toFloat(x)."), ("str", "Use toString(x)."), ("string", "Use toString(x)."),
    ("cast", "Use toInteger(x), toFloat(x) or toString(x)."), ("rels", "Use relationships(path)."),
    ("label", "Use labels(n), or n:Label."), ("filter", "Write [x IN list WHERE ...]."),
    ("extract", "Write [x IN list | ...]."), ("contains", "Write x CONTAINS y."),
    ("startswith", "Write x STARTS WITH y."), ("endswith", "Write x ENDS WITH y."),
    ("substr", "Use substring(string, start, count)."), ("to_string", "Use toString(x)."),
    ("first", "Use head(list)."), ("distinct", "Write RETURN DISTINCT, or collect(DISTINCT x)."),
    ("uuid", "Use randomUUID()."), ("point", "There are no points here."),
  ]

  static func advice(for name: String) -> String? {
    let lower = name.utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
    return table.first { lower.elementsEqual($0.0.utf8) }?.1
  }
}
