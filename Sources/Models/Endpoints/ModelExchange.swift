// One request to a model's service as it is kept: what was sent, what came back, what it cost. The
// key is in neither.

import Base

/// A request with what came of it, in the order in which they were sent.
package struct ModelExchange: Sendable, Hashable {
  package enum Purpose: String, Sendable { case ask, repair, tool, relay }

  package enum Status: String, Sendable { case answered, failed, timedOut }

  package var purpose: Purpose
  package var status: Status
  package var failure: String?
  package var httpStatus: Int?
  package var request: [UInt8]
  package var response: [UInt8]
  package var inputTokens: Int?
  package var outputTokens: Int?
  package var latencyMilliseconds: Int
  /// The pause that was made before it.
  package var pauseMilliseconds: Int
}

/// What a question to a model came to, beside its answer.
package struct ModelTranscript: Sendable, Hashable {
  package var exchanges: [ModelExchange] = []
  package var model: String?
  /// The whole text of the prompt that was used.
  package var prompt: String?
  /// How the model was asked, as canonical JSON without the conversation.
  package var settings: String?
  package var money: Double?
  /// What a coding agent printed.
  package var log: [UInt8]?

  package init() {}

  package var inputTokens: Int? { sum(\.inputTokens) }
  package var outputTokens: Int? { sum(\.outputTokens) }

  private func sum(_ count: KeyPath<ModelExchange, Int?>) -> Int? {
    let known = exchanges.compactMap { $0[keyPath: count] }
    return known.isEmpty ? nil : known.reduce(0, +)
  }
}
