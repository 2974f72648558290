// "Did you mean": the nearest of a few known names. The only place that decides what is near; how
// it is said, and what is said otherwise, is up to who found the wrong name.

/// Finds the name that was probably meant.
package enum Suggestion {
  /// Names longer than this are not compared: a person would see the difference.
  private static let longest = 64

  /// Shorter beginnings of a name say too little about the rest.
  private static let shortestBeginning = 3

  /// The candidate that differs least from the name, letters' case aside; where none is near, the
  /// shortest that the name begins; `nil` where there is none either. Ties go to the first. Cost:
  /// candidates times the square of the name's length.
  package static func nearest(
    to name: String, among candidates: some Sequence<String>
  ) -> String? {
    let wanted = name.utf8.map(lowerCase)
    guard !wanted.isEmpty, wanted.count <= longest else { return nil }
    var best: (candidate: String, distance: Int)?
    var begun: (candidate: String, length: Int)?
    for candidate in candidates {
      let other = candidate.utf8.map(lowerCase)
      guard other.count <= longest else { continue }
      if wanted.count >= shortestBeginning, other.starts(with: wanted),
        other.count < begun?.length ?? Int.max
      {
        begun = (candidate, other.count)
      }
      let allowed = max(1, wanted.count / 3)
      guard abs(other.count - wanted.count) <= allowed else { continue }
      let distance = editDistance(wanted, other)
      if distance <= allowed, distance < wanted.count, distance < best?.distance ?? Int.max {
        best = (candidate, distance)
      }
    }
    return best?.candidate ?? begun?.candidate
  }

  /// The same for names in `Text`.
  package static func nearest(to name: Text, among candidates: some Sequence<Text>) -> Text? {
    nearest(to: name.string, among: candidates.lazy.map(\.string)).map { Text($0) }
  }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    byte >= 65 && byte <= 90 ? byte + 32 : byte
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var current = last
    for row in 0..<left.count {
      current[0] = row + 1
      for column in 0..<right.count {
        let same = left[row] == right[column]
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (same ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current[column + 1] = cost
      }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return last[right.count]
  }
}
