// One call that a sandboxed program made through its socket, as it is kept. The key is in none of
// it.

package import Base

package struct RelayedCall: Sendable, Hashable {
  /// In the order in which they came, from 1; several may be under way at once.
  package var number: Int
  /// As the program named it; empty where it named none.
  package var model: String
  /// `openai`, `anthropic`; `unknown` where no model was named that is granted.
  package var provider: String
  package var status: Status
  package var failure: String?
  package var httpStatus: Int?
  /// What was sent to the model, or what was refused.
  package var request: String
  package var response: String?
  package var inputTokens: Int?
  package var outputTokens: Int?
  /// What it costs: what the server said or, where it did not, all that was reserved.
  package var use: RelayUse
  package var latencyMilliseconds: Int
  package var at: Timestamp

  /// In the words of the schema.
  package enum Status: String, Sendable { case answered, invalid, failed, timedOut }
}

extension RelayedCall {
  /// As one of the requests of a question.
  package var exchange: ModelExchange {
    ModelExchange(
      purpose: .relay, status: ModelExchange.Status(rawValue: status.rawValue) ?? .failed,
      failure: failure, httpStatus: status == .invalid ? 400 : httpStatus,
      request: Array(request.utf8),
      response: Array((response ?? "").utf8), inputTokens: inputTokens,
      outputTokens: outputTokens, latencyMilliseconds: latencyMilliseconds, pauseMilliseconds: 0)
  }
}

// MARK: As lines of a journal

extension RelayedCall {
  var line: Value {
    var members: [(Text, Value)] = [
      ("number", .integer(Int64(number))), ("model", .text(model)),
      ("provider", .text(provider)),
      ("status", .text(status.rawValue)), ("request", .text(request)),
      ("calls", .integer(Int64(use.calls))), ("tokens", .integer(Int64(use.tokens))),
      ("money", .float(use.money)), ("latency", .integer(Int64(latencyMilliseconds))),
      ("at", .integer(at.microsecondsSinceEpoch)),
    ]
    let optional: [(Text, Value?)] = [
      ("failure", failure.map { .text($0) }), ("response", response.map { .text($0) }),
      ("httpStatus", httpStatus.map { .integer(Int64($0)) }),
      ("inputTokens", inputTokens.map { .integer(Int64($0)) }),
      ("outputTokens", outputTokens.map { .integer(Int64($0)) }),
    ]
    for (name, value) in optional {
      if let value { members.append((name, value)) }
    }
    return .map(ValueMap(members))
  }

  /// `nil` for what is no whole line of ours.
  init?(_ line: Value) {
    guard let number = line["number"]?.int, let model = line["model"]?.string,
      let provider = line["provider"]?.string,
      let status = line["status"]?.string.flatMap(Status.init),
      let request = line["request"]?.string,
      let calls = line["calls"]?.int, let tokens = line["tokens"]?.int,
      let money = Self.number(line["money"]), let at = line["at"]?.int
    else { return nil }
    self.init(
      number: number, model: model, provider: provider, status: status,
      failure: line["failure"]?.string, httpStatus: line["httpStatus"]?.int, request: request,
      response: line["response"]?.string,
      inputTokens: line["inputTokens"]?.int, outputTokens: line["outputTokens"]?.int,
      use: RelayUse(calls: calls, tokens: tokens, money: money),
      latencyMilliseconds: line["latency"]?.int ?? 0,
      at: Timestamp(microsecondsSinceEpoch: Int64(at)))
  }

  private static func number(_ value: Value?) -> Double? {
    switch value {
    case .float(let number)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }
}
