// A model as proposer or critic: prompt and request out, an answer that fits the schema back, with
// tools on the way and one chance to repair an answer that does not fit.

import Base

/// Asks one model.
package struct ModelProvider: Provider {
  package let kind: String
  private let client: ModelClient
  private let tools: [ModelTool]

  /// Longer answers of a tool are cut, and say so.
  private static let toolAnswerLimitBytes = 100_000

  package init(_ client: ModelClient, tools: [ModelTool] = []) {
    self.client = client
    self.tools = tools
    kind = client.endpoint.dialect.rawValue
  }

  package func reply(to request: ProviderRequest) -> ProviderReply {
    var transcript = ModelTranscript()
    return reply(to: request, &transcript)
  }

  package func reply(
    to request: ProviderRequest, _ transcript: inout ModelTranscript
  ) -> ProviderReply {
    let endpoint = client.endpoint
    let schema = RolePrompts.schema(ofAnswerTo: request)
    let prompt = request.prompt ?? RolePrompts.text(of: request.role)
    transcript.model = endpoint.model
    transcript.prompt = prompt
    transcript.settings = JSONWriter.write(settings)
    var conversation = Conversation(
      system: prompt + "\n\nJSON Schema of the answer:\n" + JSONWriter.write(schema),
      turns: [.user(String(decoding: request.body, as: UTF8.self))],
      tools: endpoint.toolCalls > 0 ? tools : [])
    let reply = converse(&conversation, schema, request, &transcript)
    transcript.money = endpoint.money(
      input: transcript.inputTokens, output: transcript.outputTokens)
    return reply
  }

  private var settings: Value {
    let endpoint = client.endpoint
    var members: [(Text, Value)] = [
      ("dialect", .text(endpoint.dialect.rawValue)), ("model", .text(endpoint.model)),
      ("baseAddress", .text(endpoint.baseAddress)),
      ("maximumTokens", .integer(Int64(endpoint.maximumTokens))),
      ("stream", .boolean(endpoint.streams)), ("toolCalls", .integer(Int64(endpoint.toolCalls))),
      ("tools", .list(tools.map { .text($0.name) })),
    ]
    if let temperature = endpoint.temperature {
      members.append(("temperature", .float(temperature)))
    }
    return .map(ValueMap(members))
  }

  private func converse(
    _ conversation: inout Conversation, _ schema: Value, _ request: ProviderRequest,
    _ transcript: inout ModelTranscript
  ) -> ProviderReply {
    var purpose = ModelExchange.Purpose.ask
    var callsLeft = client.endpoint.toolCalls
    var isRepair = false
    while true {
      let seed = UInt64(request.ordinal) &* 1_000 &+ UInt64(transcript.exchanges.count)
      if let refusal = refusal(request, conversation, transcript) { return .failed(refusal) }
      let speech: ModelSpeech
      switch client.ask(conversation, purpose: purpose, seed: seed, &transcript) {
      case .timedOut(let reason): return .timedOut(reason)
      case .failed(let reason): return .failed(reason)
      case .speech(let said): speech = said
      }
      if !speech.calls.isEmpty, !conversation.tools.isEmpty {
        guard callsLeft > 0 else {
          return .failed("no answer after \(client.endpoint.toolCalls) calls of tools")
        }
        answer(speech, &conversation, &callsLeft)
        purpose = .tool
        continue
      }
      let (object, faults) = judge(speech, schema)
      if let object, faults.isEmpty { return .answered(object) }
      guard !isRepair else {
        // Kept as it is: the loop records it as invalid, with the reason.
        return .answered(object ?? Array(speech.text.utf8))
      }
      isRepair = true
      purpose = .repair
      conversation.turns.append(.model(speech.text, calls: []))
      conversation.turns.append(.user(Self.complaint(faults)))
    }
  }

  /// Why the next request might use more than is reserved for the whole question. Three bytes per
  /// token is more than texts have.
  private func refusal(
    _ request: ProviderRequest, _ conversation: Conversation, _ transcript: ModelTranscript
  ) -> String? {
    guard let limit = request.tokenLimit else { return nil }
    let used = (transcript.inputTokens ?? 0) + (transcript.outputTokens ?? 0)
    let next = conversation.byteCount / 3 + client.endpoint.maximumTokens
    guard used + next > limit else { return nil }
    return "the question has \(limit) tokens; \(used) are used, and the next request may use "
      + "\(next) (question_tokens, max_tokens)"
  }

  private func judge(
    _ speech: ModelSpeech, _ schema: Value
  ) -> (object: [UInt8]?, faults: [String]) {
    // Some servers answer through a call of a tool that was never offered.
    let text = speech.text.isEmpty ? speech.calls.first?.arguments ?? "" : speech.text
    guard let object = AnswerText.object(in: text),
      let value = try? JSONReader.read(object, limitBytes: 8 << 20)
    else {
      return (
        nil, [speech.isCutOff ? "the answer was cut off: be shorter" : "there is no JSON object"]
      )
    }
    return (object, JSONSchema(schema).faults(in: value))
  }

  private static func complaint(_ faults: [String]) -> String {
    "That answer does not fit the schema: " + faults.joined(separator: "; ")
      + ". Answer again with one JSON object that fits, and nothing else."
  }

  /// Every call gets an answer, as the dialects demand; those past the budget a refusal.
  private func answer(
    _ speech: ModelSpeech, _ conversation: inout Conversation, _ callsLeft: inout Int
  ) {
    conversation.turns.append(.model(speech.text, calls: speech.calls))
    for call in speech.calls {
      let text: String
      if callsLeft == 0 {
        text = "error: this question has \(client.endpoint.toolCalls) calls of tools"
      } else if let tool = conversation.tools.first(where: { $0.name == call.name }) {
        let arguments = try? JSONReader.read(
          Array((call.arguments.isEmpty ? "{}" : call.arguments).utf8), limitBytes: 1 << 20)
        text = arguments.map { Self.cut(tool.call($0)) } ?? "error: the arguments are no JSON"
      } else {
        let names = conversation.tools.map(\.name).joined(separator: ", ")
        text = "error: there is no tool \(call.name); there are \(names)"
      }
      callsLeft = max(0, callsLeft - 1)
      let last = callsLeft == 0 ? "\n(There are no more calls of tools: answer now.)" : ""
      conversation.turns.append(.tool(identifier: call.identifier, text: text + last))
    }
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > toolAnswerLimitBytes else { return text }
    return String(decoding: text.utf8.prefix(toolAnswerLimitBytes), as: UTF8.self)
      + "\n(cut: \(text.utf8.count - toolAnswerLimitBytes) bytes more; ask for less)"
  }
}
