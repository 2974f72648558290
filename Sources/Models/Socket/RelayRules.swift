// Which requests a sandboxed program may send to a model. A model's service can fetch addresses,
// search the web, keep files: whatever would reach further than the model itself is refused by
// name, and so is every member that is not known to stay inside.

import Base

/// A request that may be sent on.
struct RelayRequest: Sendable {
  var model: ModelGrant.Model
  var body: [UInt8]
  /// The most that it may use: every byte a token, and all that may be answered.
  var most: RelayUse
}

/// Why a request is not sent on.
struct RelayRefusal: Error {
  var status: Int
  var message: String
  var model = ""

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// Judges the bodies of requests.
struct RelayRules {
  let grant: ModelGrant

  private static let choiceLimit = 16
  private static let members: [ModelEndpoint.Dialect: Set<Text>] = [
    .openai: [
      "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop",
      "seed", "n", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls",
      "response_format", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs",
      "top_logprobs", "reasoning_effort",
    ],
    .anthropic: [
      "model", "messages", "system", "max_tokens", "temperature", "top_p", "top_k",
      "stop_sequences", "stream", "tools", "tool_choice", "thinking",
    ],
  ]
  private static let blocks: Set<String> = [
    "text", "image", "image_url", "tool_use", "tool_result", "thinking", "redacted_thinking",
    "refusal",
  ]

  /// - Throws: `RelayRefusal`.
  func request(_ body: [UInt8], _ dialect: ModelEndpoint.Dialect) throws -> RelayRequest {
    guard case .map(var map)? = try? JSONReader.read(body, limitBytes: SocketRequest.bodyLimitBytes)
    else { throw RelayRefusal(400, "the body is not one JSON object") }
    let name = map["model"]?.string ?? ""
    do {
      let model = try model(name, dialect)
      try checkMembers(map, dialect)
      let answers = try limitAnswer(&map, model.endpoint)
      map["model"] = .text(model.endpoint.model)
      if dialect == .openai, map["stream"] == .boolean(true) {
        map["stream_options"] = .map(ValueMap([("include_usage", .boolean(true))]))
      }
      let sent = JSONWriter.bytes(.map(map))
      return RelayRequest(
        model: model, body: sent,
        most: RelayUse(
          calls: 1, tokens: sent.count + answers,
          money: model.endpoint.money(input: sent.count, output: answers) ?? 0))
    } catch var refusal as RelayRefusal {
      refusal.model = name
      throw refusal
    }
  }

  private func model(_ name: String, _ dialect: ModelEndpoint.Dialect) throws -> ModelGrant.Model {
    guard let model = grant.models.first(where: { $0.name == name }) else {
      let names = grant.models.map(\.name).joined(separator: ", ")
      throw RelayRefusal(403, "the model '\(name.prefix(100))' is not granted; there are: \(names)")
    }
    guard model.endpoint.dialect == dialect else {
      let path = model.endpoint.dialect == .openai ? "/v1/chat/completions" : "/v1/messages"
      throw RelayRefusal(400, "the model '\(name)' is asked at \(path)")
    }
    return model
  }

  private func checkMembers(_ map: ValueMap, _ dialect: ModelEndpoint.Dialect) throws {
    let known = Self.members[dialect] ?? []
    for entry in map.entries where !known.contains(entry.key) {
      throw RelayRefusal(400, "'\(entry.key.string.prefix(100))' may not be asked for here")
    }
    for tool in map["tools"]?.elements ?? [] {
      // Others are carried out by the service: searches, programs, other servers.
      let type = tool["type"]?.string ?? "custom"
      guard type == (dialect == .openai ? "function" : "custom") else {
        throw RelayRefusal(400, "a tool of type '\(type.prefix(100))' may not be used here")
      }
    }
    for message in map["messages"]?.elements ?? [] { try checkContent(message["content"]) }
    try checkContent(map["system"])
  }

  /// Blocks that say what they hold themselves; not those that name a place to get it from.
  private func checkContent(_ content: Value?) throws {
    for block in content?.elements ?? [] {
      let type = block["type"]?.string ?? ""
      guard Self.blocks.contains(type) else {
        throw RelayRefusal(400, "content of type '\(type.prefix(100))' may not be sent here")
      }
      let address = block["image_url"]?["url"]?.string ?? block["image_url"]?.string
      let isElsewhere =
        type == "image_url"
        ? address?.hasPrefix("data:") != true
        : type == "image" ? block["source"]?["type"]?.string != "base64" : false
      if isElsewhere { throw RelayRefusal(400, "an image must be in the request itself") }
      if type == "tool_result" { try checkContent(block["content"]) }
    }
  }

  /// The most tokens of an answer; writes a limit where the request has none.
  private func limitAnswer(_ map: inout ValueMap, _ endpoint: ModelEndpoint) throws -> Int {
    var choices = 1
    if let asked = map["n"], !asked.isNull {
      guard let number = asked.int, (1...Self.choiceLimit).contains(number) else {
        throw RelayRefusal(400, "'n' must be 1 to \(Self.choiceLimit)")
      }
      choices = number
    }
    let names: [Text] = ["max_tokens", "max_completion_tokens"]
    var most = endpoint.maximumTokens
    let given = names.filter { map[$0].map { !$0.isNull } ?? false }
    for name in given {
      guard let asked = map[name]?.int, (1...endpoint.maximumTokens).contains(asked) else {
        throw RelayRefusal(400, "'\(name)' must be 1 to \(endpoint.maximumTokens)")
      }
      most = given.count == 1 ? asked : most
    }
    if given.isEmpty { map["max_tokens"] = .integer(Int64(most)) }
    return most * choices
  }
}
