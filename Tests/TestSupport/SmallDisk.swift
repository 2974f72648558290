// A small file system in memory, for tests of full and read-only disks; root only.

public import Foundation

/// A tmpfs of its own, there until `remove()`.
public struct SmallDisk {
  public let folder: URL

  public static let isAvailable: Bool = {
    guard let disk = try? SmallDisk(kilobytes: 16) else { return false }
    disk.remove()
    return true
  }()

  struct CannotMount: Error {}

  public init(kilobytes: Int) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-small-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do {
      try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path)
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  public func resize(kilobytes: Int) throws {
    try Self.run("mount", "-o", "remount,size=\(kilobytes)k", folder.path)
  }

  /// The kernel refuses while anybody can write, and a child that another test has just started
  /// holds copies of our files until its program begins; so a refusal is not the end.
  public func makeReadOnly() throws {
    for _ in 1..<100 {
      if (try? Self.run("mount", "-o", "remount,ro", folder.path)) != nil { return }
      usleep(20_000)
    }
    try Self.run("mount", "-o", "remount,ro", folder.path)
  }

  public func remove() {
    try? Self.run("umount", "-l", folder.path)
    try? FileManager.default.removeItem(at: folder)
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
