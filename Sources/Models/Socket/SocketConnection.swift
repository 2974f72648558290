// One connection of a sandboxed program: requests in, answers out, one after the other. Whoever
// sends or takes too slowly is let go.

import Glibc

struct SocketConnection {
  /// A request that has begun has so long to be whole, and an answer to be taken.
  private static let requestMilliseconds = 30_000
  private static let tickMilliseconds: Int32 = 50
  private static let pieceBytes = 64 << 10

  private let descriptor: Int32
  private let isClosed: () -> Bool
  /// What has come and is no part of an answered request.
  private(set) var received: [UInt8] = []

  init(_ descriptor: Int32, isClosed: @escaping () -> Bool) {
    self.descriptor = descriptor
    self.isClosed = isClosed
  }

  /// The next request; `nil` where there is none.
  ///
  /// - Throws: `RelayRefusal`.
  mutating func next() throws -> SocketRequest? {
    var begun: Int?
    var head: SocketRequest.Head?
    while true {
      if head == nil, !received.isEmpty {
        head = try SocketRequest.head(of: received)
        if let head, head.waits, received.count < head.byteCount + head.bodyBytes {
          guard send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return nil }
        }
      }
      if let head, received.count >= head.byteCount + head.bodyBytes {
        let end = head.byteCount + head.bodyBytes
        let body = Array(received[head.byteCount..<end])
        received.removeFirst(end)
        return SocketRequest(
          method: head.method, path: head.path, body: body, isLast: head.isLast)
      }
      if begun == nil, !received.isEmpty { begun = Self.milliseconds() }
      if let begun, Self.milliseconds() - begun > Self.requestMilliseconds {
        throw RelayRefusal(408, "the request did not come within 30 s")
      }
      guard try receive() else { return nil }
    }
  }

  /// False where nothing will come any more.
  private mutating func receive() throws -> Bool {
    if isClosed() { return false }
    guard ModelSocket.wait(descriptor, POLLIN, Self.tickMilliseconds) else { return true }
    var buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 {
      received += buffer[..<count]
      return true
    }
    guard count < 0, errno == EINTR || errno == EAGAIN else {
      if !received.isEmpty { throw RelayRefusal(400, "the request was cut") }
      return false
    }
    return true
  }

  /// False where it could not be sent whole.
  func write(_ answer: RelayAnswer, isLast: Bool) -> Bool {
    let type = answer.isStream ? "text/event-stream" : "application/json"
    let head =
      "HTTP/1.1 \(answer.status) \(Self.phrase(answer.status))\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(answer.body.count)\r\n"
      + (isLast ? "Connection: close\r\n" : "") + "\r\n"
    return send(Array(head.utf8) + answer.body)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    let start = Self.milliseconds()
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Self.pieceBytes))
      let count = Glibc.send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
      if count > 0 {
        rest = rest.dropFirst(count)
        continue
      }
      guard count < 0, errno == EINTR || errno == EAGAIN, !isClosed(),
        Self.milliseconds() - start < Self.requestMilliseconds
      else { return false }
      _ = ModelSocket.wait(descriptor, POLLOUT, Self.tickMilliseconds)
    }
    return true
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 408: "Request Timeout"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status"
    }
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}
