// One runner per campaign: an advisory lock on a file in the store, held while the loop runs. The
// kernel lets go of it when the process dies, however it dies.

import Base
import Glibc

/// Holds a campaign's lock until released.
final class RunnerLock {
  private var descriptor: Int32

  /// Throws `store.busy` where another process holds it.
  init(store: String, campaign: String) throws {
    let folder = store + "/locks"
    try TreeFolder.makeFolders(FilePaths.absolute(folder, in: FilePaths.currentDirectory()))
    let path = folder + "/\(campaign).runner"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileBytes.unwritable(path, errno) }
    guard Self.take(descriptor) else {
      let code = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      descriptor = -1
      guard code == EWOULDBLOCK else { throw FileBytes.unwritable(path, code) }
      throw StemmaError(
        .storeBusy, "another runner\(holder) already runs the campaign '\(campaign)'",
        advice: "Watch it with `stemma loop status`, or ask it to `stemma loop stop`.")
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  /// Whoever asks whether a runner is alive holds the lock for a moment, so once is not enough.
  private static func take(_ descriptor: Int32) -> Bool {
    for attempt in 0..<5 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK, attempt < 4 else { return false }
      usleep(10_000)
    }
    return false
  }

  /// Whether a living runner holds a campaign; `nil` where that cannot be seen. Changes nothing.
  static func isHeld(store: String, campaign: String) -> Bool? {
    let path = store + "/locks/\(campaign).runner"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? false : nil }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
    return errno == EWOULDBLOCK ? true : nil
  }

  private static func holder(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return "" }
    let digits = buffer.prefix(count).filter { (48...57).contains($0) }
    return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
  }

  func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  deinit { release() }
}
