// A small file system in memory, for tests of full and read-only disks; root only.

import Foundation

/// A tmpfs of its own, unmounted and removed at the end.
final class TemporaryDisk {
  let folder = NSTemporaryDirectory() + "stemma-disk-\(UUID().uuidString)"

  struct CannotMount: Error {}

  static let isAvailable: Bool = (try? TemporaryDisk(kilobytes: 64)) != nil

  init(kilobytes: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder)
  }

  func makeReadOnly() throws { try Self.run("mount", "-o", "remount,ro", folder) }

  deinit {
    try? Self.run("umount", "-l", folder)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func run(_ program: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CannotMount() }
  }
}
