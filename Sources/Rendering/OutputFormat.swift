// The formats in which rows leave Stemma.

/// How rows are written.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// For people.
  case table
  /// One object: columns, rows, whether that is all, the snapshot.
  case json
  /// One object per row and line.
  case jsonl
  case csv
}
