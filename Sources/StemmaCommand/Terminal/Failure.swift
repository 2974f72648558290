// How a failing command ends: one message on standard error, one exit code.

import ArgumentParser
import Base
import Glibc
import Rendering

/// Ends the program for an error.
enum Failure {
  /// Prints the error and exits with its code.
  static func exit(with error: any Error) -> Never {
    if let known = error as? StemmaError {
      Terminal.printError(report(known))
      Glibc.exit(exitCode(of: known.code))
    }
    let code = StemmaCommand.exitCode(for: error)
    if code == .success || !isUsage(code) { StemmaCommand.exit(withError: error) }
    Terminal.printError(StemmaCommand.fullMessage(for: error))
    Glibc.exit(2)
  }

  /// The documented exit code: the first word of the error's code decides.
  static func exitCode(of code: ErrorCode) -> Int32 {
    let area = code.rawValue.split(separator: ".").first.map(String.init) ?? ""
    switch area {
    case "argument", "file": return 2
    case "query", "schema", "write", "key": return 3
    case "campaign", "loop", "review", "provider": return 4
    case "store": return 5
    case "limit": return 6
    case "sandbox": return 8
    default: return 1
    }
  }

  private static func report(_ error: StemmaError) -> String {
    let style = Style(isColoured: Terminal.isColoured(descriptor: STDERR_FILENO))
    return style.red("error") + " " + error.rendered
  }

  private static func isUsage(_ code: ExitCode) -> Bool { code == .validationFailure }
}
