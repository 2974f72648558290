// A cursor over the bytes of a temporal text: ISO 8601's basic and extended forms, and the parts
// that they are made of. It only recognises; ranges are checked where the values are made.

/// Reads digits, signs and letters from left to right.
struct TemporalScanner {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(_ text: Text) { bytes = Array(text.string.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func advance() { position += 1 }

  /// Takes the character if it comes next.
  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  /// How many digits come next.
  var digitCount: Int {
    var end = position
    while end < bytes.count, bytes[end] &- 0x30 < 10 { end += 1 }
    return end - position
  }

  /// Takes as many digits as there are, up to the upper bound, which must be below 19; `nil`, and
  /// nothing is taken, where there are fewer than the lower.
  mutating func digits(_ counts: ClosedRange<Int>) -> (value: Int64, count: Int)? {
    let count = min(digitCount, counts.upperBound)
    guard count >= counts.lowerBound else { return nil }
    var value: Int64 = 0
    for index in position..<position + count { value = value * 10 + Int64(bytes[index] - 0x30) }
    position += count
    return (value, count)
  }

  /// Exactly that many digits.
  mutating func digits(_ count: Int) -> Int64? { digits(count...count)?.value }

  /// `.123` or `,123` as nanoseconds; 0 where there is none, `nil` where it is malformed.
  mutating func fraction() -> Int64? {
    guard accept(".") || accept(",") else { return 0 }
    guard digitCount <= 9, let read = digits(1...9) else { return nil }
    var value = read.value
    for _ in read.count..<9 { value *= 10 }
    return value
  }

  /// `Z`, `+01`, `+0100`, `+01:00`, `+02:05:59` in seconds; `nil`, and nothing is taken, where
  /// there is none.
  mutating func offset() -> Int64? {
    if accept("Z") { return 0 }
    let start = position
    let isNegative = next == UInt8(ascii: "-")
    guard accept("+") || accept("-"), let hours = digits(2) else {
      position = start
      return nil
    }
    var seconds = hours * 3_600
    for unit: Int64 in [60, 1] {
      let before = position
      let hasColon = accept(":")
      guard let part = digits(2), part < 60 else {
        position = before
        if hasColon || digitCount > 0 {
          position = start
          return nil
        }
        break
      }
      seconds += part * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// `[Europe/Stockholm]`; `nil`, and nothing is taken, where there is none.
  mutating func zoneName() -> Text? {
    let start = position
    guard accept("["), let close = bytes[position...].firstIndex(of: UInt8(ascii: "]")) else {
      position = start
      return nil
    }
    let name = Text(validatingUTF8: bytes[position..<close])
    position = close + 1
    return name
  }
}
