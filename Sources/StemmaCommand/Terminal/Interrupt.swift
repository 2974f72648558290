// Ctrl-C. The first one stops what is running and lets it say how far it got; while nothing runs it
// ends the program. A signal handler may only touch the token.

import Glibc
import Stemma
import Synchronization

/// The token that Ctrl-C cancels.
enum Interrupt {
  /// Read by the signal handler; made before the handler is installed.
  private static let current = Mutex<CancellationToken?>(nil)
  private static let pending = Atomic<Bool>(false)
  private static let wakes = Atomic<Int>(0)

  /// Makes Ctrl-C cancel the token handed to `body` instead of ending the program.
  static func stopping<Result>(_ body: (CancellationToken) throws -> Result) rethrows -> Result {
    let token = CancellationToken()
    let watcher = InterruptWatcher(token: token)
    watcher.install()
    defer { watcher.remove() }
    return try body(token)
  }
}

/// Installs and removes the handler.
private struct InterruptWatcher {
  let token: CancellationToken

  func install() {
    interruptTarget.store(
      UInt(bitPattern: Unmanaged.passRetained(token).toOpaque()), ordering: .sequentiallyConsistent)
    signal(SIGINT) { _ in
      let address = interruptTarget.load(ordering: .sequentiallyConsistent)
      guard let pointer = UnsafeRawPointer(bitPattern: address) else { return }
      Unmanaged<CancellationToken>.fromOpaque(pointer).takeUnretainedValue().cancel()
    }
  }

  func remove() {
    signal(SIGINT, SIG_DFL)
    let address = interruptTarget.exchange(0, ordering: .sequentiallyConsistent)
    if let pointer = UnsafeRawPointer(bitPattern: address) {
      Unmanaged<CancellationToken>.fromOpaque(pointer).release()
    }
  }
}

/// The address of the token that a signal may cancel; zero for none.
private let interruptTarget = Atomic<UInt>(0)
