// Everything that writes a store or makes another from one, cut short by kills and by losses of
// power: a sample of what `make crash` does at every call that reaches the disk.

import Foundation
import Testing

@Suite struct CrashLabTests {
  /// The program beside the tests in the build folder.
  private static var program: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("crash-lab")
  }

  /// How many runs were cut short, over all lines of its output.
  private func run(_ way: String, step: Int, first: Int) throws -> Int {
    let folder = try TemporaryFolder()
    let process = Process()
    let output = Pipe()
    process.executableURL = Self.program
    process.arguments = [way, "all", folder.path, "\(step)", "\(first)"]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    return text.split(separator: "\n").reduce(0) { sum, line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(where: { ["kills", "layouts"].contains($0) }) else {
        return sum
      }
      return sum + (Int(words[place + 1]) ?? 0)
    }
  }

  @Test func killedAnywhereTheOldOrTheNewIsThere() throws {
    #expect(try run("kill", step: 31, first: 3) > 80)
  }

  @Test func whereThePowerGoesTheOldOrTheNewIsThere() throws {
    #expect(try run("power", step: 301, first: 40) > 50)
  }
}
