// Questions to proposers and critics, and what models may cost: reserved before a model is asked,
// settled with its answer. A reservation whose runner died stays spent, because whoever answered
// may have charged for it.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  /// A question with what came of it.
  struct Asked {
    var request: [UInt8]
    var answer: [UInt8]?
    var status: Text
    var failure: String?
    var refusals: [String] = []
    var milliseconds: Int
    var transcript: ModelTranscript
    var shown: Shown
    /// What was reserved for it.
    var charges: [MirrorNode] = []
    /// Where the answer was handed in, instead of being asked for.
    var submission: MirrorNode?
  }

  func ask(
    _ declaration: ProviderDeclaration, _ request: ProviderRequest, _ shown: Shown,
    in round: MirrorNode
  ) throws -> Asked {
    var request = request
    let charges = try reserve(declaration, request, in: round)
    request.tokenLimit = campaign.tokenLimit(of: declaration)
    request.prompt = shown.prompt?.file.text
    let start = surroundings.now()
    var transcript = ModelTranscript()
    let reply = try provider(declaration).reply(to: request, &transcript)
    // An answer that an interruption cut short is none; the question is asked again later.
    try endIfInterrupted()
    let elapsed = surroundings.now().microsecondsSinceEpoch - start.microsecondsSinceEpoch
    var asked = Asked(
      request: request.body, answer: nil, status: "answered", failure: nil,
      milliseconds: Int(max(0, elapsed / 1_000)), transcript: transcript, shown: shown,
      charges: charges)
    switch reply {
    case .answered(let bytes): asked.answer = bytes
    case .refused(let reasons):
      asked.status = "invalid"
      asked.refusals = reasons
      asked.failure = "refused: " + reasons.joined(separator: "; ")
    case .timedOut(let reason):
      asked.status = "timedOut"
      asked.failure = reason
    case .failed(let reason):
      asked.status = "failed"
      asked.failure = reason
    }
    return asked
  }

  /// Tells whoever watches of a question that came to nothing, and gives up on a provider that
  /// fails every time in this process: its campaign would otherwise be spent on nothing.
  func note(
    _ asked: Asked, _ role: ProviderRole, _ declaration: ProviderDeclaration
  ) throws {
    guard asked.status != "answered" else {
      providerFailures[declaration] = 0
      return
    }
    let reason = asked.failure ?? "no reason is known"
    onEvent(.callFailed(role: role.rawValue, name: declaration.name, reason: reason))
    // A wrong answer may be followed by a right one; no answer ten times over is a broken program.
    guard asked.status != "invalid" else { return }
    providerFailures[declaration, default: 0] += 1
    guard providerFailures[declaration] == Self.providerFailureLimit else { return }
    throw StemmaError(
      .providerAnswer,
      "the \(role.rawValue) '\(declaration.name)' failed \(Self.providerFailureLimit) times in a "
        + "row: \(reason)",
      advice: "Mend it; the same `stemma loop run` then goes on from here.")
  }

  func createCall(
    _ role: ProviderRole, _ declaration: ProviderDeclaration, _ asked: Asked, ordinal: Int,
    about: Text?, in transaction: inout StepTransaction, round: MirrorNode
  ) throws -> NodeReference {
    let transcript = asked.transcript
    let call = transaction.create(
      "Call",
      [
        ("model", transcript.model.map { .text($0) }),
        ("settings", transcript.settings.map { .text($0) }),
        ("promptHash", try promptText(asked).map { .text(try objects.store(Array($0.utf8))) }),
        ("draw", asked.shown.prompt?.draw.map { .text(JSONWriter.write($0)) }),
        ("exchanges", try exchanges(transcript)),
        ("logHash", try transcript.log.map { .text(try objects.store($0)) }),
        ("refusals", asked.refusals.isEmpty ? nil : .list(asked.refusals.map { .text($0) })),
        ("inputTokens", transcript.inputTokens.map { .integer(Int64($0)) }),
        ("outputTokens", transcript.outputTokens.map { .integer(Int64($0)) }),
        ("money", transcript.money.map { .float($0) }),
        ("role", .text(role.rawValue)),
        ("provider", .text(asked.submission == nil ? try provider(declaration).kind : "outside")),
        ("about", about.map { .string($0) }), ("ordinal", .integer(Int64(ordinal))),
        ("status", .string(asked.status)), ("failure", asked.failure.map { .text($0) }),
        ("requestHash", .text(try objects.store(asked.request))),
        ("responseHash", try asked.answer.map { .text(try objects.store($0)) }),
        ("latencyMilliseconds", .integer(Int64(asked.milliseconds))), ("at", recorder.now),
      ])
    transaction.connect(call, "IN", .id(round.id))
    for charge in asked.charges {
      transaction.connect(.id(charge.id), "CHARGES", call)
      transaction.set(charge, "spent", .float(spent(charge, transcript)))
    }
    let speaker = try speaker(of: asked, role, declaration, in: &transaction)
    transaction.connect(call, "BY", speaker)
    connectMeans(of: asked, declaration, to: call, in: &transaction)
    if let brief = asked.shown.brief {
      transaction.connect(call, "USES", try createBrief(brief, in: &transaction, round: round))
    }
    return call
  }

  // MARK: What a question may cost

  /// Reserves what a question to a model may use; nothing for others.
  private func reserve(
    _ declaration: ProviderDeclaration, _ request: ProviderRequest, in round: MirrorNode
  ) throws -> [MirrorNode] {
    guard let most = QuestionReservation(declaration) else { return [] }
    let lost = state.openQuestionCharges
    let earlier = lost.first?.key.string ?? ""
    let receipt = try recorder.record(
      .callReserved, [request.role.rawValue, "\(request.ordinal)", earlier],
      reason: "what the \(request.role.rawValue) may use was reserved"
    ) { transaction in
      for charge in lost { transaction.set(charge, "spent", charge["reserved"]) }
      for (resource, amount) in most.amounts {
        let charge = transaction.create(
          "Charge",
          [("resource", .string(resource)), ("reserved", .float(amount)), ("at", recorder.now)])
        transaction.connect(charge, "IN", .id(round.id))
      }
    }
    warn(of: state.uses(in: round), in: round)
    return receipt.nodes.compactMap { state.mirror[$0] }
  }

  /// What a question came to. Where a server did not say, all that was reserved counts.
  private func spent(_ charge: MirrorNode, _ transcript: ModelTranscript) -> Double {
    let reserved = charge.number("reserved") ?? 0
    let answered = transcript.exchanges.filter {
      $0.status == .answered || ($0.purpose == .relay && $0.httpStatus == nil)
    }
    let isKnown = answered.allSatisfy { $0.inputTokens != nil && $0.outputTokens != nil }
    let tokens = Double((transcript.inputTokens ?? 0) + (transcript.outputTokens ?? 0))
    let known = charge.text("resource") == "money" ? transcript.money ?? 0 : tokens
    return isKnown ? known : max(known, reserved)
  }
}

/// The most that one question to a model may use.
struct QuestionReservation {
  var tokens: Double
  /// Every token at the dearer of the two prices; `nil` without prices.
  var money: Double?

  /// `nil` for whoever costs nothing.
  init?(_ declaration: ProviderDeclaration) {
    if case .agent(let agent) = declaration.kind, let models = agent.models {
      tokens = Double(models.tokens)
      money = models.mostMoney
      return
    }
    guard case .model(let endpoint) = declaration.kind else { return nil }
    tokens = Double(endpoint.questionTokens)
    let prices = [endpoint.inputPrice, endpoint.outputPrice].compactMap { $0 }
    money = prices.max().map { $0 * Double(endpoint.questionTokens) / 1e6 }
  }

  var amounts: [(resource: Text, amount: Double)] {
    var amounts: [(resource: Text, amount: Double)] = [("tokens", tokens)]
    if let money { amounts.append(("money", money)) }
    return amounts
  }
}

extension Campaign {
  /// What one question may use at most, where that is held: the file limits tokens or money, or
  /// says how many tokens a question has.
  func tokenLimit(of declaration: ProviderDeclaration) -> Int? {
    guard case .model(let endpoint) = declaration.kind else { return nil }
    let limits = [budgets.campaign, budgets.round, budgets.day]
    let isLimited = limits.contains { $0.tokens != nil || $0.money != nil }
    return isLimited || endpoint.questionTokenLimit != nil ? endpoint.questionTokens : nil
  }
}
