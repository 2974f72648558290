// Procedures as the binder sees them: names, inputs and outputs. What they do is the executor's.

package import Base

/// The signature of a procedure such as `db.labels() :: (label STRING)`.
package struct ProcedureSignature: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: Text
    package var type: StaticType
    /// As shown to people: `STRING`, `INTEGER?`, `LIST OF ANY`.
    package var typeName: Text

    package init(name: Text, type: StaticType, typeName: Text) {
      self.name = name
      self.type = type
      self.typeName = typeName
    }
  }

  /// `db.labels`
  package var name: Text
  package var inputs: [Field]
  package var outputs: [Field]
  package var isWriting: Bool
  /// One line for SHOW PROCEDURES.
  package var summary: Text

  package init(
    name: Text, inputs: [Field], outputs: [Field], isWriting: Bool = false, summary: Text = ""
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.isWriting = isWriting
    self.summary = summary
  }
}

/// Where the binder looks procedures up.
package protocol ProcedureRegistry: Sendable {
  func procedure(named name: Text) -> ProcedureSignature?
  /// All of them, by name: for suggestions and SHOW PROCEDURES.
  var procedures: [ProcedureSignature] { get }
}

/// No procedures at all.
package struct EmptyProcedureRegistry: ProcedureRegistry {
  package init() {}
  package func procedure(named name: Text) -> ProcedureSignature? { nil }
  package var procedures: [ProcedureSignature] { [] }
}
