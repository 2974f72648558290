// The Model Context Protocol over lines of JSON, without a transport: one message in, at most one
// out. Both eras are served: `server/discover` of 2026-07-28, where every request stands alone, and
// `initialize` of 2025-11-25 and before. No state is kept between messages, so that nothing a
// client sends can change what another message means.

import Base
import Lineage
import Recall
public import Stemma

/// Answers messages of one client about one store. It can only read, but for the tools that it is
/// given.
public struct ContextServer: Sendable {
  /// The protocol's versions, newest first; `initialize` is answered in those from the second on.
  static let versions = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

  let database: Database
  let version: String
  let tools: [any ContextTool]

  public init(database: Database, version: String) {
    self.init(database: database, version: version, writing: [])
  }

  /// The same with tools that write, after those that read.
  package init(database: Database, version: String, writing: [WritingTool]) {
    self.database = database
    self.version = version
    tools =
      ContextTools.all(RecallIndex(database: database)) + writing.map { $0 as any ContextTool }
  }

  /// The answer to a line, without its newline; `nil` for what needs none.
  public func answer(_ line: [UInt8]) -> String? {
    guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return nil }
    let message: Value
    do throws(JSONRefusal) {
      message = try StrictJSON.parse(line, limits: JSON.limits)
    } catch {
      return Self.failure(
        .null, ProtocolError(.parse, "no JSON: \(error.reason) at byte \(error.offset)"))
    }
    let id = message.member("id")
    guard message.member("jsonrpc")?.string == "2.0", let method = message.member("method")?.string
    else {
      // An answer to a request that was never sent needs no answer.
      if message.member("result") != nil || message.member("error") != nil { return nil }
      return Self.failure(id ?? .null, ProtocolError(.request, "no request of JSON-RPC 2.0"))
    }
    guard let id else { return nil }
    switch id {
    case .string, .integer: break
    default:
      return Self.failure(.null, ProtocolError(.request, "an id is a string or a whole number"))
    }
    return reply(to: method, message.member("params") ?? .map(ValueMap()), id)
  }

  private func reply(to method: String, _ parameters: Value, _ id: Value) -> String {
    do {
      let era = Era(parameters)
      let result = try result(of: method, parameters, era)
      return JSON.line(
        Value.object([("jsonrpc", .text("2.0")), ("id", id), ("result", result)]))
    } catch let error as ProtocolError {
      return Self.failure(id, error)
    } catch let error as StemmaError {
      return Self.failure(id, ProtocolError(.internal, error.rendered))
    } catch {
      return Self.failure(id, ProtocolError(.internal, "\(error)"))
    }
  }

  private static func failure(_ id: Value, _ error: ProtocolError) -> String {
    let detail = Value.object([
      ("code", .integer(error.code.rawValue)), ("message", .text(error.message)),
    ])
    return JSON.line(Value.object([("jsonrpc", .text("2.0")), ("id", id), ("error", detail)]))
  }
}

/// Which rules a request follows.
enum Era {
  /// Says its version itself and needs to be told how long an answer holds.
  case modern
  case legacy

  init(_ parameters: Value) {
    let version = parameters.member("_meta")?.member("io.modelcontextprotocol/protocolVersion")
    self = version == nil ? .legacy : .modern
  }
}

/// A request that cannot be answered.
struct ProtocolError: Error {
  /// The codes of JSON-RPC.
  enum Code: Int64 {
    case parse = -32700
    case request = -32600
    case method = -32601
    case parameters = -32602
    case `internal` = -32603
  }

  var code: Code
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
