// `stemma-tck DIR [--json FILE] [--filter TEXT] [--failures]`: runs openCypher feature files from
// any folder. Exit code 0 when everything passed, 1 when something failed, 2 for wrong arguments.

import Foundation

@main
struct TCKCommand {
  var folder: String
  var json: String?
  var filter: String?
  var showsFailures = false

  static func main() {
    guard let command = TCKCommand(Array(CommandLine.arguments.dropFirst())) else {
      FileHandle.standardError.write(
        Data("usage: stemma-tck DIR [--json FILE] [--filter TEXT] [--failures]\n".utf8))
      exit(2)
    }
    do {
      exit(try command.run() ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("stemma-tck: \(error)\n".utf8))
      exit(2)
    }
  }

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    var folder: String?
    while let argument = rest.popFirst() {
      switch argument {
      case "--json":
        guard let file = rest.popFirst() else { return nil }
        json = file
      case "--filter":
        guard let text = rest.popFirst() else { return nil }
        filter = text
      case "--failures": showsFailures = true
      default:
        guard folder == nil, !argument.hasPrefix("--") else { return nil }
        folder = argument
      }
    }
    guard let folder else { return nil }
    self.folder = folder
  }

  /// Runs and prints; `true` when nothing failed.
  func run() throws -> Bool {
    let run = try TCKRun(folder: URL(fileURLWithPath: folder), filter: filter)
    if let json {
      do { try run.json().write(to: URL(fileURLWithPath: json)) } catch {
        throw TCKError(message: "the file \(json) cannot be written")
      }
    }
    if showsFailures {
      for report in run.reports {
        guard let reason = report.outcome.reason else { continue }
        let example = report.example.map { " #\($0)" } ?? ""
        print("\(report.outcome.name): \(report.file): \(report.scenario)\(example)")
        print("    \(reason)")
      }
    }
    print("wrong answers: \(run.wrong); errors: \(run.errors)")
    print(run.lastLine)
    return run.passed == run.reports.count
  }
}
