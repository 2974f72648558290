// What a judge may answer: which earlier proposals mean the same change. Checked for form only;
// whether it was asked about what it names is checked where the answer is recorded.

package import Base

/// Whether a change was tried before, as a judge words it.
package struct JudgeAnswer: Sendable, Hashable {
  package struct Same: Sendable, Hashable {
    package var key: Text
    package var reason: Text
    package var probability: Double
  }

  /// From here on a judge holds two changes for the same.
  package static let threshold = 0.5

  package var summary: Text
  package var same: [Same]

  /// Throws `provider.answer` naming the field.
  package init(_ value: Value) throws {
    var reader = try AnswerReader(value, title: "the judgement")
    try reader.version()
    summary = try reader.requiredText("summary")
    guard reader.map["same"] != nil else { throw reader.wrong("same", "an array") }
    same = try reader.list("same", limit: 20).map { element in
      var part = try AnswerReader(element, title: "an element of \"same\"")
      let key = try part.requiredText("key")
      let reason = try part.requiredText("reason")
      guard let probability = try part.probability("probability") else {
        throw part.wrong("probability", "a probability from 0 to 1")
      }
      try part.finish()
      return Same(key: key, reason: reason, probability: probability)
    }
    try reader.finish()
  }

  /// The same as a critique, whose citations are then checked as any critic's.
  package var critique: CritiqueAnswer {
    let objections = same.filter { $0.probability >= Self.threshold }.map { entry in
      CritiqueAnswer.Objection(
        kind: "semantic-duplicate", text: entry.reason, cites: [entry.key])
    }
    return CritiqueAnswer(
      verdict: objections.isEmpty ? .approve : .reject, summary: summary, objections: objections)
  }

  /// How probable it is that the proposal with a key is the same; 0 where nothing is said of it.
  package func probability(of key: Text) -> Double {
    same.filter { $0.key == key }.map(\.probability).max() ?? 0
  }
}
