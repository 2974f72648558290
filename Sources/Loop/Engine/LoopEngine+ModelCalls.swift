// Calls of models that runs made through their sockets: every one becomes a `Call`, and what they
// cost together is what the run is charged. A journal beside the store has them until then, so that
// a runner that is killed forgets none.

import Base
import Graph
import Models

extension LoopEngine {
  /// Records what the attempts of a run asked models. Done twice it does nothing.
  func recordCalls(of run: MirrorNode) throws {
    guard campaign.run.models != nil, let round = state.mirror.target(of: run.id, "IN") else {
      return
    }
    for attempt in state.attempts(of: run) {
      let number = attempt.integer("number") ?? 0
      let order = RunOrders.name(of: run, attempt: number)
      let calls = try executor.calls(of: order)
      guard !calls.isEmpty else { continue }
      let kept = try calls.map { call in
        (
          call: call, request: try objects.store(Array(call.request.utf8)),
          response: try call.response.map { try objects.store(Array($0.utf8)) }
        )
      }
      try recorder.record(
        .callsRecorded, [run.key.string, "\(number)"],
        reason: "\(run.key) asked models \(calls.count) times"
      ) { transaction in
        let first = state.mirror.tally.calls["run"] ?? 0
        for (place, entry) in kept.enumerated() {
          var properties = Self.properties(of: entry.call)
          properties += [
            ("about", .string(run.key)), ("ordinal", .integer(Int64(first + place))),
            ("requestHash", .text(entry.request)),
            ("responseHash", entry.response.map { .text($0) }),
          ]
          let call = transaction.create("Call", properties)
          transaction.connect(call, "IN", .id(round.id))
          transaction.connect(call, "BY", try actor("loop", kind: "program", in: &transaction))
        }
        charge(run, for: calls.reduce(RelayUse()) { $0 + $1.use }, in: &transaction)
      }
      recorder.afterwards { [executor] in executor.forgetCalls(of: order) }
    }
  }

  private static func properties(of call: RelayedCall) -> [(Text, Value?)] {
    [
      ("role", .text("run")), ("provider", .text(call.provider)), ("model", .text(call.model)),
      ("status", .text(call.status.rawValue)), ("failure", call.failure.map { .text($0) }),
      ("inputTokens", call.inputTokens.map { .integer(Int64($0)) }),
      ("outputTokens", call.outputTokens.map { .integer(Int64($0)) }),
      ("chargedTokens", .integer(Int64(call.use.tokens))),
      ("money", call.use.money > 0 ? .float(call.use.money) : nil),
      ("latencyMilliseconds", .integer(Int64(call.latencyMilliseconds))),
      ("at", .dateTime(ZonedDateTime(call.at))),
    ]
  }

  /// Charges that were settled already, when the campaign was stopped, grow by what came after.
  private func charge(
    _ run: MirrorNode, for use: RelayUse, in transaction: inout StepTransaction
  ) {
    let amounts = ["tokens": Double(use.tokens), "money": use.money]
    for charge in state.mirror.sources(of: run.id, "CHARGES", label: "Charge") {
      guard let spent = charge.number("spent"), let amount = amounts[charge.string("resource")]
      else { continue }
      transaction.set(charge, "spent", .float(spent + amount))
    }
  }

  /// What a charge of a run for models came to; `nil` for other resources.
  func askedModels(_ charge: MirrorNode, of run: MirrorNode) -> Value? {
    let use = state.mirror.tally.relayed[run.key] ?? RelayUse()
    switch charge.string("resource") {
    case "tokens": return .float(Double(use.tokens))
    case "money": return .float(use.money)
    default: return nil
    }
  }
}
