// Models behind addresses, without a network: what is sent again and what is not, streams, tools,
// repairs, and that a key is never seen.

import Base
import Synchronization
import TestSupport
import Testing

@testable import Models

/// Answers requests from a list, and keeps what was asked.
final class ScriptedTransport: HTTPTransport {
  typealias Answer = Result<HTTPResponse, HTTPFault>
  private let script: Mutex<[Answer]>
  let requests = Mutex<[HTTPRequest]>([])

  init(_ script: [Answer]) { self.script = Mutex(script) }

  func send(_ request: HTTPRequest, isCancelled: @Sendable () -> Bool) -> Answer {
    requests.withLock { $0.append(request) }
    return script.withLock { answers in
      answers.isEmpty
        ? .failure(HTTPFault(kind: .program, message: "the script is over"))
        : answers.removeFirst()
    }
  }

  static func json(
    _ status: Int, _ body: String, _ headers: [String: String] = [:]
  ) -> Answer {
    .success(
      HTTPResponse(
        status: status, headers: headers.merging(["content-type": "application/json"]) { $1 },
        body: Array(body.utf8)))
  }

  static func stream(_ body: String) -> Answer {
    .success(
      HTTPResponse(
        status: 200, headers: ["content-type": "text/event-stream; charset=utf-8"],
        body: Array(body.utf8)))
  }
}

@Suite struct ModelClientTests {
  private static let critique =
    #"{"version": 1, "verdict": "approve", "summary": "new", "objections": []}"#

  private static func openAI(_ text: String, _ reason: String = "stop") -> String {
    #"{"choices": [{"message": {"role": "assistant", "content": "#
      + JSONString.quoted(text) + #"}, "finish_reason": ""# + reason
      + #""}], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}"#
  }

  private struct Asked {
    var reply: ProviderReply
    var transcript: ModelTranscript
    var requests: [HTTPRequest]
    var pauses: [Int]

    var answer: String? {
      if case .answered(let bytes) = reply { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
  }

  private func ask(
    _ dialect: ModelEndpoint.Dialect = .openai, tools: [ModelTool] = [], retries: Int = 3,
    tokenLimit: Int? = nil, script: [ScriptedTransport.Answer]
  ) -> Asked {
    var endpoint = ModelEndpoint(
      dialect: dialect, model: "m", baseAddress: "http://test/v1", key: .environment("PATH"))
    endpoint.retries = retries
    endpoint.toolCalls = 2
    endpoint.inputPrice = 2
    endpoint.outputPrice = 10
    let transport = ScriptedTransport(script)
    let pauses = Mutex<[Int]>([])
    let client = ModelClient(
      endpoint, transport: transport, isCancelled: { false }, clock: { 0 },
      pause: { wait, _ in pauses.withLock { $0.append(wait) } })
    var transcript = ModelTranscript()
    var request = ProviderRequest(
      role: .critic, ordinal: 1, body: Array(#"{"role":"critic"}"#.utf8))
    request.tokenLimit = tokenLimit
    let reply = ModelProvider(client, tools: tools).reply(to: request, &transcript)
    return Asked(
      reply: reply, transcript: transcript, requests: transport.requests.withLock { $0 },
      pauses: pauses.withLock { $0 })
  }

  @Test func aPlainAnswerIsCounted() throws {
    let asked = ask(script: [
      ScriptedTransport.json(200, Self.openAI("Sure:\n```json\n\(Self.critique)\n```"))
    ])
    #expect(asked.answer == Self.critique)
    #expect(asked.transcript.inputTokens == 10 && asked.transcript.outputTokens == 5)
    #expect(asked.transcript.money == 70 / 1e6)
    let sent = String(decoding: asked.requests[0].body, as: UTF8.self)
    #expect(sent.contains(#""stream":true"#) && sent.contains(#"{\"role\":\"critic\"}"#))
    #expect(asked.requests[0].url == "http://test/v1/chat/completions")
  }

  @Test func streamsOfBothDialectsAreRead() {
    let pieces = ["{\"version\": 1, \"verdict\":", " \"approve\", \"summary\": \"ok\"}"]
    var text = ": ping\n\n"
    for piece in pieces {
      text +=
        "data: {\"choices\":[{\"delta\":{\"content\":\(JSONString.quoted(piece))}}]}\r\n\r\n"
    }
    text += "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    text += "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
    let open = ask(script: [ScriptedTransport.stream(text + "data: [DONE]\n\n")])
    #expect(open.answer == pieces.joined() && open.transcript.outputTokens == 3)
    var events = """
      event: message_start
      data: {"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}


      """
    for piece in pieces {
      events += "event: content_block_delta\n"
      events += "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
      events += "{\"type\":\"text_delta\",\"text\":\(JSONString.quoted(piece))}}\n\n"
    }
    events += "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
    events += "\"usage\":{\"output_tokens\":4}}\n\ndata: {\"type\":\"message_stop\"}\n\n"
    let anthropic = ask(.anthropic, script: [ScriptedTransport.stream(events)])
    #expect(anthropic.answer == pieces.joined())
    #expect(anthropic.transcript.inputTokens == 9 && anthropic.transcript.outputTokens == 4)
    #expect(anthropic.requests[0].url == "http://test/v1/messages")
    // A server that does not say that it streams.
    let silent = ask(script: [
      .success(HTTPResponse(status: 200, headers: [:], body: Array(text.dropFirst(8).utf8)))
    ])
    #expect(silent.answer == pieces.joined())
    // A stream that is cut is asked for again.
    let cut = ask(script: [
      ScriptedTransport.stream(String(text.prefix(90))),
      ScriptedTransport.json(200, Self.openAI(Self.critique)),
    ])
    #expect(cut.answer == Self.critique)
    let ends: [ModelExchange.Status] = [.failed, .answered]
    #expect(cut.transcript.exchanges.map(\.status) == ends)
  }

  @Test func whatPassesIsTriedAgain() {
    let asked = ask(script: [
      ScriptedTransport.json(429, "slow down", ["retry-after": "7"]),
      ScriptedTransport.json(500, "oops"),
      .failure(HTTPFault(kind: .cut, message: "connection reset")),
      ScriptedTransport.json(200, Self.openAI(Self.critique)),
    ])
    #expect(asked.answer == Self.critique)
    #expect(asked.pauses.count == 3 && asked.pauses[0] == 7_000)
    #expect((1_000...2_000).contains(asked.pauses[1]))
    #expect((2_000...4_000).contains(asked.pauses[2]))
    let statuses: [Int?] = [429, 500, nil, 200]
    #expect(asked.transcript.exchanges.map(\.httpStatus) == statuses)
    // The same question waits alike.
    let again = ask(script: [
      ScriptedTransport.json(500, ""), ScriptedTransport.json(500, ""),
      ScriptedTransport.json(200, Self.openAI(Self.critique)),
    ])
    let more = ask(script: [
      ScriptedTransport.json(500, ""), ScriptedTransport.json(500, ""),
      ScriptedTransport.json(200, Self.openAI(Self.critique)),
    ])
    #expect(again.pauses == more.pauses)
  }

  @Test func whatDoesNotPassIsGivenUp() {
    let cases: [(script: [ScriptedTransport.Answer], sends: Int)] = [
      ([ScriptedTransport.json(400, "bad"), ScriptedTransport.json(200, "{}")], 1),
      ([ScriptedTransport.json(401, "who"), ScriptedTransport.json(200, "{}")], 1),
      ([ScriptedTransport.json(429, "", ["retry-after": "99999"])], 1),
      ([.failure(HTTPFault(kind: .security, message: "certificate"))], 1),
      ([.failure(HTTPFault(kind: .tooLong, message: "long"))], 1),
      (Array(repeating: ScriptedTransport.json(503, "busy"), count: 9), 4),
      (Array(repeating: ScriptedTransport.json(200, "<html>"), count: 9), 4),
      (Array(repeating: ScriptedTransport.json(200, "{\"choices\": []}"), count: 9), 4),
    ]
    for (script, sends) in cases {
      let asked = ask(script: script)
      guard case .failed = asked.reply else {
        Issue.record("\(asked.reply)")
        continue
      }
      #expect(asked.requests.count == sends && asked.transcript.exchanges.count == sends)
    }
    let late = ask(
      retries: 1,
      script: Array(repeating: .failure(HTTPFault(kind: .timeout, message: "late")), count: 3))
    guard case .timedOut = late.reply else {
      Issue.record("\(late.reply)")
      return
    }
    #expect(late.requests.count == 2)
  }

  @Test func anAnswerThatDoesNotFitIsRepairedOnce() throws {
    let wrong = #"{"version": 1, "verdict": "maybe", "summary": "x", "extra": 1}"#
    let asked = ask(script: [
      ScriptedTransport.json(200, Self.openAI(wrong)),
      ScriptedTransport.json(200, Self.openAI(Self.critique)),
    ])
    #expect(asked.answer == Self.critique)
    let purposes: [ModelExchange.Purpose] = [.ask, .repair]
    #expect(asked.transcript.exchanges.map(\.purpose) == purposes)
    let complaint = String(decoding: asked.requests[1].body, as: UTF8.self)
    #expect(complaint.contains("$.verdict must be one of") && complaint.contains("extra"))
    let no = ScriptedTransport.json(200, Self.openAI("No."))
    let hopeless = ask(script: [no, no, no])
    #expect(hopeless.answer == "No." && hopeless.requests.count == 2)
  }

  /// The request that might pass what is reserved for the question is not sent.
  @Test func aQuestionEndsAtItsTokens() {
    let wrong =
      #"{"choices":[{"message":{"content":"No."},"finish_reason":"stop"}],"#
      + #""usage":{"prompt_tokens":1500,"completion_tokens":1000}}"#
    let script = Array(repeating: ScriptedTransport.json(200, wrong), count: 3)
    let ended = ask(tokenLimit: 7_000, script: script)
    guard case .failed(let reason) = ended.reply else {
      Issue.record("\(ended.reply)")
      return
    }
    #expect(reason.contains("7000 tokens; 2500 are used"), "\(reason)")
    #expect(ended.requests.count == 1)
    #expect(ask(tokenLimit: 20_000, script: script).requests.count == 2, "the repair fits")
    #expect(ask(tokenLimit: 4_000, script: script).requests.isEmpty)
  }

  @Test(arguments: [ModelEndpoint.Dialect.openai, .anthropic])
  func toolsAreCalledWithinABudget(dialect: ModelEndpoint.Dialect) throws {
    let calls = Mutex<[Value]>([])
    let tool = ModelTool(name: "look", description: "looks", input: .map(ValueMap())) { value in
      calls.withLock { $0.append(value) }
      return "seen"
    }
    let call =
      dialect == .openai
      ? #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c1","type":"function","#
        + #""function":{"name":"look","arguments":"{\"key\":\"P1\"}"}}]},"#
        + #""finish_reason":"tool_calls"}]}"#
      : #"{"content":[{"type":"tool_use","id":"c1","name":"look","input":{"key":"P1"}}],"#
        + #""stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}"#
    let answer =
      dialect == .openai
      ? Self.openAI(Self.critique)
      : #"{"content":[{"type":"text","text":"# + JSONString.quoted(Self.critique)
        + #"}],"stop_reason":"end_turn"}"#
    let asked = ask(
      dialect, tools: [tool],
      script: [ScriptedTransport.json(200, call), ScriptedTransport.json(200, answer)])
    #expect(asked.answer == Self.critique)
    #expect(calls.withLock { $0 } == [.map(ValueMap([("key", .text("P1"))]))])
    #expect(String(decoding: asked.requests[1].body, as: UTF8.self).contains("seen"))
    let endless = ask(
      dialect, tools: [tool], script: Array(repeating: ScriptedTransport.json(200, call), count: 9))
    guard case .failed(let reason) = endless.reply else {
      Issue.record("\(endless.reply)")
      return
    }
    #expect(reason.contains("2 calls") && endless.requests.count == 3)
    // Many calls at once are as many calls.
    let list = dialect == .openai ? #""tool_calls":["# : #""content":["#
    let many = call.replacing(list, with: list + Self.calls(dialect, 3))
    calls.withLock { $0 = [] }
    let eager = ask(
      dialect, tools: [tool],
      script: [ScriptedTransport.json(200, many), ScriptedTransport.json(200, answer)])
    #expect(eager.answer == Self.critique && calls.withLock { $0.count } == 2)
    let told = String(decoding: eager.requests[1].body, as: UTF8.self)
    #expect(told.split(separator: "this question has 2 calls of tools").count == 3, "\(told)")
  }

  /// So many calls, each with a comma after it.
  private static func calls(_ dialect: ModelEndpoint.Dialect, _ count: Int) -> String {
    (0..<count).map { place in
      dialect == .openai
        ? #"{"id":"d\#(place)","type":"function","function":{"name":"look","arguments":""}},"#
        : #"{"type":"tool_use","id":"d\#(place)","name":"look","input":{}},"#
    }.joined()
  }

  /// As some servers stream a call: its whole name with every piece.
  @Test func aRepeatedNameOfAToolIsOneName() throws {
    let pieces = ["{", "}"].map {
      #"data: {"choices":[{"delta":{"tool_calls":[{"id":"c","function":{"name":"look","#
        + #""arguments":""# + $0 + #""}}]}}]}"#
    }
    let speech = try OpenAIWire().speech(
      events: EventStream.events(
        Array((pieces + ["data: [DONE]", ""]).joined(separator: "\n\n").utf8)))
    #expect(speech.calls == [ToolCall(identifier: "c", name: "look", arguments: "{}")])
  }

  @Test func aMissingKeyIsToldInWords() throws {
    let endpoint = ModelEndpoint(dialect: .openai, model: "m", key: .environment("NO_KEY_HERE"))
    let provider = ModelProvider(ModelClient(endpoint))
    guard
      case .failed(let reason) = provider.reply(
        to: ProviderRequest(role: .critic, ordinal: 1, body: Array("{}".utf8)))
    else {
      Issue.record("an answer without a key")
      return
    }
    #expect(reason.hasPrefix("the environment has no NO_KEY_HERE"), "\(reason)")
  }

  @Test func aKeyIsNeverShown() throws {
    let secret = Secret("sk-verysecret-123")
    #expect("\(secret) \(String(reflecting: secret))".contains("verysecret") == false)
    #expect(
      secret.hidden(in: "Bearer sk-verysecret-123, again sk-verysecret-123")
        == "Bearer [key], again [key]")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("verysecret"))
    let path = SecretPlace.environment("PATH")
    let key = try #require(try path.read()).reveal { $0 }
    // A server that answers with what it was sent.
    let asked = ask(script: [ScriptedTransport.json(400, "you sent \(key)")])
    var texts = ["\(asked.reply)"]
    for exchange in asked.transcript.exchanges {
      texts += [String(decoding: exchange.response, as: UTF8.self), exchange.failure ?? ""]
    }
    for text in texts {
      #expect(!text.contains(key) && text.contains("[key]"))
    }
    #expect(asked.requests.allSatisfy { !String(decoding: $0.body, as: UTF8.self).contains(key) })
    #expect(throws: StemmaError.self) { try SecretPlace.environment("NO_SUCH_KEY_HERE").read() }
    #expect(throws: StemmaError.self) { try SecretPlace.file("/no/such/key").read() }
  }

  @Test func headsAndPauses() {
    let text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nX: y\r\n\r\nbody"
    let response = ResponseReader.read(Array(text.utf8))
    #expect(response?.status == 429 && response?.headers["retry-after"] == "3")
    #expect(response?.body == Array("body".utf8))
    #expect(ResponseReader.read(Array("nothing".utf8)) == nil)
    #expect(RetryPolicy.askedMilliseconds(["retry-after": "1.5"], now: 0) == 1_500)
    #expect(
      RetryPolicy.askedMilliseconds(["retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"], now: 40)
        == 60_000)
    #expect(RetryPolicy.askedMilliseconds(["retry-after": "soon"], now: 0) == nil)
    #expect(EventStream.events(Array("data: a\ndata: b\n\ndata: c\n".utf8)).map(\.data) == ["a\nb"])
  }

  @Test func schemasSayWhatIsWrong() throws {
    let schema = JSONSchema(RolePrompts.schema(of: .critic))
    func faults(_ text: String) throws -> [String] {
      schema.faults(in: try JSONReader.read(Array(text.utf8), limitBytes: 1 << 20))
    }
    #expect(try faults(Self.critique).isEmpty)
    #expect(try faults("[]") == ["$ must be \"object\", not array"])
    let wrong = try faults(
      #"{"version": 2, "summary": "", "scores": {"a": 2}, "objections": [{"text": "x"}], "z": 1}"#)
    #expect(wrong.count == 6, "\(wrong)")
    let lists = JSONSchema(
      try JSONReader.read(
        Array(#"{"minItems": 2, "maxItems": 3, "contains": {"type": "string"}}"#.utf8),
        limitBytes: 1 << 10))
    func said(_ text: String) throws -> [String] {
      lists.faults(in: try JSONReader.read(Array(text.utf8), limitBytes: 1 << 10))
    }
    #expect(try said(#"[1, "a"]"#).isEmpty && said("{}").isEmpty)
    #expect(
      try said("[1]") == [
        "$ must have at least 2 elements", #"$ has no element such as {"type":"string"}"#,
      ])
    #expect(try said(#"[1, 2, 3, "a"]"#) == ["$ may have at most 3 elements"])
    for role in ProviderRole.allCases {
      #expect(JSONSchema(RolePrompts.schema(of: role)).mistakes().isEmpty)
      #expect(RolePrompts.schema(of: role) != .null && !RolePrompts.text(of: role).isEmpty)
    }
  }
}
