// Fills a budget of tokens with whole records: each part has its share, what one leaves goes on to
// those after it, and what is left in the end to the first that has more to show.

import Base
import Stemma

/// The page as it grows.
struct BriefPage {
  /// One part with records that are made only as far as they are shown.
  struct Part {
    var name: BriefPartName
    var available: Int
    /// The record at a place; `nil` where it cannot be shown.
    var record: (Int) throws -> BriefRecord?
    var first = 0
  }

  private struct Filled {
    var part: Part
    var records: [BriefRecord] = []
    /// Records that were looked at.
    var taken = 0
    var isFull = false
  }

  let format: BriefRequest.Format
  let estimator: TokenEstimator
  let snapshot: TransactionNumber
  private var parts: [Filled] = []
  /// Parts of which nothing is shown stand in one line, or nowhere.
  var namesEmptyParts = true
  private var left: Int

  /// Tokens for a heading with its account and cursor.
  private static let headingTokens = 40

  init(
    format: BriefRequest.Format, estimator: TokenEstimator, snapshot: TransactionNumber,
    tokens: Int
  ) {
    self.format = format
    self.estimator = estimator
    self.snapshot = snapshot
    left = tokens
  }

  mutating func fill(_ parts: [Part]) throws {
    let budget = left
    self.parts = parts.filter { $0.available > $0.first }.map { Filled(part: $0) }
    left -= Self.headingTokens * self.parts.count
    let whole = self.parts.reduce(0) { $0 + $1.part.name.share }
    var carried = 0.0
    for index in self.parts.indices {
      carried += Double(max(0, budget)) * self.parts[index].part.name.share / max(whole, 0.01)
      carried -= Double(try take(index, atMost: min(Int(carried), left)))
    }
    for index in self.parts.indices { _ = try take(index, atMost: left) }
  }

  /// Adds records to a part while they fit. Returns the tokens that they take.
  private mutating func take(_ index: Int, atMost tokens: Int) throws -> Int {
    var used = 0
    while parts[index].part.first + parts[index].taken < parts[index].part.available {
      let place = parts[index].part.first + parts[index].taken
      guard let record = try parts[index].part.record(place) else {
        parts[index].taken += 1
        continue
      }
      let cost = estimator.count(format == .markdown ? record.markdown : record.json + ",")
      guard used + cost <= tokens else { break }
      used += cost
      parts[index].records.append(record)
      parts[index].taken += 1
    }
    left -= used
    return used
  }

  // MARK: What came of it

  var accounts: [Brief.Part] {
    parts.map { filled in
      let end = filled.part.first + filled.taken
      let cursor =
        end < filled.part.available
        ? BriefCursor(snapshot: snapshot, part: filled.part.name.rawValue, offset: end).text : nil
      return Brief.Part(
        name: filled.part.name.rawValue, shown: filled.records.count,
        available: filled.part.available, cursor: cursor, keys: filled.records.map(\.key))
    }
  }

  var cites: [Text] {
    var seen: Set<Text> = []
    return parts.flatMap(\.records).flatMap { [$0.key] + $0.cites }.filter {
      seen.insert($0).inserted
    }
  }

  var markdown: String {
    var text = ""
    var unshown: [String] = []
    for (account, filled) in zip(accounts, parts) {
      if filled.records.isEmpty {
        unshown.append("\(account.name) (\(account.available), \(account.cursor ?? "no cursor"))")
        continue
      }
      let start = filled.part.first == 0 ? "" : ", from number \(filled.part.first + 1)"
      let more = account.cursor.map { "; more: cursor \($0)" } ?? ""
      text += "\n## \(filled.part.name.title) "
      text += "(shown \(account.shown) of \(account.available)\(start)\(more))\n"
      for record in filled.records { text += record.markdown }
    }
    if namesEmptyParts, !unshown.isEmpty {
      text += "\nNot shown for want of tokens: \(unshown.joined(separator: ", "))\n"
    }
    return text
  }

  var values: [Value] {
    zip(accounts, parts).filter { namesEmptyParts || !$1.records.isEmpty }.map { account, filled in
      var members: [(Text, Value)] = [
        ("name", .text(account.name)), ("shown", .integer(Int64(account.shown))),
        ("available", .integer(Int64(account.available))),
        ("records", .list(filled.records.map(\.value))),
      ]
      if let cursor = account.cursor { members.append(("cursor", .text(cursor))) }
      return .map(ValueMap(members))
    }
  }
}
