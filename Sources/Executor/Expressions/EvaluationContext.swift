// What an expression may know beyond its row: parameters, the clock, randomness, limits and how to
// run an inner pattern. Everything comes in as a value; nothing here asks the machine.

package import Base
package import Cypher
internal import Synchronization

/// The surroundings of one statement.
package final class EvaluationContext: @unchecked Sendable {
  // @unchecked: it changes only in `begin`, between two runs of a prepared statement, and belongs
  // to one run at a time.

  /// Parameters by name, without the `$`.
  @exclusivity(unchecked) package private(set) var parameters: ParameterValues
  /// The moment at which the statement began: `date()`, `datetime.statement()`. The transaction of
  /// a statement begins with it.
  @exclusivity(unchecked) package private(set) var statementTime: Timestamp
  package let surroundings: Surroundings
  @exclusivity(unchecked) package private(set) var limits: EvaluationLimits
  /// Whether the statement writes: only then can a value name an entity that is deleted.
  package let isWriting: Bool
  /// The relationships that the statement has deleted so far.
  package let deletedEdges = DeletedEdges()
  /// Where a range of the statement's text lies, for errors; asked only when there is one.
  package let place: @Sendable (SourceRange) -> StemmaError.Place?
  /// When the statement is to stop, and who may stop it before.
  @exclusivity(unchecked) private(set) var deadlineMicroseconds: Int64?
  @exclusivity(unchecked) private(set) var isCancelled: (@Sendable () -> Bool)?
  /// The bytes of large lists and strings that the rows at hand may hold together: a batch is
  /// evaluated column by column.
  private let largeBytes = Atomic<Int>(0)

  package init(
    parameters: ParameterValues, statementTime: Timestamp,
    surroundings: Surroundings, limits: EvaluationLimits = EvaluationLimits(),
    isWriting: Bool = false,
    place: @escaping @Sendable (SourceRange) -> StemmaError.Place? = { _ in nil }
  ) {
    self.parameters = parameters
    self.statementTime = statementTime
    self.surroundings = surroundings
    self.limits = limits
    self.isWriting = isWriting
    self.place = place
  }

  /// Turns to another run of the same statement.
  func begin(_ settings: RunSettings) {
    parameters = settings.parameters
    statementTime = settings.statementTime
    limits =
      settings.limits.memoryBytes.map { EvaluationLimits(memoryBytes: $0) }
      ?? EvaluationLimits()
    deadlineMicroseconds = settings.limits.deadlineMicroseconds
    isCancelled = settings.isCancelled
    if isWriting { deletedEdges.clear() }
  }

  /// Throws when the statement is to stop (cancelled, out of time). Cheap; called in long loops.
  package func checkpoint() throws {
    if let isCancelled, isCancelled() { throw ExecutionStop(.cancelled) }
    if let deadlineMicroseconds, surroundings.steadyMicroseconds() > deadlineMicroseconds {
      throw ExecutionStop(.time)
    }
  }
}

/// Named limits on single values, so that one expression cannot take the machine.
package struct EvaluationLimits: Sendable, Hashable {
  /// Elements in one list (`range`, `+`, comprehensions).
  package var listElements = 10_000_000
  /// UTF-8 bytes in one string.
  package var stringBytes = 64 << 20
  /// Nesting of lists and maps in one value.
  package var valueDepth = 500
  /// Bytes of the large values of a batch.
  package var batchBytes = Int.max

  /// Whether the limits on lists and strings come from the limit on memory.
  package var areFromMemory = false

  /// Work on strings and lists larger than these asks whether to stop.
  static let largeString = 1 << 15
  static let largeList = 1 << 12

  package init() {}

  /// The limits of a query that may take so many bytes.
  package init(memoryBytes: Int) {
    batchBytes = memoryBytes
    let elements = memoryBytes / MemoryLayout<Value>.stride
    guard elements < listElements || memoryBytes < stringBytes else { return }
    areFromMemory = true
    listElements = min(listElements, elements)
    stringBytes = min(stringBytes, memoryBytes)
  }
}

extension EvaluationContext {
  /// Throws where a list of so many elements is not allowed, or the statement is to stop.
  func checkList(_ count: Int) throws {
    guard count <= limits.listElements else {
      throw tooLarge("a list", limit: limits.listElements)
    }
    try checkpoint()
  }

  /// Throws where a string of so many bytes is not allowed, or the statement is to stop.
  func checkString(_ bytes: Int) throws {
    guard bytes <= limits.stringBytes else {
      throw tooLarge("a string", limit: limits.stringBytes)
    }
    try checkpoint()
  }

  /// Notes a list that is made, where it is large. Throws where the batch holds too much.
  func hold(elements count: Int) throws {
    if count > EvaluationLimits.largeList { try hold(bytes: count * MemoryLayout<Value>.stride) }
  }

  /// Notes a value that is made, where it is large. Throws where the batch holds too much.
  func hold(bytes: Int) throws {
    guard bytes > EvaluationLimits.largeString else { return }
    if largeBytes.wrappingAdd(bytes, ordering: .relaxed).newValue > limits.batchBytes {
      throw ExecutionStop(.memory)
    }
  }

  /// What is noted at the moment; a loop whose values die puts it back.
  var heldBytes: Int {
    get { largeBytes.load(ordering: .relaxed) }
    set { largeBytes.store(newValue, ordering: .relaxed) }
  }

  /// The next batch begins.
  package func beginBatch() {
    if heldBytes != 0 { heldBytes = 0 }
  }

  /// The limit on memory stops a query like any other; the others are errors of the expression.
  private func tooLarge(_ what: String, limit: Int) -> any Error {
    limits.areFromMemory
      ? ExecutionStop(.memory) : StemmaError.valueTooLarge(what, limit: limit)
  }

  /// Asks whether to stop where a value is so large that work on it takes long.
  @inline(__always)
  func check(large value: Value) throws {
    switch value {
    case .string(let text) where text.utf8Count > EvaluationLimits.largeString: try checkpoint()
    case .list(let elements) where elements.count > EvaluationLimits.largeList: try checkpoint()
    default: break
    }
  }
}

/// Two lists one after the other; asks now and then whether to stop where they are long.
func joined(
  _ first: [Value], _ second: [Value], _ context: EvaluationContext
) throws -> [Value] {
  let count = first.count + second.count
  if count <= EvaluationLimits.largeString { return first + second }
  var result: [Value] = []
  result.reserveCapacity(count)
  for part in [first, second] {
    var next = 0
    while next < part.count {
      let end = min(part.count, next + EvaluationLimits.largeString)
      result.append(contentsOf: part[next..<end])
      next = end
      try context.checkpoint()
    }
  }
  return result
}
