// Procedures given by the program, as the language sees them.

import Base
import Executor
import Graph
import Planner

/// A procedure of the program at work.
struct GivenProcedure: ProcedureBody {
  let procedure: Procedure

  func rows(
    _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[Value]] { try procedure.body(arguments, graph.snapshot) }
}

extension Procedure {
  var signature: ProcedureSignature {
    ProcedureSignature(
      name: name, inputs: inputs.map(\.signature), outputs: outputs.map(\.signature))
  }
}

extension Procedure.Field {
  var signature: ProcedureSignature.Field {
    ProcedureSignature.Field(name: name, type: Self.staticType(type), typeName: Text(type))
  }

  /// `STRING`, `INTEGER?`, `LIST OF ANY`: the last `?` allows null.
  static func staticType(_ written: String) -> StaticType {
    let isNullable = written.utf8.last == UInt8(ascii: "?")
    let name = Text(isNullable ? String(written.dropLast()) : written)
    var kinds: ValueKinds
    switch name {
    case "INTEGER": kinds = .integer
    case "FLOAT": kinds = .float
    case "NUMBER": kinds = .number
    case "STRING": kinds = .string
    case "BOOLEAN": kinds = .boolean
    case "MAP": kinds = .map
    case "NODE": kinds = .node
    case "RELATIONSHIP": kinds = .edge
    case "PATH": kinds = .path
    default: kinds = name.string.utf8.starts(with: "LIST".utf8) ? .list : .any
    }
    if isNullable { kinds.insert(.null) }
    return StaticType(kinds)
  }
}
