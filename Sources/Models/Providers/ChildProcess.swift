// One child process in a process group of its own, talked to through pipes with a deadline.
// Whatever happens, the whole group is killed and the child reaped before the conversation returns.

import Base
import Glibc

/// A started program.
package struct ChildProcess {
  package enum Reason: Equatable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case outputLimit
  }

  package struct End {
    package var reason: Reason
    package var output: [UInt8]
    package var errors: [UInt8]
  }

  private let process: pid_t
  private var input: Int32
  private var output: Int32
  private var errors: Int32

  /// Starts a program found by PATH, in a folder. Throws where it cannot start.
  package init(command: [String], directory: String) throws {
    let inputs = try Self.pipe()
    let outputs = try Self.pipe()
    let complaints = try Self.pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputs.read, 0)
    posix_spawn_file_actions_adddup2(&actions, outputs.write, 1)
    posix_spawn_file_actions_adddup2(&actions, complaints.write, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    // The shell only changes the folder; `exec` makes the program itself the child.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + command
    var arguments = shell.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, shell[0], &actions, &attributes, &arguments, environ)
    for descriptor in [inputs.read, outputs.write, complaints.write] { close(descriptor) }
    guard code == 0 else {
      for descriptor in [inputs.write, outputs.read, complaints.read] { close(descriptor) }
      throw StemmaError(
        .providerAnswer, "cannot start \(command[0]): \(String(cString: strerror(code)))")
    }
    process = child
    input = inputs.write
    output = outputs.read
    errors = complaints.read
  }

  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
      throw StemmaError(
        .providerAnswer, "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Writes the input, reads both outputs, and waits for the end.
  package mutating func converse(
    input bytes: [UInt8], timeoutMilliseconds: Int, outputLimitBytes: Int, errorLimitBytes: Int,
    isCancelled: () -> Bool = { false }
  ) throws -> End {
    signal(SIGPIPE, SIG_IGN)
    let deadline = MonotonicTime.milliseconds() + timeoutMilliseconds
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    var end = End(reason: .timedOut, output: [], errors: [])
    var rest = bytes[...]
    if rest.isEmpty { closeInput() }
    var isCut = false
    while output >= 0 || errors >= 0 {
      let left = deadline - MonotonicTime.milliseconds()
      guard left > 0, !isCancelled() else { break }
      var polls = [
        pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&polls, 3, Int32(min(left, 100)))
      if count < 0, errno != EINTR { break }
      guard count > 0 else { continue }
      if polls[0].revents != 0 { write(&rest) }
      if polls[1].revents != 0, Self.drain(&output, into: &end.output, limit: outputLimitBytes) {
        isCut = true
        break
      }
      if polls[2].revents != 0 {
        // Complaints beyond the limit are read and dropped, so that the child does not block.
        _ = Self.drain(&errors, into: &end.errors, limit: .max)
        end.errors = Array(end.errors.suffix(errorLimitBytes))
      }
    }
    let isOver = output < 0 && errors < 0
    end.reason = reap(waitsUntil: isOver ? deadline : 0, isCut: isCut)
    return end
  }

  private mutating func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  private mutating func write(_ rest: inout ArraySlice<UInt8>) {
    let chunk = Array(rest.prefix(1 << 16))
    let count = Glibc.write(input, chunk, chunk.count)
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno != EAGAIN, errno != EINTR {
      // The child does not want to hear more; that is its right.
      rest = []
    }
    if rest.isEmpty { closeInput() }
  }

  /// Reads what is there; closes at the end. True where the limit was passed.
  private static func drain(
    _ descriptor: inout Int32, into bytes: inout [UInt8], limit: Int
  ) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { return false }
    if count <= 0 {
      close(descriptor)
      descriptor = -1
      return false
    }
    bytes.append(contentsOf: buffer[0..<count])
    return bytes.count > limit
  }

  /// Waits for the child until the deadline, then kills its group; always reaps it.
  private mutating func reap(waitsUntil deadline: Int, isCut: Bool) -> Reason {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
    var status: Int32 = 0
    while MonotonicTime.milliseconds() < deadline {
      if waitpid(process, &status, WNOHANG) == process {
        kill(-process, SIGKILL)
        return Self.reason(status)
      }
      usleep(1_000)
    }
    kill(-process, SIGKILL)
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return isCut ? .outputLimit : .timedOut
  }

  private static func reason(_ status: Int32) -> Reason {
    status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
  }
}
