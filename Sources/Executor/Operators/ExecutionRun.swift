// What the operators of one running statement share: parameters and clock for expressions, the
// limits, and the counters behind PROFILE. It is the only place that decides that a query stops.

package import Base
package import Graph

/// What one run of a prepared statement brings.
package struct RunSettings: Sendable {
  /// The limits of one run; `nil` means unlimited.
  package struct Limits: Sendable {
    /// On the steady clock of the surroundings.
    package var deadlineMicroseconds: Int64?
    package var memoryBytes: Int?
    package var pathExpansions: Int?
    /// Rows on disk.
    package var diskBytes: Int?
    package init(
      deadlineMicroseconds: Int64? = nil, memoryBytes: Int? = nil, pathExpansions: Int? = nil,
      diskBytes: Int? = nil
    ) {
      self.deadlineMicroseconds = deadlineMicroseconds
      self.memoryBytes = memoryBytes
      self.pathExpansions = pathExpansions
      self.diskBytes = diskBytes
    }
  }

  package var parameters: ParameterValues
  package var statementTime: Timestamp
  package var limits: Limits
  /// `nil` where nobody can cancel the run.
  package var isCancelled: (@Sendable () -> Bool)?

  package init(
    parameters: ParameterValues, statementTime: Timestamp, limits: Limits = Limits(),
    isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.parameters = parameters
    self.statementTime = statementTime
    self.limits = limits
    self.isCancelled = isCancelled
  }
}

/// One run of a plan, and after it the next one.
package final class ExecutionRun {
  package let evaluation: EvaluationContext
  /// The largest number of rows in a batch; tests make it small.
  package let batchRows: Int
  private var limits: RunSettings.Limits { settings.limits }
  @exclusivity(unchecked) private var settings: RunSettings
  /// Where other threads find the snapshot; `nil` where the run keeps to one thread.
  package let source: Graph?
  @exclusivity(unchecked) private var callsUntilClock = 0
  @exclusivity(unchecked) package private(set) var pathExpansions = 0
  @exclusivity(unchecked) package private(set) var memoryBytes = 0
  /// The most that was held at a time since somebody last set it; for PROFILE.
  @exclusivity(unchecked) package var mostMemoryBytes = 0
  /// What was put on disk for want of memory.
  @exclusivity(unchecked) package private(set) var spilledBytes = 0
  /// Ranges of columns that were read, and those that their bounds ruled out.
  @exclusivity(unchecked) package private(set) var readRanges = 0
  @exclusivity(unchecked) package private(set) var skippedRanges = 0
  /// Counts the runs, so that what was held in an earlier one is not counted in this.
  @exclusivity(unchecked) fileprivate private(set) var number = 0

  /// Between two looks at the clock in loops that call `tick` per item.
  private static let callsPerClock = 1_024

  package init(
    evaluation: EvaluationContext, source: Graph? = nil, batchRows: Int = Batch.capacity
  ) {
    self.batchRows = batchRows
    self.evaluation = evaluation
    self.source = source
    settings = RunSettings(
      parameters: evaluation.parameters, statementTime: evaluation.statementTime)
  }

  /// Starts a run.
  package func begin(_ settings: RunSettings) {
    evaluation.begin(settings)
    self.settings = settings
    callsUntilClock = 0
    pathExpansions = 0
    memoryBytes = 0
    mostMemoryBytes = 0
    spilledBytes = 0
    readRanges = 0
    skippedRanges = 0
    number += 1
  }

  /// What a run for one of so many threads brings: its share of the memory that is left.
  func settings(sharedBy threads: Int) -> RunSettings {
    var result = settings
    if let limit = limits.memoryBytes {
      result.limits.memoryBytes = max(0, limit - memoryBytes) / max(1, threads)
    }
    return result
  }

  /// How long the run has lasted.
  package var elapsedMilliseconds: Int {
    let now = evaluation.surroundings.now().rawValue
    let elapsed = now.subtractingReportingOverflow(evaluation.statementTime.rawValue)
    return elapsed.overflow ? 0 : Int(elapsed.partialValue / 1_000)
  }

  /// Throws where the statement is to stop. Costs a clock reading: call it once per batch.
  package func checkpoint() throws {
    evaluation.beginBatch()
    try look()
  }

  private func look() throws { try evaluation.checkpoint() }

  /// Like `checkpoint`, for loops: looks at the clock once in many calls.
  @inline(__always)
  package func tick() throws {
    callsUntilClock -= 1
    if callsUntilClock < 0 {
      callsUntilClock = Self.callsPerClock
      try look()
    }
  }

  /// Like `tick`, after as much work as so many calls.
  @inline(__always)
  package func tick(work: Int) throws {
    callsUntilClock -= work
    try tick()
  }

  /// When the lists in a batch have this many elements together, the batch goes out.
  package static let elementsPerBatch = 1 << 16

  /// Counts steps of a path search against their limit.
  package func countPathExpansions(_ count: Int) throws {
    pathExpansions += count
    if let limit = limits.pathExpansions, pathExpansions > limit {
      throw ExecutionStop(.pathExpansions)
    }
    try tick()
  }

  /// Notes that an operator holds `bytes` more (or fewer, negative).
  package func charge(memoryBytes bytes: Int) throws {
    memoryBytes += bytes
    mostMemoryBytes = max(mostMemoryBytes, memoryBytes)
    if let limit = limits.memoryBytes, memoryBytes > limit { throw ExecutionStop(.memory) }
  }

  /// The folder for rows of an operator that holds `bytes`, where these are too many to stay in
  /// memory: a quarter of the limit, or less where others hold the rest. `nil` where they may stay.
  package func spillFolder(holding bytes: Int) -> String? {
    guard let folder = evaluation.surroundings.temporaryFolder, let limit = limits.memoryBytes,
      bytes > limit / 4 || (memoryBytes > limit / 4 * 3 && bytes > limit / 16)
    else { return nil }
    return folder
  }

  /// Notes that ranges of columns were read or skipped.
  package func countRanges(read: Int, skipped: Int) {
    readRanges += read
    skippedRanges += skipped
  }

  /// Notes that `bytes` more lie on disk.
  package func countSpilled(bytes: Int) throws {
    spilledBytes += bytes
    if let limit = limits.diskBytes, spilledBytes > limit { throw ExecutionStop(.disk) }
  }

  fileprivate func giveBack(memoryBytes bytes: Int) { memoryBytes -= bytes }
}

/// What one operator has told its run that it holds: an operator that starts again gives it back.
package struct HeldMemory {
  package private(set) var bytes = 0
  private var run: ExecutionRun?
  private var number = 0

  package init() {}

  /// Holds so many bytes more.
  package mutating func add(_ more: Int, _ run: ExecutionRun) throws {
    guard more != 0 else { return }
    turn(to: run)
    bytes += more
    try run.charge(memoryBytes: more)
  }

  /// Holds so many bytes in all.
  package mutating func set(_ all: Int, _ run: ExecutionRun) throws {
    turn(to: run)
    try add(all - bytes, run)
  }

  /// What was held in an earlier run is not counted in this one.
  private mutating func turn(to run: ExecutionRun) {
    if number == run.number { return }
    self.run = run
    number = run.number
    bytes = 0
  }

  /// Gives back the share of what is held no longer.
  package mutating func keep(_ some: Int, of all: Int) {
    guard some < all else { return }
    let given = bytes / all * (all - some)
    run?.giveBack(memoryBytes: given)
    bytes -= given
  }

  package mutating func giveBack() {
    if let run, run.number == number { run.giveBack(memoryBytes: bytes) }
    bytes = 0
  }
}

/// Thrown when a limit or a person stops a statement; never seen above the façade.
package struct ExecutionStop: Error {
  package enum Reason: String, Sendable {
    case rows
    case time
    case memory
    case disk
    case pathExpansions = "path expansions"
    case cancelled
  }

  package var reason: Reason
  package init(_ reason: Reason) { self.reason = reason }
}
