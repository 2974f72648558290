// One control group of ours: a folder of the kernel's that is held open, so that its files are
// reached without walking down to it again. It decides nothing.

import Base
import Glibc

/// A group that we made.
struct ControlGroup: Sendable {
  let path: String
  /// The folder itself: a process can be born in it or join it by this descriptor.
  let folder: Descriptor

  /// Makes the group; `isFresh` refuses one that is there already.
  init(making path: String, isFresh: Bool = false) throws {
    guard mkdir(path, 0o755) == 0 || (errno == EEXIST && !isFresh) else {
      throw SystemFailure(action: "cannot make the control group \(path)", code: errno).error
    }
    self.path = path
    do { folder = try Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY) } catch {
      ControlGroup.remove(path)
      throw error
    }
  }

  func open(_ name: String, _ flags: Int32) -> Descriptor? {
    let number = openat(folder.number, name, flags | O_CLOEXEC)
    return number < 0 ? nil : Descriptor(number)
  }

  func has(_ name: String) -> Bool { faccessat(folder.number, name, F_OK, 0) == 0 }

  /// Writes a short text; the errno, or 0.
  @discardableResult
  func write(_ name: String, _ text: String) -> Int32 {
    let number = openat(folder.number, name, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return errno }
    defer { close(number) }
    return KernelFile.write(to: number, text)
  }

  /// Sets a limit that has to be in force.
  func set(_ name: String, _ value: Int) throws {
    try ControlGroup.require(write(name, String(value)), "\(path)/\(name)")
  }

  static func require(_ code: Int32, _ file: @autoclosure () -> String) throws {
    guard code != 0 else { return }
    throw StemmaError(
      .sandboxUnavailable,
      "cannot set \(file()): \(SystemFailure(action: "", code: code).reason)")
  }

  /// The first integer of a file, or of the line that starts with `key`.
  func integer(_ name: String, key: String? = nil) -> Int? {
    let number = openat(folder.number, name, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    defer { close(number) }
    return KernelFile.integer(in: number, key: key)
  }

  /// Who is in the group now.
  var processes: [Int32] {
    (open("cgroup.procs", O_RDONLY)?.readAll(limit: 1 << 22) ?? [])
      .split(separator: UInt8(ascii: "\n"))
      .compactMap { KernelFile.decimal($0).flatMap { Int32(exactly: $0) } }
  }

  @discardableResult
  func remove() -> Bool { ControlGroup.remove(path) }

  /// Removes a group; dying processes leave it a moment later than they are reported dead.
  @discardableResult
  static func remove(_ path: String) -> Bool {
    var attempts = 0
    var result = rmdir(path)
    while result != 0, errno == EBUSY, attempts < 500 {
      attempts += 1
      usleep(1_000)
      result = rmdir(path)
    }
    return result == 0 || !KernelFile.exists(path)
  }
}
