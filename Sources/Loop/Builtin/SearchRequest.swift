// What the built-in search reads from a proposer's request.

import Base
import Models

struct SearchRequest {
  var ordinal: Int
  var incumbent: Text
  var parameters: ValueMap
  var patches: [String]
  var sigma: Double
  /// The largest gain measured so far, screens included.
  var bestGain: Double?
  var tried = 0
  var confirmed = 0
  var runSeconds: Double?
  private var goodSteps: [(parameters: ValueMap, base: Text?)] = []
  private var byKey: [Text: ValueMap] = [:]

  init(_ body: [UInt8]) throws {
    let value = try JSONReader.read(body, limitBytes: 64 << 20)
    guard case .map(let map) = value, case .map(let best)? = map["incumbent"],
      case .string(let key)? = best["key"], case .integer(let ordinal)? = map["ordinal"]
    else { throw StemmaError(.providerAnswer, "the request is not one to a proposer") }
    self.ordinal = Int(ordinal)
    incumbent = key
    parameters = Self.map(best["parameters"])
    patches = Self.texts(best["patches"])
    sigma = 0
    if case .map(let noise)? = map["noise"] { sigma = Self.number(noise["sigma"]) ?? 0 }
    let counts = Self.map(map["counts"])
    tried = Int(Self.number(counts["tried"]) ?? 0)
    confirmed = Int(Self.number(counts["confirmed"]) ?? 0)
    guard case .list(let history)? = map["history"] else { return }
    for case .map(let entry) in history { read(entry) }
  }

  private mutating func read(_ entry: ValueMap) {
    guard case .string(let key)? = entry["key"], case .string(let status)? = entry["status"] else {
      return
    }
    byKey[key] = Self.map(entry["parameters"])
    guard entry["kind"] != .string("baseline") else { return }
    if let gain = Self.number(entry["effect"]), gain > 0 { bestGain = max(bestGain ?? 0, gain) }
    guard status == "confirmed" else { return }
    var base: Text?
    if case .string(let text)? = entry["base"] { base = text }
    goodSteps.append((Self.map(entry["parameters"]), base))
  }

  /// The incumbent's value, the default where it has none.
  func value(of parameter: Parameter) -> ParameterValue {
    parameters[Text(parameter.name)].flatMap { parameter.domain.value(of: $0) }
      ?? parameter.initial
  }

  /// +1 or −1 where the last confirmed change of the parameter was a step up or down.
  func lastGoodDirection(of parameter: Parameter) -> Double? {
    for step in goodSteps.reversed() {
      guard let base = step.base, let old = byKey[base]?[Text(parameter.name)],
        let new = step.parameters[Text(parameter.name)],
        let from = parameter.domain.value(of: old), let to = parameter.domain.value(of: new),
        let first = parameter.domain.unitPosition(of: from),
        let second = parameter.domain.unitPosition(of: to), first != second
      else { continue }
      return second > first ? 1 : -1
    }
    return nil
  }

  static func number(_ value: Value?) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    // JSON has no other.
    case .float(let number) where number.isFinite: number
    default: nil
    }
  }

  static func map(_ value: Value?) -> ValueMap {
    if case .map(let map)? = value { return map }
    return ValueMap()
  }

  static func texts(_ value: Value?) -> [String] {
    guard case .list(let elements)? = value else { return [] }
    return elements.compactMap {
      if case .string(let text) = $0 { text.string } else { nil }
    }
  }
}
