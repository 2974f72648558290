// Carries the calls of one sandboxed program to the models that it was granted: reserves what each
// may cost, writes it down before it leaves, settles it with the answer. It must never hand the
// program a key, nor send on what cannot be paid for.

import Base
import Synchronization

/// What goes back to the program.
struct RelayAnswer: Sendable {
  var status: Int
  var body: [UInt8]
  /// The body is a stream of events.
  var isStream = false
  /// Nothing was sent on.
  var isRefusal = false
}

/// The accounts of one run's calls.
final class Relay: Sendable {
  /// Refused requests that are written down; of more only the number.
  static let recordedRefusals = 20
  private static let refusedRequestBytes = 4 << 10

  private struct State {
    var use: RelayUse
    var number = 0
    var refusals = 0
    var isClosed = false
  }

  private let grant: ModelGrant
  private let clients: [String: ModelClient]
  private let journal: RelayJournal
  private let now: @Sendable () -> Timestamp
  private let state: Mutex<State>

  init(
    _ grant: ModelGrant, used: RelayUse, journal: RelayJournal,
    now: @escaping @Sendable () -> Timestamp, client: (ModelEndpoint) -> ModelClient
  ) {
    self.grant = grant
    self.journal = journal
    self.now = now
    clients = Dictionary(
      grant.models.map { ($0.name, client($0.endpoint)) }, uniquingKeysWith: { first, _ in first })
    state = Mutex(State(use: used))
  }

  func answer(_ request: SocketRequest) -> RelayAnswer {
    do {
      switch (request.method, Self.path(request.path)) {
      case ("GET", "/models"): return models
      case ("POST", "/chat/completions"): return try send(request.body, .openai)
      case ("POST", "/messages"): return try send(request.body, .anthropic)
      default:
        throw RelayRefusal(
          404, "there are GET /v1/models, POST /v1/chat/completions and POST /v1/messages here")
      }
    } catch let refusal as RelayRefusal {
      return refuse(refusal, request.body)
    } catch {
      return refuse(RelayRefusal(500, "\(error)"), request.body)
    }
  }

  private static func path(_ path: String) -> Substring {
    path.hasPrefix("/v1/") ? path.dropFirst(3) : path[...]
  }

  private var models: RelayAnswer {
    let list = grant.models.map { model in
      Value.map(ValueMap([("id", .text(model.name)), ("object", .text("model"))]))
    }
    let body: Value = .map(ValueMap([("object", .text("list")), ("data", .list(list))]))
    return RelayAnswer(status: 200, body: JSONWriter.bytes(body), isRefusal: true)
  }

  // MARK: Sending on

  private func send(_ body: [UInt8], _ dialect: ModelEndpoint.Dialect) throws -> RelayAnswer {
    let request = try RelayRules(grant: grant).request(body, dialect)
    let number = try reserve(request)
    var call = RelayedCall(
      number: number, model: request.model.name, provider: dialect.rawValue, status: .failed,
      failure: "the runner ended before an answer came",
      request: String(decoding: request.body, as: UTF8.self), use: request.most,
      latencyMilliseconds: 0, at: now())
    guard journal.append(call), let client = clients[request.model.name] else {
      settle(request.most, RelayUse())
      throw RelayRefusal(503, "the call cannot be written down")
    }
    let exchange = client.relay(request.body)
    call.take(exchange, request)
    settle(request.most, call.use)
    _ = journal.append(call)
    return Self.answer(exchange)
  }

  private func reserve(_ request: RelayRequest) throws -> Int {
    try state.withLock { state in
      guard !state.isClosed else { throw RelayRefusal(503, "the run is over") }
      let after = state.use + request.most
      let money = grant.money ?? .infinity
      let name = request.model.name
      guard after.calls <= grant.calls else {
        throw RelayRefusal(429, "all \(grant.calls) calls of this run are used", name)
      }
      guard after.tokens <= grant.tokens else {
        throw RelayRefusal(
          429,
          "this call may use \(request.most.tokens) tokens, and \(state.use.tokens) of "
            + "\(grant.tokens) are used or reserved", name)
      }
      guard after.money <= money else {
        throw RelayRefusal(
          429,
          "this call may cost \(request.most.money), and \(state.use.money) of \(money) are "
            + "used or reserved", name)
      }
      state.use = after
      state.number += 1
      return state.number
    }
  }

  private func settle(_ reserved: RelayUse, _ used: RelayUse) {
    state.withLock { $0.use = $0.use - reserved + used }
  }

  /// How JSON and pages of gateways begin; events do otherwise.
  private static let plain = Array("{[<".utf8)

  private static func answer(_ exchange: ModelExchange) -> RelayAnswer {
    guard let status = exchange.httpStatus else {
      let isLate = exchange.status == .timedOut
      return RelayAnswer(
        status: isLate ? 504 : 502, body: error(exchange.failure ?? "the model did not answer"))
    }
    guard let first = exchange.response.first else {
      return RelayAnswer(status: status, body: error(exchange.failure ?? "an empty answer"))
    }
    return RelayAnswer(
      status: status, body: exchange.response, isStream: !Self.plain.contains(first))
  }

  // MARK: Refusing

  /// Answers a refusal, and writes the first ones down.
  func refuse(_ refusal: RelayRefusal, _ body: [UInt8]) -> RelayAnswer {
    let number: Int? = state.withLock { state in
      state.refusals += 1
      guard state.refusals <= Self.recordedRefusals, !state.isClosed else { return nil }
      state.number += 1
      return state.number
    }
    if let number {
      let call = RelayedCall(
        number: number, model: String(refusal.model.prefix(200)), provider: "unknown",
        status: .invalid, failure: refusal.message,
        request: String(decoding: body.prefix(Self.refusedRequestBytes), as: UTF8.self),
        use: RelayUse(), latencyMilliseconds: 0, at: now())
      _ = journal.append(call)
    }
    return RelayAnswer(status: refusal.status, body: Self.error(refusal.message), isRefusal: true)
  }

  /// Both dialects say it so.
  private static func error(_ message: String) -> [UInt8] {
    let inner: [(Text, Value)] = [("type", .text("stemma_refused")), ("message", .text(message))]
    let whole: [(Text, Value)] = [("type", .text("error")), ("error", .map(ValueMap(inner)))]
    return JSONWriter.bytes(.map(ValueMap(whole)))
  }

  /// Nothing is taken any more; says how many refusals were not written down.
  func close() {
    let (more, number) = state.withLock { state in
      state.isClosed = true
      state.number += 1
      return (state.refusals - Self.recordedRefusals, state.number)
    }
    guard more > 0 else { return }
    _ = journal.append(
      RelayedCall(
        number: number, model: "", provider: "unknown", status: .invalid,
        failure: "\(more) more requests were refused",
        request: "", use: RelayUse(), latencyMilliseconds: 0, at: now()))
  }
}

extension RelayRefusal {
  init(_ status: Int, _ message: String, _ model: String) {
    self.init(status, message)
    self.model = model
  }
}

extension RelayedCall {
  init(
    number: Int, model: String, provider: String, status: Status, failure: String,
    request: String, use: RelayUse, latencyMilliseconds: Int, at: Timestamp
  ) {
    self.init(
      number: number, model: model, provider: provider, status: status, failure: failure,
      httpStatus: nil, request: request, response: nil, inputTokens: nil, outputTokens: nil,
      use: use, latencyMilliseconds: latencyMilliseconds, at: at)
  }

  /// What came of it. A service that refused charges nothing; one that did not say how much it was
  /// may have charged everything.
  fileprivate mutating func take(_ exchange: ModelExchange, _ request: RelayRequest) {
    status = Status(rawValue: exchange.status.rawValue) ?? .failed
    failure = exchange.failure
    httpStatus = exchange.httpStatus
    response = String(decoding: exchange.response, as: UTF8.self)
    inputTokens = exchange.inputTokens
    outputTokens = exchange.outputTokens
    latencyMilliseconds = exchange.latencyMilliseconds
    if let input = inputTokens, let output = outputTokens {
      let money = request.model.endpoint.money(input: input, output: output) ?? 0
      use = RelayUse(calls: 1, tokens: max(0, input) + max(0, output), money: max(0, money))
    } else if httpStatus.map({ $0 >= 400 }) == true {
      use = RelayUse(calls: 1)
    }
  }
}
