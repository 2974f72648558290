// The protocol as lines in and lines out, in both eras, and every tool on the committed history.

import Base
import ContextServer
import Foundation
import Graph
import Interchange
import Lineage
import Stemma
import TestSupport
import Testing

@Suite("Context server")
struct ContextServerTests {
  static func server() throws -> ContextServer {
    let database = try Database.inMemory(
      Database.Creation(schemaText: LineageSchema.text),
      surroundings: Surroundings(
        now: { Timestamp(microsecondsSinceEpoch: 1_793_523_600_000_000) }, random: { 4 }))
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let history = try String(
      contentsOf: root.appendingPathComponent("queries/history.jsonl"), encoding: .utf8)
    _ = try GraphImport.jsonLines(
      history, into: database, requestID: RequestID(high: 7, low: 7), actor: "test",
      reason: "a test")
    return ContextServer(database: database, version: "test")
  }

  private static let modern =
    "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}"

  /// A request with the members of its parameters, without their braces.
  private static func request(_ method: String, _ parameters: String = "", id: Int = 1) -> String {
    "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\",\"params\":{\(parameters)}}"
  }

  private static func call(_ tool: String, _ arguments: String) -> String {
    request("tools/call", "\"name\":\"\(tool)\",\"arguments\":\(arguments)")
  }

  private func object(_ line: String?) throws -> [String: Any] {
    let text = try #require(line)
    #expect(!text.contains("\n"))
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func result(_ server: ContextServer, _ request: String) throws -> [String: Any] {
    let answer = try object(server.answer(Array(request.utf8)))
    return try #require(answer["result"] as? [String: Any], "\(answer)")
  }

  @Test("says who it is in both eras")
  func eras() throws {
    let server = try Self.server()
    let discovered = try result(server, Self.request("server/discover", Self.modern))
    #expect(discovered["resultType"] as? String == "complete")
    #expect(discovered["supportedVersions"] as? [String] == ["2026-07-28", "2025-11-25"])
    #expect(discovered["cacheScope"] as? String == "private" && discovered["ttlMs"] is Int)
    for (asked, given) in [
      ("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25"),
    ] {
      let initialized = try result(
        server, Self.request("initialize", "\"protocolVersion\":\"\(asked)\""))
      #expect(initialized["protocolVersion"] as? String == given)
      #expect(initialized["resultType"] == nil)
    }
    let listed = try result(server, Self.request("tools/list", Self.modern))
    #expect(listed["resultType"] as? String == "complete" && listed["ttlMs"] is Int)
    let tools = try #require(listed["tools"] as? [[String: Any]])
    #expect(
      tools.map { $0["name"] as? String } == [
        "tried_before", "brief", "lineage", "why", "query", "best", "schema",
      ])
    for tool in tools {
      for schema in ["inputSchema", "outputSchema"] {
        let type = (tool[schema] as? [String: Any])?["type"] as? String
        #expect(type == "object", "\(tool["name"] ?? "") \(schema)")
      }
    }
    #expect(try result(server, Self.request("tools/list"))["ttlMs"] == nil)
    #expect(
      server.answer(Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)) == nil)
  }

  @Test("tools answer as text")
  func tools() throws {
    let server = try Self.server()
    let listed = try result(server, Self.request("tools/list", Self.modern))
    let declared = try #require(listed["tools"] as? [[String: Any]])
    var text = ""
    for (tool, arguments) in [
      ("tried_before", #"{"key": "P12", "limit": 2}"#),
      ("tried_before", #"{"assignments": ["order=5"], "words": "longer contexts", "limit": 1}"#),
      ("brief", #"{"key": "P12", "tokens": 600}"#), ("lineage", #"{"key": "P9"}"#),
      ("why", #"{"key": "F1", "depth": 2}"#),
      ("query", #"{"text": "MATCH (p:Proposal) RETURN p.key AS key", "limit": 3}"#),
      ("query", #"{"text": "@failed-siblings", "parameters": {"key": "P7"}}"#),
      ("best", #"{"campaign": "C1", "limit": 1}"#), ("schema", #"{"label": "Noise"}"#),
      ("query", #"{"text": "CREATE (:Actor {name: 'x', kind: 'person'})"}"#),
      ("query", #"{"text": "MATCH (p:Propsal) RETURN p"}"#),
      ("query", #"{"text": "RETURN 1", "cursor": "x"}"#), ("query", #"{"txt": "RETURN 1"}"#),
      ("tried_before", #"{"assignments": ["order"]}"#), ("best", #"{"campaign": "C9"}"#),
      ("tried_before", "{}"), ("brief", #"{"key": "P99"}"#), ("schema", #"{"label": "Nosie"}"#),
    ] {
      let answer = try result(server, Self.call(tool, arguments))
      let content = try #require(answer["content"] as? [[String: Any]])
      let isError = answer["isError"] as? Bool ?? false
      #expect(isError == (answer["structuredContent"] == nil))
      // Clients hold an answer against what was declared, and refuse it otherwise.
      let schema = declared.first { $0["name"] as? String == tool }?["outputSchema"]
      let members = try #require(schema as? [String: Any])
      if let structure = answer["structuredContent"] as? [String: Any] {
        let missing = (members["required"] as? [String] ?? []).filter { structure[$0] == nil }
        #expect(missing.isEmpty, "\(tool) does not have \(missing)")
      }
      text += "\(tool) \(arguments)\(isError ? " (error)" : "")\n"
      text += (content.first?["text"] as? String ?? "") + "\n\n"
    }
    try Golden.expect(text, matches: "Golden/tools.txt")
  }

  @Test("a cursor goes on where the page ended, at the same snapshot")
  func cursors() throws {
    let server = try Self.server()
    var keys: [String] = []
    var cursor = ""
    for _ in 0..<10 {
      let next = cursor.isEmpty ? "" : ", \"cursor\": \"\(cursor)\""
      let answer = try result(
        server,
        Self.call(
          "query", "{\"text\": \"MATCH (p:Proposal) RETURN p.key AS k\", \"limit\": 5\(next)}"))
      let page = try #require(answer["structuredContent"] as? [String: Any])
      let rows = try #require(page["rows"] as? [[String: Any]])
      #expect(page["available"] as? Int == 13)
      keys += rows.compactMap { $0["k"] as? String }
      guard let more = page["cursor"] as? String else {
        #expect(page["complete"] as? Bool == true)
        break
      }
      cursor = more
    }
    #expect(keys == (1...13).map { "P\($0)" })
  }

  @Test("an answer stays within the budget and cuts no record")
  func budget() throws {
    let server = try Self.server()
    let text =
      "UNWIND range(1, 5000) AS n RETURN n, reduce(s = '', i IN range(1, 20) | s + 'word ') AS w"
    let line = try #require(
      server.answer(Array(Self.call("query", "{\"text\": \"\(text)\", \"limit\": 1000}").utf8)))
    #expect(line.utf8.count < 90_000)
    let page = try #require(
      try result(server, Self.call("query", "{\"text\": \"\(text)\", \"limit\": 1000}"))[
        "structuredContent"] as? [String: Any])
    #expect(page["available"] as? Int == 5000)
    #expect(page["complete"] as? Bool == false && page["cursor"] is String)
    for tokens in [250, 800, 4_000] {
      let answer = try result(
        server, Self.call("brief", "{\"key\": \"P12\", \"tokens\": \(tokens)}"))
      let used = (answer["structuredContent"] as? [String: Any])?["tokens"] as? Int
      #expect(used ?? .max <= tokens)
    }
  }

  @Test("named queries are resources, the guide is a prompt")
  func resources() throws {
    let server = try Self.server()
    let listed = try result(server, Self.request("resources/list"))
    #expect((listed["resources"] as? [Any])?.count == NamedQueries.shipped.all.count)
    let read = try result(
      server, Self.request("resources/read", #""uri":"stemma://queries/recent""#))
    let content = (read["contents"] as? [[String: Any]])?.first
    #expect((content?["text"] as? String)?.contains("MATCH") == true)
    let prompt = try result(server, Self.request("prompts/get", #""name":"cypher-guide""#))
    #expect((prompt["messages"] as? [Any])?.count == 1)
  }

  @Test("what is no request gets an error or nothing, never silence for a request")
  func hostile() throws {
    let server = try Self.server()
    for (line, code) in [
      ("{", -32700), ("[]", -32600), ("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600),
      ("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600),
      (Self.request("nothing"), -32601), (Self.request("tools/call"), -32602),
      (Self.request("resources/read", #""uri":"file:///etc/passwd""#), -32602),
      (String(repeating: "[", count: 100_000), -32700),
    ] {
      let answer = try object(server.answer(Array(line.utf8)))
      #expect((answer["error"] as? [String: Any])?["code"] as? Int == code, "\(line.prefix(80))")
    }
    #expect(server.answer([]) == nil)
    #expect(server.answer(Array(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)) == nil)
  }

  @Test("damaged lines never stop it", arguments: [UInt64(1), 2, 3])
  func fuzz(seed: UInt64) throws {
    let server = try Self.server()
    var random = SplitMix64(seed: seed)
    let lines = [
      Self.call("tried_before", #"{"key": "P12", "limit": 2}"#),
      Self.call("query", #"{"text": "MATCH (p:Proposal) RETURN p LIMIT 2", "cursor": "2:1"}"#),
      Self.call("why", #"{"key": "P7", "depth": 3, "asOf": 2}"#), Self.request("tools/list"),
    ]
    for _ in 0..<150 {
      var bytes = Array(lines[Int(random.next() % UInt64(lines.count))].utf8)
      for _ in 0..<Int(1 + random.next() % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8(ascii: "9"), at: place)
        }
      }
      if let answer = server.answer(bytes) { _ = try object(answer) }
    }
  }
}
