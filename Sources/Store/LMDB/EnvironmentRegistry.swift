// One environment per file and process. LMDB does not notice a second one, and closing either would
// drop the locks of both (POSIX record locks belong to the process). Stores over the same file
// share.

internal import Glibc
internal import Synchronization

/// The open environments of this process, by device and inode of their folders.
final class EnvironmentRegistry: Sendable {
  static let shared = EnvironmentRegistry()

  /// What makes a folder the same folder under every name.
  struct Identity: Hashable, Sendable {
    var device: UInt
    var inode: UInt

    init(folder: String) throws(StoreError) {
      var information = stat()
      guard unsafe stat(folder, &information) == 0 else { throw StoreError(lmdb: errno) }
      device = UInt(information.st_dev)
      inode = UInt(information.st_ino)
    }
  }

  private struct Entry: Sendable {
    var environment: Environment
    var users: Int
  }

  private let entries = Mutex<[Identity: Entry]>([:])

  /// The environment of a folder, opened by the first who asks. `isReadOnly` environments are not
  /// turned into writing ones: that throws `busy`.
  func acquire(
    _ identity: Identity, options: StoreOptions,
    open: () throws(StoreError) -> Environment
  ) throws(StoreError) -> Environment {
    let result = entries.withLock { entries -> Swift.Result<Environment, StoreError> in
      if var entry = entries[identity] {
        if entry.environment.isReadOnly, !options.isReadOnly { return .failure(StoreError(.busy)) }
        entry.users += 1
        entries[identity] = entry
        return .success(entry.environment)
      }
      do throws(StoreError) {
        let environment = try open()
        entries[identity] = Entry(environment: environment, users: 1)
        return .success(environment)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Runs `body` while no store of this process is over a folder, or not at all.
  func whileClosed(
    _ identity: Identity, _ body: () throws(StoreError) -> Void
  ) throws(StoreError) {
    let result = entries.withLock { entries -> Swift.Result<Void, StoreError> in
      if entries[identity] != nil { return .success(()) }
      do throws(StoreError) {
        return .success(try body())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// How many stores of this process are over a folder.
  func userCount(_ identity: Identity) -> Int {
    entries.withLock { $0[identity]?.users ?? 0 }
  }

  /// Gives an environment back; the last user's return closes the file before anyone can reopen it.
  func release(_ identity: Identity) {
    entries.withLock { entries in
      guard var entry = entries[identity] else { return }
      entry.users -= 1
      if entry.users == 0 {
        entries[identity] = nil
        entry.environment.close()
      } else {
        entries[identity] = entry
      }
    }
  }
}
