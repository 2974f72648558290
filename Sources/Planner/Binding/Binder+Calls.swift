// CALL: procedures from the registry, their arguments and what they yield.

import Base
import Cypher

extension Binder {
  /// CALL among other clauses: arguments are written, and only what YIELD names comes out.
  mutating func bindCall(_ call: CallClause) throws -> BoundCall {
    let procedure = try procedure(of: call)
    guard let written = call.arguments else {
      throw semanticError(
        "InvalidArgumentPassingMode",
        "a CALL inside a query needs its arguments in parentheses", at: call.range,
        advice: "Write CALL \(procedure.name)(...); only a CALL alone takes parameters by name.")
    }
    if call.yield?.includesAll == true {
      throw semanticError(
        "UnexpectedSyntax", "YIELD * stands only with a CALL alone", at: call.range,
        advice: "Name the fields: YIELD \(fieldList(procedure)).")
    }
    let arguments = try bindArguments(written, of: procedure, call)
    let yields = try bindYields(call.yield?.items ?? [], of: procedure)
    return try finishCall(procedure, arguments, yields, call)
  }

  /// A CALL alone: missing parentheses mean parameters by name, a missing YIELD means all fields.
  mutating func bindStandaloneCall(
    _ call: CallClause
  ) throws -> (clauses: [BoundClause], columns: [BoundColumn]) {
    let procedure = try procedure(of: call)
    let arguments: [BoundExpression]
    if let written = call.arguments {
      arguments = try bindArguments(written, of: procedure, call)
    } else {
      arguments = try procedure.inputs.map { try implicitArgument($0, call) }
    }
    let takesAll = call.yield == nil || call.yield?.includesAll == true
    let items =
      takesAll
      ? procedure.outputs.map {
        YieldClause.Item(field: Name($0.name, call.range), alias: nil)
      } : call.yield?.items ?? []
    let yields = try bindYields(items, of: procedure)
    let bound = try finishCall(procedure, arguments, yields, call)
    let columns = zip(items, yields).map { item, yield in
      BoundColumn(name: item.alias?.text ?? item.field.text, slot: yield.slot)
    }
    return ([.call(bound)], columns)
  }

  private mutating func finishCall(
    _ procedure: ProcedureSignature, _ arguments: [BoundExpression], _ yields: [BoundYield],
    _ call: CallClause
  ) throws -> BoundCall {
    if procedure.isWriting { isWriting = true }
    var predicates: [BoundExpression] = []
    if let predicate = call.yield?.predicate {
      rules = ExpressionRules(place: "WHERE", allowsPatternPredicate: true)
      predicates = try bindConjuncts(predicate)
    }
    return BoundCall(
      procedure: procedure, arguments: arguments, yields: yields, predicates: predicates,
      range: call.range)
  }

  // MARK: Parts

  private func procedure(of call: CallClause) throws -> ProcedureSignature {
    let written = call.procedure.map(\.text.string).joined(separator: ".")
    if let found = environment.procedures.procedure(named: Text(written)) { return found }
    let range = call.procedure[0].range.through(call.procedure[call.procedure.count - 1].range)
    let known = environment.procedures.procedures.map(\.name.string)
    let near = Suggestion.nearest(to: written, among: known)
    throw semanticError(
      "ProcedureNotFound", "there is no procedure '\(written)'", at: range,
      type: "ProcedureError",
      advice: near.map { "Did you mean \($0)?" } ?? "SHOW PROCEDURES lists all of them.")
  }

  private mutating func bindArguments(
    _ written: [Expression], of procedure: ProcedureSignature, _ call: CallClause
  ) throws -> [BoundExpression] {
    guard written.count == procedure.inputs.count else {
      throw semanticError(
        "InvalidNumberOfArguments",
        "\(procedure.name) takes \(procedure.inputs.count) arguments, but got \(written.count)",
        at: call.range, advice: "Usage: CALL \(procedure.name)(\(inputList(procedure))).")
    }
    var arguments: [BoundExpression] = []
    for (expression, input) in zip(written, procedure.inputs) {
      rules = ExpressionRules(place: "an argument of CALL")
      let bound = try bindExpression(expression)
      // A whole number is a float, where one is wanted.
      let accepted =
        input.type.kinds.contains(.float) ? input.type.kinds.union(.integer) : input.type.kinds
      try demand(accepted, of: bound, "'\(input.name)' is of type \(input.typeName)")
      arguments.append(bound)
    }
    return arguments
  }

  private mutating func implicitArgument(
    _ input: ProcedureSignature.Field, _ call: CallClause
  ) throws -> BoundExpression {
    if let known = environment.parameterNames, !known.contains(input.name) {
      throw semanticError(
        "MissingParameter", "the parameter $\(input.name) is missing", at: call.range,
        type: "ParameterMissing",
        advice: "Hand it in, or write the arguments in parentheses.")
    }
    if !parameters.contains(input.name) { parameters.append(input.name) }
    return BoundExpression(.parameter(input.name), type: .any, range: call.range)
  }

  private mutating func bindYields(
    _ items: [YieldClause.Item], of procedure: ProcedureSignature
  ) throws -> [BoundYield] {
    var yields: [BoundYield] = []
    for item in items {
      guard let field = procedure.outputs.firstIndex(where: { $0.name == item.field.text }) else {
        throw semanticError(
          "UndefinedVariable", "\(procedure.name) has no field '\(item.field.text)'",
          at: item.field.range, advice: "Its fields are \(fieldList(procedure)).")
      }
      let name = item.alias ?? item.field
      guard scope.slot(of: name.text) == nil else { throw alreadyBound(name) }
      let slot = declare(name.text, procedure.outputs[field].type)
      yields.append(BoundYield(field: field, slot: slot))
    }
    return yields
  }

  private func fieldList(_ procedure: ProcedureSignature) -> String {
    let names = procedure.outputs.map(\.name.string)
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private func inputList(_ procedure: ProcedureSignature) -> String {
    procedure.inputs.map { "\($0.name) :: \($0.typeName)" }.joined(separator: ", ")
  }
}
