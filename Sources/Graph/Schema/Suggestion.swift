// "Did you mean ...?": the nearest of the names that would have been right.

import Base

/// Finds what somebody who misspelt a name probably meant.
enum Suggestion {
  /// The candidate with the fewest edits, where these are few for its length; `nil` otherwise.
  static func nearest(to name: Text, among candidates: some Sequence<Text>) -> Text? {
    let wanted = folded(name)
    guard wanted.count <= 64 else { return nil }
    var best: (distance: Int, name: Text)?
    for candidate in candidates {
      let distance = edits(wanted, folded(candidate))
      guard distance <= max(1, wanted.count / 3) else { continue }
      if best == nil || (distance, candidate) < (best!.distance, best!.name) {
        best = (distance, candidate)
      }
    }
    return best?.name
  }

  /// Letters in lower case, so that only spelling counts.
  private static func folded(_ name: Text) -> [UInt8] {
    name.string.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// Damerau and Levenshtein's distance (adjacent transpositions count once).
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    guard abs(left.count - right.count) <= 22 else { return Int.max }
    var before = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = previous
    for row in 1...left.count {
      current[0] = row
      for column in 1...right.count {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, before[column - 2] + 1)
        }
        current[column] = best
      }
      (before, previous, current) = (previous, current, before)
    }
    return previous[right.count]
  }
}
