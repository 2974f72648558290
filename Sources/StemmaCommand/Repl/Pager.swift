// Long output goes through a pager, short output straight to the terminal.

import Glibc

/// Collects output and shows it, a screen at a time where that helps.
struct Pager {
  private var text = ""

  mutating func append(_ more: String) { text += more }

  /// Prints what was collected. A pager is used when standard input and output are terminals and
  /// the text is higher than the screen: `$PAGER`, else `less`.
  func show() throws {
    let lines = text.utf8.lazy.filter { $0 == UInt8(ascii: "\n") }.count
    guard let height = Terminal.height, lines >= height, Terminal.isTerminal(STDIN_FILENO),
      let stream = popen(Self.command, "w")
    else { return try Terminal.print(text) }
    signal(SIGPIPE, SIG_IGN)
    fputs(text, stream)
    let status = pclose(stream)
    // 127 is the shell's word for "no such program".
    if status >> 8 & 0xFF == 127 { try Terminal.print(text) }
  }

  /// Shows a text that is whole already.
  static func show(_ text: String) throws {
    var pager = Pager()
    pager.append(text)
    try pager.show()
  }

  private static var command: String {
    if let given = Terminal.environment("PAGER"), !given.isEmpty { return given }
    return "less -FRSX"
  }
}
