// What became of a campaign, for tables and plots at the end of a run and for `stemma loop status`.

import Base

/// A campaign at a glance.
public struct CampaignSummary: Sendable {
  /// A proposal that was confirmed, or the baseline.
  public struct Best: Sendable {
    public var key: String
    public var title: String
    public var isIncumbent: Bool
    /// Mean over its noise and confirm runs.
    public var mean: Double?
    public var runs: Int
    /// Gain over its own incumbent with its 90 % interval; `nil` for the baseline.
    public var effect: Double?
    public var lower: Double?
    public var upper: Double?
    public var shrunkEffect: Double?
    /// What the gain was measured against, where it is not the proposal's base.
    public var against: String?
    public var report: String?
  }

  /// A value of the metric, in the order of the runs.
  public struct Point: Sendable {
    public var run: String
    public var proposal: String
    public var kind: String
    public var value: Double
    /// Whether the proposal ended as confirmed.
    public var isConfirmed: Bool
  }

  public var key: String
  public var name: String
  public var goal: String
  public var status: String
  public var end: String
  public var metric: String
  public var unit: String
  public var isMinimised: Bool
  public var progress: LoopProgress
  /// How many proposals ended how, in a fixed order; absent where none did.
  public var outcomes: [(status: String, count: Int)]
  /// The baseline, then every confirmed improvement.
  public var best: [Best]
  public var points: [Point]
  public var sigma: Double?
  /// Seconds of runs and evaluations that are over.
  public var wallSeconds: Double
  /// Seconds that are reserved for runs that are not.
  public var reservedSeconds: Double
  public var holdoutPassed: Bool?
  /// Key of the campaign's report.
  public var report: String?
  /// Keys of records that wait for a decision.
  public var waiting: [String]
  /// Questions to proposers and critics that came to nothing, by who was asked.
  public var failedCalls: [FailedCalls]
  /// Why nothing could be tried at all: the starting point could not be measured.
  public var hindrance: String?
  /// Requests from other terminals that no runner has obeyed yet, such as `stop`, oldest first.
  public var requests: [String]
  /// What stands in the way of a campaign that is not over, where no runner holds it.
  public var interruption: String?

  /// How much of each limit of campaign, round and day is used.
  public var uses: [BudgetUse]

  /// What went wrong with one who was asked.
  public struct FailedCalls: Sendable {
    public var role: String
    public var name: String
    public var asked: Int
    public var failed: Int
    public var lastReason: String
  }

  init(_ state: CampaignState, end: String) {
    let node = state.node
    key = node?.key.string ?? ""
    name = state.campaign.name
    goal = state.campaign.goal
    status = state.status
    self.end = end
    metric = state.campaign.primary.metric
    unit = state.campaign.primary.unit
    isMinimised = state.campaign.primary.direction == .minimise
    let tried = state.proposals.filter { $0.text("kind") != "baseline" }
    progress = LoopProgress(
      rounds: max(0, state.mirror.count("Round") - 1), roundsPlanned: state.campaign.budgets.rounds,
      proposals: tried.count, runs: state.mirror.count("Run"), runsOpen: state.openRuns.count)
    outcomes = Self.order.compactMap { status in
      let count = tried.count { $0.string("status") == status }
      return count == 0 ? nil : (status, count)
    }
    best = Self.best(state)
    points = Self.points(state)
    sigma = state.incumbent.flatMap { state.noise(of: $0)?.sigma }
    let charges = state.mirror.all("Charge").filter { $0.text("resource") == "wallSeconds" }
    wallSeconds = charges.reduce(0) { $0 + ($1.number("spent") ?? 0) }
    reservedSeconds = charges.filter { $0["spent"] == nil }
      .reduce(0) { $0 + ($1.number("reserved") ?? 0) }
    requests = state.mirror.all("Control").filter { $0["handledAt"] == nil }
      .map { $0.string("action") }
    holdoutPassed = state.mirror.all("Comparison").last { $0.text("stage") == "holdout" }
      .flatMap { $0.boolean("passed") }
    report = node.flatMap { state.report(on: $0)?.key.string }
    let isOver = ["stopped", "finished"].contains(state.status)
    waiting = (isOver ? [] : state.mirror.all("Decision")).filter { $0.text("action") == "pending" }
      .compactMap { state.mirror.targets(of: $0.id, "DECIDES").first?.key.string }
    failedCalls = Self.failedCalls(state)
    uses = state.uses(in: state.lastRound)
    if let baseline = state.baseline, baseline.text("status") == "terminated" {
      hindrance = state.decision(on: baseline, gate: "proposal")?.string("reason")
    }
  }

  /// The same for a campaign of which is known whether a runner holds it: one that is `running` in
  /// the graph and in nobody's hands is `waiting` for a person, `failed`, or `interrupted`.
  init(_ state: CampaignState, runnerIsAlive: Bool?) {
    self.init(state, end: state.status)
    guard status == "running" else { return }
    guard runnerIsAlive == false else {
      if let reason = Self.wait(forAnotherDay: state) {
        status = "waiting"
        interruption = reason
      }
      return
    }
    let goOn = "no runner holds it; go on with: stemma loop run FILE"
    do {
      if case .wait(let reason) = try LoopPolicy(state).next() {
        status = "waiting"
        interruption = "\(reason); \(goOn)"
      } else {
        status = "interrupted"
        interruption = goOn
      }
    } catch {
      status = "failed"
      interruption = (error as? StemmaError)?.message ?? "\(error)"
    }
  }

  /// Why nothing is done before midnight; `nil` where it is not for the day's budget alone.
  private static func wait(forAnotherDay state: CampaignState) -> String? {
    var timeless = state
    timeless.today = nil
    guard state.today != nil, case .wait(let reason)? = try? LoopPolicy(state).next(),
      let step = try? LoopPolicy(timeless).next()
    else { return nil }
    if case .wait = step { return nil }
    return reason
  }

  private static func failedCalls(_ state: CampaignState) -> [FailedCalls] {
    var found: [FailedCalls] = []
    // What runs ask is theirs, and refusing it is what a budget is for.
    for call in state.mirror.all("Call") where call.text("role") != "run" {
      let actor = call.string("role")
      let name = call.string("provider")
      let index =
        found.firstIndex { $0.role == actor && $0.name == name }
        ?? {
          found.append(.init(role: actor, name: name, asked: 0, failed: 0, lastReason: ""))
          return found.count - 1
        }()
      found[index].asked += 1
      if call.text("status") != "answered" {
        found[index].failed += 1
        found[index].lastReason = call.string("failure")
      }
    }
    return found.filter { $0.failed > 0 }
  }

  private static let order = [
    "confirmed", "refuted", "indistinguishable", "screened", "invalid", "failed", "rejected",
    "terminated", "running", "waiting", "proposed",
  ]

  private static func best(_ state: CampaignState) -> [Best] {
    let incumbent = state.incumbent
    return state.proposals.filter { $0.text("status") == "confirmed" }.map { proposal in
      let values = state.noiseRuns(of: proposal).compactMap {
        state.value(of: $0, metric: state.campaign.primary.metric)
      }
      let comparison = state.comparisons(of: proposal, stage: "confirm").last
      return Best(
        key: proposal.key.string, title: proposal.string("title"),
        isIncumbent: proposal.id == incumbent?.id, mean: values.isEmpty ? nil : Sample(values).mean,
        runs: values.count, effect: comparison?.number("effect"),
        lower: comparison?.number("lower"), upper: comparison?.number("upper"),
        shrunkEffect: comparison?.number("shrunkEffect"),
        against: comparison.flatMap(state.rivalBesideBase),
        report: state.report(on: proposal)?.key.string)
    }
  }

  private static func points(_ state: CampaignState) -> [Point] {
    state.mirror.all("Run").compactMap { run in
      guard let value = state.value(of: run, metric: state.campaign.primary.metric),
        let proposal = state.mirror.target(of: run.id, "EXECUTES")
      else { return nil }
      return Point(
        run: run.key.string, proposal: proposal.key.string, kind: run.string("kind"), value: value,
        isConfirmed: proposal.text("status") == "confirmed")
    }
  }
}
