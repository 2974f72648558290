// What became of a scenario. A wrong answer is worse than an error, so they are counted apart.

/// The verdict on one scenario.
enum Outcome: Sendable, Hashable {
  case pass
  /// The engine gave an answer, and it is not the expected one.
  case wrong(String)
  /// The engine raised an error that was not expected, or another one than expected.
  case error(String)
  /// The runner could not run the scenario.
  case skip(String)

  var name: String {
    switch self {
    case .pass: "pass"
    case .wrong: "wrong"
    case .error: "error"
    case .skip: "skip"
    }
  }

  var reason: String? {
    switch self {
    case .pass: nil
    case .wrong(let reason), .error(let reason), .skip(let reason): reason
    }
  }
}

/// A scenario's verdict with its name.
struct ScenarioReport: Sendable {
  var file: String
  var feature: String
  var scenario: String
  var example: Int?
  var outcome: Outcome
}
