// The page of a brief: records as lines under headings, each heading with its share of the budget.
// What a part leaves of its share goes to the parts after it.

import Base

struct BriefPage {
  struct Part {
    var title: String
    /// Of the whole budget, from 0 to 1.
    var share: Double
    /// As `RowPage` gives them.
    var rows: Value
  }

  private(set) var text = ""
  /// What each part shows of how much.
  private(set) var accounts: [Value] = []
  private let budget: Int
  /// Bytes that earlier parts did not need.
  private var left = 0

  init(budgetBytes: Int) { budget = budgetBytes }

  /// The subject, which is never left out.
  mutating func open(_ heading: String) {
    text += heading
    left -= heading.utf8.count
  }

  mutating func add(_ part: Part) {
    guard case .list(let rows)? = part.rows.member("rows"),
      let available = part.rows.member("available")?.int, !rows.isEmpty
    else { return }
    left += Int(Double(budget) * part.share)
    var lines = ""
    var keys: [Value] = []
    // Room for the heading itself.
    let room = left - part.title.utf8.count - 40
    for row in rows {
      let line = "- " + Self.line(row) + "\n"
      guard lines.utf8.count + line.utf8.count <= room else { break }
      lines += line
      if case .map(let map) = row, let first = map["proposal"] ?? map["finding"] ?? map["noise"] {
        keys.append(first)
      }
    }
    let shown = lines.utf8.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    let section = "\n## \(part.title) (shown \(shown) of \(available))\n" + lines
    accounts.append(
      JSON.object([
        ("name", .text(part.title)), ("shown", JSON.integer(shown)),
        ("available", JSON.integer(available)), ("keys", .list(keys)),
      ]))
    text += section
    left -= section.utf8.count
  }

  /// `proposal: P3, status: failed, ...` in the order of names, nulls left out. A text of others
  /// stands in quotes with its newlines escaped, so that it cannot look like a line of ours.
  private static func line(_ row: Value) -> String {
    guard case .map(let map) = row else { return JSON.line(row) }
    return map.entries.filter { $0.value != .null }.map { entry in
      "\(entry.key): \(JSON.line(entry.value))"
    }.joined(separator: ", ")
  }
}
