// LMDB's return codes as store errors. Every code of LMDB 0.9 is here.

internal import CLMDB
internal import Glibc

extension StoreError {
  /// The error for a return code of LMDB, which is never 0 here.
  @usableFromInline
  init(lmdb number: Int32, table: Table? = nil) {
    let code: Code
    switch number {
    case MDB_MAP_FULL: code = .mapFull
    case ENOSPC, EDQUOT, EFBIG: code = .diskFull
    case MDB_READERS_FULL: code = .readersFull
    case MDB_MAP_RESIZED, MDB_TXN_FULL, EBUSY, EAGAIN: code = .busy
    case MDB_BAD_VALSIZE: code = .keyLength
    case MDB_KEYEXIST: code = .keyOrder
    case MDB_VERSION_MISMATCH, MDB_INVALID: code = .notAStore
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_PAGE_FULL, MDB_INCOMPATIBLE,
      MDB_BAD_DBI, MDB_NOTFOUND:
      code = .damaged
    case EACCES, EROFS, EPERM: code = .readOnly
    case ENOENT: code = .missing
    default: code = .inputOutput
    }
    self.init(code, number: number, table: table)
  }
}
