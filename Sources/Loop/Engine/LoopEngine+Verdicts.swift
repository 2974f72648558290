// From evals to belief: noise, screen, verdict, the sealed check of the winner. The statistics are
// in Belief; here evidence is gathered and conclusions are recorded.

import Base
import Graph
import Models
import Sandbox
import Signing

extension LoopEngine {
  private var metric: Text { Text(campaign.primary.metric) }

  // MARK: Noise

  func measureNoise(of proposal: MirrorNode) throws {
    guard let round = state.round(of: proposal) else { return }
    let evals = state.noiseRuns(of: proposal).compactMap { state.primaryEval(of: $0) }
      .filter { $0.text("status") == "valid" }
    guard let floor = NoiseFloor(evals.compactMap { $0.number("value") }) else { return }
    let threshold = floor.screenThreshold(
      quantile: campaign.confirmation.screenQuantile, runs: campaign.confirmation.screenRuns)
    let items = ItemNoise(evals.map(ItemTable.init))
    let itemSigma = items.standardError(
      seed: UInt64(bitPattern: try seeds().seed("items \(proposal.key)", 0)))
    try recorder.record(
      .noiseMeasured, [proposal.key.string],
      reason: "the noise of \(proposal.key) was measured on \(floor.runs) runs"
    ) { transaction in
      let node = transaction.create(
        "Noise",
        [
          ("metric", .string(metric)), ("sigma", .float(floor.sigma)), ("mean", .float(floor.mean)),
          ("runs", .integer(Int64(floor.runs))),
          ("degreesOfFreedom", .float(floor.degreesOfFreedom)),
          ("itemSigma", itemSigma.map { .float($0) }),
          ("clusters", .integer(Int64(items.clusters.count))),
          ("screenThreshold", .float(threshold)), ("at", recorder.now),
        ])
      transaction.connect(node, "MEASURED_ON", .id(proposal.id))
      transaction.connect(node, "IN", .id(round.id))
      for eval in evals { transaction.connect(node, "CITES", .id(eval.id)) }
      transaction.connect(node, "BY", try actor("loop", kind: "program", in: &transaction))
      if proposal.text("status") == "running" {
        transaction.set(proposal, "status", .text("confirmed"))
      }
    }
  }

  // MARK: Screen

  func screen(_ proposal: MirrorNode) throws {
    let metric = campaign.primary.metric
    let runs = state.runs(of: proposal, kind: "train", purpose: proposal.key)
    let values = runs.compactMap { state.value(of: $0, metric: metric) }
    guard let incumbent = state.incumbent, let floor = state.noise(of: incumbent), !values.isEmpty,
      let round = state.round(of: proposal)
    else { return }
    let rule = campaign.confirmation
    let threshold = floor.screenThreshold(quantile: rule.screenQuantile, runs: values.count)
    let mean = Sample(values).mean
    let gain = campaign.primary.sign * (mean - floor.mean)
    // What cannot be held against the noise is looked at closely: pairs are carried out together.
    let conflict = state.conflict(among: state.noiseRuns(of: incumbent) + runs)
    let passed =
      conflict != nil
      || floor.passesScreen(values, sign: campaign.primary.sign, quantile: rule.screenQuantile)
    let isStopped = runs.count < rule.screenRuns
    let reason =
      (values.count == 1 ? "one run gains " : "\(values.count) runs gain ")
      + NumberText.short(gain)
      + (isStopped
        ? ": clearly worse, so the other \(rule.screenRuns - runs.count) were not carried out"
        : "; \(NumberText.short(threshold)) is needed to look closer")
      + (conflict.map { "; that says nothing: \($0)" } ?? "")
    try recorder.record(
      .screened, [proposal.key.string], reason: Text("\(proposal.key): \(reason)")
    ) { transaction in
      let node = transaction.create(
        "Comparison",
        [
          ("metric", .text(metric)), ("stage", .text("screen")), ("passed", .boolean(passed)),
          ("test", .text(Self.screenTest(values.count))), ("candidateMean", .float(mean)),
          ("baselineMean", .float(floor.mean)), ("effect", .float(gain)),
          ("sigma", .float(floor.sigma)), ("noiseSource", .text("seeds")),
          ("threshold", .float(threshold)), ("reason", .text(reason)), ("at", recorder.now),
        ])
      for eval in runs.compactMap({ state.primaryEval(of: $0) }) {
        transaction.connect(node, "CANDIDATE", .id(eval.id))
      }
      try connect(node, candidate: proposal, against: incumbent, round, in: &transaction)
      transaction.set(proposal, "status", .text(passed ? "running" : "screened"))
    }
    if !passed {
      onEvent(.ended(proposal: proposal.key.string, status: "screened", reason: reason))
    }
  }

  private static func screenTest(_ runs: Int) -> String {
    "prediction interval of " + (runs == 1 ? "one run" : "the mean of \(runs) runs")
  }

  private func connect(
    _ comparison: NodeReference, candidate: MirrorNode, against baseline: MirrorNode,
    _ round: MirrorNode, in transaction: inout StepTransaction
  ) throws {
    transaction.connect(comparison, "COMPARES", .id(candidate.id))
    transaction.connect(comparison, "AGAINST", .id(baseline.id))
    transaction.connect(comparison, "IN", .id(round.id))
    if let noise = state.noiseNode(of: baseline) {
      transaction.connect(comparison, "USES", .id(noise.id))
    }
    for policy in state.mirror.all("Policy") where policy.string("name") == PolicyText.belief {
      transaction.connect(comparison, "USES", .id(policy.id))
    }
    transaction.connect(comparison, "BY", try actor("loop", kind: "program", in: &transaction))
  }

  // MARK: Verdict

  func judge(_ proposal: MirrorNode) throws {
    guard let incumbent = state.incumbent, let floor = state.noise(of: incumbent),
      let round = state.round(of: proposal)
    else { return }
    let pairs = ConfirmationPairs(state: state, candidate: proposal, incumbent: incumbent)
    let gathered = try EvidenceGatherer(state: state, pairs: pairs, candidate: proposal).evidence(
      floor: floor, seed: try seeds().seed("bootstrap \(proposal.key)", 0))
    let verdict = Verdict.of(gathered.evidence)
    let kind = gathered.crash == nil ? verdict.kind : .worse
    let reason = gathered.crash ?? verdict.reason
    let estimate = verdict.estimate
    try recorder.record(
      .verdict, [proposal.key.string],
      reason: Text("\(proposal.key) is \(kind.rawValue): \(reason)")
    ) { transaction in
      let node = transaction.create(
        "Comparison",
        [
          ("metric", .string(metric)), ("stage", .text("confirm")),
          ("verdict", .text(kind.rawValue)),
          ("isEquivalent", .boolean(verdict.isEquivalent)), ("passed", .boolean(kind == .better)),
          ("test", .text(estimate?.test ?? "none")),
          ("pairs", .integer(Int64(pairs.complete.count))),
          ("looks", .integer(Int64(pairs.complete.count / 2))),
          ("candidateMean", Sample(gathered.evidence.candidate).meanValue),
          ("baselineMean", Sample(gathered.evidence.incumbent).meanValue),
          ("effect", estimate.map { .float($0.mean) }),
          ("lower", estimate.map { .float($0.lower(Verdict.confidence)) }),
          ("upper", estimate.map { .float($0.upper(Verdict.confidence)) }),
          ("confidence", .float(2 * Verdict.confidence - 1)),
          ("shrunkEffect", estimate.flatMap { shrunk($0) }.map { .float($0) }),
          ("statistic", estimate?.statistic.map { .float($0) }),
          ("degreesOfFreedom", estimate.map { .float($0.degreesOfFreedom) }),
          ("pValue", estimate?.pValue.map { .float($0) }),
          ("alpha", .float(campaign.confirmation.alpha)), ("sigma", .float(floor.sigma)),
          ("noiseSource", estimate.map { .text($0.source.rawValue) }), ("reason", .text(reason)),
          ("at", recorder.now),
        ])
      connect(node, evalsOf: pairs, in: &transaction)
      try connect(node, candidate: proposal, against: incumbent, round, in: &transaction)
      let statuses: [VerdictKind: Text] = [
        .better: "confirmed", .worse: "refuted", .indistinguishable: "indistinguishable",
        .invalid: "invalid",
      ]
      let status = gathered.crash == nil ? statuses[kind] ?? "invalid" : "failed"
      transaction.set(proposal, "status", .string(status))
      if kind == .better {
        try addFinding(proposal, incumbent, estimate, node, round, in: &transaction)
      }
    }
    onEvent(
      .verdict(
        proposal: proposal.key.string, verdict: kind.rawValue, effect: estimate?.mean,
        lower: estimate?.lower(Verdict.confidence), upper: estimate?.upper(Verdict.confidence)))
  }

  /// The evals that a verdict rests on, pair by pair.
  private func connect(
    _ comparison: NodeReference, evalsOf pairs: ConfirmationPairs,
    in transaction: inout StepTransaction
  ) {
    for pair in pairs.complete {
      let number: [(Text, Value?)] = [("pair", .integer(Int64(pair.number)))]
      if let eval = state.primaryEval(of: pair.candidate) {
        transaction.connect(comparison, "CANDIDATE", .id(eval.id), number)
      }
      if let eval = state.primaryEval(of: pair.incumbent) {
        transaction.connect(comparison, "BASELINE", .id(eval.id), number)
      }
    }
  }

  /// The gain pulled towards the mean of all confirmations so far, failed ones too.
  private func shrunk(_ estimate: GainEstimate) -> Double? {
    let own = ConfirmedGain(gain: estimate.mean, standardError: estimate.standardError)
    let earlier = state.confirmations
      .compactMap { node -> ConfirmedGain? in
        guard let gain = node.number("effect") else { return nil }
        let error = node.number("statistic").map { $0 == 0 ? 0 : abs(gain / $0) } ?? 0
        return ConfirmedGain(gain: gain, standardError: error)
      }
    return RandomEffects(earlier + [own])?.shrunk(own)
  }

  private func addFinding(
    _ proposal: MirrorNode, _ incumbent: MirrorNode, _ estimate: GainEstimate?,
    _ comparison: NodeReference, _ round: MirrorNode, in transaction: inout StepTransaction
  ) throws {
    let finding = transaction.create(
      "Finding",
      [
        (
          "statement",
          .text("\(proposal.key) (\(proposal.string("title"))) improves on \(incumbent.key)")
        ),
        ("scope", .text(campaign.evaluation.benchmark)), ("metric", .string(metric)),
        ("effect", estimate.map { .float($0.mean) }),
        ("lower", estimate.map { .float($0.lower(Verdict.confidence)) }),
        ("upper", estimate.map { .float($0.upper(Verdict.confidence)) }), ("at", recorder.now),
      ])
    transaction.connect(comparison, "SUPPORTS", finding)
    transaction.connect(finding, "IN", .id(round.id))
    transaction.connect(finding, "BY", try actor("loop", kind: "program", in: &transaction))
  }

  // MARK: Hold-out

  /// Opens nothing: the sealed values are compared here, and only pass or fail is recorded.
  func compareHoldout(_ winner: MirrorNode) throws {
    guard let baseline = state.baseline, let round = state.lastRound else { return }
    let values = try sealedPairs(winner, baseline)
    let gain = Sample(values.map { campaign.primary.sign * ($0.winner - $0.baseline) }).mean
    let conflict = state.conflict(
      among: [winner, baseline].flatMap {
        state.runs(of: $0, kind: "holdout", purpose: winner.key)
      })
    let isValid = !values.isEmpty && conflict == nil
    let passed = isValid && gain > 0
    let reason =
      conflict
      ?? (values.isEmpty
        ? "no pair of runs could be scored on the hold-out"
        : "\(values.count) pairs on data that nobody had seen")
    try recorder.record(
      .holdoutCompared, [winner.key.string], reason: "the winner was checked on sealed data"
    ) { transaction in
      let node = transaction.create(
        "Comparison",
        [
          ("metric", .string(metric)), ("stage", .text("holdout")), ("passed", .boolean(passed)),
          ("verdict", isValid ? nil : .text("invalid")), ("test", .text("sealed mean gain")),
          ("pairs", .integer(Int64(values.count))), ("reason", .text(reason)), ("at", recorder.now),
        ])
      for run in state.runs(of: winner, kind: "holdout", purpose: winner.key) {
        guard let eval = state.primaryEval(of: run) else { continue }
        transaction.connect(
          node, "CANDIDATE", .id(eval.id), [("pair", run["pair"])])
        transaction.set(eval, "passed", .boolean(passed))
        transaction.set(eval, "questions", .integer(Int64((eval.integer("questions") ?? 0) + 1)))
      }
      for run in state.runs(of: baseline, kind: "holdout", purpose: winner.key) {
        guard let eval = state.primaryEval(of: run) else { continue }
        transaction.connect(node, "BASELINE", .id(eval.id), [("pair", run["pair"])])
        transaction.set(eval, "questions", .integer(Int64((eval.integer("questions") ?? 0) + 1)))
      }
      try connect(node, candidate: winner, against: baseline, round, in: &transaction)
      // What was believed of the winner now stands on data that nobody had seen, or does not.
      for finding in state.findings(of: winner) where isValid {
        if passed {
          transaction.connect(node, "SUPPORTS", .id(finding.id))
        } else {
          transaction.connect(
            node, "REFUTES", .id(finding.id), [("reason", .text("the hold-out check failed"))])
        }
      }
    }
    onEvent(.holdout(proposal: winner.key.string, passed: passed))
  }

  private func sealedPairs(
    _ winner: MirrorNode, _ baseline: MirrorNode
  ) throws -> [(winner: Double, baseline: Double)] {
    func values(_ proposal: MirrorNode) throws -> [Int: Double] {
      var values: [Int: Double] = [:]
      for run in state.runs(of: proposal, kind: "holdout", purpose: winner.key) {
        guard let pair = run.integer("pair"), let bytes = try vault.read(Self.vaultName(run)),
          let answer = try? EvaluatorAnswer(bytes), answer.isValid
        else { continue }
        values[pair] = answer[metric]
      }
      return values
    }
    let mine = try values(winner)
    let theirs = try values(baseline)
    return mine.keys.sorted().compactMap { pair in
      guard let first = mine[pair], let second = theirs[pair] else { return nil }
      return (first, second)
    }
  }

  static func vaultName(_ run: MirrorNode) -> String { "holdout-\(run.key)" }
}

extension Sample {
  /// The mean as a property; nothing for no values.
  var meanValue: Value? { count == 0 ? nil : .float(mean) }
}
