// Keys that people see, in the table `keys`. `P9` comes before `P10` there: a key that ends in a
// plain number is kept as prefix, number of digits, digits, so that new keys are appended.

import Base
import Store

/// How a node's key is written in the table of keys.
enum NodeKey {
  /// The longest key in bytes.
  static let maximumBytes = 200

  /// The bytes of a key: 1, prefix, 0, count of digits, digits; or 2 and the text where the key
  /// does not end in a plain number.
  static func bytes(_ key: Text) -> [UInt8] {
    key.withUTF8Span { text in
      var start = text.count
      while start > 0, (48...57).contains(text[start - 1]) { start -= 1 }
      let digits = text.count - start
      var isPlain = (1...18).contains(digits) && text[start] != 48
      for index in 0..<start where text[index] == 0 { isPlain = false }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(text.count + 3)
      bytes.append(isPlain ? 1 : 2)
      for index in 0..<text.count {
        if isPlain, index == start {
          bytes.append(0)
          bytes.append(UInt8(digits))
        }
        bytes.append(text[index])
      }
      return bytes
    }
  }

  /// The number at the end of a key with this prefix, where it is one that we could have made.
  static func number(of key: Text, prefix: Text) -> UInt64? {
    key.withUTF8Span { text in
      prefix.withUTF8Span { start in
        guard text.count > start.count, text.count - start.count <= 18, text[start.count] != 48
        else { return nil }
        for index in 0..<start.count where text[index] != start[index] { return nil }
        var number: UInt64 = 0
        for index in start.count..<text.count {
          let digit = text[index]
          guard (48...57).contains(digit) else { return nil }
          number = number * 10 + UInt64(digit - 48)
        }
        return number
      }
    }
  }

  /// The last number given to a key with a prefix, as the store has it.
  static func lastNumber(prefix: Text, _ reading: Reading) throws -> UInt64 {
    guard let row = try reading.get(.meta, MetaKey.counter(prefix: prefix)) else { return 0 }
    guard row.byteCount == 8 else {
      throw StemmaError.damaged("meta", "a counter has the wrong length")
    }
    return row.little64(0)
  }
}
