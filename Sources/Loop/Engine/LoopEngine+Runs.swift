// Runs: planned with what they may cost, started, finished, evaluated. Each of these is one
// transaction, so a killed loop knows exactly which of them was done.

import Base
import Graph
import Models
import Sandbox

extension LoopEngine {
  /// How often a run may be lost with a killed runner before the machine is to blame.
  static let lostAttemptLimit = 20

  // MARK: Planning

  /// Creates runs and reserves their budgets.
  func plan(_ planned: PlannedRuns) throws {
    let round = state.openRound ?? state.lastRound
    guard let round else { return }
    let source = try seeds()
    try recorder.record(
      .runsPlanned, [planned.kind.string, planned.purpose.key.string, "\(planned.ordinals)"],
      reason: "\(planned.count) runs were planned"
    ) { transaction in
      for ordinal in planned.ordinals {
        let name =
          planned.kind == "noise"
          ? "noise \(planned.purpose.key)" : "\(planned.kind) \(planned.purpose.key)"
        let seed = source.seed(name, ordinal)
        for proposal in planned.proposals {
          try createRun(
            planned, of: proposal, ordinal: ordinal, seed: seed, round, in: &transaction)
        }
      }
      for proposal in planned.proposals
      where proposal.text("status") == "proposed" || proposal.text("status") == "waiting" {
        transaction.set(proposal, "status", .text("running"))
      }
    }
    warn(of: state.uses(in: round), in: round)
  }

  /// Tells once of every limit of which half or four fifths are spent or reserved. What is settled
  /// for less than was reserved may pass the same share again, which is no news.
  func warn(of uses: [BudgetUse], in round: MirrorNode) {
    for use in uses {
      guard let share = use.warning else { continue }
      let scope =
        use.scope == "round" ? round.key.string : use.scope == "day" ? "\(state.today ?? 0)" : ""
      guard toldShares.insert("\(use.scope) \(scope) \(use.resource) \(share)").inserted else {
        continue
      }
      onEvent(.budget(use, share: share))
    }
  }

  private func createRun(
    _ planned: PlannedRuns, of proposal: MirrorNode, ordinal: Int, seed: Int64,
    _ round: MirrorNode, in transaction: inout StepTransaction
  ) throws {
    let budget = campaign.run.budget
    let isPaired = planned.kind == "confirm" || planned.kind == "holdout"
    let run = transaction.create(
      "Run",
      [
        ("kind", .string(planned.kind)), ("status", .text("planned")), ("seed", .integer(seed)),
        ("pair", isPaired ? .integer(Int64(ordinal)) : nil),
        ("purpose", .string(planned.purpose.key)), ("tree", proposal["tree"]),
        ("command", .text(CommandText.json(try RunOrders(campaign).command(proposal, seed: seed)))),
        ("grants", .text(RunOrders(campaign).grants(acceptedGuards))),
        ("budgetWallSeconds", .float(Double(budget.wallMilliseconds) / 1_000)),
        ("budgetCpuSeconds", .float(Double(budget.cpuMilliseconds) / 1_000)),
        ("budgetMemoryBytes", .integer(Int64(budget.memoryBytes))),
        ("budgetProcesses", .integer(Int64(budget.processes))),
        ("budgetDiskBytes", .integer(Int64(budget.diskBytes))),
        ("budgetLogBytes", .integer(Int64(budget.logBytes))),
      ])
    transaction.connect(run, "EXECUTES", .id(proposal.id))
    transaction.connect(run, "IN", .id(round.id))
    transaction.connect(run, "BY", try actor("loop", kind: "program", in: &transaction))
    for (resource, reserved) in state.runReservation {
      let charge = transaction.create(
        "Charge",
        [("resource", .string(resource)), ("reserved", .float(reserved)), ("at", recorder.now)])
      transaction.connect(charge, "CHARGES", run)
      transaction.connect(charge, "IN", .id(round.id))
    }
  }

  // MARK: Starting

  /// Records the start of an attempt and returns its order. An attempt that is still "running"
  /// belongs to a runner that was killed: it is lost. `nil` where the run is given up.
  func start(_ run: MirrorNode) throws -> RunOrder? {
    let attempts = state.attempts(of: run)
    let lost = attempts.filter { $0.text("status") == "running" }
    if !lost.isEmpty { try recordCalls(of: run) }
    let lostBefore = attempts.count { $0.text("status") == "lost" }
    guard lostBefore + lost.count <= Self.lostAttemptLimit else {
      try giveUp(
        run, "the runner died over \(Self.lostAttemptLimit) times (\(attempts.count) attempts)",
        lost: lost)
      return nil
    }
    if let order = try adopted(run, lost) { return order }
    let number = attempts.count + 1
    try recorder.record(
      .runStarted, [run.key.string, "\(number)"], reason: "\(run.key) was started"
    ) { transaction in
      markLost(lost, in: &transaction)
      let attempt = transaction.create(
        "Attempt",
        [
          ("number", .integer(Int64(number))), ("status", .text("running")),
          ("runner", seat.number == 0 ? nil : .integer(Int64(seat.number))),
          ("startedAt", recorder.now),
        ])
      transaction.connect(attempt, "IN", .id(run.id))
      transaction.connect(attempt, "USES", try environmentNode(in: &transaction))
      transaction.set(run, "status", .text("running"))
      if number == 1 { transaction.set(run, "startedAt", recorder.now) }
    }
    guard let proposal = state.mirror.target(of: run.id, "EXECUTES") else { return nil }
    onEvent(
      .runStarted(
        run: run.key.string, proposal: proposal.key.string, kind: run.string("kind")))
    return try order(run, proposal, attempt: number)
  }

  /// The order of an attempt that did not end with the loop that started it.
  private func adopted(_ run: MirrorNode, _ running: [MirrorNode]) throws -> RunOrder? {
    guard let number = running.last?.integer("number"),
      executor.isUnderWay(RunOrders.name(of: run, attempt: number)),
      let proposal = state.mirror.target(of: run.id, "EXECUTES")
    else { return nil }
    try claim(run)
    return try order(run, proposal, attempt: number)
  }

  /// Whether the attempt goes on without this loop.
  func isUnderWay(_ run: MirrorNode) -> Bool {
    executor.isUnderWay(
      RunOrders.name(of: run, attempt: state.attempts(of: run).last?.integer("number") ?? 0))
  }

  /// The names of all orders that an earlier loop may have left under way.
  var ordersUnderWay: Set<String> {
    Set(
      state.openRuns.flatMap { run in
        [RunOrders.name(ofEvaluationOf: run)]
          + state.attempts(of: run).filter { $0.text("status") == "running" }
          .map { RunOrders.name(of: run, attempt: $0.integer("number") ?? 0) }
      })
  }

  /// Attempts whose runner is gone.
  func markLost(_ attempts: [MirrorNode], in transaction: inout StepTransaction) {
    for attempt in attempts {
      transaction.set(attempt, "status", .text("lost"))
      transaction.set(attempt, "fault", .text("infrastructure"))
      transaction.set(attempt, "endedAt", recorder.now)
    }
  }

  private func giveUp(_ run: MirrorNode, _ reason: String, lost: [MirrorNode]) throws {
    try recorder.record(
      .runFinished, [run.key.string, "given up"], reason: Text("\(run.key): \(reason)")
    ) { transaction in
      markLost(lost, in: &transaction)
      transaction.set(run, "status", .text("failed"))
      transaction.set(run, "fault", .text("infrastructure"))
      transaction.set(run, "failure", .text(reason))
      transaction.set(run, "endedAt", recorder.now)
      settle(run, wallSeconds: 0, cpuSeconds: 0, in: &transaction)
    }
  }

  // MARK: Finishing

  /// Records how an attempt ended. Returns whether the run is to be evaluated.
  func finish(_ run: MirrorNode, _ report: RunReport) throws -> Bool {
    let ending = RunEnding(report.outcome)
    let attempts = state.attempts(of: run)
    guard let attempt = attempts.last else { return false }
    // The run has used what all of its attempts did.
    var whole = report.outcome
    let before = AttemptUse(attempts)
    whole.wallMilliseconds += before.wallMilliseconds
    whole.cpuMilliseconds += before.cpuMilliseconds
    let failures = attempts.count {
      $0.text("status") == "failed" && $0.text("fault") == "infrastructure"
    }
    let retries = ending.fault == "infrastructure" && failures < campaign.run.retries
    let isScored = report.isScored
    let log = try report.outcome.log.isEmpty ? nil : objects.store(report.outcome.log)
    let curves = try report.curves.map { (series: $0, hash: try objects.store($0.object)) }
    try recorder.record(
      .runFinished, [run.key.string, "\(attempt.integer("number") ?? 0)"],
      reason: Text("\(run.key) \(ending.status)")
    ) { transaction in
      set(ending, report.outcome, on: attempt, in: &transaction)
      if let place = report.place { transaction.set(attempt, "place", .text(place)) }
      if retries {
        transaction.set(run, "status", .text("planned"))
        return
      }
      set(ending, whole, on: run, in: &transaction)
      transaction.set(run, "peakMemoryBytes", .integer(Int64(report.outcome.memoryPeakBytes)))
      transaction.set(run, "processes", report.outcome.processesPeak.map { .integer(Int64($0)) })
      transaction.set(run, "diskBytes", .integer(Int64(report.outcome.diskBytes)))
      if let log { transaction.set(run, "outputHash", .text(log)) }
      if ending.status != "finished" {
        transaction.set(run, "errorTail", .text(RunEnding.tail(report.outcome.log)))
      }
      if !report.leftOut.isEmpty {
        transaction.set(run, "leftOut", .list(Self.named(report.leftOut).map { .text($0) }))
      }
      if let tree = report.outputTree {
        let artifact = transaction.create(
          "Artifact",
          [
            ("name", .text("output of \(run.key)")), ("contentHash", .text(tree)),
            ("sizeBytes", .integer(Int64(report.outputBytes))),
            ("mediaType", .text("application/x-stemma-tree")),
          ])
        transaction.connect(.id(run.id), "PRODUCED", artifact)
      }
      for curve in curves {
        let series = transaction.create("Series", curve.series.properties(hash: curve.hash))
        transaction.connect(.id(run.id), "PRODUCED", series)
      }
      if !isScored {
        settle(
          run, wallSeconds: Double(whole.wallMilliseconds) / 1_000,
          cpuSeconds: Double(whole.cpuMilliseconds) / 1_000, in: &transaction)
      }
    }
    discard(RunOrders.name(of: run, attempt: attempt.integer("number") ?? 0))
    if !retries {
      announceEnd(of: run, ending.status, whole.wallMilliseconds)
      if !report.leftOut.isEmpty {
        onEvent(.leftOut(run: run.key.string, files: Self.named(report.leftOut)))
      }
      recorder.afterwards { [self] in removeKept() }
    }
    return isScored
  }

  /// The first of what was left out, and how much more there is.
  private static func named(_ leftOut: [String]) -> [String] {
    let most = 20
    if leftOut.count <= most { return leftOut }
    return leftOut.prefix(most) + ["?: \(leftOut.count - most) more"]
  }

  /// Forgets what an executor keeps of an order, once its result is durable.
  func discard(_ order: String) { recorder.afterwards { [executor] in executor.discard(order) } }

  private func announceEnd(of run: MirrorNode, _ status: String, _ milliseconds: Int) {
    let proposal = state.mirror.target(of: run.id, "EXECUTES")?.key.string ?? ""
    onEvent(
      .runEnded(
        run: run.key.string, proposal: proposal, kind: run.string("kind"), status: status,
        seconds: Double(milliseconds) / 1_000))
  }

  func set(
    _ ending: RunEnding, _ outcome: SandboxOutcome, on node: MirrorNode,
    in transaction: inout StepTransaction
  ) {
    transaction.set(node, "status", .text(ending.status))
    let optional: [(Text, Value?)] = [
      ("killedBy", ending.killedBy.map { .text($0) }), ("fault", ending.fault.map { .text($0) }),
      ("exitCode", outcome.exitCode.map { .integer(Int64($0)) }),
      ("signal", outcome.signal.map { .integer(Int64($0)) }),
      ("wallSeconds", .float(Double(outcome.wallMilliseconds) / 1_000)),
      ("cpuSeconds", .float(Double(outcome.cpuMilliseconds) / 1_000)), ("endedAt", recorder.now),
      ("failure", node.label == "Run" ? ending.failure.map { .text($0) } : nil),
    ]
    for (name, value) in optional {
      if let value { transaction.set(node, name, value) }
    }
  }

  /// Turns what was reserved for a run into what it used.
  func settle(
    _ run: MirrorNode, wallSeconds: Double, cpuSeconds: Double,
    in transaction: inout StepTransaction
  ) {
    for charge in state.mirror.sources(of: run.id, "CHARGES", label: "Charge")
    where charge["spent"] == nil {
      switch charge.string("resource") {
      case "wallSeconds": transaction.set(charge, "spent", .float(wallSeconds))
      case "cpuSeconds": transaction.set(charge, "spent", .float(cpuSeconds))
      default:
        transaction.set(charge, "spent", askedModels(charge, of: run) ?? charge["reserved"])
      }
    }
  }
}

/// An outcome in the words of the schema.
struct RunEnding {
  var status: String
  var killedBy: String?
  var fault: String?
  var failure: String?

  static let tailBytes = 2_000

  init(_ outcome: SandboxOutcome) {
    status = "finished"
    let said = Self.lastLine(outcome.log)
    switch outcome.status {
    case .exited where outcome.exitCode == 0: break
    case .exited:
      status = "failed"
      fault = "own"
      failure = "exit code \(outcome.exitCode ?? -1)" + (said.isEmpty ? "" : ": \(said)")
    case .signalled:
      status = "failed"
      fault = "own"
      failure = "ended by signal \(outcome.signal ?? 0)"
    case .killed:
      status = "killed"
      fault = "own"
      // The schema counts files as disk.
      killedBy = outcome.exceeded == .inodes ? "disk" : outcome.exceeded?.rawValue ?? "wall"
      failure = outcome.message ?? "over its budget of \(killedBy ?? "wall") "
    case .cancelled:
      status = "cancelled"
      killedBy = "cancelled"
      failure = "cancelled"
    case .stopped:
      status = "cancelled"
      killedBy = "rule"
      failure = outcome.message ?? "ended by the campaign's rule"
    case .failed:
      status = "failed"
      fault = "infrastructure"
      failure = outcome.message ?? "the sandbox failed"
    }
  }

  static func lastLine(_ log: [UInt8]) -> String {
    let text = String(decoding: log.suffix(tailBytes), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) } ?? ""
  }

  static func tail(_ log: [UInt8]) -> String {
    String(decoding: log.suffix(tailBytes), as: UTF8.self)
  }
}
