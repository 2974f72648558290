// The socket through which a sandboxed program asks models: what is sent on, what is refused by
// name, what it costs, and what is written down.

import Base
import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Models

@Suite struct ModelSocketTests {
  private static func endpoint(_ dialect: ModelEndpoint.Dialect = .openai) -> ModelEndpoint {
    var endpoint = ModelEndpoint(
      dialect: dialect, model: "upstream", baseAddress: "http://there/v1",
      key: .environment("HOME"))
    endpoint.maximumTokens = 100
    endpoint.inputPrice = 1
    endpoint.outputPrice = 2
    return endpoint
  }

  private static let grant = ModelGrant(
    models: [
      .init(name: "small", endpoint: endpoint()),
      .init(name: "wise", endpoint: endpoint(.anthropic)),
    ], calls: 3, tokens: 1_000)

  private static let answer =
    #"{"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "#
    + #""usage": {"prompt_tokens": 10, "completion_tokens": 5}}"#

  // MARK: Requests

  private func refusal(_ body: String, _ dialect: ModelEndpoint.Dialect = .openai) -> String? {
    do {
      _ = try RelayRules(grant: Self.grant).request(Array(body.utf8), dialect)
      return nil
    } catch let refusal as RelayRefusal { return "\(refusal.status) \(refusal.message)" } catch {
      return "\(error)"
    }
  }

  @Test func whatWouldReachFurtherIsRefused() {
    func open(_ more: String) -> String? { refusal(#"{"model": "small", "messages": []\#(more)}"#) }
    func wise(_ more: String) -> String? {
      refusal(#"{"model": "wise", "messages": []\#(more)}"#, .anthropic)
    }
    #expect(open("") == nil)
    #expect(wise(#", "system": [{"type": "text", "text": "x"}], "max_tokens": 7"#) == nil)
    #expect(refusal("{") == "400 the body is not one JSON object")
    #expect(refusal("[]") == "400 the body is not one JSON object")
    #expect(refusal("{}") == "403 the model '' is not granted; there are: small, wise")
    #expect(
      refusal(#"{"model": "gpt"}"#) == "403 the model 'gpt' is not granted; there are: small, wise")
    #expect(refusal(#"{"model": "wise"}"#) == "400 the model 'wise' is asked at /v1/messages")
    #expect(
      open(#", "web_search_options": {}"#) == "400 'web_search_options' may not be asked for here")
    #expect(open(#", "store": true"#) == "400 'store' may not be asked for here")
    #expect(wise(#", "mcp_servers": []"#) == "400 'mcp_servers' may not be asked for here")
    #expect(
      wise(#", "tools": [{"type": "web_search_20250305", "name": "w"}]"#)
        == "400 a tool of type 'web_search_20250305' may not be used here")
    #expect(wise(#", "tools": [{"name": "own", "input_schema": {}}]"#) == nil)
    #expect(
      open(#", "tools": [{"name": "own"}]"#) == "400 a tool of type 'custom' may not be used here")
    #expect(open(#", "max_tokens": 101"#) == "400 'max_tokens' must be 1 to 100")
    #expect(open(#", "max_tokens": 1e1"#) == "400 'max_tokens' must be 1 to 100")
    #expect(
      open(#", "max_completion_tokens": 0"#) == "400 'max_completion_tokens' must be 1 to 100")
    #expect(open(#", "n": 17"#) == "400 'n' must be 1 to 16")
    let elsewhere = "400 an image must be in the request itself"
    for (block, said) in [
      (#"{"type": "image_url", "image_url": {"url": "http://evil/?q=secret"}}"#, elsewhere),
      (#"{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}"#, nil),
      (
        #"{"type": "file", "file": {"file_id": "x"}}"#,
        "400 content of type 'file' may not be sent here"
      ),
    ] {
      let body = #"{"model": "small", "messages": [{"role": "user", "content": [\#(block)]}]}"#
      #expect(refusal(body) == said, "\(block)")
    }
    let image = #"{"type": "image", "source": {"type": "url", "url": "http://evil/"}}"#
    for block in [image, #"{"type": "tool_result", "content": [\#(image)]}"#] {
      let body = #"{"model": "wise", "messages": [{"role": "user", "content": [\#(block)]}]}"#
      #expect(refusal(body, .anthropic) == elsewhere)
    }
  }

  @Test func whatIsSentOnIsBounded() throws {
    let request = try RelayRules(grant: Self.grant).request(
      Array(#"{"model": "small", "messages": [], "stream": true, "n": 2}"#.utf8), .openai)
    let sent = try JSONReader.read(request.body, limitBytes: 1 << 20)
    #expect(sent["model"]?.string == "upstream" && sent["max_tokens"]?.int == 100)
    #expect(sent["stream_options"]?["include_usage"] == .boolean(true))
    #expect(request.most.tokens == request.body.count + 200)
    #expect(request.most.money == Double(request.body.count + 400) / 1e6)
  }

  @Test func headsAreReadStrictly() throws {
    func said(_ text: String) -> String {
      do {
        guard let head = try SocketRequest.head(of: Array(text.utf8)) else { return "more" }
        return "\(head.method) \(head.path) \(head.bodyBytes)\(head.isLast ? " last" : "")"
      } catch let refusal as RelayRefusal { return "\(refusal.status)" } catch { return "\(error)" }
    }
    #expect(said("POST /v1 HTTP/1.1\r\nContent-Length: 12\r\n\r\n{") == "POST /v1 12")
    #expect(said("GET / HTTP/1.1\r\n\r\n") == "GET / 0")
    #expect(said("GET / HTTP/1.0\r\n\r\n") == "GET / 0 last")
    #expect(said("GET / HTTP/1.1\r\nConnection: close\r\n\r\n") == "GET / 0 last")
    #expect(said("GET / HTTP/1.1\r\nX: y\r\n") == "more")
    #expect(said(String(repeating: "x", count: 20_000)) == "431")
    let long = String(repeating: "x", count: 20_000)
    #expect(said("GET / HTTP/1.1\r\nX: \(long)\r\n\r\n") == "431")
    for head in [
      "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/2\r\n\r\n", " / HTTP/1.1\r\n\r\n",
      "GET http://x HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nX y\r\n\r\n",
      "GET / HTTP/1.1\r\n folded: y\r\n\r\n", "GET / HTTP/1.1\r\nX : y\r\n\r\n",
      "GET / HTTP/1.1\r\nX: \u{1}\r\n\r\n", "GET / HTTP/1.1\nX: y\n\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    ] { #expect(said(head) == "400", "\(head.debugDescription)") }
    #expect(said("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n") == "413")
    #expect(said("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") == "411")
  }

  // MARK: The socket

  /// What a program gets for each of its requests, on one connection.
  private static func ask(_ place: String, _ requests: [String]) throws -> [String] {
    let path = "\(place)/\(ModelSocket.folder)/\(ModelSocket.name)"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    let isThere = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isThere)
    return requests.map { request in
      let bytes = Array(request.utf8)
      _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      var text = ""
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while !text.contains("\r\n\r\n") || text.hasSuffix("\r\n\r\n") {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return text.isEmpty ? "closed" : text }
        text += String(decoding: buffer[..<count], as: UTF8.self)
      }
      return text
    }
  }

  private static func post(_ body: String) -> String {
    "POST /v1/chat/completions HTTP/1.1\r\nHost: m\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      + body
  }

  /// Short, so that a test can connect by its path.
  private static func makeFolder() throws -> String {
    let path = "/tmp/stemma-models-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func withSocket(
    _ script: [ScriptedTransport.Answer], grant: ModelGrant = ModelSocketTests.grant,
    used: RelayUse = RelayUse(),
    _ body: (_ place: String) throws -> Void
  ) throws -> (calls: [RelayedCall], sent: [HTTPRequest]) {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = folder + "/R1-1"
    let transport = ScriptedTransport(script)
    let socket = try ModelSocket(
      grant, used: used, place: place, now: { Timestamp(microsecondsSinceEpoch: 7) }
    ) { endpoint, isCancelled in
      ModelClient(
        endpoint, transport: transport, isCancelled: isCancelled, clock: { 0 }, pause: { _, _ in })
    }
    do { try body(place) } catch {
      socket.close()
      throw error
    }
    socket.close()
    return (try ModelSocket.calls(at: place), transport.requests.withLock { $0 })
  }

  @Test func callsAreSentOnChargedAndWrittenDown() throws {
    let small = #"{"model": "small", "messages": []}"#
    let home = String(cString: getenv("HOME"))
    let (calls, sent) = try withSocket([
      ScriptedTransport.json(200, Self.answer),
      ScriptedTransport.json(500, #"{"error": "\#(home) is wrong"}"#),
      .failure(HTTPFault(kind: .timeout, message: "late")),
    ]) { place in
      let said = try Self.ask(
        place,
        [
          Self.post(small), Self.post(#"{"model": "other"}"#), Self.post(small),
          Self.post(small), Self.post(small), "GET /v1/models HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n",
          Self.post(small),
        ])
      #expect(said[0].hasPrefix("HTTP/1.1 200 OK\r\n") && said[0].hasSuffix(Self.answer))
      #expect(said[1].hasPrefix("HTTP/1.1 403 ") && said[1].contains("'other' is not granted"))
      #expect(said[2].hasPrefix("HTTP/1.1 500 ") && said[2].contains("[key] is wrong"))
      #expect(said[3].hasPrefix("HTTP/1.1 504 "), "\(said[3])")
      #expect(said[4].hasPrefix("HTTP/1.1 429 ") && said[4].contains("all 3 calls"), "\(said[4])")
      #expect(said[5].contains(#""id":"small""#) && said[5].contains(#""id":"wise""#))
      #expect(said[6].hasPrefix("HTTP/1.1 400 ") && said[6].contains("Connection: close"))
      #expect(said[7] == "closed")
    }
    #expect(calls.map(\.number) == [1, 2, 3, 4, 5, 6])
    #expect(
      calls.map(\.status) == [.answered, .invalid, .failed, .timedOut, .invalid, .invalid])
    #expect(calls[0].use == RelayUse(calls: 1, tokens: 15, money: 20.0 / 1e6))
    #expect(calls[0].response == Self.answer && calls[0].provider == "openai")
    #expect(calls[2].use == RelayUse(calls: 1), "a service that refused charges nothing")
    #expect(calls[3].use.tokens == calls[3].request.utf8.count + 100, "nobody knows: all of it")
    #expect(!calls.contains { "\($0)".contains(home) && home.count > 4 })
    #expect(sent.count == 3)
    #expect(sent.allSatisfy { $0.key != nil && $0.url.hasPrefix("http://there/") })
  }

  @Test func whatCannotBePaidIsNotSent() throws {
    let small = Self.post(#"{"model": "small", "messages": []}"#)
    var grant = Self.grant
    grant.tokens = 160
    let (calls, sent) = try withSocket([ScriptedTransport.json(200, Self.answer)], grant: grant) {
      let said = try Self.ask($0, [small, small])
      #expect(said[0].hasPrefix("HTTP/1.1 200 "), "\(said)")
      #expect(said[1].contains("15 of 160 are used or reserved"), "\(said)")
    }
    #expect(calls.map(\.status) == [.answered, .invalid] && sent.count == 1)
    grant = Self.grant
    grant.money = 0.000_1
    let poor = try withSocket([], grant: grant) { place in
      let said = try Self.ask(place, [small])
      #expect(said[0].contains("0.0 of 0.0001 are used or reserved"), "\(said)")
    }
    #expect(poor.sent.isEmpty)
    // What earlier attempts used counts.
    let later = try withSocket([], used: RelayUse(calls: 3)) { place in
      let said = try Self.ask(place, [small])
      #expect(said[0].contains("all 3 calls of this run are used"), "\(said)")
    }
    #expect(later.sent.isEmpty)
  }

  @Test func refusalsAreCountedAndAFloodIsTurnedAway() throws {
    let (calls, sent) = try withSocket([]) { place in
      // Each refusal takes its time, so this goes on in as many connections as there may be.
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        for _ in 0..<200 {
          let said = (try? Self.ask(place, [Self.post(#"{"model": "other"}"#)])) ?? []
          if said.isEmpty || said == ["closed"] { return }
        }
      }
      let late = try? Self.ask(place, ["GET /v1/models HTTP/1.1\r\n\r\n"])
      #expect(late == nil || late == ["closed"])
    }
    #expect(sent.isEmpty && calls.count == Relay.recordedRefusals + 1)
    let last = calls.last?.failure ?? ""
    let more = Int(last.prefix { $0.isNumber }) ?? 0
    #expect(last.hasSuffix(" more requests were refused"))
    #expect((900..<1_100).contains(more), "\(more)")
  }

  @Test func aRunnerThatIsKilledForgetsNoCall() throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/calls.jsonl"
    let asked = RelayedCall(
      number: 1, model: "small", provider: "openai", status: .failed,
      failure: "the runner ended before an answer came", request: "{}",
      use: RelayUse(calls: 1, tokens: 100, money: 0.5), latencyMilliseconds: 0,
      at: Timestamp(microsecondsSinceEpoch: 7))
    var answered = asked
    answered.status = .answered
    answered.failure = nil
    answered.use = RelayUse(calls: 1, tokens: 9, money: 0.1)
    var second = asked
    second.number = 2
    do {
      let journal = try RelayJournal(path: path)
      #expect(journal.append(asked) && journal.append(second) && journal.append(answered))
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(RelayJournal.calls(in: Array(bytes)) == [answered, second])
    // A line that was cut is none.
    #expect(RelayJournal.calls(in: Array(bytes.dropLast(3))) == [asked, second])
  }
}
