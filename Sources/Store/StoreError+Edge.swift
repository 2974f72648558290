// Store errors in words, with advice, for everyone above `Store`.

package import Base
internal import CLMDB
internal import Glibc

extension StemmaError {
  /// The error that people see for an error of the store at `path` (`nil` in memory).
  package init(_ error: StoreError, path: String?) {
    let error = error.explained(in: path)
    let place = path ?? "the store in memory"
    let (code, message, advice) = Self.words(error, place)
    var position: Place?
    if let table = error.table {
      position = .record(table: table.name, key: "")
    } else if let path {
      position = .file(path: path, line: nil, column: nil)
    }
    self.init(code, message, at: position, advice: advice)
  }

  private static func words(_ error: StoreError, _ place: String) -> (ErrorCode, String, String) {
    switch error.code {
    case .missing:
      (.storeMissing, "there is no store at \(place)", "create one with `stemma init`")
    case .halfMade:
      (
        .storeMissing, "the creation of a store in \(place) was interrupted",
        "nothing was in it yet: run `stemma init` again"
      )
    case .halfCopied:
      (
        .storeMissing, "the copy of a store into \(place) was interrupted",
        "run the same command again: what is there already is kept"
      )
    case .fileMissing:
      (
        .storeDamaged, "\(place) has what belongs to a store, but no data.mdb",
        "restore a backup into another folder (`stemma restore`), or move this one away"
      )
    case .exists:
      (.storeExists, "\(place) already holds a store", "open it, or choose another folder")
    case .notAStore:
      (.storeDamaged, "\(place) does not hold a Stemma store", "check the path")
    case .newerFormat:
      (.storeNewer, "\(place) was written by a newer version of Stemma", "update this program")
    case .olderFormat:
      (
        .storeOlder, "\(place) was written before the format of stores was settled",
        "export it with the program that wrote it, and import it into a new store"
      )
    case .damaged:
      (.storeDamaged, "the store at \(place) is damaged\(reason(error))", "run `stemma verify`")
    case .mapFull:
      (
        .storeFull, "the store at \(place) has used up the size reserved for it",
        "nothing was written; open it with a larger map size"
      )
    case .diskFull:
      (.storeFull, "the disk under \(place) is full", "nothing was written; free some space")
    case .readersFull:
      (.storeBusy, "too many readers have \(place) open", "close some, or run `stemma doctor`")
    default: otherWords(error, place)
    }
  }

  private static func otherWords(
    _ error: StoreError, _ place: String
  ) -> (ErrorCode, String, String) {
    switch error.code {
    case .readOnly:
      (
        .storeReadOnly, "\(place) cannot be written\(reason(error))",
        "check permissions, or open it for reading only"
      )
    case .forbidden:
      (
        .storeInputOutput, "\(place) may not be read by this user\(reason(error))",
        "ask its owner for the right to read its files and folders"
      )
    case .unsettled:
      (
        .storeReadOnly, "\(place) was not closed by its last writer, and has to be put in order",
        "open it once as a user who may write it, for example with `stemma doctor`"
      )
    case .foreignJournal:
      (
        .storeDamaged, "the journal in \(place) is of other tables than its data.mdb",
        "move the file `journal` away if data.mdb was put there from elsewhere, or restore a backup"
      )
    case .brokenJournal:
      (
        .storeDamaged, "the journal in \(place) lacks transactions that its data.mdb has",
        "restore a backup; moving the file `journal` away keeps what data.mdb happens to hold"
      )
    case .openElsewhere:
      (
        .storeBusy, "another process has \(place) open",
        "`stemma doctor` shows which; try again when it has ended"
      )
    case .changedWhileRead:
      (
        .storeBusy, "\(place) was written while it was read without locks",
        "try again; readers that may write its lock.mdb are never disturbed"
      )
    case .nestedWrite:
      (.storeBusy, "a write was started inside another write", "finish the first one before")
    case .networkFileSystem:
      (
        .storeInputOutput, "\(place) lies on a network file system, where locks cannot be trusted",
        "keep the store on a local disk"
      )
    case .keyLength:
      (.writeRejected, "a key of the store is empty or too long", "shorten the name or key")
    case .objectMissing:
      (.keyNotFound, "\(place) has no object with this hash", "check the hash")
    case .objectDamaged:
      (
        .storeDamaged, "an object in \(place) does not have the hash that it is named by",
        "run `stemma verify`; a backup may have it whole (docs/store-care.md)"
      )
    case .notAFile:
      (.fileUnreadable, "\(place) is not an ordinary file", "links and devices are not followed")
    case .keyOrder:
      (.storeDamaged, "a key of the store is out of order", "run `stemma verify`")
    case .injected:
      (.storeInputOutput, "an injected fault stopped the write", "this happens in tests only")
    case .busy:
      (.storeBusy, "\(place) is busy\(reason(error))", "try again")
    default:
      (.storeInputOutput, "\(place) could not be used\(reason(error))", whatNext(error))
    }
  }

  /// A wrong path is told apart from a disk that fails.
  private static func whatNext(_ error: StoreError) -> String {
    switch error.number {
    case ENOENT: "a folder on the way there is missing: create it first"
    case ENOTDIR: "something on the way there is a file: name a folder"
    case EEXIST: "another process may be making it: try again when it has ended"
    case ELOOP: "a link on the way there leads back to itself: name another folder"
    default: "check the disk"
    }
  }

  /// The system's or LMDB's own words, in brackets.
  private static func reason(_ error: StoreError) -> String {
    guard error.number != 0, let text = unsafe mdb_strerror(error.number) else { return "" }
    return unsafe " (\(String(cString: text)))"
  }
}
