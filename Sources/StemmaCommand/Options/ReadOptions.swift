// The snapshot and the limits of a reading command.

import ArgumentParser
import Base
import Stemma

struct ReadOptions: ParsableArguments {
  @Option(
    name: .customLong("as-of"), parsing: .unconditional,
    help: "Read the graph as it was: a transaction number, a date-time or a checkpoint's name.")
  var asOf: String?

  @Option(
    name: .customLong("max-rows"), parsing: .unconditional,
    help: "Stop after this many rows and say so.")
  var maximumRows: Int?

  @Option(
    name: .customLong("timeout"), parsing: .unconditional,
    help: "Stop after this many milliseconds and say so.")
  var timeoutMilliseconds: Int?

  @Option(
    name: .customLong("max-memory"), parsing: .unconditional,
    help: "Stop above this many MiB and say so.")
  var maximumMemoryMebibytes: Int?

  @Option(
    name: .customLong("max-disk"), parsing: .unconditional,
    help: "Stop above this many MiB of scratch files and say so.")
  var maximumDiskMebibytes: Int?

  @Option(
    name: .customLong("max-expansions"), parsing: .unconditional,
    help: "Stop after this many steps along paths and say so.")
  var maximumExpansions: Int?

  func validate() throws {
    for (name, value) in [
      ("--max-rows", maximumRows), ("--timeout", timeoutMilliseconds),
      ("--max-memory", maximumMemoryMebibytes), ("--max-disk", maximumDiskMebibytes),
      ("--max-expansions", maximumExpansions),
    ] {
      if let value, value < 0 { throw ValidationError("\(name) must not be negative") }
    }
    for (name, value) in [
      ("--max-memory", maximumMemoryMebibytes), ("--max-disk", maximumDiskMebibytes),
    ] {
      if let value, value > 1 << 40 { throw ValidationError("\(name) is too large") }
    }
  }

  /// The options as the façade takes them.
  func queryOptions(cancellation: CancellationToken?) throws -> QueryOptions {
    let preset = try LimitSettings.fromEnvironment()
    return QueryOptions(
      asOf: try asOf.map(SnapshotText.parse),
      limits: QueryLimits(
        rows: maximumRows ?? preset.rows,
        timeMilliseconds: timeoutMilliseconds ?? preset.timeMilliseconds,
        memoryBytes: maximumMemoryMebibytes.map { $0 << 20 } ?? preset.memoryBytes,
        pathExpansions: maximumExpansions ?? preset.pathExpansions,
        diskBytes: maximumDiskMebibytes.map { $0 << 20 } ?? preset.diskBytes),
      cancellation: cancellation)
  }
}
