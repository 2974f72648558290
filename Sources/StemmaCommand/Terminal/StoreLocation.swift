// Where the store is: `--store`, or the folder `.stemma` here or in a folder above, as git does it.

import Base
import Glibc
import Stemma

/// Finds and opens stores.
enum StoreLocation {
  static let folderName = ".stemma"

  /// The folder of the store that a command is to use.
  ///
  /// - Throws: `store.missing`.
  static func find(_ option: String?) throws -> String {
    if let option { return try named(option) }
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

  private static func named(_ option: String) throws -> String {
    if option.isEmpty {
      throw StemmaError(
        .argumentInvalid, "--store is empty",
        advice: "give the folder of a store; is a shell variable unset?")
    }
    let inner = option + "/" + folderName
    if isFolder(inner) { return inner }
    if isFolder(option) { return option }
    var status = stat()
    guard stat(option, &status) == 0 else {
      // What may not be looked at is not missing: the store says so when it is opened.
      if errno == EACCES { return option }
      throw StemmaError(
        .storeMissing, "there is no store in \(option)",
        advice: "create one with: mkdir -p \(option) && stemma init \(option)")
    }
    // A file of a store instead of its folder is the likeliest slip.
    let parent = option.lastIndex(of: "/").map { String(option[..<$0]) } ?? "."
    let isInside = access(parent + "/data.mdb", F_OK) == 0
    throw StemmaError(
      .storeMissing, "\(option) is a file, and a store is a folder",
      advice: isInside ? "give its folder: --store \(parent)" : "give the folder of a store")
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
