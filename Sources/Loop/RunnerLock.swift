// The seats of a campaign's runners: advisory locks on files in the store, held while a loop runs.
// The kernel lets go of them when the process dies, however it dies, so a seat is a lease that
// lasts exactly as long as its holder lives.

import Base
import Glibc

/// The locks that this runner holds, until released.
final class RunnerLock: RunnerSeat {
  /// So many runners share a campaign at most.
  static let seats = 64

  private(set) var number: Int
  private let store: String
  private let campaign: String
  /// Open descriptors of locks by number.
  private var held: [Int: Int32] = [:]

  var leads: Bool { holds(0) }

  /// Takes the lead or, where another process has it and `shares`, a seat beside it. Throws
  /// `store.busy` where neither can be had.
  init(store: String, campaign: String, shares: Bool = false) throws {
    self.store = store
    self.campaign = campaign
    number = 0
    try TreeFolder.makeFolders(
      FilePaths.absolute(store + "/locks", in: FilePaths.currentDirectory()))
    if try take(0) { return }
    let holder = holder()
    guard shares else {
      throw StemmaError(
        .storeBusy, "another runner\(holder) already runs the campaign '\(campaign)'",
        advice: "Watch it with `stemma loop status`, ask it to `stemma loop stop`, or carry out "
          + "runs beside it with `stemma loop run FILE --share`.")
    }
    for other in 1..<Self.seats where try take(other) {
      number = other
      return
    }
    throw StemmaError(.storeBusy, "\(Self.seats) runners share the campaign '\(campaign)' already")
  }

  private static func path(_ store: String, _ campaign: String, _ number: Int) -> String {
    store + "/locks/\(campaign).runner" + (number == 0 ? "" : ".\(number)")
  }

  /// Whoever asks whether a runner is alive holds its lock for a moment, so once is not enough.
  private func take(_ number: Int) throws -> Bool {
    let path = Self.path(store, campaign, number)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileBytes.unwritable(path, errno) }
    for attempt in 0..<5 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        held[number] = descriptor
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
        return true
      }
      let code = errno
      guard code == EWOULDBLOCK else {
        close(descriptor)
        throw FileBytes.unwritable(path, code)
      }
      if attempt < 4 { usleep(10_000) }
    }
    close(descriptor)
    return false
  }

  func takeLead() -> Bool { leads || (try? take(0)) ?? false }

  func holds(_ number: Int) -> Bool { held[number] != nil }

  func isTaken(_ number: Int) -> Bool {
    !holds(number) && Self.isHeld(store: store, campaign: campaign, number: number) ?? true
  }

  /// Whether a living runner has a seat; `nil` where that cannot be seen. Changes nothing.
  static func isHeld(store: String, campaign: String, number: Int = 0) -> Bool? {
    let descriptor = open(path(store, campaign, number), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? false : nil }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
    return errno == EWOULDBLOCK ? true : nil
  }

  private func holder() -> String {
    let bytes = (try? FileBytes.read(Self.path(store, campaign, 0), limitBytes: 32)) ?? []
    let digits = bytes.filter { (48...57).contains($0) }
    return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
  }

  func release() {
    for descriptor in held.values { close(descriptor) }
    held = [:]
  }

  deinit { release() }
}
