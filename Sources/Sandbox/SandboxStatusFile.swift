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
      ("wall", seconds(outcome.wallMilliseconds)), ("cpu", seconds(outcome.cpuMilliseconds)),
      ("memory_peak", number(outcome.memoryPeakBytes)),
      ("processes_peak", number(outcome.processesPeak)), ("disk", number(outcome.diskBytes)),
      ("log_bytes", number(outcome.logBytes)), ("log_dropped", number(outcome.logDroppedBytes)),
      ("limits", limits(budget)),
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

  /// An accepted answer, in the form in which evaluators write it.
  static func text(_ answer: EvaluatorAnswer) -> String {
    let items = answer.items.map { item in
      object([
        ("id", quoted(item.name.string)), ("cluster", quoted(item.cluster.string)),
        ("weight", "\(item.weight)"), ("values", numbers(item.values)),
      ])
    }
    return object([
      ("version", "1"), ("valid", "\(answer.isValid)"),
      ("reason", answer.reason.map { quoted($0.string) } ?? "null"),
      ("metrics", numbers(answer.metrics)), ("items", "[\(items.joined(separator: ","))]"),
    ])
  }

  private static func numbers(_ metrics: [EvaluatorAnswer.Metric]) -> String {
    object(metrics.map { ($0.name.string, "\($0.value)") })
  }

  private static func limits(_ budget: SandboxBudget) -> String {
    object([
      ("wall", seconds(budget.wallMilliseconds)), ("cpu", seconds(budget.cpuMilliseconds)),
      ("memory", number(budget.memoryBytes)), ("processes", number(budget.processes)),
      ("disk", number(budget.diskBytes)), ("inodes", number(budget.inodes)),
      ("log", number(budget.logBytes)), ("open_files", number(budget.openFiles)),
      ("cpus", "\(budget.cpus)"),
    ])
  }

  /// Seconds with three digits, exactly.
  private static func seconds(_ milliseconds: Int) -> String {
    let digits = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  private static func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
  }

  static func quoted(_ text: String) -> String { JSONString.quoted(text) }
}
