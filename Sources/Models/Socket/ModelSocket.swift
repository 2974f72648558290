// A Unix socket for one sandboxed program, and the threads behind it. Whoever can see its folder
// can ask, so the folder is shown to one run only and is closed to everybody else here. A program
// that floods it is turned away, at its own cost.

package import Base
import Dispatch
import Glibc
import Synchronization

/// Listens while a program runs.
package final class ModelSocket: Sendable {
  /// Where it lies in its folder.
  package static let name = "socket"
  /// The folder inside that is shown to the program; the journal lies beside it.
  package static let folder = "shown"
  private static let journal = "calls.jsonl"
  /// Connections at a time, and how many requests may be refused before nobody is heard any more.
  static let connectionLimit = 16
  static let refusalLimit = 1_000
  /// A refusal takes its time, so that asking in a circle does not occupy this machine.
  private static let refusalMicroseconds: UInt32 = 20_000
  private static let tickMilliseconds: Int32 = 50

  private let relay: Relay
  private let listener: Int32
  private let threads = DispatchGroup()
  private let isClosed: Flag
  private let connections = Atomic(0)
  private let refusals = Atomic(0)

  /// Shared with what is under way for the program.
  final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }

  /// - Parameters:
  ///   - used: what earlier attempts took of the grant.
  ///   - place: a folder that is ours alone; made where it is missing.
  package convenience init(
    _ grant: ModelGrant, used: RelayUse, place: String,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    try self.init(grant, used: used, place: place, now: now) { endpoint, isCancelled in
      ModelClient(endpoint, isCancelled: isCancelled)
    }
  }

  init(
    _ grant: ModelGrant, used: RelayUse, place: String, now: @escaping @Sendable () -> Timestamp,
    client: (ModelEndpoint, @escaping @Sendable () -> Bool) -> ModelClient
  ) throws {
    let flag = Flag()
    isClosed = flag
    for folder in [place, place + "/" + Self.folder] {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw ListeningSocket.failure(folder)
      }
    }
    relay = try Relay(
      grant, used: used, journal: RelayJournal(path: place + "/" + Self.journal), now: now,
      client: { client($0, { flag.isSet }) })
    listener = try ListeningSocket.make(
      Self.name, in: place + "/" + Self.folder, backlog: Self.connectionLimit)
    start { [self] in accept() }
  }

  /// The calls that were made through a socket at a place, also of a runner that was killed.
  package static func calls(at place: String) throws -> [RelayedCall] {
    let descriptor = open(place + "/" + journal, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw ListeningSocket.failure(place + "/" + journal)
    }
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return RelayJournal.calls(in: bytes) }
      bytes += buffer[..<count]
    }
  }

  /// Ends what is under way; then nothing of it is written any more.
  package func close() {
    isClosed.set()
    threads.wait()
    Glibc.close(listener)
    relay.close()
  }

  // MARK: Listening

  /// A queue of its own always gets a thread; see `LoopEngine.startWaiting`.
  private func start(_ body: @escaping @Sendable () -> Void) {
    threads.enter()
    DispatchQueue(label: "stemma.models").async { [threads] in
      body()
      threads.leave()
    }
  }

  private func accept() {
    while !isClosed.isSet {
      guard Self.wait(listener, POLLIN, Self.tickMilliseconds) else { continue }
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      guard !isFlooded, connections.load(ordering: .relaxed) < Self.connectionLimit else {
        Glibc.close(descriptor)
        countRefusal()
        continue
      }
      connections.add(1, ordering: .relaxed)
      start { [self] in
        serve(descriptor)
        Glibc.close(descriptor)
        connections.subtract(1, ordering: .relaxed)
      }
    }
  }

  private var isFlooded: Bool { refusals.load(ordering: .relaxed) >= Self.refusalLimit }

  private func countRefusal() {
    refusals.add(1, ordering: .relaxed)
    usleep(Self.refusalMicroseconds)
  }

  // MARK: One connection

  private func serve(_ descriptor: Int32) {
    var connection = SocketConnection(descriptor) { [self] in isClosed.isSet || isFlooded }
    var isFirst = true
    while true {
      let answer: RelayAnswer
      var isLast = false
      do {
        guard let request = try connection.next() else {
          // Connecting and leaving is a way to flood, too.
          if isFirst { countRefusal() }
          return
        }
        isLast = request.isLast
        answer = relay.answer(request)
      } catch let refusal as RelayRefusal {
        answer = relay.refuse(refusal, connection.received)
        isLast = true
      } catch { return }
      isFirst = false
      if answer.isRefusal { countRefusal() }
      guard connection.write(answer, isLast: isLast), !isLast else { return }
    }
  }

  static func wait(_ descriptor: Int32, _ events: Int32, _ milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }
}
