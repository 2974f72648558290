// The calls of one run, as lines of a file beside the store, outside every mount: one before a
// request leaves, one when it is over. So a runner that is killed has lost none of them, and what
// was under way counts as all that was reserved for it.

import Base
import Glibc
import Synchronization

/// Appends to a journal.
final class RelayJournal: Sendable {
  private let descriptor: Int32
  private let lock = Mutex(())

  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StemmaError(
        .fileUnreadable, "cannot write \(path): \(String(cString: strerror(errno)))",
        at: .file(path: path, line: nil, column: nil))
    }
  }

  deinit { close(descriptor) }

  /// False where it could not be written whole; then nothing may be sent.
  func append(_ call: RelayedCall) -> Bool {
    var rest = JSONWriter.bytes(call.line) + [10]
    return lock.withLock { _ in
      while !rest.isEmpty {
        let count = write(descriptor, rest, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        rest.removeFirst(count)
      }
      return true
    }
  }

  /// The calls of a journal: of each number the last line. What was cut is no line.
  static func calls(in bytes: [UInt8]) -> [RelayedCall] {
    var calls: [Int: RelayedCall] = [:]
    for line in bytes.split(separator: 10) {
      guard let value = try? JSONReader.read(Array(line), limitBytes: lineLimitBytes),
        let call = RelayedCall(value)
      else { continue }
      calls[call.number] = call
    }
    return calls.values.sorted { $0.number < $1.number }
  }

  /// Escapes may make a text six times as long.
  private static let lineLimitBytes = 6 * (SocketRequest.bodyLimitBytes + 16 << 20)
}
