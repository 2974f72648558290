// Terms to the nodes that have them: SQLite's FTS5 keeps the lists, a table beside it how many
// nodes have a term. FTS5 only yields candidates. Its own ranking is of the present, while ours has
// to be the same for ever at one snapshot, so the counts are kept as they were at every doubling of
// the store.

import Base
import Glibc

/// One family of terms: words of proposals, changed lines, words of literature.
struct TermIndex {
  let name: String

  static let words = TermIndex(name: "words")
  static let lines = TermIndex(name: "lines")
  static let literature = TermIndex(name: "literature")
  static let all = [words, lines, literature]

  /// Entries of lists that one question may read. The rarest terms are read first.
  static let postingLimit = 6_144
  /// Terms of a question that are looked at.
  static let questionLimit = 48

  /// What a number counts, beside a word of the same rarity: a value that two share says little of
  /// what they are about.
  static let numberShare = 0.25

  /// The level under which the counts of the present are kept.
  private static let present: Int64 = 99

  var schema: String {
    """
    CREATE VIRTUAL TABLE \(name) USING fts5(
      terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '.'");
    CREATE TABLE \(name)_counts (
      term TEXT, level INTEGER, documents INTEGER, PRIMARY KEY (term, level)) WITHOUT ROWID;
    """
  }

  /// Gathers nodes in ascending order and writes their counts once.
  struct Writer {
    let index: TermIndex
    private var counts: [String: Int64] = [:]
    private var documents: Int64 = 0
    /// The last power of two at which counts were kept.
    private var level: Int64

    init(_ index: TermIndex, _ file: SideFile) throws {
      self.index = index
      level =
        try file.number(
          "SELECT documents FROM \(index.name)_counts WHERE term = '' AND level = -1") ?? -1
    }

    mutating func add(_ node: NodeID, _ terms: [String], to file: SideFile) throws {
      guard !terms.isEmpty else { return }
      let reached = Int64(63 - max(1, node.rawValue).leadingZeroBitCount)
      if reached > level {
        try flush(to: file)
        try keep(level + 1, in: file)
        level = reached
      }
      try file.run(
        "INSERT INTO \(index.name) (rowid, terms) VALUES (?, ?)",
        [.integer(Int64(node.rawValue)), .text(terms.joined(separator: " "))])
      for term in terms { counts[term, default: 0] += 1 }
      documents += 1
    }

    /// What all nodes below two to the power of `level` have.
    private func keep(_ level: Int64, in file: SideFile) throws {
      try file.run(
        """
        INSERT OR IGNORE INTO \(index.name)_counts
        SELECT term, ?, documents FROM \(index.name)_counts WHERE level = \(TermIndex.present)
        """, [.integer(level)])
    }

    mutating func flush(to file: SideFile) throws {
      for (term, count) in counts.sorted(by: { $0.key < $1.key }) + [("", documents)] {
        try file.run(
          """
          INSERT INTO \(index.name)_counts VALUES (?, \(TermIndex.present), ?)
          ON CONFLICT DO UPDATE SET documents = documents + excluded.documents
          """, [.text(term), .integer(count)])
      }
      try file.run(
        """
        INSERT INTO \(index.name)_counts VALUES ('', -1, ?)
        ON CONFLICT DO UPDATE SET documents = excluded.documents
        """, [.integer(level)])
      counts.removeAll(keepingCapacity: true)
      documents = 0
    }
  }

  /// A term of a question with what it is worth.
  struct Weighted {
    var term: String
    var weight: Double
    var documents: Int64
  }

  /// The terms of a question, rarest first, with the inverse document frequency that they had when
  /// the store was last at a power of two of nodes before `limit`.
  func weighted(_ terms: [String], below limit: UInt64, _ file: SideFile) throws -> [Weighted] {
    let level = Int64(63 - max(1, limit).leadingZeroBitCount)
    func count(_ term: String) throws -> Int64 {
      try file.number(
        """
        SELECT documents FROM \(name)_counts WHERE term = ? AND level BETWEEN 0 AND ?
        ORDER BY level DESC LIMIT 1
        """, [.text(term), .integer(level)]) ?? 0
    }
    let all = Double(try count(""))
    return try terms.map { term in
      let documents = try count(term)
      let weight = log(1 + (all + 1 - Double(documents) + 0.5) / (Double(documents) + 0.5))
      let share = term.startsWithDigit ? Self.numberShare : 1
      return Weighted(term: term, weight: max(weight * share, 0.01), documents: documents)
    }
    .sorted { ($0.documents, $0.term) < ($1.documents, $1.term) }
    .prefix(Self.questionLimit).map { $0 }
  }

  /// Nodes below `limit` that share terms with a question, with the weight of what they share,
  /// heaviest first.
  func candidates(
    _ question: [Weighted], below limit: UInt64, count: Int, _ file: SideFile
  ) throws -> [(node: NodeID, weight: Double)] {
    var weights: [UInt64: Double] = [:]
    var left = Self.postingLimit
    for entry in question where left > 0 {
      try file.query(
        "SELECT rowid FROM \(name) WHERE \(name) MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
        [
          .text("\"" + entry.term + "\""), .integer(Int64(clamping: limit)),
          .integer(Int64(left)),
        ]
      ) { row in
        weights[UInt64(row.integer(0)), default: 0] += entry.weight
        left -= 1
        return true
      }
    }
    let ranked = weights.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
    return ranked.prefix(count).map { (NodeID($0.key), $0.value) }
  }
}
