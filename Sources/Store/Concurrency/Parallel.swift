// Work that can be divided, on a thread per processor. What comes out depends on the parts alone,
// never on how many threads there were or which was first.

internal import Glibc
internal import Synchronization

/// Runs independent parts of a computation at once.
package enum Parallel {
  /// More threads than this gain nothing here.
  private static let mostThreads = 8

  /// How many threads are worth their while here.
  package static var threads: Int {
    min(mostThreads, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// What `body` gives for 0 up to `count`, in that order. Returns when all are done.
  package static func map<Part: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Part
  ) -> [Part] {
    let threads = min(count, Self.threads)
    let parts = Parts<Part>(count)
    let work: @Sendable () -> Void = {
      while let index = parts.take() { parts.put(body(index), at: index) }
    }
    // Where there is no thread to be had, the others do its share.
    let started = (1..<max(1, threads)).compactMap { _ in start(work) }
    work()
    for thread in started { join(thread) }
    return parts.all
  }

  /// Runs `other` on a thread of its own while `body` runs here; returns when both are done.
  package static func both<Here, Other: Sendable>(
    _ other: @escaping @Sendable () -> Other, _ body: () throws -> Here
  ) rethrows -> (Here, Other) {
    let parts = Parts<Other>(1)
    let thread = start { parts.put(other(), at: 0) }
    let here: Here
    do {
      defer { if let thread { join(thread) } }
      here = try body()
    }
    return (here, parts.all.first ?? other())
  }

  /// Runs `work` on a thread that nobody waits for; here, where there is none to be had.
  package static func detach(_ work: @escaping @Sendable () -> Void) {
    guard let thread = start(work) else { return work() }
    pthread_detach(thread)
  }

  static func join(_ thread: pthread_t) { pthread_join(thread, nil) }

  /// Starts a thread, to be joined; `nil` where there is none to be had.
  static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    var thread = pthread_t()
    let box = unsafe Unmanaged.passRetained(ThreadWork(run: work))
    if unsafe pthread_create(&thread, nil, runThread, box.toOpaque()) == 0 { return thread }
    unsafe box.release()
    return nil
  }
}

/// What a thread runs.
private final class ThreadWork: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}

/// The parts that are still to do, and what came of the others.
private final class Parts<Part: Sendable>: Sendable {
  private struct State {
    var next = 0
    var done: [Part?]
  }

  private let state: Mutex<State>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    state = Mutex(State(done: [Part?](repeating: nil, count: count)))
  }

  func take() -> Int? {
    state.withLock { state in
      guard state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func put(_ part: Part, at index: Int) { state.withLock { $0.done[index] = part } }

  var all: [Part] { state.withLock { $0.done.compactMap { $0 } } }
}
