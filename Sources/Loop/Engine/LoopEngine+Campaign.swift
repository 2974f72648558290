// The beginning and the end of campaigns and rounds, and obeying requests from other terminals.

import Base
import Graph
import Sandbox

extension LoopEngine {
  // MARK: Start

  /// Stores everything that the campaign starts from, then the campaign itself.
  func startCampaign() throws {
    let capture = try CampaignCapture.make(campaign, objects: objects, stamps: stampsFolder)
    _ = try seeds()
    let guards = try provenGuards()
    let primary = campaign.primary
    let limits = campaign.budgets.campaign
    let receipt = try recorder.record(
      .campaignStarted, [], reason: "a campaign was started"
    ) { transaction in
      let node = transaction.create(
        "Campaign",
        [
          ("name", .text(campaign.name)), ("goal", .text(campaign.goal)),
          ("specification", .text(String(decoding: campaign.text, as: UTF8.self))),
          ("specificationHash", .text(try objects.store(campaign.text))),
          ("seed", .integer(Int64(bitPattern: campaign.seed))), ("metric", .text(primary.metric)),
          ("unit", .text(primary.unit)), ("direction", .text(primary.direction.rawValue)),
          ("editable", .list(campaign.editable.files.map { .text($0) })),
          ("baseTree", .text(capture.baseTree)),
          ("sourceCommit", campaign.source.commit.map { .text($0) }),
          (
            "sourceChanged",
            campaign.source.changed.isEmpty
              ? nil : .list(campaign.source.changed.map { .text($0) })
          ),
          ("runCommand", .text(CommandText.json(campaign.run.command))),
          ("evaluateCommand", .text(CommandText.json(campaign.evaluation.command))),
          ("budgetRuns", limits.runs.map { .integer(Int64($0)) }),
          ("budgetRounds", .integer(Int64(campaign.budgets.rounds))),
          ("budgetWallSeconds", limits.wallMilliseconds.map { .float(Double($0) / 1_000) }),
          ("budgetCpuSeconds", limits.cpuMilliseconds.map { .float(Double($0) / 1_000) }),
          ("budgetTokens", limits.tokens.map { .integer(Int64($0)) }),
          ("budgetMoney", limits.money.map { .float($0) }),
          ("status", .text("running")), ("startedAt", recorder.now),
        ])
      let actor = try actor("loop", kind: "program", in: &transaction)
      transaction.connect(node, "BY", actor)
      addObjectives(to: node, in: &transaction)
      try addMeans(capture, to: node, in: &transaction)
      for check in guards {
        let made = transaction.create(
          "GuardCheck",
          [
            ("guard", .text(check.name)), ("held", .boolean(check.isProven)),
            ("supported", .boolean(check.controlPassed)),
            ("detail", .text("\(check.mechanism): \(check.evidence)")), ("at", recorder.now),
          ])
        transaction.connect(made, "IN", node)
        transaction.connect(made, "BY", actor)
      }
    }
    onEvent(.campaign(key: (receipt.keys.first ?? nil)?.string ?? "", isResumed: false))
  }

  private func addObjectives(to node: NodeReference, in transaction: inout StepTransaction) {
    for objective in campaign.objectives {
      let made = transaction.create(
        "Objective",
        [
          ("metric", .text(objective.metric)), ("unit", .text(objective.unit)),
          ("direction", .text(objective.direction.rawValue)),
          ("role", .text(objective.role.rawValue)),
          ("threshold", objective.threshold.map { .float($0) }),
          ("margin", objective.margin.map { .float($0) }),
        ])
      transaction.connect(made, "IN", node)
    }
  }

  private func addMeans(
    _ capture: CampaignCapture, to node: NodeReference, in transaction: inout StepTransaction
  ) throws {
    let evaluator = transaction.create(
      "Evaluator",
      [
        ("name", .text(campaign.evaluation.benchmark)),
        ("command", .text(CommandText.json(campaign.evaluation.command))),
        ("tree", .text(capture.evaluatorTree)),
      ])
    transaction.connect(node, "USES", evaluator)
    let benchmark = transaction.create(
      "Benchmark", [("name", .text(campaign.evaluation.benchmark))])
    transaction.connect(node, "USES", benchmark)
    transaction.connect(node, "USES", try environmentNode(in: &transaction))
    for policy in PolicyText.all(campaign) {
      let made = transaction.create(
        "Policy",
        [
          ("name", .text(policy.name)), ("version", .text(policy.version)),
          ("text", .text(policy.text)),
        ])
      transaction.connect(node, "USES", made)
    }
    for patch in capture.patchFiles {
      let artifact = transaction.create(
        "Artifact",
        [
          ("name", .text(patch.name)), ("contentHash", .text(patch.hash)),
          ("sizeBytes", .integer(Int64(patch.size))),
        ])
      transaction.connect(node, "USES", artifact)
    }
    for reference in capture.references {
      transaction.connect(node, "USES", reference.create(in: &transaction, at: recorder.now))
    }
  }

  /// Round 0 holds the campaign's starting point and its noise.
  func storeBaseline() throws {
    guard let node = state.node else { return }
    let draft = try ProposalBuilder(campaign: campaign, state: state, objects: objects).baseline(
      tree: node.string("baseTree"))
    try recorder.record(
      .baselineStored, [], reason: "the starting point was stored"
    ) { transaction in
      let round = transaction.create(
        "Round",
        [
          ("number", .integer(0)), ("question", .text("How noisy is the starting point?")),
          ("status", .text("finished")), ("startedAt", recorder.now),
        ])
      transaction.connect(round, "IN", .id(node.id))
      let proposal = draft.create(in: &transaction, at: recorder.now)
      transaction.connect(proposal, "IN", round)
      let actor = try actor("loop", kind: "program", in: &transaction)
      transaction.connect(proposal, "BY", actor)
    }
  }

  // MARK: Rounds

  func startRound(_ number: Int) throws {
    guard let node = state.node, let incumbent = state.incumbent else { return }
    try recorder.record(
      .roundStarted, ["\(number)"], reason: "round \(number) was started"
    ) { transaction in
      let round = transaction.create(
        "Round",
        [
          ("number", .integer(Int64(number))),
          ("question", .text("What improves on \(incumbent.key)?")), ("status", .text("running")),
          ("startedAt", recorder.now),
        ])
      transaction.connect(round, "IN", .id(node.id))
    }
    onEvent(.round(number: number, of: campaign.budgets.rounds))
  }

  func finishRound(_ round: MirrorNode) throws {
    let text = ReportWriter(state: state).round(round)
    try recorder.record(
      .roundFinished, [round.key.string], reason: "every proposal of the round is done"
    ) { transaction in
      transaction.set(round, "status", .text("finished"))
      transaction.set(round, "endedAt", recorder.now)
      dropOutputs(in: &transaction)
      let report = transaction.create(
        "Report",
        [
          ("kind", .text("round")), ("title", .text(text.title)),
          ("question", round.text("question").map { .string($0) }),
          ("known", .list(text.known.map { .text($0) })), ("text", .text(text.markdown)),
          ("at", recorder.now),
        ])
      transaction.connect(report, "REPORTS", .id(round.id))
      transaction.connect(report, "IN", .id(round.id))
      let actor = try actor("loop", kind: "program", in: &transaction)
      transaction.connect(report, "BY", actor)
    }
    announceReport(on: round)
    try removeDropped()
  }

  func finishCampaign(reason: String) throws {
    guard let node = state.node, let round = state.lastRound else { return }
    let text = ReportWriter(state: state).campaign(reason: reason)
    try recorder.record(
      .campaignFinished, [], reason: "the campaign is done: \(reason)"
    ) { transaction in
      transaction.set(node, "status", .text("finished"))
      transaction.set(node, "endedAt", recorder.now)
      dropOutputs(in: &transaction)
      let report = transaction.create(
        "Report",
        [
          ("kind", .text("campaign")), ("title", .text(text.title)),
          ("question", node.text("goal").map { .string($0) }),
          ("known", .list(text.known.map { .text($0) })), ("text", .text(text.markdown)),
          ("costSeconds", .float(state.spent("wallSeconds"))), ("at", recorder.now),
        ])
      transaction.connect(report, "REPORTS", .id(node.id))
      transaction.connect(report, "IN", .id(round.id))
      let actor = try actor("loop", kind: "program", in: &transaction)
      transaction.connect(report, "BY", actor)
    }
    announceReport(on: node)
    onEvent(.finished(reason: reason))
    try removeDropped()
  }

  func announceReport(on subject: MirrorNode) {
    guard let report = state.report(on: subject) else { return }
    onEvent(
      .report(
        key: report.key.string, kind: report.string("kind"), title: report.string("title")))
  }

  // MARK: Control

  /// Does what another terminal asked for, and says so in the graph.
  func obey(_ control: MirrorNode) throws {
    guard let node = state.node else { return }
    if let run = control.text("about") { return try obey(control, about: run) }
    let action = control.string("action")
    let status = ["pause": "paused", "resume": "running", "stop": "stopped"][action] ?? "running"
    if status == "stopped" {
      for run in state.openRuns where !isTaken(run) { try recordCalls(of: run) }
    }
    try recorder.record(
      .controlObeyed, [control.key.string], reason: "another terminal asked to \(action)"
    ) { transaction in
      transaction.set(control, "handledAt", recorder.now)
      if state.status != "finished" { transaction.set(node, "status", .text(status)) }
      if status == "stopped" {
        transaction.set(node, "endedAt", recorder.now)
        for run in state.openRuns { settleCancelled(run, in: &transaction) }
      }
    }
    onEvent(.control(action: action))
  }

  /// Cancels a run that is not under way here, or lets it start again. A run that has ended
  /// meanwhile stays as it is.
  private func obey(_ control: MirrorNode, about key: Text) throws {
    let action = control.string("action")
    let run = state.mirror.node(key: key).flatMap { state.isOpen($0) ? $0 : nil }
    let reason = control.string("reason")
    let running = (run.map { state.attempts(of: $0) } ?? []).filter {
      $0.text("status") == "running"
    }
    if let run { try recordCalls(of: run) }
    try recorder.record(
      .controlObeyed, [control.key.string],
      reason: "another terminal asked to \(action) \(key.string)"
    ) { transaction in
      transaction.set(control, "handledAt", recorder.now)
      guard let run else { return }
      if action == "cancel" {
        transaction.set(run, "killedBy", .text("cancelled"))
        transaction.set(run, "failure", .text("cancelled: \(reason)"))
        settleCancelled(run, includesFinished: true, in: &transaction)
        return
      }
      for attempt in running {
        transaction.set(attempt, "status", .text("cancelled"))
        transaction.set(attempt, "killedBy", .text("cancelled"))
        transaction.set(attempt, "endedAt", recorder.now)
      }
      transaction.set(run, "status", .text("planned"))
    }
    if let run {
      for attempt in running {
        discard(RunOrders.name(of: run, attempt: attempt.integer("number") ?? 0))
      }
    }
    onEvent(.control(action: "\(action) \(key.string)"))
  }

  /// A run that will not be carried out any more costs nothing further.
  private func settleCancelled(
    _ run: MirrorNode, includesFinished: Bool = false, in transaction: inout StepTransaction
  ) {
    if includesFinished || run.string("status") != "finished" {
      transaction.set(run, "status", .text("cancelled"))
      transaction.set(run, "endedAt", recorder.now)
      markLost(state.attempts(of: run).filter { $0.text("status") == "running" }, in: &transaction)
    }
    for charge in state.mirror.sources(of: run.id, "CHARGES", label: "Charge")
    where charge["spent"] == nil {
      transaction.set(charge, "spent", askedModels(charge, of: run) ?? .float(0))
    }
  }
}
