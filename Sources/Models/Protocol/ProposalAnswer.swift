// What a proposer may answer, checked for form only: whether a parameter exists or a file may be
// changed is for the campaign to say. docs/provider-protocol.md describes every field.

package import Base

/// A proposal as a proposer words it.
package struct ProposalAnswer: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package var path: Text
    package var content: Text
  }

  package static let parameterLimit = 1_000
  package static let fileLimit = 200

  package var title: Text
  package var hypothesis: Text
  /// `nil`: derived from what is changed.
  package var kind: Text?
  /// Key of the proposal that is changed; `nil` for the incumbent.
  package var base: Text?
  /// Only what is to differ from the base.
  package var parameters: ValueMap
  /// The declared patches to have, all of them; `nil` for those of the base.
  package var patches: [Text]?
  package var files: [File]
  /// Expected signed change of the metric.
  package var predictedEffect: Double?
  package var predictedProbability: Double?
  package var costSeconds: Double?
  package var killCriterion: Text?
  package var statedDifference: Text?
  /// Keys of proposals that inspired this one.
  package var inspirations: [Text]

  /// Throws `provider.answer` naming the field.
  package init(_ value: Value) throws {
    var reader = try AnswerReader(value, title: "the proposal")
    try reader.version()
    title = try reader.requiredText("title")
    hypothesis = try reader.requiredText("hypothesis")
    kind = try reader.text("kind")
    base = try reader.text("base")
    parameters = try reader.map("parameters")
    guard parameters.count <= Self.parameterLimit else {
      throw reader.wrong("parameters", "an object of at most \(Self.parameterLimit) entries")
    }
    patches = reader.map["patches"] == nil ? nil : try reader.texts("patches", limit: 100)
    files = try reader.list("files", limit: Self.fileLimit).map { element in
      var file = try AnswerReader(element, title: "a file of the proposal")
      let path = try file.requiredText("path")
      let content = try file.text("content", limitBytes: 1 << 20) ?? ""
      try file.finish()
      return File(path: path, content: content)
    }
    var prediction = try AnswerReader(.map(try reader.map("prediction")), title: "the prediction")
    predictedEffect = try prediction.number("effect")
    predictedProbability = try prediction.probability("probability")
    try prediction.finish()
    costSeconds = try reader.number("costSeconds")
    killCriterion = try reader.text("killCriterion")
    statedDifference = try reader.text("statedDifference")
    inspirations = try reader.texts("inspirations", limit: 20)
    try reader.finish()
  }
}
