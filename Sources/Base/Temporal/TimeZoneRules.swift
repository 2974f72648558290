// The rules of one zone, read from a TZif file (RFC 9636). Every length and index in the file is
// checked before it is used; a file that lies is an error, not a crash.

/// When a zone's clock changed and by how much.
package final class TimeZoneRules: Sendable {
  /// Instants at which an offset came into force, ascending, with that offset.
  private let transitions: [Int64]
  private let offsets: [Int32]
  /// In force before the first transition.
  private let firstOffset: Int32
  /// In force after the last transition, where the file says.
  private let rule: PosixTimeZoneRule?

  private init(
    transitions: [Int64], offsets: [Int32], firstOffset: Int32, rule: PosixTimeZoneRule?
  ) {
    self.transitions = transitions
    self.offsets = offsets
    self.firstOffset = firstOffset
    self.rule = rule
  }

  /// Seconds east of UTC at an instant. O(log transitions).
  package func offset(at secondsSinceEpoch: Int64) -> Int32 {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= secondsSinceEpoch { low = middle + 1 } else { high = middle }
    }
    if low == transitions.count, let rule { return rule.offset(at: secondsSinceEpoch) }
    return low == 0 ? firstOffset : offsets[low - 1]
  }
}

extension TimeZoneRules {
  /// Reads a TZif file of version 1 to 4; `nil` where it is malformed.
  package static func reading(_ bytes: [UInt8]) -> TimeZoneRules? {
    guard let first = Header(bytes, at: 0) else { return nil }
    if first.version == 0 {
      return reading(bytes, first, timeWidth: 4, hasFooter: false)
    }
    // Version 2 and later repeat the data with 64-bit times behind the old block.
    guard let second = Header(bytes, at: first.end(timeWidth: 4)) else { return nil }
    return reading(bytes, second, timeWidth: 8, hasFooter: true)
  }

  private struct Header {
    var version: UInt8
    var body: Int
    var utcCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int

    init?(_ bytes: [UInt8], at start: Int) {
      let magic: [UInt8] = [0x54, 0x5A, 0x69, 0x66]
      guard start >= 0, start <= bytes.count - 44, Array(bytes[start..<start + 4]) == magic
      else { return nil }
      version = bytes[start + 4]
      body = start + 44
      var counts: [Int] = []
      for field in 0..<6 {
        let value = bigEndian(bytes, start + 20 + field * 4, width: 4)
        guard (0...1_000_000).contains(value) else { return nil }
        counts.append(Int(value))
      }
      (utcCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
      (timeCount, typeCount, characterCount) = (counts[3], counts[4], counts[5])
    }

    func end(timeWidth: Int) -> Int {
      body + timeCount * (timeWidth + 1) + typeCount * 6 + characterCount
        + leapCount * (timeWidth + 4) + standardCount + utcCount
    }
  }

  private static func reading(
    _ bytes: [UInt8], _ header: Header, timeWidth: Int, hasFooter: Bool
  ) -> TimeZoneRules? {
    let end = header.end(timeWidth: timeWidth)
    guard end <= bytes.count, header.typeCount > 0 else { return nil }
    let indexes = header.body + header.timeCount * timeWidth
    let types = indexes + header.timeCount
    var typeOffsets: [Int32] = []
    for type in 0..<header.typeCount {
      let offset = bigEndian(bytes, types + type * 6, width: 4)
      guard offset.magnitude < 200_000 else { return nil }
      typeOffsets.append(Int32(offset))
    }
    var transitions: [Int64] = []
    var offsets: [Int32] = []
    for index in 0..<header.timeCount {
      let time = bigEndian(bytes, header.body + index * timeWidth, width: timeWidth)
      let type = Int(bytes[indexes + index])
      guard type < typeOffsets.count, transitions.last.map({ $0 < time }) ?? true else {
        return nil
      }
      transitions.append(time)
      offsets.append(typeOffsets[type])
    }
    var rule: PosixTimeZoneRule?
    if hasFooter, end < bytes.count, bytes[end] == 0x0A,
      let close = bytes[(end + 1)...].firstIndex(of: 0x0A), close > end + 1
    {
      guard let read = PosixTimeZoneRule(parsing: bytes[(end + 1)..<close]) else { return nil }
      rule = read
    }
    return TimeZoneRules(
      transitions: transitions, offsets: offsets, firstOffset: typeOffsets[0], rule: rule)
  }
}

/// A signed big-endian number of 4 or 8 bytes; the caller has checked the bounds.
private func bigEndian(_ bytes: [UInt8], _ start: Int, width: Int) -> Int64 {
  var value: UInt64 = 0
  for index in start..<start + width { value = value << 8 | UInt64(bytes[index]) }
  return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
}
