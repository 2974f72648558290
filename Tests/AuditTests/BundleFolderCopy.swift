// A bundle on disk for tests, copied and tampered with, and the verifier that goes with it.

import Foundation
import Glibc
import Signing
import Testing

@testable import Audit

/// A folder that goes away with its owner.
final class BundleCopy: Sendable {
  let path: String

  init() {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-bundle-\(UUID().uuidString)").path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes the .zip of the same name.
  func removeFile() throws { try FileManager.default.removeItem(atPath: path + ".zip") }

  func copy() throws -> BundleCopy {
    let other = BundleCopy()
    try FileManager.default.copyItem(atPath: path, toPath: other.path)
    return other
  }

  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    return all.filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// Changes one byte of a file.
  func flip(_ name: String, at position: Int, bit: UInt8 = 0) throws {
    var bytes = try read(name)
    bytes[position] ^= 1 << bit
    try write(name, bytes)
  }

  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try text(name)
    try #require(text.contains(old), "\(name) has no \(old)")
    try write(name, text.replacingOccurrences(of: old, with: new))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  static let python: String? =
    ["/usr/bin/python3", "/usr/local/bin/python3"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    ?? ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map { "\($0)/python3" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Everything up to the end, or up to the end of a line. Signals that other tests
  /// send may interrupt a read, which FileHandle takes for a failure.
  static func bytes(_ handle: FileHandle, untilLineEnds: Bool = false) -> Data {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !untilLineEnds || data.last != 10 {
      let count = Glibc.read(handle.fileDescriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      data += buffer[..<count]
    }
    return data
  }

  /// Runs a program; its exit status and output.
  static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = bytes(pipe.fileHandleForReading)
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// What the verifier in Swift says of this folder.
  func check(
    keys: [NoteKey] = [], kept: [(name: String, checkpoint: Checkpoint)] = []
  ) throws -> BundleReport {
    try BundleCheck.check(path, keys: keys, kept: kept)
  }

  /// What verify.py says of this folder.
  func verify(_ arguments: [String] = []) throws -> (status: Int32, output: String) {
    let python = try #require(Self.python)
    let script = path + "-verify.py"
    try VerifierText.text.write(toFile: script, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: script) }
    return try Self.run(python, ["-B", script, path] + arguments)
  }
}
