// All procedures of an open store: those built in and those that the program gave.

import Base
import Executor
import Planner

/// Procedures by name.
struct ProcedureSet: ProcedureRegistry, ProcedureLibrary, Sendable {
  private struct Entry: Sendable {
    var signature: ProcedureSignature
    var body: any ProcedureBody
  }

  private let entries: [Text: Entry]
  let procedures: [ProcedureSignature]

  init(_ added: [Procedure]) {
    var entries: [Text: Entry] = [:]
    for (signature, body) in BuiltInProcedures.all {
      entries[signature.name] = Entry(signature: signature, body: body)
    }
    for procedure in added {
      entries[procedure.name] = Entry(
        signature: procedure.signature, body: GivenProcedure(procedure: procedure))
    }
    self.entries = entries
    procedures = entries.values.map(\.signature).sorted { $0.name < $1.name }
  }

  func procedure(named name: Text) -> ProcedureSignature? { entries[name]?.signature }

  func body(of name: Text) -> (any ProcedureBody)? { entries[name]?.body }
}
