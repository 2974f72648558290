// The built-in proposer: seeded search over typed parameters and declared patches. It mixes
// exploration (anywhere in the space) with changes of the best lineage, and predicts an effect for
// each. It has no memory of its own: the history comes with the request, and whether something was
// tried before is the critic's business.

import Base
import Glibc
package import Models

/// Proposes from a seed and a history.
package struct SearchProvider: Provider {
  package let kind = "search"
  private let parameters: [Parameter]
  private let patches: [DeclaredPatch]
  private let sign: Double
  private let metric: String
  private let exploration: Double

  init(campaign: Campaign, exploration: Double) {
    parameters = campaign.editable.parameters
    patches = campaign.editable.patches
    sign = campaign.primary.sign
    metric = campaign.primary.metric
    self.exploration = exploration
    campaignSeed = campaign.seed
  }

  private let campaignSeed: UInt64

  package func reply(to request: ProviderRequest) -> ProviderReply {
    guard !parameters.isEmpty || !patches.isEmpty else {
      return .failed("there is nothing to search: the campaign has no parameters and no patches")
    }
    do {
      let ask = try SearchRequest(request.body)
      // The campaign's own seed, not the sealed one: a campaign file proposes the same everywhere.
      var random = SplitMix64(seed: campaignSeed &* 0x9E37_79B9 &+ UInt64(ask.ordinal))
      _ = random.next()
      return .answered(JSONWriter.bytes(propose(ask, &random)))
    } catch let error as StemmaError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  private func propose(_ ask: SearchRequest, _ random: inout SplitMix64) -> Value {
    let explores = random.unitInterval() < exploration
    var move = Move()
    for _ in 0..<50 where move.isEmpty {
      move = explores ? explore(ask, &random) : improve(ask, &random)
    }
    let effect = predicted(ask, move)
    var answer: [(Text, Value)] = [
      ("version", .integer(1)), ("title", .text(move.title)),
      ("hypothesis", .text(hypothesis(move, explores, ask))), ("base", .string(ask.incumbent)),
      ("parameters", .map(ValueMap(move.parameters.map { (Text($0.name), $0.value.value) }))),
      (
        "prediction",
        .map(
          ValueMap([
            ("effect", .float(sign * effect)), ("probability", .float(probability(ask, explores))),
          ]))
      ),
      ("killCriterion", .text("the screening run does not reach the threshold")),
    ]
    if let patches = move.patches {
      answer.append(("patches", .list(patches.map { .text($0) })))
    }
    if let cost = ask.runSeconds { answer.append(("costSeconds", .float(cost))) }
    return .map(ValueMap(answer))
  }

  // MARK: Moves

  /// A change of the incumbent.
  private struct Move {
    var parameters: [(name: String, value: ParameterValue)] = []
    var patches: [String]?
    /// The largest distance on the unit scale of a changed parameter; 1 for a patch.
    var size = 0.0
    var isEmpty: Bool { parameters.isEmpty && patches == nil }
    var title = ""
  }

  /// Draws one or two coordinates anywhere.
  private func explore(_ ask: SearchRequest, _ random: inout SplitMix64) -> Move {
    var move = Move()
    let count = random.unitInterval() < 0.3 ? 2 : 1
    for _ in 0..<count { changeAnywhere(ask, &move, &random) }
    return named(move)
  }

  private func changeAnywhere(
    _ ask: SearchRequest, _ move: inout Move, _ random: inout SplitMix64
  ) {
    let index = Int(random.next() % UInt64(max(1, parameters.count + patches.count)))
    if index >= parameters.count, !patches.isEmpty {
      togglePatch(patches[index - parameters.count], ask, &move)
      return
    }
    guard index < parameters.count else { return }
    let parameter = parameters[index]
    set(parameter, draw(parameter.domain, &random), ask, &move)
  }

  /// Changes the best lineage: mostly a step on one parameter, sometimes a declared patch.
  private func improve(_ ask: SearchRequest, _ random: inout SplitMix64) -> Move {
    var move = Move()
    let pickPatch = !patches.isEmpty && (parameters.isEmpty || random.unitInterval() < 0.3)
    if pickPatch {
      togglePatch(patches[Int(random.next() % UInt64(patches.count))], ask, &move)
      return named(move)
    }
    guard !parameters.isEmpty else { return move }
    let parameter = parameters[Int(random.next() % UInt64(parameters.count))]
    let present = ask.value(of: parameter)
    guard let position = parameter.domain.unitPosition(of: present) else {
      set(parameter, draw(parameter.domain, &random), ask, &move)
      return named(move)
    }
    // Steps of 10 to 40 % of the range; after an improvement in one direction, on in that
    // direction.
    let length = 0.1 + 0.3 * random.unitInterval()
    let direction = ask.lastGoodDirection(of: parameter) ?? (random.next() & 1 == 0 ? 1 : -1)
    var target = position + direction * length
    if target < 0 || target > 1 { target = position - direction * length }
    if let value = parameter.domain.value(atUnitPosition: target) {
      set(parameter, value, ask, &move)
    }
    return named(move)
  }

  private func draw(_ domain: Parameter.Domain, _ random: inout SplitMix64) -> ParameterValue {
    switch domain {
    case .boolean: .boolean(random.next() & 1 == 0)
    case .choice(let choices): .choice(choices[Int(random.next() % UInt64(choices.count))])
    default: domain.value(atUnitPosition: random.unitInterval()) ?? .boolean(false)
    }
  }

  private func set(
    _ parameter: Parameter, _ value: ParameterValue, _ ask: SearchRequest, _ move: inout Move
  ) {
    let present = ask.value(of: parameter)
    guard value != present, !move.parameters.contains(where: { $0.name == parameter.name }) else {
      return
    }
    move.parameters.append((parameter.name, value))
    move.size = max(move.size, parameter.domain.distance(present, value))
  }

  /// Puts a patch on (taking off its rivals) or takes it off.
  private func togglePatch(_ patch: DeclaredPatch, _ ask: SearchRequest, _ move: inout Move) {
    var names = move.patches ?? ask.patches
    if names.contains(patch.name) {
      names.removeAll { $0 == patch.name }
    } else {
      let rivals = patches.filter { $0.group == patch.group }.map(\.name)
      names.removeAll { rivals.contains($0) }
      names.append(patch.name)
    }
    move.patches = names == ask.patches ? nil : names
    move.size = 1
  }

  private func named(_ move: Move) -> Move {
    var named = move
    var parts = move.parameters.map { "\($0.name) = \($0.value.argument)" }
    if let patches = move.patches {
      parts.append(patches.isEmpty ? "no patch" : "patch " + patches.joined(separator: " + "))
    }
    named.title = parts.joined(separator: ", ")
    return named
  }

  // MARK: Words and predictions

  private func hypothesis(_ move: Move, _ explores: Bool, _ ask: SearchRequest) -> String {
    let declared = (move.patches ?? []).filter { !ask.patches.contains($0) }
      .compactMap { name in patches.first { $0.name == name }?.description }
      .filter { !$0.isEmpty }
    if let why = declared.first { return why }
    return explores
      ? "Somewhere else in the space \(metric) may be better: \(move.title)."
      : "A step from \(ask.incumbent) improves \(metric): \(move.title)."
  }

  /// The gain seen so far per unit of change, else five noise floors for a change across the range.
  private func predicted(_ ask: SearchRequest, _ move: Move) -> Double {
    let scale = ask.bestGain ?? 5 * ask.sigma
    return max(scale * min(1, move.size * 2), 0)
  }

  /// The share of confirmed proposals so far, with one of each kind added before anything is known.
  private func probability(_ ask: SearchRequest, _ explores: Bool) -> Double {
    let rate = Double(ask.confirmed + 1) / Double(ask.tried + 4)
    return Parameter.Domain.rounded(explores ? rate * 0.7 : rate)
  }
}
