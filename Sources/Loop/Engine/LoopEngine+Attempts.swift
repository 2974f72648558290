// Attempts of one run under one budget: what was used before, what ends early, what is kept between
// them. A run that is preempted has not ended; its next attempt finds what this one kept.

import Base
import Models
import Sandbox
import Stemma

/// What attempts took of their run's budget.
struct AttemptUse {
  var wallMilliseconds = 0
  var cpuMilliseconds = 0

  init() {}

  init(_ attempts: [MirrorNode]) {
    for attempt in attempts where attempt.text("killedBy") == "preempted" {
      wallMilliseconds += Int((attempt.number("wallSeconds") ?? 0) * 1_000)
      cpuMilliseconds += Int((attempt.number("cpuSeconds") ?? 0) * 1_000)
    }
  }
}

extension LoopEngine {
  /// The order for the next attempt of a run.
  func order(_ run: MirrorNode, _ proposal: MirrorNode, attempt: Int) throws -> RunOrder {
    var order = try RunOrders(campaign).order(
      run, proposal, attempt: attempt, used: AttemptUse(state.attempts(of: run)),
      curveRule(for: run))
    let used = state.mirror.tally.relayed[run.key] ?? RelayUse()
    order.models = campaign.run.models.map {
      RelayOrder(grant: $0, used: used, now: surroundings.now)
    }
    return order
  }

  /// Records that an attempt was ended for another's sake; the run is planned again.
  func preempt(_ run: MirrorNode, _ outcome: SandboxOutcome) throws {
    guard let attempt = state.attempts(of: run).last, attempt.text("status") == "running" else {
      return
    }
    let number = "\(attempt.integer("number") ?? 0)"
    try recorder.record(
      .runPreempted, [run.key.string, number], reason: Text("\(run.key) was preempted")
    ) { transaction in
      let ending = RunEnding(outcome)
      set(ending, outcome, on: attempt, in: &transaction)
      transaction.set(attempt, "killedBy", .text("preempted"))
      transaction.set(run, "status", .text("planned"))
    }
    discard(RunOrders.name(of: run, attempt: attempt.integer("number") ?? 0))
  }

  /// What attempts of runs that are over kept is not needed any more. Runs that are not known here
  /// yet are another runner's.
  func removeKept() {
    guard campaign.run.resumeBytes != nil else { return }
    executor.removeKept { key in
      guard let run = state.mirror.node(key: Text(key)) else { return false }
      return !state.isOpen(run) || run.text("status") == "finished"
    }
  }

  // MARK: Rules over curves

  /// The rule for a screening run: what it says is compared with the runs that measured the
  /// incumbent.
  private func curveRule(for run: MirrorNode) throws -> CurveRuleOrder? {
    guard let declaration = campaign.curveRule, run.text("kind") == "train",
      let incumbent = state.incumbent
    else { return nil }
    if let known = curveRules[incumbent.key] { return known }
    let runs = state.measuringRuns(of: incumbent)
    let found = try database.query(
      "UNWIND $keys AS key MATCH (r:Run {key: key})-[:PRODUCED]->(s:Series {metric: $metric}) "
        + "RETURN s.contentHash ORDER BY id(r)",
      parameters: [
        "keys": .list(runs.map { .string($0.key) }), "metric": .text(declaration.metric),
      ])
    let reference = found.rows.compactMap { row -> String? in
      guard case .string(let hash)? = row.first else { return nil }
      return hash.string
    }
    let rule = CurveRuleOrder(declaration: declaration, reference: reference)
    curveRules[incumbent.key] = rule
    return rule
  }
}
