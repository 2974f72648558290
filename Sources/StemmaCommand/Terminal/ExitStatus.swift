// How the program ends, in one table: the help text, docs/errors.md and every command follow it.

import Base

/// An exit status with its meaning.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case defect = 1
  case wrongArguments = 2
  case wrongQuery = 3
  case loop = 4
  case store = 5
  case incomplete = 6
  case busy = 7
  case sandbox = 8

  /// What a script may conclude.
  var meaning: String {
    switch self {
    case .done: "done"
    case .defect: "a defect of Stemma itself: please report it"
    case .wrongArguments: "wrong arguments, or a file that cannot be read or written"
    case .wrongQuery: "wrong query, schema or write; no record has this key"
    case .loop: "the campaign, a review or a provider"
    case .store: "the store: missing, there already, damaged, full, of a newer format"
    case .incomplete: "stopped by a limit or Ctrl-C: the answer is not complete"
    case .busy: "somebody else is at it: try again later"
    case .sandbox: "the sandbox cannot be enforced here"
    }
  }

  /// The status for an error: a few codes have their own, for the others the first word decides.
  init(_ code: ErrorCode) {
    if code == .storeBusy {
      self = .busy
      return
    }
    switch code.rawValue.prefix(while: { $0 != "." }) {
    case "argument", "file": self = .wrongArguments
    case "query", "schema", "write", "key": self = .wrongQuery
    case "campaign", "loop", "review", "provider", "proposal": self = .loop
    case "store": self = .store
    case "limit": self = .incomplete
    case "sandbox": self = .sandbox
    default: self = .defect
    }
  }

  /// The table as lines, indented by `margin`.
  static func table(margin: String) -> String {
    allCases.map { "\(margin)\($0.rawValue)  \($0.meaning)" }.joined(separator: "\n")
  }
}
