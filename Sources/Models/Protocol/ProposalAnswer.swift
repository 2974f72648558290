// What a proposer may answer, checked for form only: whether a parameter exists or a file may be
// changed is for the campaign to say. docs/provider-protocol.md describes every field.

package import Base

/// A proposal as a proposer words it.
package struct ProposalAnswer: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
      case text(Text)
      /// Bytes that are no text, in base64.
      case base64(Text)
      case removed
    }

    package var path: Text
    package var content: Content
  }

  /// Of one file as it stands in the answer.
  package static let contentLimitBytes = 6 << 20

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
  /// What the prediction is about; `nil` for the campaign's metric, and nothing else fits.
  package var predictedMetric: Text?
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
    files = try reader.list("files", limit: Self.fileLimit).map(Self.file)
    var prediction = try AnswerReader(.map(try reader.map("prediction")), title: "the prediction")
    predictedMetric = try prediction.text("metric")
    predictedEffect = try prediction.number("effect")
    predictedProbability = try prediction.probability("probability")
    try prediction.finish()
    costSeconds = try reader.number("costSeconds")
    killCriterion = try reader.text("killCriterion")
    statedDifference = try reader.text("statedDifference")
    inspirations = try reader.texts("inspirations", limit: 20)
    try reader.finish()
  }

  private static func file(_ element: Value) throws -> File {
    var reader = try AnswerReader(element, title: "a file of the proposal")
    let path = try reader.requiredText("path")
    let text = try reader.text("content", limitBytes: contentLimitBytes)
    let base64 = try reader.text("base64", limitBytes: contentLimitBytes)
    let isRemoved = try reader.boolean("removed") ?? false
    guard [text != nil, base64 != nil, isRemoved].count(where: { $0 }) <= 1 else {
      throw reader.wrong("path", "with one of content, base64 and removed")
    }
    try reader.finish()
    let content = base64.map { File.Content.base64($0) } ?? .text(text ?? "")
    return File(path: path, content: isRemoved ? .removed : content)
  }
}
