// What to do next about one proposal, from its own records: gates, critics, screen, confirmation,
// report. Pure.

import Base

struct ProposalPolicy {
  /// What a proposal needs.
  enum Need {
    case `do`(LoopStep)
    /// Its runs are to be carried out, together with those of others.
    case runs([MirrorNode], confirms: Bool)
    case wait(String)
    /// The same in the middle of its confirmation.
    case waitConfirming(String)
    /// It has to wait for another confirmation to end.
    case later
    case done
  }

  private let state: CampaignState
  private let proposal: MirrorNode
  private let incumbent: MirrorNode
  private let round: MirrorNode

  init(
    _ state: CampaignState, _ proposal: MirrorNode, _ incumbent: MirrorNode, _ round: MirrorNode
  ) {
    self.state = state
    self.proposal = proposal
    self.incumbent = incumbent
    self.round = round
  }

  private var campaign: Campaign { state.campaign }

  /// `mayConfirm`: no earlier proposal is being confirmed, so the incumbent stays what it is.
  func next(mayConfirm: Bool) -> Need {
    guard LoopPolicy.isUnfinished(proposal) else { return afterwards() }
    if let need = gate("proposal", subject: proposal, mode: campaign.gates.proposal) { return need }
    if let need = duplicateGate() { return need }
    let critiques = state.critiques(of: proposal)
    let asked = state.criticQuestions(about: proposal)
    if asked < campaign.critics.count { return asking(campaign.critics[asked], number: asked) }
    // A critic that gave no usable answer leaves no critique; the gate then is on the proposal.
    let judged = critiques.last ?? proposal
    if let need = gate("critique", subject: judged, mode: campaign.gates.critique) { return need }
    return running(mayConfirm: mayConfirm)
  }

  /// A critic that cannot be paid has not agreed: the proposal ends.
  private func asking(_ critic: ProviderDeclaration, number: Int) -> Need {
    if let refusal = state.refusal(ofQuestionTo: critic, round: round) {
      return .do(.end(proposal, status: "terminated", reason: refusal))
    }
    if let reason = state.dayRefusal(ofQuestionTo: critic) { return .wait(reason) }
    return .do(.critique(proposal, critic: number))
  }

  /// Only where a judge is declared; otherwise critics say what was tried before.
  private func duplicateGate() -> Need? {
    guard campaign.judge != nil else { return nil }
    guard state.decision(on: proposal, gate: "duplicate") != nil else {
      return .do(.searchDuplicates(proposal))
    }
    return gate("duplicate", subject: proposal, mode: .auto)
  }

  /// `nil` where the gate is passed.
  private func gate(_ name: Text, subject: MirrorNode, mode: Gates.Mode) -> Need? {
    guard let decision = state.decision(on: subject, gate: name) else {
      return .do(.openGate(name, subject: subject, proposal: proposal))
    }
    let reason = decision.text("reason")?.string ?? ""
    switch decision.string("action") {
    case "pending":
      return .wait("\(subject.key) waits for a decision (`stemma review`)")
    case "approve", "keep", "release", "reinstate": return nil
    case "modify":
      return .do(.end(proposal, status: "terminated", reason: "modified by a reviewer: \(reason)"))
    case "terminate", "quarantine":
      return .do(.end(proposal, status: "terminated", reason: reason))
    default: return .do(.end(proposal, status: "rejected", reason: reason))
    }
  }

  // MARK: Running

  private func running(mayConfirm: Bool) -> Need {
    let screens = state.runs(of: proposal, kind: "train", purpose: proposal.key)
    if screens.isEmpty {
      if isStale { return .do(.rebase(proposal, onto: incumbent)) }
      return planScreen(0..<(rule.stopQuantile == nil ? rule.screenRuns : 1))
    }
    let open = screens.filter { state.isOpen($0) }
    if !open.isEmpty { return .runs(open, confirms: false) }
    for screen in screens {
      guard let ending = ending(of: screen) else { continue }
      return .do(.end(proposal, status: ending.status, reason: ending.reason))
    }
    if screens.count < rule.screenRuns, !state.isClearLoser(screens, against: incumbent) {
      return planScreen(screens.count..<rule.screenRuns)
    }
    guard let eval = screens.last.flatMap({ state.primaryEval(of: $0) }) else {
      return .do(.end(proposal, status: "failed", reason: "there is no value of the metric"))
    }
    if let need = gate("evaluation", subject: eval, mode: campaign.gates.evaluation) { return need }
    // Only what came out well is carried over, and its evaluation is decided first: so the record
    // does not depend on whether the screen or the confirmation of a sibling ended earlier.
    if isStale { return .do(.rebase(proposal, onto: incumbent)) }
    guard mayConfirm else { return .later }
    return confirming()
  }

  private var rule: ConfirmationDeclaration { campaign.confirmation }

  private func planScreen(_ ordinals: Range<Int>) -> Need {
    if let refusal = state.refusal(runs: ordinals.count, round: round) {
      return .do(.end(proposal, status: "terminated", reason: refusal))
    }
    if let reason = state.dayRefusal(runs: ordinals.count) { return .wait(reason) }
    return .do(
      .plan(
        PlannedRuns(kind: "train", purpose: proposal, proposals: [proposal], ordinals: ordinals)))
  }

  /// Whether the proposal changes what was the incumbent when it was made and is no longer: another
  /// of its round was confirmed since. One that was made of something else on purpose, and one that
  /// cannot be carried over, is compared with the incumbent as it is.
  private var isStale: Bool {
    guard let base = state.mirror.target(of: proposal.id, "BASED_ON"),
      base.id != incumbent.id, !state.runs(of: proposal).contains(where: { state.isOpen($0) })
    else { return false }
    return state.wasReplaced(base, since: proposal)
      && !state.mirror.sources(of: proposal.id, "DECIDES", label: "Decision").contains {
        $0.text("gate") == "proposal" && $0.text("action") == "keep"
      }
  }

  /// How a run ends the proposal: its own crash or kill, an invalid evaluation, a machine that
  /// failed.
  func ending(of run: MirrorNode) -> (status: Text, reason: String)? {
    let failure = run.text("failure")?.string ?? "no reason is known"
    switch run.string("status") {
    case "finished": break
    case "killed": return ("failed", "killed: \(failure)")
    case "cancelled" where run.text("killedBy") == "rule": return ("screened", failure)
    case "cancelled": return ("terminated", "cancelled")
    case "failed" where run.text("fault") == "infrastructure":
      return ("terminated", "the machine failed, which is no result: \(failure)")
    default: return ("failed", failure)
    }
    guard let eval = state.primaryEval(of: run) else { return nil }
    let reason = eval.text("failure")?.string ?? ""
    switch eval.string("status") {
    case "invalid": return ("invalid", reason)
    case "failed": return ("failed", "the evaluation failed: \(reason)")
    default: return nil
    }
  }

  private func confirming() -> Need {
    let screened = state.comparisons(of: proposal, stage: "screen")
    guard let screen = screened.last else { return .do(.screen(proposal)) }
    guard screen.boolean("passed") == true else {
      return .do(
        .end(
          proposal, status: "screened",
          reason: screen.text("reason")?.string ?? "it did not pass the screen"))
    }
    let mine = state.runs(of: proposal, kind: "confirm", purpose: proposal.key)
    let theirs = state.runs(of: incumbent, kind: "confirm", purpose: proposal.key)
    let open = (mine + theirs).filter { state.isOpen($0) }
    if !open.isEmpty { return .runs(open, confirms: true) }
    // Somebody ended it: another pair in its place would let them choose which pairs count.
    if (mine + theirs).contains(where: { $0.string("status") == "cancelled" }) {
      return .do(.end(proposal, status: "terminated", reason: "a run of its pairs was cancelled"))
    }
    for run in mine {
      guard let ending = ending(of: run) else { continue }
      if ending.status == "terminated" { continue }
      return .do(.judge(proposal))
    }
    let pairs = ConfirmationPairs(state: state, candidate: proposal, incumbent: incumbent)
    switch pairs.plan.next(after: pairs.gains) {
    case .futile, .judge: return .do(.judge(proposal))
    case .runTo(let wanted): return plan(pairs, planned: mine.count, wanted: wanted)
    }
  }

  private func plan(_ pairs: ConfirmationPairs, planned: Int, wanted: Int) -> Need {
    let missing = wanted - pairs.complete.count
    guard planned + missing <= campaign.confirmation.pairs + 4 else {
      return .do(
        .end(proposal, status: "terminated", reason: "too many pairs are missing: machine failures")
      )
    }
    if let refusal = state.refusal(runs: missing * 2, round: round) {
      return .do(.end(proposal, status: "terminated", reason: refusal))
    }
    // It keeps its turn: nobody else is confirmed before it.
    if let reason = state.dayRefusal(runs: missing * 2) { return .waitConfirming(reason) }
    return .do(
      .plan(
        PlannedRuns(
          kind: "confirm", purpose: proposal, proposals: [proposal, incumbent],
          ordinals: planned..<planned + missing)))
  }

  // MARK: Afterwards

  private func afterwards() -> Need {
    let end = ProposalEnd(state.mirror, proposal)
    guard let report = end.report else { return .do(.report(proposal)) }
    guard let decision = end.decision else {
      return .do(.openGate("report", subject: report, proposal: proposal))
    }
    if decision.text("action") == "pending" {
      return .wait("\(report.key) waits for a decision (`stemma review`)")
    }
    if end.isWithdrawn {
      let reason = decision.text("reason")?.string ?? ""
      return .do(.end(proposal, status: "terminated", reason: "withdrawn by a reviewer: \(reason)"))
    }
    return .done
  }
}

/// The complete pairs of a confirmation.
struct ConfirmationPairs {
  struct Pair {
    var number: Int
    var candidate: MirrorNode
    var incumbent: MirrorNode
    var values: (candidate: Double, incumbent: Double)
  }

  let state: CampaignState
  let complete: [Pair]

  init(state: CampaignState, candidate: MirrorNode, incumbent: MirrorNode) {
    self.state = state
    let metric = state.campaign.primary.metric
    let theirs = state.runs(of: incumbent, kind: "confirm", purpose: candidate.key)
    complete = state.runs(of: candidate, kind: "confirm", purpose: candidate.key).compactMap {
      run in
      guard let number = run.integer("pair"), let value = state.value(of: run, metric: metric),
        let other = theirs.first(where: { $0.integer("pair") == number }),
        let otherValue = state.value(of: other, metric: metric)
      else { return nil }
      return Pair(number: number, candidate: run, incumbent: other, values: (value, otherValue))
    }
  }

  var plan: ConfirmationPlan {
    ConfirmationPlan(
      pairs: state.campaign.confirmation.pairs, alpha: state.campaign.confirmation.alpha)
  }

  /// Oriented: positive is better.
  var gains: [Double] {
    complete.map { state.campaign.primary.sign * ($0.values.candidate - $0.values.incumbent) }
  }
}
