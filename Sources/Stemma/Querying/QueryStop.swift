// What a query that was stopped says about it.

import Executor

extension QueryResult {
  /// Notes what stopped the query and how far it got.
  mutating func stop(
    _ stop: ExecutionStop, _ rows: Int, _ run: ExecutionRun, _ limits: QueryLimits
  ) {
    let reached = QueryProgress(
      rows: rows, pathExpansions: run.pathExpansions, memoryBytes: run.memoryBytes,
      milliseconds: run.elapsedMilliseconds)
    complete = false
    progress = reached
    stoppedBy = limits.name(of: stop.reason)
    // With the limit on rows the rows say it all.
    if stop.reason != .rows { stoppedBy? += ", after " + reached.text }
  }
}

extension QueryProgress {
  /// `12 rows, 340 path expansions, 2 MiB of memory and 1,500 ms`; what is nothing is left out.
  fileprivate var text: String {
    var parts = ["\(rows) rows"]
    if pathExpansions > 0 { parts.append("\(pathExpansions) path expansions") }
    if memoryBytes >= 1 << 20 { parts.append("\(memoryBytes >> 20) MiB of memory") }
    return parts.joined(separator: ", ") + " and \(milliseconds) ms"
  }
}

extension QueryLimits {
  /// The limit that was met, with its value.
  func name(of reason: ExecutionStop.Reason) -> String {
    switch reason {
    case .rows: return "the limit of \(rows ?? 0) rows"
    case .time: return "the limit of \(timeMilliseconds ?? 0) ms"
    case .memory: return "the limit of \(Self.size(memoryBytes ?? 0)) of memory"
    case .disk: return "the limit of \(Self.size(diskBytes ?? 0)) of scratch files"
    case .pathExpansions: return "the limit of \(pathExpansions ?? 0) path expansions"
    case .cancelled: return "cancellation"
    }
  }

  private static func size(_ bytes: Int) -> String {
    bytes > 0 && bytes.isMultiple(of: 1 << 20) ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }
}
