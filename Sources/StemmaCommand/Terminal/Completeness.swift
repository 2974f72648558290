// What a command says when a limit cut its answer: always, on standard error, with exit code 6.

import Rendering

enum Completeness {
  static func report(_ complete: Bool, shown: String, advice: String) throws {
    guard !complete else { return }
    Terminal.printError("not complete: shown \(shown); \(advice)")
    Failure.exit(.incomplete)
  }
}
