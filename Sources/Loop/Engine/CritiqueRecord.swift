// A critique as it is kept: what was said, with what its citations come to. Who says it and what
// follows from it is not looked at here.

import Base
import Graph
import Models

/// A critique with its citations checked.
struct CritiqueRecord {
  let answer: CritiqueAnswer
  let check: CitationCheck

  /// A rejection whose every objection was struck has nothing to stand on.
  private var verdict: CritiqueAnswer.Verdict {
    answer.verdict == .reject && check.kept.isEmpty && !check.struck.isEmpty
      ? .revise : answer.verdict
  }

  /// Creates the node with what it criticises and cites; returns the node.
  func create(
    of proposal: NodeID, origin: Text? = nil, score: Double? = nil, at now: Value,
    in transaction: inout StepTransaction
  ) -> NodeReference {
    let node = transaction.create(
      "Critique",
      [
        ("origin", origin.map { .string($0) }), ("verdict", .text(verdict.rawValue)),
        ("summary", .string(answer.summary)),
        ("objections", .list(check.kept.map { .string($0.objection.text) })),
        ("objectionKinds", .list(check.kept.map { .string($0.objection.kind) })),
        ("struck", Self.texts(check.struck.map(\.text))),
        ("struckReasons", Self.texts(check.struck.map(\.reason))),
        ("falseCitations", Self.texts(check.falseCitations)),
        ("rubric", answer.scores.isEmpty ? nil : .text(JSONWriter.write(.map(answer.scores)))),
        ("score", score.map { .float($0) }),
        ("predictedOutcome", answer.predictedOutcome.map { .string($0) }),
        ("predictedProbability", answer.predictedProbability.map { .float($0) }),
        ("at", now),
      ])
    transaction.connect(node, "CRITIQUES", .id(proposal))
    for (index, entry) in check.kept.enumerated() {
      for cited in entry.cites {
        transaction.connect(node, "CITES", .id(cited.id), [("item", .integer(Int64(index)))])
      }
    }
    return node
  }

  private static func texts(_ list: [Text]) -> Value? {
    list.isEmpty ? nil : .list(list.map { .string($0) })
  }
}
