// What the built-in critic reads from a critic's request.

import Base
import Models

struct HistorianRequest {
  struct Entry {
    var key: Text
    var title: Text
    var kind: Text
    var status: Text
    var changeHash: Text
    var parameters: ValueMap
    var patches: [String]
    var changesFiles: Bool

    var described: Text { "\(key) (\(title.string)), which ended as \(status)" }
  }

  var key: Text
  var campaignKey: Text
  var changeHash: Text
  var parameters: ValueMap
  var patches: [String]
  var changesFiles: Bool
  var predictedEffect: Double?
  var costSeconds: Double?
  var statedDifference: Text?
  var noiseKey: Text?
  var screenThreshold = 0.0
  var history: [Entry] = []
  /// Wall time that the campaign's budget still has.
  var secondsLeft: Double?
  var tried = 0
  var confirmed = 0
  private var isPast = true

  init(_ body: [UInt8]) throws {
    let value = try JSONReader.read(body, limitBytes: 64 << 20)
    guard case .map(let map) = value, case .map(let proposal)? = map["proposal"] else {
      throw StemmaError(.providerAnswer, "the request is not one to a critic")
    }
    key = Self.text(proposal["key"])
    campaignKey = Self.text(SearchRequest.map(map["campaign"])["key"])
    changeHash = Self.text(proposal["changeHash"])
    parameters = SearchRequest.map(proposal["parameters"])
    patches = SearchRequest.texts(proposal["patches"])
    changesFiles = Self.changesFiles(proposal)
    predictedEffect = SearchRequest.number(proposal["predictedEffect"])
    costSeconds = SearchRequest.number(proposal["costSeconds"])
    if case .string(let difference)? = proposal["statedDifference"] {
      statedDifference = difference
    }
    if case .map(let noise)? = map["noise"] {
      noiseKey = Self.text(noise["key"])
      screenThreshold = SearchRequest.number(noise["screenThreshold"]) ?? 0
    }
    secondsLeft = SearchRequest.number(SearchRequest.map(map["left"])["wallSeconds"])
    let counts = SearchRequest.map(map["counts"])
    tried = Int(SearchRequest.number(counts["tried"]) ?? 0)
    confirmed = Int(SearchRequest.number(counts["confirmed"]) ?? 0)
    guard case .list(let entries)? = map["history"] else { return }
    for case .map(let entry) in entries { read(entry) }
  }

  private mutating func read(_ map: ValueMap) {
    let entry = Entry(
      key: Self.text(map["key"]), title: Self.text(map["title"]), kind: Self.text(map["kind"]),
      status: Self.text(map["status"]), changeHash: Self.text(map["changeHash"]),
      parameters: SearchRequest.map(map["parameters"]),
      patches: SearchRequest.texts(map["patches"]), changesFiles: Self.changesFiles(map))
    // Only what came before it speaks about a proposal, and what never ran says nothing.
    if entry.key == key { isPast = false }
    if isPast, entry.status != "rejected", entry.status != "terminated" { history.append(entry) }
  }

  private static func changesFiles(_ map: ValueMap) -> Bool {
    SearchRequest.texts(map["changed"]).contains { $0.hasPrefix("file:") }
  }

  private static func text(_ value: Value?) -> Text {
    if case .string(let text)? = value { return text }
    return ""
  }
}
