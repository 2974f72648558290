// What a running loop tells whoever started it: enough for a progress bar and a log, nothing that
// is not in the graph as well.

/// Something that has just happened.
public enum LoopEvent: Sendable {
  case campaign(key: String, isResumed: Bool)
  /// Names of the weaker guards that the campaign accepts and this machine uses.
  case inexact([String])
  case noise(runs: Int, wanted: Int)
  case round(number: Int, of: Int)
  case proposal(key: String, title: String)
  case critique(proposal: String, verdict: String, summary: String)
  case callFailed(role: String, name: String, reason: String)
  case decision(subject: String, gate: String, action: String, reason: String)
  case runStarted(run: String, proposal: String, kind: String)
  case runEnded(run: String, proposal: String, kind: String, status: String, seconds: Double)
  /// Files of its output folder that were not kept, each with why.
  case leftOut(run: String, files: [String])
  case evaluated(run: String, proposal: String, metric: String, value: Double?)
  case verdict(proposal: String, verdict: String, effect: Double?, lower: Double?, upper: Double?)
  case ended(proposal: String, status: String, reason: String)
  case report(key: String, kind: String, title: String)
  case holdout(proposal: String, passed: Bool)
  /// A share of a limit is spent or reserved now.
  case budget(BudgetUse, share: Double)
  case waiting(reason: String)
  case control(action: String)
  case finished(reason: String)
}

/// How far a loop has come, as whole numbers for a bar.
public struct LoopProgress: Sendable, Hashable {
  public var rounds: Int
  public var roundsPlanned: Int
  public var proposals: Int
  public var runs: Int
  public var runsOpen: Int
}
