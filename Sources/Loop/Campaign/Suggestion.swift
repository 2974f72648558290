// "Did you mean": the nearest of a few known names.

/// Advice for a name that is not known.
enum Suggestion {
  /// The nearest known name where one is close, else all of them.
  static func advice(for wrong: String, among known: [String]) -> String {
    let unique = known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let scored = unique.map { (name: $0, distance: distance(Array(wrong.utf8), Array($0.utf8))) }
    if let best = scored.min(by: { $0.distance < $1.distance }),
      best.distance <= max(1, wrong.utf8.count / 3)
    {
      return "Did you mean '\(best.name)'?"
    }
    return "Known here: \(unique.sorted().joined(separator: ", "))."
  }

  /// Levenshtein distance of two short names.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    guard left.count <= 64, right.count <= 64 else { return .max }
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        let change = previous[column] + (byte == other ? 0 : 1)
        current.append(min(change, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[right.count]
  }
}
