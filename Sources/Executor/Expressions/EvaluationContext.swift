// What an expression may know beyond its row: parameters, the clock, randomness, limits and how to
// run an inner pattern. Everything comes in as a value; nothing here asks the machine.

package import Base
package import Cypher

/// The surroundings of one statement.
package final class EvaluationContext: Sendable {
  /// Parameters by name, without the `$`.
  package let parameters: [Text: Value]
  /// The moment at which the statement began: `date()`, `datetime.statement()`.
  package let statementTime: Timestamp
  /// The moment at which the transaction began: `datetime.transaction()`.
  package let transactionTime: Timestamp
  package let surroundings: Surroundings
  package let limits: EvaluationLimits
  /// Whether the statement writes: only then can a value name an entity that is deleted.
  package let isWriting: Bool
  /// The relationships that the statement has deleted so far.
  package let deletedEdges = DeletedEdges()
  /// Where a range of the statement's text lies, for errors; asked only when there is one.
  package let place: @Sendable (SourceRange) -> StemmaError.Place?
  /// Throws when the statement is to stop (cancelled, out of time). Cheap; called in long loops.
  package let checkpoint: @Sendable () throws -> Void

  package init(
    parameters: [Text: Value], statementTime: Timestamp, transactionTime: Timestamp,
    surroundings: Surroundings, limits: EvaluationLimits = EvaluationLimits(),
    isWriting: Bool = false,
    place: @escaping @Sendable (SourceRange) -> StemmaError.Place? = { _ in nil },
    checkpoint: @escaping @Sendable () throws -> Void = {}
  ) {
    self.parameters = parameters
    self.statementTime = statementTime
    self.transactionTime = transactionTime
    self.surroundings = surroundings
    self.limits = limits
    self.isWriting = isWriting
    self.place = place
    self.checkpoint = checkpoint
  }
}

/// Named limits on single values, so that one expression cannot take the machine.
package struct EvaluationLimits: Sendable, Hashable {
  /// Elements in one list (`range`, `+`, comprehensions).
  package var listElements = 10_000_000
  /// UTF-8 bytes in one string.
  package var stringBytes = 256 << 20
  /// Nesting of lists and maps in one value.
  package var valueDepth = 500

  package init() {}
}
