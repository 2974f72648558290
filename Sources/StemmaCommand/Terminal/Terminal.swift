// What the program asks of its terminal: width, colour, printing. A closed pipe ends the program
// quietly, as `head` expects.

import Base
import Glibc
import Rendering

/// Standard output and error.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Colour on terminals only, and never where NO_COLOR is set (no-color.org).
  static func isColoured(descriptor: Int32) -> Bool {
    guard isTerminal(descriptor) else { return false }
    if let value = environment("NO_COLOR"), !value.isEmpty { return false }
    return environment("TERM") != "dumb"
  }

  /// The style for standard output.
  static var style: Style { Style(isColoured: isColoured(descriptor: STDOUT_FILENO)) }

  /// The columns of the terminal; `nil` where output goes to a file or pipe.
  static var width: Int? {
    guard isTerminal(STDOUT_FILENO) else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The rows of the terminal; `nil` where output goes to a file or pipe.
  static var height: Int? {
    guard isTerminal(STDOUT_FILENO) else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
  }

  static func print(_ text: String) throws { try write(text, to: STDOUT_FILENO) }

  static func printError(_ text: String) {
    try? write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
  }

  /// Writes everything, or says why not. A reader that went away ends the program.
  static func write(_ text: String, to descriptor: Int32) throws {
    try write(Array(text.utf8), to: descriptor, named: "the output")
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, named name: String) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 {
        sent += count
      } else if errno == EPIPE {
        // Who does not read errors changes nothing of what is done, nor of how it ends.
        if descriptor == STDERR_FILENO { return }
        Glibc.exit(0)
      } else if errno != EINTR {
        let number = errno
        throw StemmaError.fullDisk(number, writing: name)
          ?? StemmaError(
            .fileUnreadable, "cannot write \(name): " + String(cString: strerror(number)))
      }
    }
  }
}

extension Terminal {
  /// Rewrites the progress line on standard error.
  static func printProgress(_ line: String) {
    let cut = DisplayWidth.cut(line, to: (width ?? 80) - 1)
    try? write("\r\u{1B}[2K" + cut, to: STDERR_FILENO)
  }

  /// Removes the progress line.
  static func clearProgress() { try? write("\r\u{1B}[2K", to: STDERR_FILENO) }
}
