// What a critic may answer, checked for form only: whether a citation exists is checked against the
// graph, and an objection without one is struck there.

package import Base

/// A critique as a critic words it.
package struct CritiqueAnswer: Sendable, Hashable {
  package enum Verdict: String, Sendable, CaseIterable { case approve, revise, reject }

  package struct Objection: Sendable, Hashable {
    package var kind: Text
    package var text: Text
    /// Keys of records that show it.
    package var cites: [Text]

    package init(kind: Text, text: Text, cites: [Text]) {
      self.kind = kind
      self.text = text
      self.cites = cites
    }
  }

  package static let objectionKinds: [Text] = [
    "exact-duplicate", "near-duplicate", "failed-neighbour", "below-noise", "over-budget",
    "gaming", "other",
  ]
  package static let outcomes: [Text] = [
    "better", "worse", "indistinguishable", "invalid", "failed",
  ]

  package var verdict: Verdict
  package var summary: Text
  package var objections: [Objection]
  package var scores: ValueMap
  package var predictedOutcome: Text?
  package var predictedProbability: Double?

  package init(verdict: Verdict, summary: Text, objections: [Objection]) {
    self.verdict = verdict
    self.summary = summary
    self.objections = objections
    scores = ValueMap()
  }

  /// Throws `provider.answer` naming the field.
  package init(_ value: Value) throws {
    var reader = try AnswerReader(value, title: "the critique")
    try reader.version()
    let word = try reader.requiredText("verdict")
    guard let verdict = Verdict(rawValue: word.string) else {
      throw reader.wrong("verdict", "approve, revise or reject")
    }
    self.verdict = verdict
    summary = try reader.requiredText("summary")
    objections = try reader.list("objections", limit: 50).map { element in
      var part = try AnswerReader(element, title: "an objection")
      let kind = try part.text("kind") ?? "other"
      guard Self.objectionKinds.contains(kind) else {
        throw part.wrong("kind", Self.objectionKinds.map(\.string).joined(separator: ", "))
      }
      let objection = Objection(
        kind: kind, text: try part.requiredText("text"),
        cites: try part.texts("cites", limit: 50))
      try part.finish()
      return objection
    }
    scores = try reader.map("scores")
    var prediction = try AnswerReader(.map(try reader.map("prediction")), title: "the prediction")
    predictedOutcome = try prediction.text("outcome")
    if let outcome = predictedOutcome, !Self.outcomes.contains(outcome) {
      throw prediction.wrong("outcome", Self.outcomes.map(\.string).joined(separator: ", "))
    }
    predictedProbability = try prediction.probability("probability")
    try prediction.finish()
    try reader.finish()
  }
}
