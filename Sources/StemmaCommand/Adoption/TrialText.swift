// A trial as a person reads it: how it ended, what it used, what it left, what it was refused.

import Base
import Loop
import Rendering
import Sandbox

enum TrialText {
  private static let tailLines = 8

  static func text(_ result: Trial.Result) -> String {
    var lines = ["trial    \(ending(result.outcome))"]
    if !result.isGood {
      let said = String(decoding: result.outcome.log, as: UTF8.self)
        .split(whereSeparator: \.isNewline).suffix(tailLines)
      lines += said.map { "         | \(printable($0))" }
    }
    let names = result.output.map(\.path)
    if !names.isEmpty { lines.append("left     \(some(names)) in its output folder") }
    if !result.leftOut.isEmpty {
      lines.append("refused  \(some(result.leftOut)), which is not kept")
    }
    if !result.elsewhere.isEmpty {
      lines.append("left     \(some(result.elsewhere)) elsewhere, which nobody keeps")
    }
    if let evaluation = result.evaluation {
      lines.append("score    \(score(evaluation))")
      let numbers = ReportedMetric.all(in: result).map { "\($0.name) (\($0.file ?? "printed"))" }
      if evaluation.answer?.isValid != true, !numbers.isEmpty {
        lines.append("numbers  \(some(numbers))")
      }
    }
    for blocked in result.blocked {
      lines.append("blocked  \(printable(blocked.what[...]))")
      if let line = blocked.line {
        let table = blocked.table.isEmpty ? "at the top of the file" : "in [\(blocked.table)]"
        lines.append("  grant  \(printable(line[...]))   # \(table)")
      }
      if let advice = blocked.advice { lines.append("         \(printable(advice[...]))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func ending(_ outcome: SandboxOutcome) -> String {
    let seconds = NumberText.fixed(Double(outcome.wallMilliseconds) / 1_000, decimals: 1)
    let memory = outcome.memoryPeakBytes >> 20
    let used = "\(seconds) s, \(memory) MiB"
    switch outcome.status {
    case .exited where outcome.exitCode == 0: return "ended well: \(used)"
    case .exited: return "ended with exit code \(outcome.exitCode ?? -1): \(used)"
    case .signalled: return "ended by signal \(outcome.signal ?? 0): \(used)"
    default: return "\(outcome.status.rawValue): \(outcome.message ?? "") (\(used))"
    }
  }

  private static func score(_ evaluation: EvaluationOutcome) -> String {
    guard let answer = evaluation.answer else {
      return "none: \(evaluation.refusal ?? "the evaluator gave no answer")"
    }
    guard answer.isValid else { return "none, not valid: \(answer.reason ?? "")" }
    return answer.metrics.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
  }

  private static func some(_ names: [String]) -> String {
    names.prefix(4).map { printable($0[...]) }.joined(separator: ", ")
      + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }

  /// What a program wrote must not steer a terminal.
  private static func printable(_ text: some StringProtocol) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
  }
}
