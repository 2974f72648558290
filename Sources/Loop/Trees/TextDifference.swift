// Writes the difference of two texts as a unified diff, by Myers' algorithm (Algorithmica 1, 1986)
// with a bound on its work; beyond it the whole text counts as replaced.

/// Makes unified diffs.
enum TextDifference {
  /// Edits beyond which the search stops.
  static let editLimit = 2_000
  static let contextLines = 3

  private enum Edit { case keep(Int, Int), remove(Int), insert(Int) }

  /// The unified diff of one file, empty where nothing differs; `nil` sides are a missing file.
  static func unified(old: [UInt8]?, new: [UInt8]?, path: String) -> String {
    let names = (
      old == nil ? "/dev/null" : "a/" + path, new == nil ? "/dev/null" : "b/" + path
    )
    return unified(old: old, new: new, names: names)
  }

  /// The same of two texts that are called otherwise.
  static func unified(old: [UInt8]?, new: [UInt8]?, names: (String, String)) -> String {
    guard old != new else { return "" }
    let heading = "--- \(names.0)\n+++ \(names.1)\n"
    guard isText(old ?? []), isText(new ?? []) else { return heading + "(binary files differ)\n" }
    let left = UnifiedDiff.lines(of: old ?? [])
    let right = UnifiedDiff.lines(of: new ?? [])
    return heading + hunks(edits(left, right), left, right)
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    !bytes.prefix(8_000).contains(0) && String(validating: bytes, as: UTF8.self) != nil
  }

  private static func edits(_ left: [[UInt8]], _ right: [[UInt8]]) -> [Edit] {
    guard let trace = trace(left, right) else {
      return left.indices.map { .remove($0) } + right.indices.map { .insert($0) }
    }
    var x = left.count
    var y = right.count
    var edits: [Edit] = []
    for (distance, furthest) in trace.enumerated().reversed() {
      let k = x - y
      let offset = distance + 1
      let isDown =
        k == -distance || (k != distance && furthest[offset + k - 1] < furthest[offset + k + 1])
      let previous = isDown ? k + 1 : k - 1
      let fromX = distance == 0 ? 0 : furthest[offset + previous]
      let fromY = distance == 0 ? 0 : fromX - previous
      while x > fromX, y > fromY, x > 0, y > 0, x - 1 >= 0, left[x - 1] == right[y - 1] {
        edits.append(.keep(x - 1, y - 1))
        x -= 1
        y -= 1
      }
      if distance == 0 { break }
      if isDown {
        edits.append(.insert(y - 1))
        y -= 1
      } else {
        edits.append(.remove(x - 1))
        x -= 1
      }
    }
    return edits.reversed()
  }

  /// For each number of edits, the furthest x on each diagonal before it; `nil` beyond the limit.
  private static func trace(_ left: [[UInt8]], _ right: [[UInt8]]) -> [[Int]]? {
    var trace: [[Int]] = []
    var furthest: [Int: Int] = [1: 0]
    for distance in 0...min(editLimit, left.count + right.count) {
      trace.append((-distance - 1...distance + 1).map { furthest[$0] ?? 0 })
      for k in stride(from: -distance, through: distance, by: 2) {
        let isDown =
          k == -distance
          || (k != distance && (furthest[k - 1] ?? 0) < (furthest[k + 1] ?? 0))
        var x = isDown ? furthest[k + 1] ?? 0 : (furthest[k - 1] ?? 0) + 1
        var y = x - k
        while x < left.count, y < right.count, left[x] == right[y] {
          x += 1
          y += 1
        }
        furthest[k] = x
        if x >= left.count, y >= right.count { return trace }
      }
    }
    return nil
  }

  /// Groups edits into hunks with context.
  private static func hunks(_ edits: [Edit], _ left: [[UInt8]], _ right: [[UInt8]]) -> String {
    var text = ""
    var index = 0
    while index < edits.count {
      guard let first = edits[index...].firstIndex(where: { !isKeep($0) }) else { break }
      let start = max(index, first - contextLines)
      var end = first
      var kept = 0
      while end < edits.count, kept <= 2 * contextLines {
        kept = isKeep(edits[end]) ? kept + 1 : 0
        end += 1
      }
      end -= max(0, kept - contextLines)
      text += hunk(edits, start..<end, left, right)
      index = end
    }
    return text
  }

  private static func isKeep(_ edit: Edit) -> Bool {
    if case .keep = edit { return true }
    return false
  }

  private static func hunk(
    _ edits: [Edit], _ range: Range<Int>, _ left: [[UInt8]], _ right: [[UInt8]]
  ) -> String {
    var body = ""
    var oldCount = 0
    var newCount = 0
    for edit in edits[range] {
      switch edit {
      case .keep(let x, _):
        body += line(" ", left[x])
        oldCount += 1
        newCount += 1
      case .remove(let x):
        body += line("-", left[x])
        oldCount += 1
      case .insert(let y):
        body += line("+", right[y])
        newCount += 1
      }
    }
    let before = edits[..<range.lowerBound]
    let oldBefore = before.count { if case .insert = $0 { false } else { true } }
    let newBefore = before.count { if case .remove = $0 { false } else { true } }
    let oldStart = oldCount == 0 ? oldBefore : oldBefore + 1
    let newStart = newCount == 0 ? newBefore : newBefore + 1
    return "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@\n" + body
  }

  private static func line(_ mark: String, _ bytes: [UInt8]) -> String {
    let text = mark + String(decoding: bytes, as: UTF8.self)
    return bytes.last == 10 ? text : text + "\n\\ No newline at end of file\n"
  }
}
