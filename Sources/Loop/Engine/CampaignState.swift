// Questions that the loop asks of its mirror: what stands, what is open, what was spent. Pure
// reading; every answer follows from the graph alone.

import Base
import Models
import Sandbox

/// A campaign's declaration together with what the graph says has happened.
struct CampaignState {
  /// A declaration is large, and the state is made for every step.
  final class Declaration: Sendable {
    let campaign: Campaign
    init(_ campaign: Campaign) { self.campaign = campaign }
  }

  private let declaration: Declaration
  let mirror: Mirror
  /// Days since 1970 (UTC); only where the campaign has a budget per day.
  var today: Int64?

  init(_ declaration: Declaration, mirror: Mirror, today: Int64?) {
    self.declaration = declaration
    self.mirror = mirror
    self.today = today
  }

  init(campaign: Campaign, mirror: Mirror, today: Int64? = nil) {
    self.init(Declaration(campaign), mirror: mirror, today: today)
  }

  var campaign: Campaign { declaration.campaign }

  var node: MirrorNode? { mirror.first("Campaign") }
  var status: String { node?.string("status") ?? "" }

  /// The last one started; rounds are numbered in the order of their creation.
  var lastRound: MirrorNode? { mirror.last("Round") }

  var openRound: MirrorNode? { mirror.tally.runningRounds.last.flatMap { mirror[$0] } }

  func proposals(in round: MirrorNode) -> [MirrorNode] {
    mirror.sources(of: round.id, "IN", label: "Proposal")
  }

  /// Those with which something is left to do.
  func unsettledProposals(in round: MirrorNode) -> [MirrorNode] {
    mirror.nodes(mirror.tally.unsettled(in: round.id))
  }

  /// All of them. O(n): for reports and summaries.
  var proposals: [MirrorNode] { mirror.all("Proposal") }

  /// The first proposal of a campaign is its starting point.
  var baseline: MirrorNode? {
    mirror.first("Proposal").flatMap { $0.text("kind") == "baseline" ? $0 : nil }
  }

  func round(of proposal: MirrorNode) -> MirrorNode? { mirror.target(of: proposal.id, "IN") }

  /// How often a role was asked.
  func questions(_ role: Text) -> Int { mirror.tally.calls[role] ?? 0 }

  func proposerQuestions(in round: MirrorNode) -> Int { mirror.tally.proposerCalls[round.id] ?? 0 }

  func criticQuestions(about proposal: MirrorNode) -> Int {
    mirror.tally.criticCalls[proposal.key] ?? 0
  }

  var pendingControl: MirrorNode? { mirror.tally.openControls.first.flatMap { mirror[$0] } }

  /// What was handed in and not taken yet, oldest first.
  var submissions: [MirrorNode] { mirror.nodes(mirror.tally.openSubmissions) }

  /// How many proposals have one of these statuses.
  func count(_ statuses: [Text]) -> Int {
    statuses.reduce(0) { $0 + (mirror.tally.statuses[$1] ?? 0) }
  }

  // MARK: Belief

  /// What is believed to be best: the baseline, then every confirmed improvement in turn.
  var incumbent: MirrorNode? {
    for id in mirror.tally.improvements.reversed() {
      if let candidate = mirror.target(of: id, "COMPARES"),
        candidate.text("status") == "confirmed"
      {
        return candidate
      }
    }
    return baseline
  }

  /// Whether something confirmed has taken the place of `base` since a proposal was made.
  func wasReplaced(_ base: MirrorNode, since proposal: MirrorNode) -> Bool {
    mirror.tally.improvements.contains {
      $0 > proposal.id && mirror.target(of: $0, "AGAINST")?.id == base.id
        && mirror.target(of: $0, "COMPARES")?.text("status") == "confirmed"
    }
  }

  /// What was confirmed and not withdrawn, in order.
  var confirmedProposals: [MirrorNode] {
    mirror.tally.improvements.compactMap { mirror.target(of: $0, "COMPARES") }
      .filter { $0.text("status") == "confirmed" }
  }

  /// Comparisons of confirmations, in order.
  var confirmations: [MirrorNode] { mirror.nodes(mirror.tally.confirmations) }

  func candidate(of comparison: MirrorNode) -> MirrorNode? {
    mirror.target(of: comparison.id, "COMPARES")
  }

  /// The key of what a comparison was made against, where that is not the base of its candidate.
  func rivalBesideBase(of comparison: MirrorNode) -> String? {
    guard let rival = mirror.target(of: comparison.id, "AGAINST"),
      let candidate = candidate(of: comparison),
      rival.id != mirror.target(of: candidate.id, "BASED_ON")?.id
    else { return nil }
    return rival.key.string
  }

  func comparisons(of proposal: MirrorNode, stage: Text) -> [MirrorNode] {
    mirror.sources(of: proposal.id, "COMPARES", label: "Comparison")
      .filter { $0.text("stage") == stage }
  }

  /// What was concluded from the confirmations of a proposal.
  func findings(of proposal: MirrorNode) -> [MirrorNode] {
    comparisons(of: proposal, stage: "confirm").flatMap { mirror.targets(of: $0.id, "SUPPORTS") }
      .filter { $0.label == "Finding" }
  }

  /// The last measurement of a proposal's noise in the primary metric.
  func noise(of proposal: MirrorNode) -> NoiseFloor? {
    guard let node = noiseNode(of: proposal), let mean = node.number("mean"),
      let sigma = node.number("sigma"), let runs = node.integer("runs")
    else { return nil }
    return NoiseFloor(mean: mean, sigma: sigma, runs: runs)
  }

  func noiseNode(of proposal: MirrorNode) -> MirrorNode? {
    let metric = Text(campaign.primary.metric)
    return mirror.lastSource(of: proposal.id, "MEASURED_ON", label: "Noise") {
      $0.text("metric") == metric
    }
  }

  // MARK: Runs and evals

  func runs(of proposal: MirrorNode) -> [MirrorNode] {
    mirror.sources(of: proposal.id, "EXECUTES", label: "Run")
  }

  func runs(of proposal: MirrorNode, kind: Text, purpose: Text) -> [MirrorNode] {
    mirror.nodes(mirror.tally.runs(of: proposal.id, kind: kind, purpose: purpose))
  }

  /// All that were carried out to decide about a proposal, the incumbent's share included.
  func runs(for purpose: Text) -> [MirrorNode] {
    mirror.nodes(mirror.tally.runsByPurpose[purpose] ?? [])
  }

  func attempts(of run: MirrorNode) -> [MirrorNode] {
    mirror.sources(of: run.id, "IN", label: "Attempt")
  }

  func evals(of run: MirrorNode) -> [MirrorNode] {
    mirror.sources(of: run.id, "EVALUATES", label: "Eval")
  }

  /// The eval of the primary metric, whatever its status.
  func primaryEval(of run: MirrorNode) -> MirrorNode? {
    let metric = Text(campaign.primary.metric)
    return evals(of: run).first { $0.text("metric") == metric }
  }

  /// The valid value of a metric; `nil` where the run has none.
  func value(of run: MirrorNode, metric: String) -> Double? {
    evals(of: run).first {
      $0.text("metric") == Text(metric) && $0.text("status") == "valid"
    }?.number("value")
  }

  /// The declared rule by which a screening of several runs ends after its first.
  func isClearLoser(_ screens: [MirrorNode], against incumbent: MirrorNode) -> Bool {
    guard let quantile = campaign.confirmation.stopQuantile, let floor = noise(of: incumbent),
      let value = screens.first.flatMap({ value(of: $0, metric: campaign.primary.metric) }),
      conflict(among: noiseRuns(of: incumbent) + screens) == nil
    else { return false }
    return floor.isClearLoser(value, sign: campaign.primary.sign, quantile: quantile)
  }

  /// Runs of the proposal that say how noisy it is: noise and confirm runs, never the screen, which
  /// was selected for its value.
  func noiseRuns(of proposal: MirrorNode) -> [MirrorNode] {
    runs(of: proposal).filter { $0.text("kind") == "noise" || $0.text("kind") == "confirm" }
  }

  /// The runs by which a proposal was measured before anything was compared with it: its noise runs
  /// and those of its own confirmation. Later pairs are not among them, so they stay the same.
  func measuringRuns(of proposal: MirrorNode) -> [MirrorNode] {
    ["noise", "confirm"].flatMap { runs(of: proposal, kind: $0, purpose: proposal.key) }
  }

  /// Every run that was planned and is neither carried out nor given up, in order.
  var openRuns: [MirrorNode] { mirror.all("Run").filter { isOpen($0) } }

  func isOpen(_ run: MirrorNode) -> Bool {
    switch run.string("status") {
    case "planned", "running": true
    case "finished": evals(of: run).isEmpty
    default: false
    }
  }

  // MARK: Gates

  func decision(on subject: MirrorNode, gate: Text) -> MirrorNode? {
    mirror.lastSource(of: subject.id, "DECIDES", label: "Decision") { $0.text("gate") == gate }
  }

  /// Those of the campaign's critics; what others say of a proposal decides nothing.
  func critiques(of proposal: MirrorNode) -> [MirrorNode] {
    mirror.sources(of: proposal.id, "CRITIQUES", label: "Critique")
      .filter { $0["origin"] == nil }
  }

  func report(on subject: MirrorNode) -> MirrorNode? {
    mirror.lastSource(of: subject.id, "REPORTS", label: "Report")
  }

  // MARK: Money

  /// What was spent, and what is reserved and not yet settled, of one resource. A charge belongs to
  /// the day on which it was reserved.
  func spent(_ resource: Text, in round: MirrorNode? = nil, on day: Int64? = nil) -> Double {
    mirror.tally.spent(resource, in: round?.id, on: day)
  }

  /// What one run with its evaluation may cost at most.
  var runReservation: [(resource: Text, amount: Double)] {
    let run = campaign.run.budget
    let evaluation = campaign.evaluation.budget
    var amounts: [(resource: Text, amount: Double)] = [
      ("runs", 1),
      ("wallSeconds", Double(run.wallMilliseconds + evaluation.wallMilliseconds) / 1_000),
      ("cpuSeconds", Double(run.cpuMilliseconds + evaluation.cpuMilliseconds) / 1_000),
    ]
    guard let models = campaign.run.models else { return amounts }
    amounts.append(("tokens", Double(models.tokens)))
    if let money = models.mostMoney { amounts.append(("money", money)) }
    return amounts
  }

  /// Runs kept back so that the winner can be checked at the end.
  var holdoutRuns: Int { (campaign.holdout?.pairs ?? 0) * 2 }

  /// Why `count` more runs cannot be paid for; `nil` where they can. `keepsHoldout` leaves enough
  /// for the check at the end.
  func refusal(runs count: Int, round: MirrorNode?, keepsHoldout: Bool = true) -> String? {
    let kept = keepsHoldout ? holdoutRuns : 0
    if let reason = exceeded(campaign.budgets.campaign, count + kept, in: nil) {
      return "the campaign's budget of \(reason) does not allow \(count) more runs"
    }
    if let round, let reason = exceeded(campaign.budgets.round, count, in: round) {
      return "the round's budget of \(reason) does not allow \(count) more runs"
    }
    return nil
  }

  /// Why `count` more runs have to wait for another day; `nil` where they need not.
  func dayRefusal(runs count: Int) -> String? {
    guard let today, let reason = exceeded(campaign.budgets.day, count, in: nil, on: today) else {
      return nil
    }
    return "today's budget of \(reason) does not allow \(count) more runs; "
      + "the loop goes on at midnight (UTC)"
  }

  /// What was reserved for questions to models and is not settled.
  var openQuestionCharges: [MirrorNode] {
    mirror.all("Charge").filter {
      $0["spent"] == nil && ($0.text("resource") == "tokens" || $0.text("resource") == "money")
    }
  }

  /// Why one more question cannot be paid for by campaign or round; `nil` where it can.
  func refusal(ofQuestionTo declaration: ProviderDeclaration, round: MirrorNode?) -> String? {
    guard let most = QuestionReservation(declaration) else { return nil }
    if let reason = exceeded(campaign.budgets.campaign, most, in: nil) {
      return "the campaign's budget of \(reason) does not allow another question"
    }
    if let round, let reason = exceeded(campaign.budgets.round, most, in: round) {
      return "the round's budget of \(reason) does not allow another question"
    }
    return nil
  }

  /// Why one more question has to wait for another day; `nil` where it need not.
  func dayRefusal(ofQuestionTo declaration: ProviderDeclaration) -> String? {
    guard let today, let most = QuestionReservation(declaration),
      let reason = exceeded(campaign.budgets.day, most, in: nil, on: today)
    else { return nil }
    return "today's budget of \(reason) does not allow another question; "
      + "the loop goes on at midnight (UTC)"
  }

  private func exceeded(
    _ limits: CampaignBudgets.Limits, _ most: QuestionReservation, in round: MirrorNode?,
    on day: Int64? = nil
  ) -> String? {
    for (resource, amount) in most.amounts {
      guard let limit = limits.limit(of: resource),
        spent(resource, in: round, on: day) + amount > limit
      else { continue }
      return resource == "tokens" ? "\(Int(limit)) tokens" : "\(limit) money"
    }
    return nil
  }

  private func exceeded(
    _ limits: CampaignBudgets.Limits, _ count: Int, in round: MirrorNode?, on day: Int64? = nil
  ) -> String? {
    for (resource, each) in runReservation {
      guard let limit = limits.limit(of: resource),
        spent(resource, in: round, on: day) + Double(count) * each > limit
      else { continue }
      switch resource {
      case "wallSeconds": return "\(Int(limit)) s wall time"
      case "cpuSeconds": return "\(Int(limit)) s processor time"
      case "money": return "\(limit) money"
      default: return "\(Int(limit)) \(resource)"
      }
    }
    return nil
  }

  /// How much of each limit of campaign, round and day is spent or reserved.
  func uses(in round: MirrorNode?) -> [BudgetUse] {
    let budgets = campaign.budgets
    var scopes: [(String, CampaignBudgets.Limits, MirrorNode?, Int64?)] = [
      ("campaign", budgets.campaign, nil, nil)
    ]
    if let round { scopes.append(("round", budgets.round, round, nil)) }
    if let today { scopes.append(("day", budgets.day, nil, today)) }
    return scopes.flatMap { scope, limits, round, day in
      CampaignBudgets.Limits.resources.compactMap { resource in
        limits.limit(of: resource).map {
          BudgetUse(
            scope: scope, resource: resource.string,
            used: spent(resource, in: round, on: day), limit: $0)
        }
      }
    }
  }
}
