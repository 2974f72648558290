// Finds the JSON object in what a model said: models wrap it in fences or sentences.

import Base

enum AnswerText {
  /// The first whole JSON object of a text, from its first brace to the one that closes it.
  static func object(in text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    var start = bytes.firstIndex(of: UInt8(ascii: "{"))
    while let place = start {
      if let end = end(of: place, in: bytes) {
        let object = Array(bytes[place...end])
        if (try? JSONReader.read(object, limitBytes: 8 << 20)) != nil { return object }
      }
      start = bytes[(place + 1)...].firstIndex(of: UInt8(ascii: "{"))
      // What does not close is looked at from a few more braces only.
      if place - (bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0) > 65_536 { return nil }
    }
    return nil
  }

  private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
    var depth = 0
    var isInText = false
    var isEscaped = false
    for place in start..<bytes.count {
      let byte = bytes[place]
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInText = true
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return place }
      default: continue
      }
    }
    return nil
  }
}
