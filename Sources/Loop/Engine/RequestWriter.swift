// Writes the requests of docs/provider-protocol.md from what the mirror knows. Deterministic: the
// same history gives the same bytes.

import Base
import Models

struct RequestWriter {
  let state: CampaignState
  let parts: RequestParts
  /// So many earlier proposals are told at most.
  let historyLimit: Int
  static let filesLimitBytes = 256 << 10
  static let differenceLimitBytes = 64 << 10

  var campaign: Campaign { state.campaign }

  func object(_ pairs: [(Text, Value?)]) -> Value { .object(pairs) }

  func proposer(
    round: MirrorNode, ordinal: Int, seed: Int64, incumbent: MirrorNode, objects: some ObjectStore,
    brief: String? = nil, prompt: String? = nil
  ) throws -> [UInt8] {
    let members: [(Text, Value?)] = [
      ("files", .list(try files(incumbent, objects))), ("brief", brief.map { .text($0) }),
      ("prompt", prompt.map { .text($0) }),
    ]
    return WrittenJSON.object(
      common("proposer", round: round, ordinal: ordinal, seed: seed, incumbent)
        + [("history", .list(history(confirmedAndNewest()).map(\.json)))] + .init(members)
    ).bytes
  }

  /// The body, and what it says to a critic of this process.
  func critic(
    round: MirrorNode, ordinal: Int, seed: Int64, incumbent: MirrorNode, proposal: MirrorNode,
    objects: some ObjectStore, brief: String? = nil, prompt: String? = nil
  ) throws -> (body: [UInt8], told: HistorianRequest) {
    let description = ValueMap.object(
      try description(proposal, objects, differenceLimitBytes: Self.differenceLimitBytes))
    let members: [(Text, Value?)] = [
      ("proposal", .map(description)), ("rubric", campaign.critique.rubric),
      ("brief", brief.map { .text($0) }), ("prompt", prompt.map { .text($0) }),
    ]
    let varying = varying("critic", round: round, ordinal: ordinal, seed: seed, incumbent)
    let history = history(nearestAndNewest(proposal))
    let body = WrittenJSON.object(
      parts.declared(state) + .init(varying + members)
        + [("history", .list(history.map(\.json)))])
    let told = HistorianRequest(
      description, campaign: state.node?.key ?? "", history: history.map(\.read),
      .object(varying))
    return (body.bytes, told)
  }

  /// What every request says.
  func common(
    _ role: String, round: MirrorNode, ordinal: Int, seed: Int64, _ incumbent: MirrorNode
  ) -> [WrittenJSON.Member] {
    parts.declared(state)
      + .init(varying(role, round: round, ordinal: ordinal, seed: seed, incumbent))
  }

  /// What of that is another from request to request.
  private func varying(
    _ role: String, round: MirrorNode, ordinal: Int, seed: Int64, _ incumbent: MirrorNode
  ) -> [(Text, Value?)] {
    [
      ("version", .integer(1)), ("role", .text(role)),
      ("round", .integer(Int64(round.integer("number") ?? 0))),
      ("ordinal", .integer(Int64(ordinal))), ("seed", .integer(seed)),
      ("incumbent", brief(incumbent, mean: state.noise(of: incumbent)?.mean)),
      ("counts", counts()), ("noise", noise(incumbent)), ("left", left()),
    ]
  }

  // MARK: History

  /// What the whole history comes to, of which `history` shows a part.
  private func counts() -> Value {
    let confirmed = state.count(["confirmed"]) - (isBaselineConfirmed ? 1 : 0)
    return object([
      ("proposals", .integer(Int64(state.mirror.count("Proposal")))),
      ("tried", .integer(Int64(state.count(CampaignState.unsuccessful) + confirmed))),
      ("confirmed", .integer(Int64(confirmed))),
    ])
  }

  private var isBaselineConfirmed: Bool { state.baseline?.text("status") == "confirmed" }

  /// For a proposer: the line of what is believed, a quarter at most, and the newest.
  private func confirmedAndNewest() -> [MirrorNode] {
    var chosen = state.confirmedProposals.suffix(historyLimit / 4).map(\.id)
    if let baseline = state.baseline { chosen.append(baseline.id) }
    return withNewest(chosen)
  }

  /// For a critic: the nearest, three quarters at most, and the newest.
  private func nearestAndNewest(_ proposal: MirrorNode) -> [MirrorNode] {
    withNewest(
      parts.changes.nearest(to: proposal, in: state.mirror, count: historyLimit - historyLimit / 4))
  }

  private func history(_ proposals: [MirrorNode]) -> [RequestParts.Entry] {
    proposals.map { parts.entry(ToldProposal($0, state)) }
  }

  /// In the order of their creation.
  private func withNewest(_ chosen: [NodeID]) -> [MirrorNode] {
    var shown = Set(chosen.prefix(historyLimit))
    for id in state.mirror.identities("Proposal").reversed() {
      guard shown.count < historyLimit else { break }
      shown.insert(id)
    }
    return state.mirror.nodes(shown.sorted())
  }

  private func brief(_ proposal: MirrorNode, mean: Double?) -> Value {
    object([
      ("key", .string(proposal.key)),
      ("parameters", .map(ProposalBuilder<PendingObjects>.parameters(of: proposal))),
      (
        "patches",
        .list(ProposalBuilder<PendingObjects>.patches(of: proposal).map { .text($0) })
      ),
      ("mean", mean.map { .float($0) }),
    ])
  }

  private func noise(_ incumbent: MirrorNode) -> Value? {
    guard let node = state.noiseNode(of: incumbent), let floor = state.noise(of: incumbent) else {
      return nil
    }
    return object([
      ("key", .string(node.key)), ("metric", .text(campaign.primary.metric)),
      ("sigma", .float(floor.sigma)), ("mean", .float(floor.mean)),
      ("runs", .integer(Int64(floor.runs))),
      (
        "screenThreshold",
        .float(
          floor.screenThreshold(
            quantile: campaign.confirmation.screenQuantile, runs: campaign.confirmation.screenRuns))
      ),
    ])
  }

  private func left() -> Value {
    let limits = campaign.budgets.campaign
    let done = state.lastRound?.integer("number") ?? 0
    return object([
      ("rounds", .integer(Int64(max(0, campaign.budgets.rounds - done)))),
      ("runs", limits.runs.map { .integer(Int64(max(0, Double($0) - state.spent("runs")))) }),
      (
        "wallSeconds",
        limits.wallMilliseconds.map {
          .float(max(0, Double($0) / 1_000 - state.spent("wallSeconds")))
        }
      ),
    ])
  }

  /// The editable files of a proposal's tree, whole ones only, up to the limit.
  private func files(_ proposal: MirrorNode, _ objects: some ObjectStore) throws -> [Value] {
    let globs = campaign.editable.files.map(Glob.init)
    var left = Self.filesLimitBytes
    var files: [Value] = []
    for file in try Tree.load(proposal.string("tree"), from: objects).files
    where globs.contains(where: { $0.matches(file.path) }) && file.size <= left {
      guard let text = Text(validatingUTF8: try objects.load(file.hash)) else { continue }
      left -= file.size
      files.append(object([("path", .text(file.path)), ("content", .string(text))]))
    }
    return files
  }

  /// What a proposal is, for whoever judges it; nothing of what came of it.
  func description(
    _ proposal: MirrorNode, _ objects: some ObjectStore, differenceLimitBytes: Int
  ) throws -> [(Text, Value?)] {
    var difference: Value?
    if let hash = proposal.text("differenceHash") {
      let bytes = try objects.load(hash.string).prefix(differenceLimitBytes)
      difference = .text(String(decoding: bytes, as: UTF8.self))
    }
    return [
      ("key", .string(proposal.key)), ("title", proposal["title"]),
      ("hypothesis", proposal["hypothesis"]), ("kind", proposal["kind"]),
      ("base", state.mirror.target(of: proposal.id, "BASED_ON").map { .string($0.key) }),
      ("parameters", .map(ProposalBuilder<PendingObjects>.parameters(of: proposal))),
      (
        "patches",
        .list(ProposalBuilder<PendingObjects>.patches(of: proposal).map { .text($0) })
      ),
      ("changed", proposal["changed"]), ("changeHash", proposal["changeHash"]),
      ("difference", difference), ("predictedEffect", proposal["predictedEffect"]),
      ("predictedProbability", proposal["predictedProbability"]),
      ("costSeconds", proposal["costEstimateSeconds"]),
      ("statedDifference", proposal["statedDifference"]),
    ]
  }
}
