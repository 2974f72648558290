// Reading without LMDB's lock file, where this user or the medium does not let us write it. No
// writer can then know that we read, and may use our pages again; but not before two more commits.
// So an answer counts only if fewer were made until it was complete.

/// The newest transaction of a file, read past LMDB.
struct UnlockedSnapshots: ~Copyable, Sendable {
  private let file: FileHandle

  init(folder: String) throws(StoreError) {
    file = try FileHandle(readingWithoutFollowing: folder + "/data.mdb")
  }

  /// Throws `changedWhileRead` where pages of a snapshot may have been used again.
  ///
  /// A writer takes pages that were freed two commits before its own, so that the pages of snapshot
  /// n are whole at least until transaction n + 3 begins, which is after n + 2 is committed. Where
  /// the newest is an older one, a journal was carried out anew over them.
  func requireWhole(_ transaction: UInt64) throws(StoreError) {
    var report = LMDBFileReport()
    guard let newest = try LMDBFileCheck.newestMeta(file, &report) else {
      throw StoreError(.damaged)
    }
    guard newest.transaction == transaction || newest.transaction == transaction + 1 else {
      throw StoreError(.changedWhileRead)
    }
  }
}
