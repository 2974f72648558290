// Text to bound statement: parsing and binding, once per text.

import Base
import Cypher
import Executor
import Planner

/// Compiles texts.
enum StatementCompiler {
  /// Parses and binds a text; errors carry their place in it.
  static func compile(
    _ text: Text, _ procedures: ProcedureSet, schema: GraphType?
  ) throws -> BoundStatement {
    try Binder.bind(
      text, environment: BindingEnvironment(procedures: procedures, schema: schema))
  }

  /// The values of a statement's parameters; every one of them must be given.
  static func values(
    of given: [String: Value], for names: ParameterNames
  ) throws -> ParameterValues {
    var values: [Value] = []
    values.reserveCapacity(names.all.count)
    for name in names.all {
      guard let value = given[name.string] else { throw missing(name) }
      values.append(value)
    }
    return ParameterValues(names: names, values: values)
  }

  private static func missing(_ name: Text) -> StemmaError {
    StemmaError(
      .queryParameter, "the parameter $\(name) is not given",
      advice: "give it a value (null counts): --param \(name)=...",
      classification: CypherClassification(
        type: "ParameterMissing", phase: .compileTime, detail: "MissingParameter"))
  }
}
