// Limits of budgets by the names of charges, and how much of one is used.

import Base

/// How much of one limit is used.
public struct BudgetUse: Sendable, Hashable {
  /// `campaign`, `round` or `day`.
  public var scope: String
  /// `runs`, `wallSeconds`, `cpuSeconds`, `tokens`, `money`.
  public var resource: String
  /// Spent, or reserved and not yet settled.
  public var used: Double
  public var limit: Double

  /// Shares of a limit that are told when they are passed.
  static let warnings = [0.5, 0.8]

  /// The largest such share that is passed.
  var warning: Double? { Self.warnings.last { used >= $0 * limit } }
}

extension CampaignBudgets {
  /// The day that charges belong to now. Asked for only where a budget depends on it.
  func today(_ surroundings: Surroundings) -> Int64? {
    day.isEmpty ? nil : surroundings.now().microsecondsSinceEpoch / 86_400_000_000
  }
}

extension CampaignBudgets.Limits {
  var wallSeconds: Double? { wallMilliseconds.map { Double($0) / 1_000 } }
  var cpuSeconds: Double? { cpuMilliseconds.map { Double($0) / 1_000 } }

  /// What can be limited, by the names of charges.
  static let resources: [Text] = ["runs", "wallSeconds", "cpuSeconds", "tokens", "money"]

  func limit(of resource: Text) -> Double? {
    switch resource {
    case "runs": runs.map(Double.init)
    case "wallSeconds": wallSeconds
    case "cpuSeconds": cpuSeconds
    case "tokens": tokens.map(Double.init)
    case "money": money
    default: nil
    }
  }
}
