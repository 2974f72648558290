// What to do next: a pure function of what has happened. Because nothing but the graph goes in, a
// loop that was killed goes on exactly where it was, and a policy can be replayed over old facts.

import Base

/// One thing to be done.
enum LoopStep {
  case startCampaign
  case obey(MirrorNode)
  case storeBaseline
  /// Record the models and prompts that the graph does not know yet.
  case storeProviders
  /// Reserve and plan runs.
  case plan(PlannedRuns)
  /// Carry out planned runs, evaluations included.
  case carryOut([MirrorNode])
  case measureNoise(MirrorNode)
  case startRound(Int)
  case propose(round: MirrorNode)
  case openGate(Text, subject: MirrorNode, proposal: MirrorNode)
  case searchDuplicates(MirrorNode)
  case critique(MirrorNode, critic: Int)
  case rebase(MirrorNode, onto: MirrorNode)
  case screen(MirrorNode)
  case judge(MirrorNode)
  case end(MirrorNode, status: Text, reason: String)
  case report(MirrorNode)
  case finishRound(MirrorNode)
  case compareHoldout(MirrorNode)
  case finishCampaign(reason: String)
  /// Nothing can be done until somebody decides; the reason says who.
  case wait(String)
  /// The campaign is over.
  case over
}

/// Runs that are planned together.
struct PlannedRuns {
  var kind: Text
  /// Whose key the runs are about.
  var purpose: MirrorNode
  /// The proposals to run, each with each ordinal.
  var proposals: [MirrorNode]
  /// Numbers of seeds (and of pairs).
  var ordinals: Range<Int>

  var count: Int { proposals.count * ordinals.count }
}

/// The built-in policy.
struct LoopPolicy {
  let state: CampaignState

  init(_ state: CampaignState) { self.state = state }

  private var campaign: Campaign { state.campaign }

  func next() throws -> LoopStep {
    guard state.node != nil else { return .startCampaign }
    if let control = state.pendingControl { return .obey(control) }
    switch state.status {
    case "finished", "stopped": return .over
    case "paused": return .wait("the campaign is paused; `stemma loop resume` goes on")
    default: break
    }
    guard let baseline = state.baseline else { return .storeBaseline }
    guard let incumbent = state.incumbent else { return .storeBaseline }
    if !state.unknownProviders.isEmpty { return .storeProviders }
    if let step = try noiseStep(of: incumbent, isBaseline: incumbent.id == baseline.id) {
      return step
    }
    if let round = state.openRound { return try roundStep(round, incumbent) }
    return try betweenRounds(incumbent, baseline)
  }

  // MARK: Noise

  /// Measures the incumbent's noise before anything is compared with it. A confirmation that is
  /// under way always has a measured incumbent, so this never interrupts one.
  private func noiseStep(of incumbent: MirrorNode, isBaseline: Bool) throws -> LoopStep? {
    guard state.noise(of: incumbent) == nil else { return nil }
    let runs = state.noiseRuns(of: incumbent)
    let open = runs.filter { state.isOpen($0) }
    if !open.isEmpty { return .carryOut(open) }
    let values = runs.compactMap { state.value(of: $0, metric: campaign.primary.metric) }
    if values.count >= campaign.noise.runs { return .measureNoise(incumbent) }
    let noiseRuns = runs.filter { $0.text("kind") == "noise" }
    try refuseHopelessNoise(noiseRuns, valid: values.count)
    let missing = campaign.noise.runs - values.count
    let planned = PlannedRuns(
      kind: "noise", purpose: incumbent, proposals: [incumbent],
      ordinals: noiseRuns.count..<noiseRuns.count + missing)
    if let refusal = state.refusal(runs: missing, round: nil) {
      if isBaseline { return unmeasurable(incumbent, missing, refusal) }
      // A new incumbent that cannot be measured ends the campaign with what is believed so far.
      return state.openRound == nil ? try outOfBudget(incumbent) : closeRound(incumbent)
    }
    if let reason = state.dayRefusal(runs: missing) { return .wait(reason) }
    return .plan(planned)
  }

  /// Without its noise nothing can be compared with the starting point: it ends, then the campaign.
  private func unmeasurable(
    _ baseline: MirrorNode, _ missing: Int, _ refusal: String
  ) -> LoopStep {
    let reason =
      "\(missing) noise runs of the starting point do not fit into the budget: \(refusal)"
    return Self.isUnfinished(baseline)
      ? .end(baseline, status: "terminated", reason: reason) : .finishCampaign(reason: reason)
  }

  private func refuseHopelessNoise(_ runs: [MirrorNode], valid: Int) throws {
    let failed = runs.count { !state.isOpen($0) } - valid
    guard failed >= campaign.noise.runs, let last = runs.last else { return }
    let eval = state.primaryEval(of: last)
    let why = last.text("failure") ?? eval?.text("failure") ?? "no value of the metric"
    throw StemmaError(
      .loopState, "the starting point of the campaign cannot be measured: \(why)",
      advice:
        "`stemma show \(last.key)` has its log. Mend the source or the evaluator, and start the "
        + "campaign under a new name.")
  }

  private func closeRound(_ incumbent: MirrorNode) -> LoopStep {
    guard let round = state.openRound else { return .wait("nothing is left to do") }
    let unsettled = state.unsettledProposals(in: round)
    if let open = unsettled.first(where: { Self.isUnfinished($0) }) {
      return .end(open, status: "terminated", reason: "the budget is used up")
    }
    return .finishRound(round)
  }

  private func outOfBudget(_ incumbent: MirrorNode) throws -> LoopStep {
    .finishCampaign(reason: "the budget is used up")
  }

  // MARK: Rounds

  static let unfinished: Set<Text> = ["proposed", "waiting", "running"]

  static func isUnfinished(_ proposal: MirrorNode) -> Bool {
    unfinished.contains(proposal.text("status") ?? "")
  }

  private func roundStep(_ round: MirrorNode, _ incumbent: MirrorNode) throws -> LoopStep {
    var waiting: [String] = []
    if state.proposerQuestions(in: round) < campaign.proposalsPerRound {
      switch proposing(in: round) {
      case .do(let step): return step
      case .wait(let what): waiting.append(what)
      case .nothing: break
      }
    }
    var open: [MirrorNode] = []
    var isConfirming = false
    for proposal in state.unsettledProposals(in: round) {
      switch ProposalPolicy(state, proposal, incumbent, round).next(mayConfirm: !isConfirming) {
      case .do(let step): return step
      case .wait(let what): waiting.append(what)
      case .waitConfirming(let what):
        waiting.append(what)
        isConfirming = true
      case .runs(let runs, let confirms):
        open += runs
        isConfirming = isConfirming || confirms
      case .later: isConfirming = true
      case .done: break
      }
    }
    if !open.isEmpty { return .carryOut(open) }
    if !waiting.isEmpty { return .wait(waiting.joined(separator: "; ")) }
    return .finishRound(round)
  }

  private enum Proposing {
    case `do`(LoopStep)
    case wait(String)
    case nothing
  }

  /// Where the next proposal of a round comes from. What was handed in comes first. A round whose
  /// proposer cannot be paid any more goes on with the proposals that it has.
  private func proposing(in round: MirrorNode) -> Proposing {
    if !state.submissions.isEmpty { return .do(.propose(round: round)) }
    guard campaign.proposer.kind != .outside else {
      let runs = campaign.confirmation.screenRuns
      return state.refusal(runs: runs, round: round) == nil
        ? .wait("nobody has handed in the next proposal (`stemma propose`)") : .nothing
    }
    if state.refusal(ofQuestionTo: campaign.proposer, round: round) != nil { return .nothing }
    if let reason = state.dayRefusal(ofQuestionTo: campaign.proposer) { return .do(.wait(reason)) }
    return .do(.propose(round: round))
  }

  private func betweenRounds(_ incumbent: MirrorNode, _ baseline: MirrorNode) throws -> LoopStep {
    let done = state.lastRound?.integer("number") ?? 0
    let canAfford =
      state.refusal(runs: campaign.confirmation.screenRuns, round: nil) == nil
      && state.refusal(ofQuestionTo: campaign.proposer, round: nil) == nil
    if done < campaign.budgets.rounds, canAfford { return .startRound(done + 1) }
    let reason =
      canAfford ? "all \(campaign.budgets.rounds) rounds are done" : "the budget is used up"
    if let step = holdoutStep(incumbent, baseline) { return step }
    return .finishCampaign(reason: reason)
  }

  // MARK: Hold-out

  /// The winner is compared with the baseline once, on data that nobody has seen.
  private func holdoutStep(_ incumbent: MirrorNode, _ baseline: MirrorNode) -> LoopStep? {
    guard let holdout = campaign.holdout, incumbent.id != baseline.id,
      state.comparisons(of: incumbent, stage: "holdout").isEmpty
    else { return nil }
    let both = [incumbent, baseline]
    let runs = both.flatMap { state.runs(of: $0, kind: "holdout", purpose: incumbent.key) }
    if runs.isEmpty {
      if state.refusal(runs: holdout.pairs * 2, round: nil, keepsHoldout: false) != nil {
        return nil
      }
      if let reason = state.dayRefusal(runs: holdout.pairs * 2) { return .wait(reason) }
      return .plan(
        PlannedRuns(
          kind: "holdout", purpose: incumbent, proposals: both, ordinals: 0..<holdout.pairs))
    }
    let open = runs.filter { state.isOpen($0) }
    return open.isEmpty ? .compareHoldout(incumbent) : .carryOut(open)
  }
}
