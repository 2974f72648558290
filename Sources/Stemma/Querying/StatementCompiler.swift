// Text to bound statement: parsing and binding, once per text.

import Base
import Cypher
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

  /// Every parameter of a statement must be given.
  static func check(
    _ parameters: [Text: Value], for statement: BoundStatement
  ) throws {
    for name in statement.parameters where parameters[name] == nil {
      throw StemmaError(
        .queryParameter, "the parameter $\(name) is not given",
        advice: "give it a value (null counts): --param \(name)=...",
        classification: CypherClassification(
          type: "ParameterMissing", phase: .compileTime, detail: "MissingParameter"))
    }
  }
}
