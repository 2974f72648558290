// Rows under a budget: whole records only, `shown` of `available`, and a cursor that any server can
// resolve because it says everything itself: the snapshot and how many rows have been shown.

import Base
import Stemma

/// A place in an answer: `7:120` is row 120 at transaction 7.
struct RowCursor {
  var snapshot: TransactionNumber
  var offset: Int

  init(snapshot: TransactionNumber, offset: Int) {
    self.snapshot = snapshot
    self.offset = offset
  }

  init(_ text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let snapshot = UInt64(parts[0]), let offset = Int(parts[1]),
      offset >= 0
    else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" is no cursor", advice: "give back what an answer gave you")
    }
    self.init(snapshot: TransactionNumber(snapshot), offset: offset)
  }

  var text: String { "\(snapshot.rawValue):\(offset)" }
}

/// Runs a query for a model.
struct RowPage {
  /// About 10,000 tokens at 3.5 bytes each; text and structure together stay under 25,000.
  static let maximumBytes = 36_000
  /// Rows are counted up to here.
  static let countLimit = 100_000
  static let limits = QueryLimits(
    rows: countLimit, timeMilliseconds: 10_000, memoryBytes: 256 << 20,
    pathExpansions: 5_000_000)

  /// As many of the records as the budget takes, from the first.
  static func fitting(_ records: [Value]) -> [Value] {
    var bytes = 0
    return Array(
      records.prefix { record in
        bytes += JSON.line(record).utf8.count + 1
        return bytes <= maximumBytes
      })
  }

  /// The rows from the cursor on, at most `limit` of them and as many as the budget takes.
  static func run(
    _ query: String, _ parameters: [String: Value], _ database: Database, limit: Int,
    cursor: String? = nil, asOf: SnapshotTime? = nil
  ) throws -> Value {
    let start = try cursor.map { try RowCursor($0) }
    var shown: [Value] = []
    var available = 0
    var bytes = 0
    var isFull = false
    let options = QueryOptions(
      asOf: start.map { .transaction($0.snapshot) } ?? asOf, limits: limits)
    let result = try database.query(query, parameters: parameters, options: options) {
      columns, rows, entities in
      for row in rows {
        available += 1
        guard available > start?.offset ?? 0, !isFull else { continue }
        let record = Value.object(
          zip(columns, row).map { (Text($0), JSON.plain($1, entities)) })
        let size = JSON.line(record).utf8.count + 1
        // A record that alone is over the budget is shown as such and not cut.
        if bytes + size > maximumBytes || shown.count == limit {
          isFull = true
        } else {
          shown.append(record)
          bytes += size
        }
      }
      return true
    }
    let end = (start?.offset ?? 0) + shown.count
    let hasMore = end < available
    let oversized = shown.isEmpty && hasMore && limit > 0
    return Value.object([
      ("columns", Value.strings(result.columns)), ("rows", .list(shown)),
      ("shown", JSON.integer(shown.count)), ("available", JSON.integer(available)),
      ("complete", .boolean(result.complete && !hasMore)),
      ("stoppedBy", result.stoppedBy.map { .text($0) }),
      (
        "note",
        oversized
          ? .text("the next record alone is over the budget: return fewer of its properties") : nil
      ),
      ("snapshot", .integer(Int64(clamping: result.snapshot.rawValue))),
      (
        "cursor",
        hasMore && !oversized
          ? .text(RowCursor(snapshot: result.snapshot, offset: end).text) : nil
      ),
    ])
  }
}
