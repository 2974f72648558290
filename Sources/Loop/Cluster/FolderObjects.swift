// Objects in a plain folder, one file per hash: what a package carries. Whoever reads checks the
// hash, since the folder lies on storage that is shared.

import Base
import Stemma

/// The objects of a folder.
struct FolderObjects: ObjectStore {
  let directory: String

  func store(_ bytes: [UInt8]) throws -> String {
    let hash = SHA256.hash(bytes).hex
    let path = directory + "/" + hash
    if FilePaths.kind(of: path) == .missing {
      try FileBytes.write(bytes, to: path, mode: 0o600)
    }
    return hash
  }

  func load(_ hash: String) throws -> [UInt8] {
    guard ObjectHash(hex: hash) != nil else { throw JobFields.damaged("an object") }
    let path = directory + "/" + hash
    let bytes = try FileBytes.read(path, limitBytes: TreeFolder.fileSizeLimitBytes)
    guard SHA256.hash(bytes).hex == hash else {
      throw StemmaError(
        .sandboxFailed, "an object of a package is not what its name says",
        at: .file(path: path, line: nil, column: nil),
        advice: "Somebody changed it: nobody else may write into the shared folder.")
    }
    return bytes
  }
}

/// What a job sees: the inputs that all packages of a campaign share, and the place of its own
/// results.
struct JobObjects: ObjectStore {
  let inputs: FolderObjects
  let results: FolderObjects

  func store(_ bytes: [UInt8]) throws -> String { try results.store(bytes) }
  func load(_ hash: String) throws -> [UInt8] { try inputs.load(hash) }
}
