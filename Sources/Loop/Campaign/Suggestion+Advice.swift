// How a campaign's reader says "did you mean": the nearest name where one is close, else all of
// them.

import Base

extension Suggestion {
  /// Advice for a name that is not known.
  static func advice(for wrong: String, among known: [String]) -> String {
    if let near = nearest(to: wrong, among: known) { return "Did you mean '\(near)'?" }
    let unique = known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return "Known here: \(unique.sorted().joined(separator: ", "))."
  }
}
