// Recording evaluations: valid, invalid or failed, open or sealed. The runner attests what came
// through the evaluator's channel; what a run says of itself never gets here.

import Base
import Graph
import Models
import Sandbox

extension LoopEngine {
  /// The order to evaluate a finished run; `nil` where there is nothing to evaluate.
  func evaluationOrder(of run: MirrorNode) throws -> EvaluationOrder? {
    guard let artifact = state.mirror.targets(of: run.id, "PRODUCED").last,
      let evaluator = state.mirror.first("Evaluator")
    else { return nil }
    return try RunOrders(campaign).evaluation(
      run, outputTree: artifact.string("contentHash"), evaluatorTree: evaluator.string("tree"))
  }

  /// Records what the evaluator said.
  func recordEvaluation(of run: MirrorNode, _ outcome: SandboxOutcome) throws {
    let isSealed = run.text("kind") == "holdout"
    let judged = JudgedRun(outcome)
    if isSealed, let answer = judged.answerBytes {
      try vault.write(answer, as: Self.vaultName(run))
    }
    let stored = isSealed ? nil : try judged.answerBytes.map { try objects.store($0) }
    let commitment = isSealed ? try commitment(run, judged.answerBytes ?? []) : nil
    try recorder.record(
      .runEvaluated, [run.key.string], reason: "\(run.key) was evaluated"
    ) { transaction in
      for objective in campaign.objectives {
        let eval = try createEval(
          run, judged, objective, outcome, answer: stored, commitment: commitment,
          in: &transaction)
        transaction.connect(eval, "EVALUATES", .id(run.id))
        for means in state.mirror.all("Evaluator") + state.mirror.all("Benchmark") {
          transaction.connect(eval, "USES", .id(means.id))
        }
        transaction.connect(eval, "BY", try actor("loop", kind: "program", in: &transaction))
      }
      settle(
        run,
        wallSeconds: (run.number("wallSeconds") ?? 0) + Double(outcome.wallMilliseconds) / 1_000,
        cpuSeconds: (run.number("cpuSeconds") ?? 0) + Double(outcome.cpuMilliseconds) / 1_000,
        in: &transaction)
    }
    discard(RunOrders.name(ofEvaluationOf: run))
    let proposal = state.mirror.target(of: run.id, "EXECUTES")?.key.string ?? ""
    onEvent(
      .evaluated(
        run: run.key.string, proposal: proposal, metric: campaign.primary.metric,
        value: isSealed ? nil : state.value(of: run, metric: campaign.primary.metric)))
  }

  private func createEval(
    _ run: MirrorNode, _ judged: JudgedRun, _ objective: Objective, _ outcome: SandboxOutcome,
    answer: String?, commitment: String?, in transaction: inout StepTransaction
  ) throws -> NodeReference {
    let isSealed = commitment != nil
    let value = judged.value(of: objective.metric)
    let isPrimary = objective.role == .optimise
    let items = isPrimary && !isSealed ? judged.items(of: objective.metric) : []
    let status = judged.status == "valid" && value == nil ? "invalid" : judged.status
    let measured: [(Text, Value?)] = [
      ("metric", .text(objective.metric)),
      ("value", isSealed || status != "valid" ? nil : value.map { .float($0) }),
      ("unit", objective.unit.isEmpty ? nil : .text(objective.unit)),
      ("split", .text(isSealed ? "holdout" : "validation")), ("status", .text(status)),
      (
        "failure",
        status == "valid"
          ? nil : .text(judged.reason ?? "the answer has no \(objective.metric)")
      ),
      ("seed", run["seed"]),
      ("items", items.isEmpty ? nil : .integer(Int64(items.count))),
      ("commitment", commitment.map { .text($0) }), ("answerHash", answer.map { .text($0) }),
    ]
    return transaction.create(
      "Eval",
      try measured + standing(of: run, measured) + [
        ("itemNames", items.isEmpty ? nil : .list(items.map { .string($0.name) })),
        ("itemClusters", items.isEmpty ? nil : .list(items.map { .string($0.cluster) })),
        ("itemValues", items.isEmpty ? nil : .list(items.map { .float($0.value) })),
        ("itemWeights", items.isEmpty ? nil : .list(items.map { .float($0.weight) })),
        ("sealed", isSealed ? .boolean(true) : nil),
        ("wallSeconds", .float(Double(outcome.wallMilliseconds) / 1_000)),
        ("at", recorder.now),
      ])
  }

  /// H(salt ‖ value): the salt is derived from the sealed key, so that the log says nothing of the
  /// value and the owner can open the commitment later.
  private func commitment(_ run: MirrorNode, _ answer: [UInt8]) throws -> String {
    let salt = SHA256.authenticate(
      Array("commitment \(run.key)".utf8), key: try seeds().key
    ).bytes
    return SHA256.hash(salt + answer).hex
  }
}

/// What an evaluation means: a valid answer, one that may not be scored, or none.
struct JudgedRun {
  struct Item {
    var name: Text
    var cluster: Text
    var weight: Double
    var value: Double
  }

  var status: String
  var reason: String?
  var answer: EvaluatorAnswer?
  var answerBytes: [UInt8]?

  init(_ outcome: SandboxOutcome) {
    let evaluation = EvaluationOutcome(outcome)
    guard let read = evaluation.answer else {
      status = "failed"
      reason = evaluation.refusal
      return
    }
    answer = read
    answerBytes = outcome.channel
    status = read.isValid ? "valid" : "invalid"
    reason = read.isValid ? nil : read.reason?.string ?? "the evaluator gives no reason"
  }

  func value(of metric: String) -> Double? { answer?[Text(metric)] }

  /// Items that have a value of the metric, in the order of the answer.
  func items(of metric: String) -> [Item] {
    (answer?.items ?? []).compactMap { item in
      item[Text(metric)].map {
        Item(name: item.name, cluster: item.cluster, weight: item.weight, value: $0)
      }
    }
  }
}
