// Procedures that a program adds to the language: `CALL name(arguments) YIELD outputs`. They see
// only their arguments and which snapshot is read, never the graph, so they cannot bypass the log.

public import Base

/// A procedure given by the program that opened the store.
public struct Procedure: Sendable {
  /// An input or output: its name and its type in openCypher's words (`INTEGER?`).
  public struct Field: Sendable, Hashable {
    public var name: Text
    /// `INTEGER`, `FLOAT`, `NUMBER`, `STRING`, `BOOLEAN`, `MAP`, `LIST OF ...`, `ANY`; `?` allows
    /// null.
    public var type: String
    public init(name: Text, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// With dots: `test.my.procedure`.
  public var name: Text
  public var inputs: [Field]
  public var outputs: [Field]
  /// From the arguments, one per input, to rows with one value per output.
  public var body:
    @Sendable (_ arguments: [Value], _ snapshot: TransactionNumber) throws -> [[Value]]

  public init(
    name: Text, inputs: [Field], outputs: [Field],
    body: @escaping @Sendable (_ arguments: [Value]) throws -> [[Value]]
  ) {
    self.init(
      name: name, inputs: inputs, outputs: outputs,
      reading: { values, _ in
        try body(values)
      })
  }

  /// One whose answer depends on the snapshot of the query, which is handed to it.
  public init(
    name: Text, inputs: [Field], outputs: [Field],
    reading body:
      @escaping @Sendable (_ arguments: [Value], _ snapshot: TransactionNumber) throws -> [[Value]]
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.body = body
  }
}
