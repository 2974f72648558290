// What a person sees of a running loop: one line that is rewritten on a terminal, and a line for
// everything worth keeping; only the latter in a file.

import Base
import Glibc
import Loop
import Rendering

/// Prints events of a loop on standard error.
final class LoopProgressPrinter {
  private let isQuiet: Bool
  private let isTerminal: Bool
  private let style: Style
  private var round = 0
  private var rounds = 0
  private var runs = 0
  private var proposals = 0
  private var current = ""

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isTerminal = Terminal.isTerminal(STDERR_FILENO)
    style = Style(isColoured: Terminal.isColoured(descriptor: STDERR_FILENO))
  }

  func finish() { if isTerminal, !isQuiet { Terminal.clearProgress() } }

  func take(_ event: LoopEvent) {
    guard !isQuiet else { return }
    count(event)
    if let line = line(for: event) {
      if isTerminal { Terminal.clearProgress() }
      Terminal.printError(DisplayWidth.cut(line, to: Terminal.width ?? 200))
    }
    if isTerminal {
      let bar = ProgressText.bar(done: round, total: max(rounds, 1), label: "rounds")
      Terminal.printProgress("\(bar), \(proposals) proposals, \(runs) runs  \(current)")
    }
  }

  private func count(_ event: LoopEvent) {
    switch event {
    case .round(let number, let of): (round, rounds) = (number, of)
    case .proposal: proposals += 1
    case .runStarted(let run, let proposal, let kind):
      current = "\(run): \(kind) run of \(proposal)"
    case .runEnded: runs += 1
    default: break
    }
  }

  /// The line that stays, for events that deserve one.
  private func line(for event: LoopEvent) -> String? {
    switch event {
    case .campaign(let key, let isResumed):
      return style.bold(key) + (isResumed ? " goes on where it was" : " starts")
    case .inexact(let names):
      return style.yellow("not exact here, as the campaign accepts: ")
        + names.joined(separator: ", ")
    case .noise(let done, let wanted) where done >= wanted:
      return "noise measured from \(done) runs"
    case .proposal(let key, let title):
      return style.bold(key) + " " + DisplayWidth.harmless(title)
    case .critique(let proposal, let verdict, let summary) where verdict != "approve":
      return "  " + style.yellow(verdict) + " \(proposal): " + DisplayWidth.harmless(summary)
    case .callFailed(let role, let name, let reason):
      return "  " + style.red("no answer") + " of the \(role) \(name): "
        + DisplayWidth.harmless(reason)
    case .runEnded(let run, let proposal, let kind, let status, let seconds)
    where status != "finished":
      let time = NumberText.duration(seconds: seconds)
      return "  " + style.red(status) + " \(run), \(kind) run of \(proposal), after \(time)"
    case .leftOut(let run, let files):
      let first = DisplayWidth.harmless(files[0])
      return "  " + style.yellow("not kept") + " of what \(run) left: " + first
        + (files.count > 1 ? " and others (stemma show \(run))" : "")
    case .verdict(let proposal, let verdict, let effect, let lower, let upper):
      return "  " + coloured(verdict) + " \(proposal)" + interval(effect, lower, upper)
    case .ended(let proposal, let status, let reason):
      return "  \(proposal) " + coloured(status) + ": " + DisplayWidth.harmless(reason)
    case .holdout(let proposal, let passed):
      return "  hold-out of \(proposal): " + (passed ? style.green("passed") : style.red("failed"))
    case .budget(let use, let share):
      let amount = "\(NumberText.short(use.used)) of \(NumberText.short(use.limit))"
      let word = [
        "runs": "runs", "wallSeconds": "s of runs", "cpuSeconds": "s of processor time",
        "money": "of money",
      ]
      return style.yellow("budget: ") + "\(Int(share * 100)) % of the \(use.scope)'s: "
        + "\(amount) \(word[use.resource] ?? use.resource) are spent or reserved"
    case .waiting(let reason): return style.yellow("waiting: ") + reason
    case .control(let action): return style.yellow("asked to \(action)")
    case .finished(let reason): return style.bold("finished: ") + reason
    default: return nil
    }
  }

  private func coloured(_ word: String) -> String {
    switch word {
    case "better", "confirmed": style.green(word)
    case "worse", "invalid", "failed", "refuted", "rejected", "terminated": style.red(word)
    default: style.yellow(word)
    }
  }

  private func interval(_ effect: Double?, _ lower: Double?, _ upper: Double?) -> String {
    guard let effect else { return "" }
    var text = " by \(NumberText.short(effect))"
    if let lower, let upper {
      text += " [\(NumberText.short(lower)), \(NumberText.short(upper))]"
    }
    return text
  }
}
