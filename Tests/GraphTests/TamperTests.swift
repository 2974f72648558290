// One bit of a store after the other is wrong, and verification says so, always, without a trap;
// what nothing reads is exempt, and counted. `make tamper` flips every bit there is.

import Foundation
import TestSupport
import Testing

@Suite struct TamperTests {
  /// A prime, so that every bit of a byte and every place of a page has its turn.
  private static let stepOfAll = 1_021
  private static let processes = 3

  /// The program beside the tests in the build folder.
  private static var probe: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("tamper-probe")
  }

  private func lines(_ arguments: [String]) throws -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = Self.probe
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    let lines = text.split(separator: "\n").map(String.init)
    let faults = lines.filter { line in
      ["missed", "trapped", "hung"].contains { line.hasPrefix($0) }
    }
    #expect(faults == [])
    return lines
  }

  /// The number behind a word of the last line.
  private func count(_ word: String, _ lines: [String]) -> Int {
    let words = (lines.last ?? "").split(separator: " ")
    guard let index = words.firstIndex(of: word[...]), index + 1 < words.count else { return 0 }
    return Int(words[index + 1]) ?? 0
  }

  @Test func everyFlipOfAByteInUseIsReported() throws {
    let folder = try TemporaryFolder()
    _ = try lines(["make", folder.path + "/store"])
    let lines = try lines(
      ["flip", folder.path + "/store", "\(Self.stepOfAll)", "3", "\(Self.processes)"])
    #expect(count("flips", lines) > 1_000)
    #expect(count("used", lines) > 100)
    #expect(count("reported", lines) >= count("used", lines))
  }

  @Test func theLockFileIsNotPartOfTheStore() throws {
    let folder = try TemporaryFolder()
    _ = try lines(["make", folder.path + "/store"])
    #expect(count("flips", try lines(["lock", folder.path + "/store", "4093"])) > 100)
  }

  @Test func everyFlipOfAnObjectsFileIsReported() throws {
    let folder = try TemporaryFolder()
    _ = try lines(["make", folder.path])
    #expect(count("flips", try lines(["objects", folder.path, "328"])) == 400)
  }
}
