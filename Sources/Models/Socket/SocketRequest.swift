// Reads one HTTP/1.1 request (RFC 9112) that a hostile program may have written. Strict: one way to
// say how long a body is, no folding, no chunks, bounds on everything. Pure.

/// A whole request.
struct SocketRequest: Sendable, Hashable {
  static let headLimitBytes = 16 << 10
  static let bodyLimitBytes = 4 << 20
  private static let lineLimit = 100

  var method: String
  var path: String
  var body: [UInt8]
  /// The connection ends after the answer.
  var isLast: Bool

  /// The head of a request.
  struct Head: Sendable, Hashable {
    var method: String
    var path: String
    var bodyBytes: Int
    var isLast: Bool
    /// The program waits for word before it sends the body.
    var waits: Bool
    /// Where the body begins.
    var byteCount: Int
  }

  /// The head at the start of `bytes`; `nil` while it is not whole.
  ///
  /// - Throws: `RelayRefusal`.
  static func head(of bytes: [UInt8]) throws -> Head? {
    guard let end = end(of: bytes) else {
      guard bytes.count <= headLimitBytes else {
        throw RelayRefusal(431, "the head has more than \(headLimitBytes) bytes")
      }
      return nil
    }
    guard end <= headLimitBytes else {
      throw RelayRefusal(431, "the head has more than \(headLimitBytes) bytes")
    }
    var lines = bytes[..<(end - 4)].split(
      separator: 13, maxSplits: lineLimit, omittingEmptySubsequences: false)
    guard lines.count <= lineLimit,
      lines.dropFirst().allSatisfy({ $0.first == 10 }),
      lines.allSatisfy({ $0.dropFirst().allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 9 } })
    else { throw RelayRefusal(400, "the head is not that of an HTTP/1.1 request") }
    let words = lines.removeFirst().split(separator: 0x20, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", !words[0].isEmpty,
      words[1].hasPrefix("/")
    else { throw RelayRefusal(400, "the first line is not that of an HTTP/1.1 request") }
    var head = Head(
      method: words[0], path: words[1], bodyBytes: 0, isLast: words[2] == "HTTP/1.0", waits: false,
      byteCount: end)
    try take(lines, &head)
    return head
  }

  private static func take(_ lines: [ArraySlice<UInt8>], _ head: inout Head) throws {
    var length: Int?
    for line in lines {
      let text = String(decoding: line.dropFirst(), as: UTF8.self)
      guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
        !text[..<colon].contains(where: { $0 == " " || $0 == "\t" })
      else { throw RelayRefusal(400, "a header is not one") }
      let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      switch text[..<colon].lowercased() {
      case "content-length":
        guard length == nil, !value.isEmpty, value.utf8.count <= 10,
          value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value)
        else { throw RelayRefusal(400, "Content-Length must be one number, once") }
        length = number
      case "transfer-encoding":
        throw RelayRefusal(411, "send the body whole, with Content-Length")
      case "expect": head.waits = value.lowercased() == "100-continue"
      case "connection": head.isLast = head.isLast || value.lowercased().contains("close")
      default: continue
      }
    }
    head.bodyBytes = length ?? 0
    guard head.bodyBytes <= bodyLimitBytes else {
      throw RelayRefusal(413, "the body has more than \(bodyLimitBytes) bytes")
    }
  }

  /// The byte after the first empty line.
  private static func end(of bytes: [UInt8]) -> Int? {
    let limit = min(bytes.count, headLimitBytes + 4)
    guard limit >= 4 else { return nil }
    for place in 3..<limit where bytes[place] == 10 {
      if bytes[place - 1] == 13, bytes[place - 2] == 10, bytes[place - 3] == 13 { return place + 1 }
    }
    return nil
  }
}
