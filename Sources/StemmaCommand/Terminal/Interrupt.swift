// Ctrl-C. The first one stops what is running and lets it say how far it got; while nothing runs it
// ends the program. A signal handler may only touch the token.

import Base
import Glibc
import Stemma
import Synchronization

/// The token that Ctrl-C cancels.
enum Interrupt {
  /// Makes Ctrl-C cancel the token handed to `body` instead of ending the program.
  static func stopping<Result>(_ body: (CancellationToken) throws -> Result) rethrows -> Result {
    let token = CancellationToken()
    let watcher = InterruptWatcher(token: token)
    watcher.install(for: [SIGINT])
    defer { watcher.remove(for: [SIGINT]) }
    return try body(token)
  }

  /// Makes every signal that asks a program to end cancel the token, for work that ends cleanly by
  /// itself. Where `body` was cut short by one, prints what `onEnd` says of the signal and exits
  /// with 128 plus its number, as a shell reports it.
  static func ending<Result>(
    _ body: (CancellationToken) throws -> Result, onEnd: (_ signal: String) -> String
  ) throws -> Result {
    let signals = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"]
    let token = CancellationToken()
    let watcher = InterruptWatcher(token: token)
    watcher.install(for: Array(signals.keys))
    defer { watcher.remove(for: Array(signals.keys)) }
    do { return try body(token) } catch let error as StemmaError
      where error.code == .limitCancelled
    {
      let number = interruptSignal.load(ordering: .sequentiallyConsistent)
      Terminal.printError(onEnd(signals[number] ?? "a signal"))
      Glibc.exit(128 + number)
    }
  }
}

/// Installs and removes the handler.
private struct InterruptWatcher {
  let token: CancellationToken

  func install(for signals: [Int32]) {
    interruptTarget.store(
      UInt(bitPattern: Unmanaged.passRetained(token).toOpaque()), ordering: .sequentiallyConsistent)
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in signals where !Self.isIgnored(number) {
      sigaddset(&wanted, number)
      signal(number, Self.handle)
    }
    // A program that starts others from a worker thread may hand its blocked signals down.
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }

  /// Whether whoever started the program had the signal ignored, as nohup does with SIGHUP.
  private static func isIgnored(_ number: Int32) -> Bool {
    var present = sigaction()
    guard sigaction(number, nil, &present) == 0 else { return false }
    return unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  private static let handle: @convention(c) (Int32) -> Void = { number in
    interruptSignal.store(number, ordering: .sequentiallyConsistent)
    let address = interruptTarget.load(ordering: .sequentiallyConsistent)
    guard let pointer = UnsafeRawPointer(bitPattern: address) else { return }
    Unmanaged<CancellationToken>.fromOpaque(pointer).takeUnretainedValue().cancel()
  }

  func remove(for signals: [Int32]) {
    for number in signals where !Self.isIgnored(number) { signal(number, SIG_DFL) }
    let address = interruptTarget.exchange(0, ordering: .sequentiallyConsistent)
    if let pointer = UnsafeRawPointer(bitPattern: address) {
      Unmanaged<CancellationToken>.fromOpaque(pointer).release()
    }
  }
}

/// The address of the token that a signal may cancel; zero for none.
private let interruptTarget = Atomic<UInt>(0)
/// The last signal that came; zero for none.
private let interruptSignal = Atomic<Int32>(0)
