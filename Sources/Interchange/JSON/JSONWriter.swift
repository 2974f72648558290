// Writes values as JSON so that they read back as the same values. What JSON has no word for stands
// in an object with one member whose name starts with `$`: {"$dateTime": "..."}, {"$bytes":
// "00ff"}, {"$float": "NaN"}.

import Base

enum JSONWriter {
  /// A value of a property.
  static func append(_ value: Value, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .float(let number):
      if number.isFinite {
        text += "\(number)"
      } else {
        tagged("float", number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity", &text)
      }
    case .string(let string): append(string, to: &text)
    case .bytes(let bytes): tagged("bytes", Text(HexText.encode(bytes)), &text)
    case .date(let date): tagged("date", Text(date.description), &text)
    case .localTime(let time): tagged("localTime", Text(time.description), &text)
    case .time(let time): tagged("time", Text(time.description), &text)
    case .localDateTime(let moment): tagged("localDateTime", Text(moment.description), &text)
    case .dateTime(let moment): tagged("dateTime", Text(moment.description), &text)
    case .duration(let duration): tagged("duration", Text(duration.description), &text)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        append(value, to: &text)
      }
      text += "]"
    case .map(let map): append(map, to: &text)
    case .node, .edge, .path: text += "null"
    }
  }

  /// An object with the entries of a map, without those named in `leavingOut`.
  static func append(_ map: ValueMap, leavingOut: Text? = nil, to text: inout String) {
    text += "{"
    var isFirst = true
    for entry in map.entries where entry.key != leavingOut {
      if !isFirst { text += "," }
      isFirst = false
      append(entry.key, to: &text)
      text += ":"
      append(entry.value, to: &text)
    }
    text += "}"
  }

  /// A quoted string.
  static func append(_ string: Text, to text: inout String) {
    JSONString.append(string.string, to: &text)
  }

  private static func tagged(_ tag: String, _ content: Text, _ text: inout String) {
    text += "{\"$\(tag)\":"
    append(content, to: &text)
    text += "}"
  }
}
