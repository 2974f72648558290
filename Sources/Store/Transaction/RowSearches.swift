// Rows sought side by side. Every step of a search waits for what the step before has fetched, and
// a large file is in no cache of the processor; the same step of several searches can wait
// together. What is found is noted with the rows that the reader found lately, where it is asked
// for next.

internal import CLMDB

/// Some searches in one table, within one snapshot.
@safe struct RowSearches {
  @unsafe private struct Search {
    var key: RecentKey
    var leaf: UnsafeRawPointer
    var share: Double
    /// What the searcher calls it.
    var tag: UInt64
  }

  private var searches: [Search] = unsafe []

  init() {}

  /// Begins a search: finds the leaf where the row would be, and has its beginning fetched.
  @inline(__always)
  mutating func add(_ key: RecentKey, tag: UInt64, _ tree: PageTree) {
    guard unsafe searches.count < Reading.rowsSideBySide else { return }
    let found = unsafe key.withPageKey { unsafe tree.leaf(for: $0) }
    guard let found = unsafe found else { return }
    unsafe clmdb_prefetch(found.page)
    unsafe searches.append(
      Search(key: key, leaf: found.page, share: found.share, tag: tag))
  }

  /// Ends the searches and notes what they found; `body` is given where each row lies, which is not
  /// fetched yet, with its tag.
  @inline(__always)
  mutating func finish(
    _ tree: PageTree, _ recent: RecentRows, _ body: (UnsafeRawBufferPointer, UInt64) -> Void
  ) {
    for index in unsafe searches.indices {
      unsafe tree.prefetch(searches[index].share, in: searches[index].leaf)
    }
    for index in unsafe searches.indices {
      let (leaf, share) = unsafe (searches[index].leaf, searches[index].share)
      let found = unsafe searches[index].key.withPageKey {
        unsafe tree.find($0, in: leaf, share: share)
      }
      switch unsafe found {
      case .row(let start, let count):
        unsafe recent.note(searches[index].key, start, count)
        unsafe body(
          UnsafeRawBufferPointer(start: start, count: count), searches[index].tag)
      case .none: unsafe recent.note(searches[index].key, nil, 0)
      case .unknown: break
      }
    }
    unsafe searches.removeAll(keepingCapacity: true)
  }
}
