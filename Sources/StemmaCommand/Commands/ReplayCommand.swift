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
  var part: RecordedCall.Part = .request

  @Option(help: "openai:MODEL or anthropic:MODEL: ask it now.")
  var ask: String?

  @Option(help: "Where that model is, if not at its usual address.")
  var baseURL: String?

  @Option(help: "The variable of the environment that holds its key.")
  var keyEnvironment: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let database = try store.openForReading()
    if let ask { return try Terminal.print(try answer(of: ask, database)) }
    let bytes = try RecordedCall(key, in: database).object(part)
    try Terminal.print(String(decoding: bytes, as: UTF8.self))
    if bytes.last != UInt8(ascii: "\n") { try Terminal.print("\n") }
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
    let call = try RecordedCall(key, in: database)
    var request = ProviderRequest(role: call.role, ordinal: 0, body: try call.object(.request))
    request.prompt = try call.text(.prompt)
    switch ModelProvider(ModelClient(endpoint)).reply(to: request) {
    case .answered(let bytes): return String(decoding: bytes, as: UTF8.self) + "\n"
    case .timedOut(let reason), .failed(let reason):
      throw StemmaError(.providerAnswer, reason)
    case .refused(let reasons):
      throw StemmaError(.providerAnswer, reasons.joined(separator: "; "))
    }
  }
}
