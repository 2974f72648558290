// Forked processes, how they end, and the memory that they share with the one that waits. There is
// one thread when they are forked.

import CrashPoints
import Foundation

/// A forked process.
enum Child {
  /// How long anything may take.
  private static let secondsAtMost: UInt32 = 60

  enum End: Equatable {
    case success
    case failure(Int32)
    case signal(Int32)
  }

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs `body` in a child and waits for its end. What `body` throws is printed there.
  static func start(_ body: () throws -> Void) throws -> End {
    fflush(nil)
    let process = crash_points_fork()
    if process < 0 { throw Failed(description: "no more processes") }
    if process == 0 {
      alarm(secondsAtMost)
      do {
        try body()
        fflush(nil)
        _exit(0)
      } catch {
        print("  \(error)")
        fflush(nil)
        _exit(1)
      }
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if status & 0x7F != 0 { return .signal(status & 0x7F) }
    let code = status >> 8 & 0xFF
    return code == 0 ? .success : .failure(code)
  }

  /// The same, where anything but success is an error.
  static func run(_ what: String, _ body: () throws -> Void) throws {
    let end = try start(body)
    if end != .success { throw Failed(description: "\(what) ended with \(end)") }
  }
}

/// Two numbers that a child writes and its parent reads after the child's end.
final class SharedNumbers {
  private let memory: UnsafeMutablePointer<UInt64>

  init() throws {
    guard let shared = crash_points_share(4096) else {
      throw Child.Failed(description: "no shared memory")
    }
    memory = shared.bindMemory(to: UInt64.self, capacity: 512)
  }

  var acknowledged: UInt64 {
    get { memory[0] }
    set { memory[0] = newValue }
  }

  var calls: UInt64 {
    get { memory[1] }
    set { memory[1] = newValue }
  }
}
