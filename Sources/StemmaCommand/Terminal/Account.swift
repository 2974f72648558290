// Who is at the keyboard, as the log names actors.

import Glibc

/// The person or program that runs this command.
enum Account {
  /// `STEMMA_ACTOR` where it is set, else `cli:` and the login name.
  static var actor: String {
    if let given = Terminal.environment("STEMMA_ACTOR"), !given.isEmpty { return given }
    let name = Terminal.environment("USER") ?? Terminal.environment("LOGNAME")
    return "cli:" + (name ?? "uid-\(getuid())")
  }
}
