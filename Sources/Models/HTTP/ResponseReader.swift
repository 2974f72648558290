// Splits what curl hands over into head and body. Heads that only announce another (100 Continue,
// answers of a proxy) are skipped.

import Base

enum ResponseReader {
  /// `nil` where there is no head.
  static func read(_ bytes: [UInt8]) -> HTTPResponse? {
    var rest = bytes[...]
    while rest.starts(with: Array("HTTP/".utf8)) {
      guard let (head, after) = split(rest) else { return nil }
      let lines = head.split(separator: "\n").map { $0.last == "\r" ? $0.dropLast() : $0 }
      let words = lines.first?.split(separator: " ") ?? []
      guard words.count >= 2, let status = Int(words[1]) else { return nil }
      rest = after
      if (100..<200).contains(status) { continue }
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        headers[line[..<colon].lowercased()] = String(value)
      }
      return HTTPResponse(status: status, headers: headers, body: Array(rest))
    }
    return nil
  }

  private static func split(
    _ bytes: ArraySlice<UInt8>
  ) -> (head: String, rest: ArraySlice<UInt8>)? {
    var isLineEmpty = true
    for place in bytes.indices {
      switch bytes[place] {
      case 0x0A:
        if isLineEmpty {
          let head = String(decoding: bytes[..<place], as: UTF8.self)
          return (head.replacing("\r\n", with: "\n"), bytes[(place + 1)...])
        }
        isLineEmpty = true
      case 0x0D: continue
      default: isLineEmpty = false
      }
    }
    return nil
  }
}
