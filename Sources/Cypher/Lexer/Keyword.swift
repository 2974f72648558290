// The words that the grammar knows. None is reserved as a name after ':', '.', '$' or AS; those
// that would make an expression ambiguous are not variables unless they stand in backticks.

import Base

/// A word of the grammar. The raw value is only an index into the table.
package enum Keyword: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case none
  case acyclic, all, allShortestPaths, and, any, `as`, asc, ascending
  case by, call, `case`, collect, contains, count, create
  case delete, desc, descending, detach, distinct, drop
  case `else`, end, ends, exists, explain, `false`, `for`, foreach, function, functions
  case group, groups, `if`, `in`, index, indexes, `is`, limit, match, merge
  case node, none_, not, null, of, offset, on, optional, or, order
  case path, paths, procedure, procedures, profile, reduce, remove, `return`
  case set, shortest, shortestPath, show, simple, single, skip, starts
  case then, trail, `true`, union, unique, unwind, walk, when, `where`, with, xor, yield

  /// In upper case, as written in messages.
  package var spelling: String {
    switch self {
    case .none_: "NONE"
    case .allShortestPaths: "allShortestPaths"
    case .shortestPath: "shortestPath"
    default: String(describing: self).uppercased()
    }
  }

  /// Words that no expression may start with and that are therefore no plain variables.
  package var isReserved: Bool {
    switch self {
    case .and, .as, .asc, .ascending, .by, .contains, .create, .delete, .desc, .descending,
      .detach, .distinct, .else, .ends, .in, .is, .limit, .match, .merge, .on, .optional, .or,
      .order, .remove, .return, .set, .skip, .starts, .then, .union, .unwind, .when, .where,
      .with, .xor, .yield:
      true
    default: false
    }
  }

  /// Words that open a clause.
  package var opensClause: Bool {
    switch self {
    case .match, .optional, .unwind, .with, .return, .create, .merge, .set, .remove, .delete,
      .detach, .call, .foreach:
      true
    default: false
    }
  }
}

extension Keyword {
  /// The word that a name would be without backticks.
  static func named(_ name: Text) -> Keyword {
    guard name.utf8Count <= KeywordTable.longest else { return .none }
    var letters = PackedLetters()
    for byte in name.string.utf8 {
      guard byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A else { return .none }
      letters.append(byte | 0x20)
    }
    return letters.count > 0 ? KeywordTable.shared.keyword(letters) : .none
  }
}

/// Finds keywords by their letters in any case.
struct KeywordTable: Sendable {
  private struct Entry: Sendable {
    var letters: PackedLetters
    var keyword: Keyword
  }

  /// By length and first letter: positions into `entries`; at most a few entries each.
  private let buckets: [UInt16]
  private let entries: [Entry]

  static let longest = 16

  static let shared = KeywordTable()

  private init() {
    var lists = [[Entry]](repeating: [], count: (Self.longest + 1) * 32)
    for keyword in Keyword.allCases where keyword != .none {
      var letters = PackedLetters()
      for byte in keyword.spelling.utf8 { letters.append(byte | 0x20) }
      lists[letters.bucket].append(Entry(letters: letters, keyword: keyword))
    }
    var buckets: [UInt16] = []
    var entries: [Entry] = []
    for list in lists {
      buckets.append(UInt16(entries.count))
      entries.append(contentsOf: list)
    }
    buckets.append(UInt16(entries.count))
    self.buckets = buckets
    self.entries = entries
  }

  func keyword(_ letters: PackedLetters) -> Keyword {
    var index = Int(buckets[letters.bucket])
    let end = Int(buckets[letters.bucket + 1])
    while index < end {
      if entries[index].letters == letters { return entries[index].keyword }
      index += 1
    }
    return .none
  }
}

/// Up to 16 ASCII letters in lower case, compared as two words.
struct PackedLetters: Equatable, BitwiseCopyable, Sendable {
  private var high: UInt64 = 0
  private var low: UInt64 = 0
  private(set) var count = 0
  private var first: UInt8 = 0

  /// The byte is a lower-case letter.
  mutating func append(_ letter: UInt8) {
    if count == 0 { first = letter }
    if count < 8 { low = low << 8 | UInt64(letter) } else { high = high << 8 | UInt64(letter) }
    count += 1
  }

  /// `count` is at most `KeywordTable.longest`.
  var bucket: Int { count * 32 + Int(first & 0x1F) }
}
