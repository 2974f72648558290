// SHOW PROCEDURES, SHOW FUNCTIONS, SHOW INDEXES.

import Base
import Cypher
import Graph
import Planner

/// The tables of SHOW.
enum ShowTables {
  static func table(
    _ subject: ShowCommand.Subject, _ procedures: ProcedureSet, _ graph: borrowing GraphView
  ) throws -> (columns: [String], rows: [[Value]]) {
    switch subject {
    case .procedures: return (["name", "signature", "summary"], rows(procedures))
    case .functions: return (["name", "summary"], functions())
    case .indexes:
      return (
        ["name", "label", "properties", "unique", "entries"],
        try BuiltInProcedures.indexes(graph)
      )
    }
  }

  private static func rows(_ procedures: ProcedureSet) -> [[Value]] {
    procedures.procedures.map { procedure in
      [.string(procedure.name), .text(signature(procedure)), .string(procedure.summary)]
    }
  }

  private static func signature(_ procedure: ProcedureSignature) -> String {
    func list(_ fields: [ProcedureSignature.Field]) -> String {
      fields.map { "\($0.name) :: \($0.typeName)" }.joined(separator: ", ")
    }
    return "\(procedure.name)(\(list(procedure.inputs))) :: (\(list(procedure.outputs)))"
  }

  private static func functions() -> [[Value]] {
    FunctionTable.names.map { name in
      switch FunctionTable.resolve(name) {
      case .scalar(let function): [.text(name), .text(function.signature.summary)]
      case .aggregate(let function): [.text(name), .text(function.signature.summary)]
      case nil: [.text(name), .text("")]
      }
    }
  }
}
