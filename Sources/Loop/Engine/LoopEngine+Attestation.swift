// What the runner says about an eval under its own key. The key never gets near a run: it lies in
// its owner's folder, which no sandbox mounts, and only the signature enters the graph.

import Base
import Graph
import Signing

extension LoopEngine {
  /// The properties that tell whether the eval is our runner's word, with its signature if so.
  func standing(
    of run: MirrorNode, _ measured: [(Text, Value?)]
  ) throws -> [(Text, Value?)] {
    guard let attestor else { return [("standing", .text("claimed"))] }
    var subjects: [EvalStatement.Resource] = []
    if let output = state.mirror.targets(of: run.id, "PRODUCED").last {
      subjects.append(("output of \(run.key)", output.string("contentHash")))
    }
    for (name, value) in measured {
      guard name == "answerHash" || name == "commitment", case .string(let hash)? = value else {
        continue
      }
      subjects.append((name == "answerHash" ? "answer" : "sealed answer", hash.string))
    }
    let statement = EvalStatement(
      log: attestor.log, run: run.key.string, subjects: subjects, inputs: try inputs(of: run),
      facts: measured.compactMap { name, value in value.map { (name, $0) } }
    ).text
    return [
      ("standing", .text("attested")), ("statement", .text(statement)),
      ("signature", .text(try EvalStatement.signature(over: statement, by: attestor.key))),
    ]
  }

  /// What went into a run and its evaluation, by hash.
  private func inputs(of run: MirrorNode) throws -> [EvalStatement.Resource] {
    var inputs: [EvalStatement.Resource] = [("code", run.string("tree"))]
    for name in ["command", "grants"] where !run.string(Text(name)).isEmpty {
      inputs.append((name, SHA256.hash(Array(run.string(Text(name)).utf8)).hex))
    }
    for evaluator in state.mirror.all("Evaluator") {
      inputs.append(("evaluator", evaluator.string("tree")))
    }
    for label in ["Benchmark", "Dataset"] as [Text] {
      for data in state.mirror.all(label) where !data.string("contentHash").isEmpty {
        inputs.append(("data: \(data.string("name"))", data.string("contentHash")))
      }
    }
    inputs.append(("environment", try describedEnvironment().contentHash))
    return inputs
  }
}
