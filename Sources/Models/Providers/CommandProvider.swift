// A program that proposes or criticises: one JSON request on its standard input, one JSON answer on
// its standard output, within a time and a size. It is the owner's own program and runs with the
// owner's rights; what it *proposes* is what runs in a sandbox. Its words are untrusted.

import Base
import Glibc

/// Runs an executable per question.
package struct CommandProvider: Provider {
  package let kind = "command"
  private let command: [String]
  private let directory: String
  private let timeoutMilliseconds: Int
  private let outputLimitBytes: Int
  private let isCancelled: @Sendable () -> Bool
  static let errorLimitBytes = 4 << 10

  /// `isCancelled` is asked every tenth of a second; the program is then killed.
  package init(
    command: [String], directory: String, timeoutMilliseconds: Int, outputLimitBytes: Int,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.command = command
    self.directory = directory
    self.timeoutMilliseconds = timeoutMilliseconds
    self.outputLimitBytes = outputLimitBytes
    self.isCancelled = isCancelled
  }

  package func reply(to request: ProviderRequest) -> ProviderReply {
    do {
      var child = try ChildProcess(command: command, directory: directory)
      let end = try child.converse(
        input: request.body, timeoutMilliseconds: timeoutMilliseconds,
        outputLimitBytes: outputLimitBytes, errorLimitBytes: Self.errorLimitBytes,
        isCancelled: isCancelled)
      return Self.reply(end, name: command[0], limit: outputLimitBytes)
    } catch let error as StemmaError {
      return .failed(error.message)
    } catch {
      return .failed("\(error)")
    }
  }

  private static func reply(
    _ end: ChildProcess.End, name: String, limit: Int
  ) -> ProviderReply {
    let said = String(decoding: end.errors.prefix(1_000), as: UTF8.self)
    let tail = said.isEmpty ? "" : "; it said: \(said)"
    switch end.reason {
    case .timedOut: return .timedOut("\(name) gave no answer in time\(tail)")
    case .outputLimit: return .failed("\(name) wrote more than \(limit) bytes")
    case .exited(0): return .answered(end.output)
    case .exited(let code): return .failed("\(name) exited with \(code)\(tail)")
    case .signalled(let signal): return .failed("\(name) was ended by signal \(signal)\(tail)")
    }
  }
}
