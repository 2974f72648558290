// Globs over tree paths: `*` and `?` stay inside one part, `**` spans parts, everything else is
// itself.

/// A compiled glob.
struct Glob {
  private let parts: [[UInt8]]

  init(_ pattern: String) {
    parts = pattern.split(separator: "/").map { Array($0.utf8) }
  }

  func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/").map { Array($0.utf8) }
    // Row by row over the pattern: which prefixes of the path it can have eaten so far.
    var reachable = [Bool](repeating: false, count: names.count + 1)
    reachable[0] = true
    for part in parts {
      var next = [Bool](repeating: false, count: names.count + 1)
      if part == [42, 42] {
        var seen = false
        for index in reachable.indices {
          seen = seen || reachable[index]
          next[index] = seen
        }
      } else {
        for index in names.indices where reachable[index] && Self.matches(part, names[index]) {
          next[index + 1] = true
        }
      }
      reachable = next
    }
    return reachable[names.count]
  }

  /// One part, with `*` and `?`: the usual two-pointer match that remembers the last star.
  static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var left = 0
    var right = 0
    var star: Int?
    var mark = 0
    while right < name.count {
      if left < pattern.count, pattern[left] == 42 {
        star = left
        mark = right
        left += 1
      } else if left < pattern.count, pattern[left] == 63 || pattern[left] == name[right] {
        left += 1
        right += 1
      } else if let back = star {
        left = back + 1
        mark += 1
        right = mark
      } else {
        return false
      }
    }
    while left < pattern.count, pattern[left] == 42 { left += 1 }
    return left == pattern.count
  }
}
