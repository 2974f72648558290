// Where the store is: `--store`, or the folder `.stemma` here or in a folder above, as git does it.

import Base
import Glibc
import Stemma

/// Finds and opens stores.
enum StoreLocation {
  static let folderName = ".stemma"

  /// The folder of the store that a command is to use.
  static func find(_ option: String?) throws -> String {
    if let option {
      let inner = option + "/" + folderName
      if isFolder(inner) { return inner }
      if isFolder(option) { return option }
      throw StemmaError(
        .storeMissing, "there is no store in \(option)",
        advice: "create one with: stemma init \(option)")
    }
    var folder = currentFolder()
    while true {
      let candidate = (folder == "/" ? "" : folder) + "/" + folderName
      if isFolder(candidate) { return candidate }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { break }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
    throw StemmaError(
      .storeMissing, "there is no store here or in any folder above \(currentFolder())",
      advice: "create one with: stemma init, or name one with --store PATH")
  }

  static func currentFolder() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFDIR
  }
}
