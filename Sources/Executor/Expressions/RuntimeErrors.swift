// The errors that evaluation can end with, in openCypher's classification. Each says what was met
// and what was wanted; values in messages are cut short.

import Base

extension StemmaError {
  static func runtime(
    _ type: String, _ detail: String, _ message: String, advice: String? = nil
  ) -> StemmaError {
    StemmaError(
      .queryRuntime, message, advice: advice,
      classification: CypherClassification(type: type, phase: .runtime, detail: detail))
  }

  /// An operand of a type that the operation does not take.
  static func type(_ message: String, advice: String? = nil) -> StemmaError {
    runtime("TypeError", "InvalidArgumentType", message, advice: advice)
  }

  /// An argument of a function that the function cannot use.
  static func argument(_ function: String, _ value: Value, wanted: String) -> StemmaError {
    runtime(
      "TypeError", "InvalidArgumentValue",
      "\(function)() takes \(wanted), not \(value.shortDescription)")
  }

  /// A result that does not fit a 64-bit integer.
  static func integerOverflow(_ operation: String) -> StemmaError {
    runtime(
      "ArithmeticError", "NumberOutOfRange", "integer overflow in \(operation)",
      advice: "use toFloat() where an approximate result will do")
  }

  static let divisionByZero = runtime(
    "ArithmeticError", "DivisionByZero", "an integer was divided by zero",
    advice: "filter out zero, or divide floats")

  /// A value that is larger than one value may be.
  static func valueTooLarge(_ what: String, limit: Int) -> StemmaError {
    StemmaError(
      .limitReached, "\(what) would be larger than \(limit)",
      advice: "filter or aggregate earlier")
  }

  /// A node or relationship that this statement has deleted.
  static let deletedEntity = runtime(
    "EntityNotFound", "DeletedEntityAccess",
    "a node or relationship is read after it was deleted in the same query",
    advice: "read what you need before DELETE, with WITH")
}

extension Value {
  /// The type and the beginning of the value, for messages.
  var shortDescription: String {
    if isNull { return "null" }
    // Long lists and maps are not rendered only to be cut.
    let text: String
    switch self {
    case .list(let elements): text = "of \(elements.count) elements"
    case .map(let map): text = "of \(map.count) entries"
    case .string(let string) where string.utf8Count > 60:
      text = "'\(string.string.prefix(40))...'"
    case .bytes(let bytes): text = "of \(bytes.count) bytes"
    case .path(let path): text = "of \(path.edges.count) relationships"
    default: text = description
    }
    return "the \(typeName) \(text)"
  }
}
