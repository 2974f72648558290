// Runs the built program as a user would and returns what it printed.

import Foundation
import Glibc
import Testing

/// A run of `stemma` in a folder of its own.
struct CommandRunner {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// In a folder that is there already.
  init(in folder: URL) { self.folder = folder }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// What a person sees of one command after the other.
  func transcript(_ commands: [[String]]) throws -> String {
    var text = ""
    for arguments in commands {
      let output = try run(arguments)
      text += "$ stemma " + arguments.map(Self.quoted).joined(separator: " ") + "\n"
      // A store's identity is random.
      text += (output.standardOutput + output.standardError)
        .replacing(#/log-[0-9a-f]{32}/#, with: "log-IDENTITY")
      text += "(exit \(output.exitCode))\n\n"
    }
    return text
  }

  private static func quoted(_ argument: String) -> String {
    argument.contains(where: { " '\"()$*".contains($0) }) ? "'\(argument)'" : argument
  }

  struct Output {
    var exitCode: Int32
    var standardOutput: String
    var standardError: String
  }

  /// The program beside the test bundle.
  static let program: URL = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = bundle.deletingLastPathComponent().appendingPathComponent("stemma")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    let argument = URL(fileURLWithPath: CommandLine.arguments[0])
    return argument.deletingLastPathComponent().appendingPathComponent("stemma")
  }()

  /// Runs the program, as another user where one is given (root only); `under` is a command that
  /// starts it.
  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    asUser user: Int? = nil, under: [String] = []
  ) throws -> Output {
    let process = Process()
    let change = user.map {
      ["/usr/bin/setpriv", "--reuid", "\($0)", "--regid", "\($0)", "--clear-groups"]
    }
    let words = under + (change ?? []) + [Self.program.path] + arguments
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder
    var surroundings = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester"]
    surroundings.merge(environment) { $1 }
    process.environment = surroundings
    // Not in the folder, which may lie on a full or read-only disk.
    let files = ["in", "out", "err"].map {
      FileManager.default.temporaryDirectory
        .appendingPathComponent("stemma-\($0)-\(UUID().uuidString)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    try Data(input.utf8).write(to: files[0])
    for file in files.dropFirst() {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Output(
      exitCode: process.terminationStatus,
      standardOutput: try String(contentsOf: files[1], encoding: .utf8)
        .replacingOccurrences(of: folder.path, with: "FOLDER"),
      standardError: try String(contentsOf: files[2], encoding: .utf8)
        .replacingOccurrences(of: folder.path, with: "FOLDER"))
  }

  /// Starts the program without waiting for it; both outputs go to one file.
  func start(_ arguments: [String]) throws -> Started {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "tester"]
    let file = folder.appendingPathComponent(".both-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    let handle = try FileHandle(forWritingTo: file)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return Started(process: process, file: file)
  }

  /// A program that runs beside the test.
  struct Started {
    let process: Process
    let file: URL

    var text: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    /// Whether it says something within twenty seconds.
    func waitFor(_ words: String) -> Bool {
      for _ in 0..<400 {
        if text.contains(words) { return true }
        usleep(50_000)
      }
      return false
    }

    /// Its exit code; -1 where it did not end in time and was killed.
    func exitCode(withinSeconds seconds: Int) -> Int32 {
      for _ in 0..<seconds * 20 {
        if !process.isRunning { return process.terminationStatus }
        usleep(50_000)
      }
      kill(process.processIdentifier, SIGKILL)
      return -1
    }
  }
}
