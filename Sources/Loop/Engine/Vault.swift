// Where secrets of a campaign lie: the key that seeds are derived from, and sealed hold-out values.
// Never in the graph, never inside a sandbox.

import Base
package import Signing
import Synchronization

/// Keeps small named secrets.
package protocol Vault: Sendable {
  /// The bytes under a name, `nil` where there are none.
  func read(_ name: String) throws -> [UInt8]?
  /// Writes durably; an existing name keeps its first bytes.
  func write(_ bytes: [UInt8], as name: String) throws
}

/// A folder that only its owner can read, with the values sealed by the owner's key.
package struct FolderVault: Vault {
  let directory: String
  let key: SigningKey

  /// `directory` is made where it is missing, with permissions 0700.
  package init(directory: String, key: SigningKey) throws {
    self.directory = directory
    self.key = key
    try TreeFolder.makeFolders(directory)
    try OwnerOnly.restrict(directory)
  }

  package func read(_ name: String) throws -> [UInt8]? {
    let path = directory + "/" + name
    guard FilePaths.kind(of: path) != .missing else { return nil }
    let sealed = try FileBytes.read(path, limitBytes: 64 << 20)
    return try Sealing.open(sealed, context: Array(name.utf8), with: key)
  }

  package func write(_ bytes: [UInt8], as name: String) throws {
    let path = directory + "/" + name
    guard FilePaths.kind(of: path) == .missing else { return }
    let sealed = try Sealing.seal(bytes, context: Array(name.utf8), with: key)
    try FileBytes.write(sealed, to: path, mode: 0o600)
  }
}

/// For tests and stores in memory.
package final class MemoryVault: Vault {
  private let kept = Mutex<[String: [UInt8]]>([:])

  package init() {}

  package func read(_ name: String) throws -> [UInt8]? { kept.withLock { $0[name] } }

  package func write(_ bytes: [UInt8], as name: String) throws {
    kept.withLock { if $0[name] == nil { $0[name] = bytes } }
  }
}
