// A slot is a user id that belongs to one run at a time, so that two runs cannot reach each other's
// processes and files. Slots are locked by files, which the kernel frees when their runner dies.

import Base
import CSandbox
import Glibc
import Synchronization

/// One locked user id, free again when this object goes.
final class Slot: Sendable {
  /// Ids that neither people nor services get on Debian, Fedora and their kin.
  static let firstUser: UInt32 = 64_100
  static let count: UInt32 = 400
  static let users = firstUser..<(firstUser + count)

  let user: UInt32
  private let lock: Descriptor
  /// Taken by this process; others are only found out about by trying.
  private static let own = Mutex<Set<UInt32>>([])

  /// Takes the first free slot; ids that this machine's user list names are passed over.
  init() throws {
    let folder = try RuntimeFolder.path()
    let known = Slot.knownUsers
    let taken = Slot.own.withLock { $0 }.union(known)
    for user in Slot.users where !taken.contains(user) {
      let file = try Descriptor.open(
        trusted: "\(folder)/user-\(user)", O_RDWR | O_CREAT, mode: 0o600)
      if csandbox_lock_exclusively(file.number) == 0 {
        self.user = user
        lock = file
        _ = Slot.own.withLock { $0.insert(user) }
        return
      }
    }
    throw StemmaError(
      .sandboxUnavailable, "all \(Slot.count) user ids for sandboxes are taken",
      advice: "Run fewer sandboxes at once.")
  }

  deinit { _ = Slot.own.withLock { $0.remove(user) } }

  /// Read once per process.
  private static let knownUsers: Set<UInt32> = {
    let lines = KernelFile.lines("/etc/passwd", separator: UInt8(ascii: ":"))
    return Set(
      lines.compactMap { fields in
        fields.count > 2 ? KernelFile.decimal(fields[2]).flatMap { UInt32(exactly: $0) } : nil
      })
  }()
}

/// The folder of locks and templates; root only.
enum RuntimeFolder {
  static func path() throws -> String {
    let folder = "/run/stemma-sandbox"
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw SystemFailure(action: "cannot make \(folder)", code: errno).error
    }
    var status = stat()
    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0,
      status.st_mode & 0o022 == 0
    else {
      throw StemmaError(
        .sandboxUnavailable, "\(folder) does not belong to root alone",
        advice: "Remove it; it is made anew.")
    }
    return folder
  }
}
