// What goes wrong with temporal values: a text or a map that says no date, and results outside the
// range. All are errors of the query, with openCypher's classification.

extension StemmaError {
  /// A temporal value that cannot be made from what was given.
  package static func temporalArgument(_ message: String, advice: String? = nil) -> StemmaError {
    StemmaError(
      .queryRuntime, message, advice: advice,
      classification: CypherClassification(
        type: "ArgumentError", phase: .runtime, detail: "InvalidArgumentValue"))
  }

  /// A temporal result outside the range of its type.
  package static func temporalOverflow(_ message: String) -> StemmaError {
    StemmaError(
      .queryRuntime, message,
      advice: "years go from -999999999 to 999999999, and parts of durations are 64 bits wide",
      classification: CypherClassification(
        type: "ArithmeticError", phase: .runtime, detail: "NumberOutOfRange"))
  }

  /// An operation that the types of its operands do not have.
  package static func temporalType(_ message: String, advice: String? = nil) -> StemmaError {
    StemmaError(
      .queryRuntime, message, advice: advice,
      classification: CypherClassification(
        type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
  }
}

/// Checks a part of a temporal value against its range.
func checkedPart(_ name: String, _ value: Int64, _ range: ClosedRange<Int64>) throws -> Int64 {
  guard range.contains(value) else {
    throw StemmaError.temporalArgument(
      "\(name) must be \(range.lowerBound) to \(range.upperBound), not \(value)")
  }
  return value
}
