// Sends conversations to one endpoint: at most so many at a time, again after what passes
// and keeps an account of every request. It must never put the key into what it returns.

import Base
import Glibc
import Synchronization

/// A client of one model.
package final class ModelClient: Sendable {
  let endpoint: ModelEndpoint
  let wire: any Wire
  private let transport: any HTTPTransport
  private let isCancelled: @Sendable () -> Bool
  private let clock: @Sendable () -> Int
  private let pause: @Sendable (_ milliseconds: Int, _ isCancelled: @Sendable () -> Bool) -> Void

  /// Requests on their way, per address, in this process.
  private static let busy = Mutex<[String: Int]>([:])

  package convenience init(
    _ endpoint: ModelEndpoint, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.init(
      endpoint, transport: CurlTransport(), isCancelled: isCancelled,
      clock: MonotonicTime.milliseconds, pause: ModelClient.sleep)
  }

  init(
    _ endpoint: ModelEndpoint, transport: any HTTPTransport,
    isCancelled: @escaping @Sendable () -> Bool, clock: @escaping @Sendable () -> Int,
    pause: @escaping @Sendable (Int, @Sendable () -> Bool) -> Void
  ) {
    self.endpoint = endpoint
    self.transport = transport
    self.isCancelled = isCancelled
    self.clock = clock
    self.pause = pause
    wire = endpoint.dialect == .openai ? OpenAIWire() : AnthropicWire()
  }

  /// What came of one conversation.
  enum Outcome {
    case speech(ModelSpeech)
    case timedOut(String)
    case failed(String)
  }

  func ask(
    _ conversation: Conversation, purpose: ModelExchange.Purpose, seed: UInt64,
    _ transcript: inout ModelTranscript
  ) -> Outcome {
    let key: Secret?
    do { key = try endpoint.key.read() } catch {
      let error = error as? StemmaError
      return .failed([error?.message, error?.advice].compactMap(\.self).joined(separator: "; "))
    }
    let body = JSONWriter.bytes(wire.request(conversation, endpoint))
    let policy = RetryPolicy(retries: endpoint.retries)
    var paused = 0
    var attempt = 0
    while true {
      let step = send(body, key, purpose, paused, &transcript)
      attempt += 1
      guard case .again(let outcome, let asked) = step else {
        if case .done(let outcome) = step { return outcome }
        return .failed("interrupted")
      }
      guard attempt <= policy.retries, !isCancelled(),
        let wait = policy.pause(before: attempt, seed: seed, asked: asked)
      else { return outcome }
      pause(wait, isCancelled)
      paused = wait
    }
  }

  /// One request of somebody else, as it is and without another try.
  func relay(_ body: [UInt8]) -> ModelExchange {
    var transcript = ModelTranscript()
    do {
      _ = send(body, try endpoint.key.read(), .relay, 0, &transcript)
    } catch {
      return ModelExchange(
        purpose: .relay, status: .failed, failure: (error as? StemmaError)?.message ?? "\(error)",
        httpStatus: 503, request: body, response: [], inputTokens: nil, outputTokens: nil,
        latencyMilliseconds: 0, pauseMilliseconds: 0)
    }
    return transcript.exchanges[0]
  }

  private enum Step {
    case done(Outcome)
    case again(Outcome, asked: Int?)
  }

  private func send(
    _ body: [UInt8], _ key: Secret?, _ purpose: ModelExchange.Purpose, _ paused: Int,
    _ transcript: inout ModelTranscript
  ) -> Step {
    let request = HTTPRequest(
      url: endpoint.baseAddress + wire.path, headers: wire.headers, keyHeader: wire.keyHeader,
      key: key, body: body, timeoutMilliseconds: endpoint.timeoutMilliseconds,
      connectTimeoutMilliseconds: min(10_000, endpoint.timeoutMilliseconds),
      stallMilliseconds: endpoint.stallMilliseconds, limitBytes: endpoint.answerLimitBytes)
    let start: Int
    let result: Result<HTTPResponse, HTTPFault>
    if enter() {
      start = clock()
      result = transport.send(request, isCancelled: isCancelled)
      leave()
    } else {
      start = clock()
      result = .failure(HTTPFault(kind: .cancelled, message: "interrupted"))
    }
    let elapsed = clock() - start
    var exchange = ModelExchange(
      purpose: purpose, status: .answered, failure: nil, httpStatus: nil, request: body,
      response: [], inputTokens: nil, outputTokens: nil, latencyMilliseconds: elapsed,
      pauseMilliseconds: paused)
    let step: Step
    switch result {
    case .failure(let fault):
      exchange.response = key?.hidden(in: fault.partial) ?? fault.partial
      step = outcome(of: fault, key, &exchange)
    case .success(let response):
      exchange.httpStatus = response.status
      exchange.response = key?.hidden(in: response.body) ?? response.body
      step = outcome(of: response, &exchange)
    }
    transcript.exchanges.append(exchange)
    return step
  }

  private func outcome(of fault: HTTPFault, _ key: Secret?, _ exchange: inout ModelExchange) -> Step
  {
    let message = key?.hidden(in: fault.message) ?? fault.message
    exchange.failure = message
    exchange.status = fault.kind == .timeout ? .timedOut : .failed
    let outcome: Outcome = fault.kind == .timeout ? .timedOut(message) : .failed(message)
    return fault.isTransient ? .again(outcome, asked: nil) : .done(outcome)
  }

  private func outcome(of response: HTTPResponse, _ exchange: inout ModelExchange) -> Step {
    guard (200..<300).contains(response.status) else {
      let said = String(decoding: exchange.response.prefix(400), as: UTF8.self)
      let message = "HTTP status \(response.status): \(said)"
      exchange.status = .failed
      exchange.failure = message
      let asked = RetryPolicy.askedMilliseconds(response.headers, now: time(nil))
      // A server that has no more to give says so in the words of a limit; waiting does not help.
      return RetryPolicy.isTransient(response.status)
        ? .again(.failed(message), asked: asked) : .done(.failed(message))
    }
    do {
      // Some servers stream without saying so.
      let isStream =
        response.headers["content-type"]?.hasPrefix("text/event-stream")
        ?? ["data:", "event:"].contains { exchange.response.starts(with: $0.utf8) }
      let speech =
        isStream
        ? try wire.speech(events: EventStream.events(exchange.response))
        : try wire.speech(
          JSONReader.read(exchange.response, limitBytes: endpoint.answerLimitBytes))
      exchange.inputTokens = speech.inputTokens
      exchange.outputTokens = speech.outputTokens
      return .done(.speech(speech))
    } catch {
      let message = (error as? StemmaError)?.message ?? "\(error)"
      exchange.status = .failed
      exchange.failure = message
      // Half an answer and an answer of something in between are both over by the next try.
      return .again(.failed(message), asked: nil)
    }
  }

  // MARK: One at a time, and time

  /// Waits for its turn; false where it was cancelled before that came.
  private func enter() -> Bool {
    while true {
      let isFree = Self.busy.withLock { busy in
        guard busy[endpoint.baseAddress, default: 0] < endpoint.concurrency else { return false }
        busy[endpoint.baseAddress, default: 0] += 1
        return true
      }
      if isFree { return true }
      if isCancelled() { return false }
      pause(20, isCancelled)
    }
  }

  private func leave() { Self.busy.withLock { $0[endpoint.baseAddress, default: 1] -= 1 } }

  private static let sleep: @Sendable (Int, @Sendable () -> Bool) -> Void = { wait, isCancelled in
    var left = wait
    while left > 0, !isCancelled() {
      usleep(UInt32(min(left, 100)) * 1_000)
      left -= 100
    }
  }
}
