// The status of a run as JSON, after the accounting keys of isolate (time, time-wall, max-rss,
// ...) in our own spelling: what was used stands beside its limit. Written by us only, never from
// text of a run.

import Base

enum SandboxStatusFile {
  /// One object on one line.
  static func text(_ outcome: SandboxOutcome, _ budget: SandboxBudget) -> String {
    var fields: [(String, String)] = [
      ("status", quoted(outcome.status.rawValue)),
      ("reason", outcome.exceeded.map { quoted($0.rawValue) } ?? "null"),
      ("code", number(outcome.exitCode.map(Int.init))),
      ("signal", number(outcome.signal.map(Int.init))),
      ("message", outcome.message.map(quoted) ?? "null"),
    ]
    fields += [
      ("wall_ms", used(outcome.wallMilliseconds, budget.wallMilliseconds)),
      ("cpu_ms", used(outcome.cpuMilliseconds, budget.cpuMilliseconds)),
      ("memory_peak", used(outcome.memoryPeakBytes, budget.memoryBytes)),
      ("processes_peak", used(outcome.processesPeak, budget.processes)),
      ("disk", used(outcome.diskBytes, budget.diskBytes)),
      ("log", used(outcome.logBytes, budget.logBytes)),
      ("log_dropped", number(outcome.logDroppedBytes)),
      ("cpus", "{\"limit\":\(budget.cpus)}"), ("open_files", "{\"limit\":\(budget.openFiles)}"),
      ("inodes", "{\"limit\":\(budget.inodes)}"),
    ]
    let refused = outcome.refusedFiles.map { "[\(quoted($0.path)),\(quoted($0.reason))]" }
    fields.append(("collected", number(outcome.files.count)))
    fields.append(("refused", "[\(refused.joined(separator: ","))]"))
    let guards = outcome.guards.map { "\(quoted($0.name)):\(quoted($0.mechanism))" }
    fields.append(("guards", "{\(guards.joined(separator: ","))}"))
    return object(fields)
  }

  /// A run that could not start: isolate's XX.
  static func text(_ error: StemmaError) -> String {
    object([
      ("status", quoted("failed")), ("reason", quoted(error.code.rawValue)), ("code", "null"),
      ("signal", "null"), ("message", quoted(error.message)),
    ])
  }

  /// Accepted scores.
  static func text(_ report: ScoreReport) -> String {
    if let reason = report.invalidReason { return object([("invalid", quoted(reason))]) }
    let metrics = report.metrics.map { "\(quoted($0.name)):\($0.value)" }
    let items = report.items.map { item in
      var fields = [("item", quoted(item.item))]
      if let cluster = item.cluster { fields.append(("cluster", quoted(cluster))) }
      return object(fields + [("metric", quoted(item.metric)), ("value", "\(item.value)")])
    }
    return object([
      ("metrics", "{\(metrics.joined(separator: ","))}"),
      ("items", "[\(items.joined(separator: ","))]"),
    ])
  }

  private static func used(_ value: Int?, _ limit: Int) -> String {
    "{\"used\":\(number(value)),\"limit\":\(limit)}"
  }

  private static func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
