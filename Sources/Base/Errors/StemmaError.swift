// The one error type that crosses layers. It says what happened, where, and what to do next; its
// code is a stable string that scripts may match. All codes are listed in `ErrorCode.swift`.

/// An error with a stable code, a place and advice.
public struct StemmaError: Error, Sendable, Hashable {
  public var code: ErrorCode
  /// One sentence, no trailing newline: what happened.
  public var message: String
  public var place: Place?
  /// One sentence: what to do next.
  public var advice: String?
  /// openCypher's classification, for errors of queries only.
  public var classification: CypherClassification?

  public init(
    _ code: ErrorCode, _ message: String, at place: Place? = nil, advice: String? = nil,
    classification: CypherClassification? = nil
  ) {
    self.code = code
    self.message = message
    self.place = place
    self.advice = advice
    self.classification = classification
  }

  /// Where an error lies.
  public enum Place: Sendable, Hashable {
    /// In a query, schema or other text: line and column from 1, in code points; `length` code
    /// points are underlined; `sourceLine` is the whole line for the caret.
    case text(name: String?, line: Int, column: Int, length: Int, sourceLine: String)
    /// In a file, with a line and a column where they are known.
    case file(path: String, line: Int?, column: Int?)
    /// In a table of the store.
    case record(table: String, key: String)
  }
}

/// openCypher's own words for an error: type, phase and detail, as in the TCK.
public struct CypherClassification: Sendable, Hashable {
  public enum Phase: String, Sendable, Hashable {
    case compileTime = "compile time"
    case runtime
  }

  /// `SyntaxError`, `TypeError`, `ArgumentError`, ...
  public var type: String
  public var phase: Phase
  /// `UndefinedVariable`, `InvalidArgumentValue`, ...
  public var detail: String

  public init(type: String, phase: Phase, detail: String) {
    self.type = type
    self.phase = phase
    self.detail = detail
  }
}
