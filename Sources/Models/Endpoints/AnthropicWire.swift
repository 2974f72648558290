// Messages: the dialect of Anthropic's API.

import Base

struct AnthropicWire: Wire {
  let path = "/messages"
  let headers = [
    (name: "Content-Type", value: "application/json"),
    (name: "anthropic-version", value: "2023-06-01"),
  ]
  let keyHeader = (name: "x-api-key", prefix: "")

  func request(_ conversation: Conversation, _ endpoint: ModelEndpoint) -> Value {
    var messages: [(role: String, content: [Value])] = []
    func add(_ role: String, _ block: Value) {
      // Roles alternate, so what follows in the same role is one message.
      if messages.last?.role == role {
        messages[messages.count - 1].content.append(block)
      } else {
        messages.append((role, [block]))
      }
    }
    for turn in conversation.turns {
      switch turn {
      case .user(let text): add("user", Self.block("text", [("text", .text(text))]))
      case .model(let text, let calls):
        if !text.isEmpty { add("assistant", Self.block("text", [("text", .text(text))])) }
        for call in calls { add("assistant", Self.block(call)) }
      case .tool(let identifier, let text):
        add(
          "user",
          Self.block(
            "tool_result", [("tool_use_id", .text(identifier)), ("content", .text(text))]))
      }
    }
    var members: [(Text, Value)] = [
      ("model", .text(endpoint.model)), ("system", .text(conversation.system)),
      ("max_tokens", .integer(Int64(endpoint.maximumTokens))),
      (
        "messages",
        .list(
          messages.map { message in
            .map(
              ValueMap([("role", .text(message.role)), ("content", .list(message.content))]))
          })
      ),
    ]
    if let temperature = endpoint.temperature {
      members.append(("temperature", .float(temperature)))
    }
    if endpoint.streams { members.append(("stream", .boolean(true))) }
    if !conversation.tools.isEmpty {
      members.append(("tools", .list(conversation.tools.map(Self.value))))
    }
    return .map(ValueMap(members))
  }

  private static func value(_ tool: ModelTool) -> Value {
    let members: [(Text, Value)] = [
      ("name", .text(tool.name)), ("description", .text(tool.description)),
      ("input_schema", tool.input),
    ]
    return .map(ValueMap(members))
  }

  private static func block(_ type: String, _ members: [(Text, Value)]) -> Value {
    .map(ValueMap([("type", .text(type))] + members))
  }

  private static func block(_ call: ToolCall) -> Value {
    let arguments = try? JSONReader.read(Array(call.arguments.utf8), limitBytes: 1 << 20)
    return block(
      "tool_use",
      [
        ("id", .text(call.identifier)), ("name", .text(call.name)),
        ("input", arguments ?? .map(ValueMap())),
      ])
  }

  func speech(_ body: Value) throws -> ModelSpeech {
    guard let content = body["content"], case .list(let blocks) = content else {
      throw StemmaError(.providerAnswer, "the answer has no content")
    }
    var speech = ModelSpeech(stopReason: body["stop_reason"]?.string)
    for block in blocks {
      switch block["type"]?.string {
      case "text": speech.text += block["text"]?.string ?? ""
      case "tool_use":
        speech.calls.append(
          ToolCall(
            identifier: block["id"]?.string ?? "", name: block["name"]?.string ?? "",
            arguments: JSONWriter.write(block["input"] ?? .map(ValueMap()))))
      default: continue
      }
    }
    count(body["usage"], &speech)
    return speech
  }

  func speech(events: [EventStream.Event]) throws -> ModelSpeech {
    var speech = ModelSpeech()
    var isDone = false
    var calls: [Int: ToolCall] = [:]
    for event in events {
      let chunk = try JSONReader.read(Array(event.data.utf8), limitBytes: 1 << 20)
      let place = chunk["index"]?.int ?? 0
      switch chunk["type"]?.string {
      case "message_start": count(chunk["message"]?["usage"], &speech)
      case "content_block_start":
        guard let block = chunk["content_block"] else { continue }
        if block["type"]?.string == "tool_use" {
          calls[place] = ToolCall(
            identifier: block["id"]?.string ?? "", name: block["name"]?.string ?? "",
            arguments: "")
        } else {
          speech.text += block["text"]?.string ?? ""
        }
      case "content_block_delta":
        speech.text += chunk["delta"]?["text"]?.string ?? ""
        calls[place]?.arguments += chunk["delta"]?["partial_json"]?.string ?? ""
      case "message_delta":
        if let reason = chunk["delta"]?["stop_reason"]?.string { speech.stopReason = reason }
        count(chunk["usage"], &speech)
      case "message_stop": isDone = true
      case "error":
        throw StemmaError(
          .providerAnswer, "the stream says: \(JSONWriter.write(chunk["error"] ?? .null))")
      default: continue
      }
    }
    guard isDone || speech.stopReason != nil else {
      throw StemmaError(.providerAnswer, "the stream ended before the answer did")
    }
    speech.calls = calls.sorted { $0.key < $1.key }.map { _, call in
      var whole = call
      if whole.arguments.isEmpty { whole.arguments = "{}" }
      return whole
    }
    return speech
  }

  private func count(_ usage: Value?, _ speech: inout ModelSpeech) {
    if let input = usage?["input_tokens"]?.int {
      // What was written to a cache or read from it is counted apart there.
      let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"] as [Text]
      speech.inputTokens = cached.reduce(input) { $0 + (usage?[$1]?.int ?? 0) }
    }
    if let output = usage?["output_tokens"]?.int { speech.outputTokens = output }
  }
}
