// `stemma replay`: exactly what a critic or proposer saw when it answered, and the same question to
// another model.

import ArgumentParser
import Base
import Models
import Stemma

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Show exactly what a critic saw, or ask another model the same.",
    usage: "stemma replay <key> [<options>]",
    discussion: """
      Examples:
        stemma replay CR5                        the request, with its brief
        stemma replay CR5 --part brief
        stemma replay CL9 --part answer          of a call that came to nothing too
        stemma replay CR5 --ask anthropic:MODEL  the same question, now
        stemma replay CR5 --ask openai:MODEL --base-url http://localhost:8000/v1

      The key is of a critique, a proposal or a call. Nothing is stored.
      """)

  @Argument(help: "A critique, proposal or call, such as CR5.")
  var key: String

  @Option(help: "request, answer, brief, exchanges or prompt.")
  var part: Part = .request

  @Option(help: "openai:MODEL or anthropic:MODEL: ask it now.")
  var ask: String?

  @Option(help: "Where that model is, if not at its usual address.")
  var baseURL: String?

  @Option(help: "The variable of the environment that holds its key.")
  var keyEnvironment: String?

  @OptionGroup var store: StoreOptions

  enum Part: String, ExpressibleByArgument, CaseIterable {
    case request, answer, brief, exchanges, prompt

    var property: String {
      switch self {
      case .request: "requestHash"
      case .answer: "responseHash"
      case .brief: "contentHash"
      case .exchanges: "exchanges"
      case .prompt: "promptHash"
      }
    }
  }

  func run() throws {
    let database = try store.openForReading()
    if let ask { return try Terminal.print(try answer(of: ask, database)) }
    let bytes = try object(part, database).bytes
    try Terminal.print(String(decoding: bytes, as: UTF8.self))
    if bytes.last != UInt8(ascii: "\n") { try Terminal.print("\n") }
  }

  private func object(
    _ part: Part, _ database: Database
  ) throws -> (bytes: [UInt8], role: ProviderRole) {
    let place = part == .brief ? "brief" : "call"
    let result = try database.query(
      """
      MATCH (n {key: $key})
      OPTIONAL MATCH (n)<-[:PRODUCED]-(maker:Call)
      WITH CASE WHEN n:Call THEN n ELSE maker END AS call
      OPTIONAL MATCH (call)-[:USES]->(brief:Brief)
      RETURN call.key, \(place).\(part.property), call.role
      """, parameters: ["key": .text(key.uppercased())])
    guard let row = result.rows.first, case .string(let call) = row[0] else {
      throw StemmaError(
        .keyNotFound, "there is no call that made \(key)",
        advice: "give the key of a critique, a proposal or a call, such as CR5")
    }
    guard case .string(let text) = row[1], let hash = ObjectHash(hex: text.string) else {
      throw StemmaError(
        .keyNotFound, "\(call) has no \(part.rawValue)",
        advice: "`stemma show \(call)` says what it has")
    }
    return (try database.object(hash), row[2] == .text("critic") ? .critic : .proposer)
  }

  private func answer(of model: String, _ database: Database) throws -> String {
    let words = model.split(separator: ":", maxSplits: 1).map(String.init)
    guard words.count == 2, let dialect = ModelEndpoint.Dialect(rawValue: words[0]) else {
      throw StemmaError(
        .argumentInvalid, "'\(model)' names no model",
        advice: "write openai:MODEL or anthropic:MODEL")
    }
    let variable = keyEnvironment ?? (baseURL == nil ? dialect.defaultKeyVariable : nil)
    let endpoint = ModelEndpoint(
      dialect: dialect, model: words[1], baseAddress: baseURL,
      key: variable.map { .environment($0) } ?? .none)
    let (body, role) = try object(.request, database)
    switch ModelProvider(ModelClient(endpoint)).reply(
      to: ProviderRequest(role: role, ordinal: 0, body: body))
    {
    case .answered(let bytes): return String(decoding: bytes, as: UTF8.self) + "\n"
    case .timedOut(let reason), .failed(let reason):
      throw StemmaError(.providerAnswer, reason)
    }
  }
}
