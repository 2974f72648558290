// What a sandboxed program may ask of models: which of them, and how much. The program knows the
// names only; addresses and keys stay with the runner.

/// A grant of models, for one run or one stay of an agent.
public struct ModelGrant: Sendable, Hashable {
  public struct Model: Sendable, Hashable {
    /// What the program writes as `model`.
    public var name: String
    public var endpoint: ModelEndpoint

    public init(name: String, endpoint: ModelEndpoint) {
      self.name = name
      self.endpoint = endpoint
    }
  }

  public var models: [Model]
  /// Of all attempts together.
  public var calls: Int
  public var tokens: Int
  /// `nil` where no money is counted.
  public var money: Double?

  public init(models: [Model], calls: Int = 100, tokens: Int = 100_000, money: Double? = nil) {
    self.models = models
    self.calls = calls
    self.tokens = tokens
    self.money = money
  }

  /// The most money that the grant may come to; `nil` without prices.
  public var mostMoney: Double? {
    let prices = models.flatMap { [$0.endpoint.inputPrice, $0.endpoint.outputPrice] }
    guard let dearest = prices.compactMap({ $0 }).max() else { return nil }
    let most = Double(tokens) * dearest / 1e6
    return money.map { min($0, most) } ?? most
  }
}

/// What was used of a grant, or is reserved.
package struct RelayUse: Sendable, Hashable {
  package var calls = 0
  package var tokens = 0
  package var money = 0.0

  package init(calls: Int = 0, tokens: Int = 0, money: Double = 0) {
    self.calls = calls
    self.tokens = tokens
    self.money = money
  }

  package static func + (left: RelayUse, right: RelayUse) -> RelayUse {
    RelayUse(
      calls: left.calls + right.calls, tokens: left.tokens + right.tokens,
      money: left.money + right.money)
  }

  static func - (left: RelayUse, right: RelayUse) -> RelayUse {
    RelayUse(
      calls: left.calls - right.calls, tokens: left.tokens - right.tokens,
      money: left.money - right.money)
  }
}
