// Several runners on one campaign: one leads, the others carry out runs beside it. A run is claimed
// by the transaction that starts its attempt, which names the runner; who that is counts for as
// long as it lives. Nothing is decided by two, and nothing is carried out twice.

import Base

extension LoopEngine {
  /// Carries out runs beside the runner that leads, until the campaign is over (false) or the lead
  /// is free and taken (true).
  func follow() throws -> Bool {
    onEvent(.waiting(reason: "another runner leads; this is number \(seat.number)"))
    while !seat.takeLead() {
      try endIfInterrupted()
      _ = try recorder.refresh()
      try checkSpecification()
      if state.status == "finished" || state.status == "stopped" { return false }
      if let control = state.pendingControl, isForUs(control) {
        try obey(control)
      } else if case let left = leftBefore, !left.isEmpty {
        try carryOut(left)
      } else if state.node != nil, state.pendingControl == nil,
        case .carryOut(let runs) = try LoopPolicy(state).next()
      {
        try carryOut(runs)
      } else {
        try waitForNews()
      }
    }
    return true
  }

  /// What an earlier runner of this number had begun. Others wait for it as this one's, and nothing
  /// that the policy says next need lead there.
  private var leftBefore: [MirrorNode] {
    guard state.status == "running", state.pendingControl == nil else { return [] }
    return state.openRuns.filter { run in
      guard let attempt = state.attempts(of: run).last, isBegun(run, attempt) else { return false }
      return seat.holds(attempt.integer("runner") ?? 0)
    }
  }

  private func isBegun(_ run: MirrorNode, _ attempt: MirrorNode) -> Bool {
    attempt.text("status") == "running" || run.text("status") == "finished"
  }

  /// Whether another living runner is at a run, or goes on with its evaluation.
  func isTaken(_ run: MirrorNode) -> Bool {
    guard let attempt = state.attempts(of: run).last, isBegun(run, attempt) else { return false }
    return seat.isTaken(attempt.integer("runner") ?? 0)
  }

  /// Waits for news of those runs that other runners are at. False where there are none, or where
  /// somebody wants something first.
  func hasNewsOfOthers(_ runs: [MirrorNode]) throws -> Bool {
    let isWaiting = runs.contains { run in
      guard let now = state.mirror[run.id] else { return false }
      return state.isOpen(now) && isTaken(now)
    }
    guard isWaiting, state.pendingControl == nil, state.status == "running" else { return false }
    try waitForNews()
    return true
  }

  /// Whether a request is this runner's to obey: one about a run is its runner's, any other that of
  /// whoever leads.
  func isForUs(_ control: MirrorNode) -> Bool {
    guard let run = control.text("about").flatMap({ state.mirror.node(key: $0) }),
      let attempt = state.attempts(of: run).last, attempt.text("status") == "running"
    else { return seat.leads }
    let runner = attempt.integer("runner") ?? 0
    return seat.holds(runner) || (seat.leads && !seat.isTaken(runner))
  }

  /// Takes over what a runner that died had begun and what need not be begun again.
  func claim(_ run: MirrorNode) throws {
    guard let attempt = state.attempts(of: run).last,
      !seat.holds(attempt.integer("runner") ?? 0)
    else { return }
    try recorder.record(
      .runClaimed, [run.key.string, "\(recorder.seenTransaction.rawValue)"],
      reason: Text("runner \(seat.number) goes on with \(run.key)")
    ) { transaction in
      transaction.set(attempt, "runner", .integer(Int64(seat.number)))
    }
  }

  private static let newsMilliseconds = 50
  /// A runner that dies appends nothing, so now and then it has to be looked for.
  private static let looksForNews = 20

  /// Waits until somebody has appended something, a second at most.
  func waitForNews() throws {
    for _ in 0..<Self.looksForNews {
      try endIfInterrupted()
      if try recorder.refresh() { return }
      environment.sleep(Self.newsMilliseconds)
    }
  }
}
