// Lines typed at a terminal, edited and remembered by libedit; from a pipe, lines as they are.
// The history file belongs to the user: it is written with mode 0600 and failing to write it is
// never an error.

@preconcurrency import CEdit
import Glibc

/// Reads lines with editing, history and completion.
final class LineEditor {
  enum Line {
    case text(String)
    /// Bytes that are no UTF-8: putting other letters in their place would change what is asked.
    case notText
    /// Ctrl-C at the prompt: the statement so far is dropped.
    case interrupted
    case end
  }

  private let historyPath: String?
  private let isInteractive: Bool
  /// Entries kept in the history file.
  private static let historyLimit: Int32 = 2_000

  init(historyPath: String?, completer: @escaping (_ context: String, _ word: String) -> [String]) {
    self.historyPath = historyPath
    isInteractive = isatty(STDIN_FILENO) == 1
    guard isInteractive else { return }
    // libedit drops what the locale cannot say; our texts are UTF-8 whatever the surroundings.
    if setlocale(LC_CTYPE, "C.UTF-8") == nil { setlocale(LC_CTYPE, "") }
    CompletionBridge.install(completer)
    using_history()
    stifle_history(Self.historyLimit)
    if let historyPath { _ = read_history(historyPath) }
    InterruptAtPrompt.install()
  }

  /// The next line, without its newline.
  func read(prompt: String) -> Line {
    guard isInteractive else {
      return Self.lineOfPipe()
    }
    InterruptAtPrompt.clear()
    guard let raw = readline(prompt) else {
      if InterruptAtPrompt.wasHit {
        Terminal.printError("")
        return .interrupted
      }
      return .end
    }
    defer { free(raw) }
    if InterruptAtPrompt.wasHit { return .interrupted }
    return String(validatingCString: raw).map { .text($0) } ?? .notText
  }

  private static func lineOfPipe() -> Line {
    var raw: UnsafeMutablePointer<CChar>?
    var room = 0
    let count = getline(&raw, &room, stdin)
    defer { free(raw) }
    guard count > 0, let raw else { return .end }
    let bytes = UnsafeRawBufferPointer(start: raw, count: count)
    guard let line = String(validating: bytes, as: UTF8.self) else { return .notText }
    return .text(line.hasSuffix("\r\n") || line.hasSuffix("\n") ? String(line.dropLast()) : line)
  }

  /// Remembers a whole statement as one entry.
  func remember(_ statement: String) {
    guard isInteractive, !statement.isEmpty else { return }
    // A query comes back as it is typed: with its end.
    let isCommand = statement.hasPrefix(":") || statement.hasPrefix("@")
    add_history(StatementReader.oneLine(statement) + (isCommand ? "" : ";"))
    guard let historyPath else { return }
    let previousMask = umask(0o077)
    _ = write_history(historyPath)
    umask(previousMask)
  }
}

/// Ctrl-C while libedit waits for keys.
private enum InterruptAtPrompt {
  static func install() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in promptInterrupted = 1 }
    sigaction(SIGINT, &action, nil)
  }

  static func clear() {
    install()
    promptInterrupted = 0
  }

  static var wasHit: Bool { promptInterrupted != 0 }
}

/// Written by the signal handler, read between lines on the same thread.
nonisolated(unsafe) private var promptInterrupted: sig_atomic_t = 0
