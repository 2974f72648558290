// What the built-in critic reads from a critic's request.

import Base
import Models

struct HistorianRequest: Sendable, Hashable {
  /// An entry of the history.
  struct Entry: Sendable, Hashable {
    var key: Text
    var title: Text
    var kind: Text
    var status: Text
    var changeHash: Text
    var parameters: ValueMap
    var patches: [String]
    var changesFiles: Bool

    var described: Text { "\(key) (\(title.string)), which ended as \(status)" }

    init(_ map: ValueMap) {
      key = HistorianRequest.text(map["key"])
      title = HistorianRequest.text(map["title"])
      kind = HistorianRequest.text(map["kind"])
      status = HistorianRequest.text(map["status"])
      changeHash = HistorianRequest.text(map["changeHash"])
      parameters = SearchRequest.map(map["parameters"])
      patches = SearchRequest.texts(map["patches"])
      changesFiles = HistorianRequest.changesFiles(map)
    }
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

  init(_ body: [UInt8]) throws {
    let value = try JSONReader.read(body, limitBytes: 64 << 20)
    guard case .map(let map) = value, case .map(let proposal)? = map["proposal"] else {
      throw StemmaError(.providerAnswer, "the request is not one to a critic")
    }
    var entries: [Entry] = []
    if case .list(let elements)? = map["history"] {
      for case .map(let entry) in elements { entries.append(Entry(entry)) }
    }
    let campaign = Self.text(SearchRequest.map(map["campaign"])["key"])
    self.init(proposal, campaign: campaign, history: entries, map)
  }

  /// - Parameters:
  ///   - history: All of it that the request tells.
  ///   - map: The other members.
  init(_ proposal: ValueMap, campaign: Text, history entries: [Entry], _ map: ValueMap) {
    key = Self.text(proposal["key"])
    campaignKey = campaign
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
    // Only what came before it speaks about a proposal, and what never ran says nothing.
    history = entries.prefix { $0.key != key }
      .filter { $0.status != "rejected" && $0.status != "terminated" }
  }

  fileprivate static func changesFiles(_ map: ValueMap) -> Bool {
    SearchRequest.texts(map["changed"]).contains { $0.hasPrefix("file:") }
  }

  fileprivate static func text(_ value: Value?) -> Text {
    if case .string(let text)? = value { return text }
    return ""
  }
}
