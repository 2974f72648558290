// What an evaluator says of a run, read strictly from its channel (docs/campaign.md, [evaluate]).
// It is accepted or refused as a whole: nothing is filled in, rounded or repaired.

package import Base
import Models

/// An evaluator's whole answer.
package struct EvaluatorAnswer: Sendable, Hashable {
  package struct Item: Sendable, Hashable {
    package var name: Text
    package var cluster: Text
    package var weight: Double
    package var values: ValueMap
  }

  package static let sizeLimitBytes = 8 << 20
  package static let itemLimit = 100_000

  package var isValid: Bool
  package var reason: Text?
  package var metrics: [Text: Double]
  package var items: [Item]

  /// Throws `provider.answer` with what is wrong.
  package init(_ bytes: [UInt8]) throws {
    let value = try JSONReader.read(bytes, limitBytes: Self.sizeLimitBytes)
    var reader = try AnswerReader(value, title: "the evaluator's answer")
    try reader.version()
    isValid = try reader.boolean("valid") ?? true
    reason = try reader.text("reason")
    metrics = [:]
    for entry in try reader.map("metrics").entries {
      metrics[entry.key] = try Self.finite(entry.value, entry.key, reader)
    }
    var names: Set<Text> = []
    items = try reader.list("items", limit: Self.itemLimit).map { element in
      let item = try Self.item(element)
      guard names.insert(item.name).inserted else {
        throw StemmaError(.providerAnswer, "the item \"\(item.name)\" stands twice")
      }
      return item
    }
    try reader.finish()
  }

  private static func item(_ element: Value) throws -> Item {
    var reader = try AnswerReader(element, title: "an item")
    let name = try reader.requiredText("id")
    let cluster = try reader.text("cluster") ?? name
    let weight = try reader.number("weight") ?? 1
    guard weight > 0, weight.isFinite else { throw reader.wrong("weight", "above 0") }
    let values = try reader.map("values")
    for entry in values.entries { _ = try finite(entry.value, entry.key, reader) }
    try reader.finish()
    return Item(name: name, cluster: cluster, weight: weight, values: values)
  }

  private static func finite(
    _ value: Value, _ name: Text, _ reader: AnswerReader
  ) throws -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .float(let number) where number.isFinite: return number
    default: throw reader.wrong(name, "a finite number")
    }
  }

  /// An item's value of a metric.
  package static func number(_ values: ValueMap, _ metric: Text) -> Double? {
    switch values[metric] {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }
}
