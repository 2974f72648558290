// Values of properties from JSON: the reverse of `JSONWriter`.

import Base

enum PropertyValue {
  /// The value that a JSON value stands for; `nil` where it stands for none.
  static func read(_ json: Value) -> Value? {
    switch json {
    case .null, .boolean, .integer, .float, .string: return json
    case .list(let elements):
      var values: [Value] = []
      for element in elements {
        guard let value = read(element) else { return nil }
        values.append(value)
      }
      return .list(values)
    case .map(let map):
      guard let entry = map.entries.first, map.count == 1, case .string(let content) = entry.value
      else { return nil }
      return tagged(entry.key.string, content)
    default: return nil
    }
  }

  private static func tagged(_ tag: String, _ content: Text) -> Value? {
    switch tag {
    case "$float": return special(content)
    case "$bytes": return bytes(content).map { .bytes($0) }
    case "$date": return (try? CalendarDate(parsing: content)).map { .date($0) }
    case "$localTime": return (try? LocalTime(parsing: content)).map { .localTime($0) }
    case "$time": return (try? ZonedTime(parsing: content)).map { .time($0) }
    case "$localDateTime":
      return (try? LocalDateTime(parsing: content)).map { .localDateTime($0) }
    case "$dateTime": return (try? ZonedDateTime(parsing: content)).map { .dateTime($0) }
    case "$duration": return (try? CalendarDuration(parsing: content)).map { .duration($0) }
    default: return nil
    }
  }

  private static func special(_ content: Text) -> Value? {
    switch content {
    case "NaN": .float(.nan)
    case "Infinity": .float(.infinity)
    case "-Infinity": .float(-.infinity)
    default: nil
    }
  }

  private static func bytes(_ content: Text) -> [UInt8]? {
    let digits = Array(content.string.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var result: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard pair.utf8.first != UInt8(ascii: "+"), let byte = UInt8(pair, radix: 16) else {
        return nil
      }
      result.append(byte)
    }
    return result
  }
}
