// A slot is a user id that belongs to one run at a time, so that two runs cannot reach each other's
// processes and files. Slots are locked by files, which the kernel frees when their runner dies.
// What a slot has besides can be used again by its next run, and by nobody else.

import Base
import CSandbox
import Glibc
import Synchronization

/// One locked user id, free again when this value goes. It can be moved and not copied: whoever has
/// it is the only one.
struct Slot: ~Copyable, Sendable {
  /// Ids that neither people nor services get on Debian, Fedora and their kin.
  static let firstUser: UInt32 = 64_100
  static let count: UInt32 = 400
  static let users = firstUser..<(firstUser + count)

  let user: UInt32
  /// Where no run has them now; the first one makes them.
  var groups: KeptGroups?
  private var files: PassedFiles?
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

  /// Whether another run may have it: nobody is in its groups.
  var isReusable: Bool {
    switch groups {
    case .some(let groups): groups.isReusable
    case .none: true
    }
  }

  /// The files that every sandbox of this slot reads at its start, made for the first.
  mutating func files(isWatchedByLooks: Bool) throws -> PassedFiles {
    if let files, files.isWatchedByLooks == isWatchedByLooks { return files }
    let made = try PassedFiles(isWatchedByLooks: isWatchedByLooks)
    files = made
    return made
  }

  /// Read once per process.
  private static let knownUsers: Set<UInt32> = {
    let lines = KernelFile.lines("/etc/passwd", separator: UInt8(ascii: ":"))
    return Set(
      lines.compactMap { fields in
        fields.count > 2 ? KernelFile.decimal(fields[2]).flatMap { UInt32(exactly: $0) } : nil
      })
  }()
}

/// Slots that were used and are free now, of one `Sandbox` and its copies. They and their groups go
/// with the last of these.
final class SlotPool: Sendable {
  /// More than these do not wait here, so that other processes find slots of their own.
  private let idle = Mutex<InlineArray<64, Slot?>>(InlineArray { _ in nil })

  /// A slot for one run. One that was used comes only with groups that nobody is in.
  func take() throws -> Slot {
    while let slot = takeIdle() {
      if slot.isReusable { return slot }
    }
    return try Slot()
  }

  private func takeIdle() -> Slot? {
    idle.withLock { idle in
      for place in idle.indices where idle[place] != nil { return idle[place].take() }
      return nil
    }
  }

  /// Takes back the slot of a run of which nothing lives.
  func keep(_ slot: consuming Slot) {
    var slot: Slot? = slot
    idle.withLock { idle in
      for place in idle.indices where idle[place] == nil {
        swap(&idle[place], &slot)
        return
      }
    }
  }
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
