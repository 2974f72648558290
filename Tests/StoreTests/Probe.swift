// Runs `store-probe`, the other process of these tests.

import Foundation
import Testing

/// One run of the probe.
final class Probe {
  private let process = Process()
  private let output = Pipe()

  /// The program beside the tests in the build folder.
  static var path: String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent()
      .appendingPathComponent("store-probe").path
  }

  init(_ arguments: String...) throws {
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
  }

  /// Waits for the end; what it said, and whether it ended by itself and well.
  func finish() -> (lines: [String], succeeded: Bool) {
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    return (lines, process.terminationReason == .exit && process.terminationStatus == 0)
  }

  /// Waits for the first bytes that it says.
  func waitForFirstWord() -> String {
    String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
