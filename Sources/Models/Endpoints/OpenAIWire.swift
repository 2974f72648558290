// Chat completions: the dialect of OpenAI's API that most servers of models speak too.

import Base

struct OpenAIWire: Wire {
  let path = "/chat/completions"
  let headers = [(name: "Content-Type", value: "application/json")]
  let keyHeader = (name: "Authorization", prefix: "Bearer ")

  func request(_ conversation: Conversation, _ endpoint: ModelEndpoint) -> Value {
    var messages: [Value] = [Self.message("system", conversation.system)]
    for turn in conversation.turns {
      switch turn {
      case .user(let text): messages.append(Self.message("user", text))
      case .model(let text, let calls):
        var members: [(Text, Value)] = [("role", .text("assistant")), ("content", .text(text))]
        if !calls.isEmpty { members.append(("tool_calls", .list(calls.map(Self.value)))) }
        messages.append(.map(ValueMap(members)))
      case .tool(let identifier, let text):
        messages.append(
          .map(
            ValueMap([
              ("role", .text("tool")), ("tool_call_id", .text(identifier)),
              ("content", .text(text)),
            ])))
      }
    }
    var members: [(Text, Value)] = [
      ("model", .text(endpoint.model)), ("messages", .list(messages)),
      ("max_tokens", .integer(Int64(endpoint.maximumTokens))),
    ]
    if let temperature = endpoint.temperature {
      members.append(("temperature", .float(temperature)))
    }
    if endpoint.streams {
      members.append(("stream", .boolean(true)))
      members.append(
        ("stream_options", .map(ValueMap([("include_usage", .boolean(true))]))))
    }
    if !conversation.tools.isEmpty {
      members.append(("tools", .list(conversation.tools.map(Self.value))))
    }
    return .map(ValueMap(members))
  }

  private static func message(_ role: String, _ text: String) -> Value {
    .map(ValueMap([("role", .text(role)), ("content", .text(text))]))
  }

  private static func value(_ call: ToolCall) -> Value {
    .map(
      ValueMap([
        ("id", .text(call.identifier)), ("type", .text("function")),
        (
          "function",
          .map(ValueMap([("name", .text(call.name)), ("arguments", .text(call.arguments))]))
        ),
      ]))
  }

  private static func value(_ tool: ModelTool) -> Value {
    let function: [(Text, Value)] = [
      ("name", .text(tool.name)), ("description", .text(tool.description)),
      ("parameters", tool.input),
    ]
    return .map(
      ValueMap([("type", .text("function")), ("function", .map(ValueMap(function)))]))
  }

  func speech(_ body: Value) throws -> ModelSpeech {
    guard let choice = body["choices"]?.elements.first, let message = choice["message"] else {
      throw StemmaError(.providerAnswer, "the answer has no choices[0].message")
    }
    var speech = ModelSpeech(
      text: message["content"]?.string ?? "", stopReason: choice["finish_reason"]?.string)
    speech.calls = (message["tool_calls"]?.elements ?? []).map { call in
      ToolCall(
        identifier: call["id"]?.string ?? "", name: call["function"]?["name"]?.string ?? "",
        arguments: call["function"]?["arguments"]?.string ?? "")
    }
    count(body["usage"], &speech)
    return speech
  }

  func speech(events: [EventStream.Event]) throws -> ModelSpeech {
    var speech = ModelSpeech()
    var isDone = false
    for event in events {
      if event.data == "[DONE]" {
        isDone = true
        continue
      }
      let chunk = try JSONReader.read(Array(event.data.utf8), limitBytes: 1 << 20)
      if let error = chunk["error"] {
        throw StemmaError(.providerAnswer, "the stream says: \(JSONWriter.write(error))")
      }
      count(chunk["usage"], &speech)
      guard let choice = chunk["choices"]?.elements.first else { continue }
      speech.text += choice["delta"]?["content"]?.string ?? ""
      for part in choice["delta"]?["tool_calls"]?.elements ?? [] { add(part, to: &speech) }
      if let reason = choice["finish_reason"]?.string { speech.stopReason = reason }
    }
    // Some servers leave out the last mark, none leaves out why it stopped.
    guard isDone || speech.stopReason != nil else {
      throw StemmaError(.providerAnswer, "the stream ended before the answer did")
    }
    return speech
  }

  /// Calls come in pieces: identifier and name once, arguments bit by bit.
  private func add(_ part: Value, to speech: inout ModelSpeech) {
    let place = part["index"]?.int ?? max(0, speech.calls.count - 1)
    guard (0..<128).contains(place) else { return }
    while speech.calls.count <= place {
      speech.calls.append(ToolCall(identifier: "", name: "", arguments: ""))
    }
    if let identifier = part["id"]?.string, !identifier.isEmpty {
      speech.calls[place].identifier = identifier
    }
    // Some servers say the whole name with every piece.
    if let name = part["function"]?["name"]?.string, name != speech.calls[place].name {
      speech.calls[place].name += name
    }
    speech.calls[place].arguments += part["function"]?["arguments"]?.string ?? ""
  }

  private func count(_ usage: Value?, _ speech: inout ModelSpeech) {
    if let input = usage?["prompt_tokens"]?.int { speech.inputTokens = input }
    if let output = usage?["completion_tokens"]?.int { speech.outputTokens = output }
  }
}
