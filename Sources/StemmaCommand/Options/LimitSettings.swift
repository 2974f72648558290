// The limits of queries by their names: read from the environment, set in the shell, shown. Flags
// of a command win over the environment.

import Base
import Stemma

/// Names, units and texts of limits.
enum LimitSettings {
  private struct Setting {
    var name: String
    var variable: String
    var unit: String
    var path: WritableKeyPath<QueryLimits, Int?>
    /// What one of the unit is in the limit's own.
    var factor = 1
  }

  private static var all: [Setting] {
    [
      Setting(name: "rows", variable: "STEMMA_MAX_ROWS", unit: "rows", path: \.rows),
      Setting(
        name: "timeout", variable: "STEMMA_TIMEOUT", unit: "ms", path: \.timeMilliseconds),
      Setting(
        name: "memory", variable: "STEMMA_MAX_MEMORY", unit: "MiB", path: \.memoryBytes,
        factor: 1 << 20),
      Setting(
        name: "disk", variable: "STEMMA_MAX_DISK", unit: "MiB", path: \.diskBytes,
        factor: 1 << 20),
      Setting(
        name: "expansions", variable: "STEMMA_MAX_EXPANSIONS", unit: "path expansions",
        path: \.pathExpansions),
    ]
  }

  /// What `STEMMA_MAX_ROWS` and the others say. Throws `argument.invalid` for what is no number.
  static func fromEnvironment() throws -> QueryLimits {
    var limits = QueryLimits()
    for setting in all {
      guard let text = Terminal.environment(setting.variable), !text.isEmpty else { continue }
      limits[keyPath: setting.path] =
        text == "off" ? nil : try number(text, setting.variable, setting)
    }
    return limits
  }

  /// `rows 100`, `timeout off`.
  static func set(_ text: String, in limits: inout QueryLimits) throws {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 2, let setting = all.first(where: { $0.name == parts[0] }) else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" sets no limit",
        advice: ":set rows 1000, :set timeout 5000, :set memory 256, :set expansions off")
    }
    limits[keyPath: setting.path] =
      parts[1] == "off" ? nil : try number(parts[1], ":set \(setting.name)", setting)
  }

  /// One line for each limit.
  static func text(_ limits: QueryLimits) -> String {
    all.map { setting in
      let value = limits[keyPath: setting.path].map { "\($0 / setting.factor) \(setting.unit)" }
      return "\(setting.name) \(value ?? "off")\n"
    }.joined()
  }

  private static func number(
    _ text: String, _ place: String, _ setting: Setting
  ) throws -> Int {
    guard let number = Int(text), number >= 0, number <= Int.max / setting.factor else {
      throw StemmaError(
        .argumentInvalid, "\(place) takes a number of \(setting.unit), not \"\(text)\"",
        advice: "0 or more, or off for no limit")
    }
    return number * setting.factor
  }
}
