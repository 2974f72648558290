// What the check of an LMDB file found.

/// The result of `LMDBFileCheck`.
package struct LMDBFileReport: Sendable, Hashable {
  /// Something in the file that cannot be.
  package struct Fault: Sendable, Hashable {
    package var page: UInt64
    /// The tree that the page was reached by: a table, `free list`, `main`, or `file`.
    package var tree: String
    package var words: String
  }

  package var pageBytes = 0
  /// LMDB's number of the transaction that was checked.
  package var transaction: UInt64 = 0
  /// All pages up to the last one in use.
  package var pages: UInt64 = 0
  /// Pages that some tree uses, the meta pages included.
  package var reachablePages: UInt64 = 0
  package var freePages: UInt64 = 0
  /// Entries per table.
  package var entries: [String: UInt64] = [:]
  /// Whether there is a meta page at all; otherwise this is no LMDB file.
  package var hasMeta = true
  /// Whether the older of the two meta pages can be read; it is not in use.
  package var isOlderMetaWhole = true
  /// The first faults, at most `LMDBFileCheck.faultLimit`.
  package var faults: [Fault] = []

  package var isSound: Bool { faults.isEmpty }
}
