// Keeps the head and the tail of a program's output inside its budget and counts the rest. It must
// never hold more than the budget, whatever a program writes.

/// The first and the last half of a budget of bytes.
struct LogBuffer: Sendable {
  let limit: Int
  private(set) var total = 0
  private var head: [UInt8] = []
  private var tail: [UInt8] = []

  init(limit: Int) { self.limit = max(0, limit) }

  private var headLimit: Int { limit - limit / 2 }
  private var tailLimit: Int { limit / 2 }

  /// Adds bytes as they came.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    total += bytes.count
    let first = bytes.prefix(headLimit - head.count)
    head.append(contentsOf: first)
    let rest = bytes.dropFirst(first.count).suffix(tailLimit)
    guard !rest.isEmpty else { return }
    // The tail may grow to twice its size before it is cut, so that each byte moves at most twice.
    tail.append(contentsOf: rest)
    if tail.count > 2 * tailLimit { tail.removeFirst(tail.count - tailLimit) }
  }

  var droppedBytes: Int { max(0, total - limit) }

  /// The kept bytes with one line between head and tail where something was dropped.
  var bytes: [UInt8] {
    guard droppedBytes > 0 else { return head + tail }
    let notice = "\n[... \(droppedBytes) bytes dropped by the log budget ...]\n"
    return head + Array(notice.utf8) + tail.suffix(tailLimit)
  }
}
