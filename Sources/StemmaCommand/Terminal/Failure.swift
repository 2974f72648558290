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
      print(known)
      exit(.init(known.code))
    }
    let code = StemmaCommand.exitCode(for: error)
    let message = UsageLines.wrapped(named(StemmaCommand.fullMessage(for: error)))
    if code == .success, !message.isEmpty {
      try? Terminal.print(message + "\n")
      Glibc.exit(0)
    }
    if code == .success || !isUsage(code) { StemmaCommand.exit(withError: error) }
    Terminal.printError(HarmlessText.lines(message))
    exit(.wrongArguments)
  }

  /// What the reader of the command line refuses is told as every other error, with its code.
  private static func named(_ message: String) -> String {
    let usual = "Error: "
    guard message.hasPrefix(usual) else { return message }
    return "error \(ErrorCode.argumentInvalid.rawValue): " + message.dropFirst(usual.count)
  }

  /// Ends the program with a documented status.
  static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.rawValue) }

  /// Prints the error on standard error.
  static func print(_ error: StemmaError) {
    let style = Style(isColoured: Terminal.isColoured(descriptor: STDERR_FILENO))
    Terminal.printError(style.red("error") + " " + error.rendered)
  }

  private static func isUsage(_ code: ExitCode) -> Bool { code == .validationFailure }
}
