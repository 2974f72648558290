// A file that a program writes while we read it. The program may replace it, or a folder above it,
// by a link or a pipe at any moment: every look opens it anew without following anything, and what
// is no regular file is not there.

import CSandbox
import Glibc

/// Reads what was appended since the last look.
struct WatchedFile {
  private let watch: SandboxWatch
  private let folder: Descriptor
  private var position = 0

  /// So much is read in one look; the rest waits for the next.
  private static let lookLimit = 1 << 20

  init(_ watch: SandboxWatch, in folder: Descriptor) {
    self.watch = watch
    self.folder = folder
  }

  /// Whether the caller's rule ends the program.
  mutating func look() -> Bool {
    guard let file = opened(), let bytes = read(file), !bytes.isEmpty else { return false }
    position += bytes.count
    return watch.take(bytes)
  }

  private func opened() -> Descriptor? {
    let parts = watch.path.split(separator: "/").map(String.init)
    var current = folder
    for (index, part) in parts.enumerated() {
      guard part != "..", part != "." else { return nil }
      let flags = index == parts.count - 1 ? O_RDONLY | O_NONBLOCK : O_RDONLY | O_DIRECTORY
      let number = csandbox_open_beneath(current.number, part, flags, 0)
      guard number >= 0 else { return nil }
      current = Descriptor(number)
    }
    var status = stat()
    guard fstat(current.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return current
  }

  private func read(_ file: Descriptor) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Self.lookLimit)
    let count = pread(file.number, &buffer, buffer.count, position)
    return count > 0 ? Array(buffer[0..<count]) : nil
  }
}
