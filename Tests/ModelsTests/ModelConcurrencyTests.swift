// Requests to one address at a time: as many as the campaign allows, whoever asks.

import Base
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Models

/// Counts the requests that are on their way together.
private final class CountingTransport: HTTPTransport {
  let state = Mutex<(now: Int, most: Int, sent: Int)>((0, 0, 0))

  func send(
    _ request: HTTPRequest, isCancelled: @Sendable () -> Bool
  ) -> Result<HTTPResponse, HTTPFault> {
    state.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
      $0.sent += 1
    }
    usleep(20_000)
    state.withLock { $0.now -= 1 }
    return .failure(HTTPFault(kind: .program, message: "counted"))
  }
}

@Suite struct ModelConcurrencyTests {
  private func ask(
    _ transport: CountingTransport, _ address: String, isCancelled: @escaping @Sendable () -> Bool
  ) -> ProviderReply {
    var endpoint = ModelEndpoint(
      dialect: .openai, model: "m", baseAddress: address, key: .environment("PATH"))
    endpoint.concurrency = 2
    let client = ModelClient(
      endpoint, transport: transport, isCancelled: isCancelled, clock: { 0 },
      pause: { _, _ in usleep(1_000) })
    return ModelProvider(client).reply(
      to: ProviderRequest(role: .critic, ordinal: 1, body: Array("{}".utf8)))
  }

  @Test func anAddressHasItsLimit() {
    let transport = CountingTransport()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      _ = ask(transport, "http://one/v1", isCancelled: { false })
    }
    let counted = transport.state.withLock { $0 }
    #expect(counted.sent == 8 && counted.most <= 2, "\(counted)")
  }
}
