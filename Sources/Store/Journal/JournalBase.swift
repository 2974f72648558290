// The state of LMDB's file that a generation of the journal starts from. All of it that is ever
// written over is in the two meta pages; its other pages are held by a reader.

internal import Base
internal import Glibc

/// Both meta pages, up to where LMDB uses them.
struct JournalBase {
  static let metaBytes = LMDBMeta.byteCount

  var pageBytes: Int
  var metas: [[UInt8]]

  /// The transaction of the newer one; 0 where neither can be read.
  var newest: UInt64 { newestMeta?.transaction ?? 0 }

  /// The newer one; `nil` where neither can be read.
  var newestMeta: LMDBMeta? {
    metas.enumerated().compactMap { number, bytes in
      try? LMDBMeta(LMDBPage(bytes: bytes), number: UInt64(number))
    }.max { $0.transaction < $1.transaction }
  }

  /// Puts them back into a file, durably.
  func restore(in folder: String) throws(StoreError) {
    let file = try FileHandle(changing: folder + "/data.mdb")
    for (number, bytes) in metas.enumerated() {
      try file.write(bytes, at: UInt64(number * pageBytes))
    }
    try file.sync()
  }
}

extension JournalBase {
  /// The meta pages of the tables in a folder; throws `damaged` where it has none.
  init(of folder: String) throws(StoreError) {
    let file = try FileHandle(readingWithoutFollowing: folder + "/data.mdb")
    var report = LMDBFileReport()
    guard let newest = try LMDBFileCheck.newestMeta(file, &report) else {
      throw StoreError(.damaged)
    }
    pageBytes = newest.pageBytes
    metas = [
      try file.read(Self.metaBytes, at: 0),
      try file.read(Self.metaBytes, at: UInt64(newest.pageBytes)),
    ]
  }
}
