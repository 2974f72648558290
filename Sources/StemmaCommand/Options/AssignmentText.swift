// Parameters of a campaign on the command line: `--set lr=0.001`.

import Base

enum AssignmentText {
  /// Texts by name; what they mean is for the campaign to say.
  static func parse(_ assignments: [String]) throws -> [String: String] {
    var parameters: [String: String] = [:]
    for assignment in assignments {
      guard let sign = assignment.firstIndex(of: "="), sign != assignment.startIndex else {
        throw StemmaError(
          .argumentInvalid, "\"\(assignment)\" is no assignment", advice: "write --set lr=0.001")
      }
      parameters[String(assignment[..<sign])] = String(assignment[assignment.index(after: sign)...])
    }
    return parameters
  }
}
