// What a proposer or critic is shown of the history, and what is kept of a model's work: the brief
// as a record with its transaction, each request and answer as an object.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  /// The brief that a question to this provider carries; `nil` where it carries none.
  func brief(
    for declaration: ProviderDeclaration, _ subject: BriefRequest.Subject
  ) throws -> Brief? {
    guard let tokens = declaration.briefTokens else { return nil }
    return try recall.brief(BriefRequest(subject, budgetTokens: tokens))
  }

  /// The node of a brief whose bytes lie as an object.
  func createBrief(
    _ brief: Brief, in transaction: inout StepTransaction, round: MirrorNode
  ) throws -> NodeReference {
    let hash = try objects.store(Array(brief.text.utf8))
    let node = transaction.create(
      "Brief", brief.properties(contentHash: hash, at: recorder.now).map { ($0.0, $0.1) })
    transaction.connect(node, "IN", .id(round.id))
    for (index, key) in brief.citations.enumerated() {
      transaction.connect(node, "CITES", .key(key), [("item", .integer(Int64(index)))])
    }
    return node
  }

  /// The account of every request to a model as an object: canonical JSON, requests and responses
  /// by their hashes. Where nobody was asked over a network there is none.
  func exchanges(_ transcript: ModelTranscript) throws -> Value? {
    guard !transcript.exchanges.isEmpty else { return nil }
    let entries = try transcript.exchanges.map { exchange in
      var members: [(Text, Value)] = [
        ("purpose", .text(exchange.purpose.rawValue)), ("status", .text(exchange.status.rawValue)),
        ("request", .text(try objects.store(exchange.request))),
        ("response", .text(try objects.store(exchange.response))),
        ("latencyMilliseconds", .integer(Int64(exchange.latencyMilliseconds))),
        ("pauseMilliseconds", .integer(Int64(exchange.pauseMilliseconds))),
      ]
      if let failure = exchange.failure { members.append(("failure", .text(failure))) }
      if let status = exchange.httpStatus {
        members.append(("httpStatus", .integer(Int64(status))))
      }
      if let tokens = exchange.inputTokens {
        members.append(("inputTokens", .integer(Int64(tokens))))
      }
      if let tokens = exchange.outputTokens {
        members.append(("outputTokens", .integer(Int64(tokens))))
      }
      return Value.map(ValueMap(members))
    }
    return .text(try objects.store(JSONWriter.bytes(.list(entries))))
  }
}
