// Temporal values as the shortest ISO 8601 text that says them: what `toString` gives, and what the
// parsers here read back to the same value.

extension CalendarDate: CustomStringConvertible {
  /// `2015-07-21`; years beyond four digits carry a sign.
  public var description: String {
    let parts = civil
    var text = parts.year < 0 ? "-" : parts.year > 9_999 ? "+" : ""
    text += padded(Int64(parts.year.magnitude), 4)
    text += "-" + padded(parts.month, 2) + "-" + padded(parts.day, 2)
    return text
  }
}

extension LocalTime: CustomStringConvertible {
  /// `21:40`, `21:40:32`, `21:40:32.142`.
  public var description: String {
    var text = padded(hour, 2) + ":" + padded(minute, 2)
    if second != 0 || nanosecond != 0 {
      text += ":" + padded(second, 2) + fraction(nanosecond)
    }
    return text
  }
}

extension ZonedTime: CustomStringConvertible {
  /// `21:40:32.142+01:00`; UTC is `Z`.
  public var description: String { local.description + offsetText(offsetSeconds) }
}

extension LocalDateTime: CustomStringConvertible {
  /// `2015-07-21T21:40:32.142`.
  public var description: String { date.description + "T" + time.description }
}

extension ZonedDateTime: CustomStringConvertible {
  /// `2015-07-21T21:40:32.142+02:00[Europe/Stockholm]`.
  public var description: String {
    let text = local.description + offsetText(offsetSeconds)
    return zoneName.map { text + "[\($0.string)]" } ?? text
  }
}

extension CalendarDuration: CustomStringConvertible {
  /// `P12Y5M14DT16H13M10S`; every part has its own sign, nothing at all is `PT0S`.
  public var description: String {
    var text = "P"
    func append(_ value: Int64, _ unit: String) {
      if value != 0 { text += "\(value)\(unit)" }
    }
    append(months / 12, "Y")
    append(months % 12, "M")
    append(days, "D")
    // Seconds and their fraction get one common sign.
    var whole = seconds
    var rest = Int64(nanosecondsOfSecond)
    if whole < 0, rest != 0 {
      whole += 1
      rest = nanosecondsPerSecond - rest
    }
    if seconds != 0 || nanosecondsOfSecond != 0 {
      text += "T"
      append(whole / 3_600, "H")
      append(whole / 60 % 60, "M")
      if whole % 60 != 0 || rest != 0 {
        let sign = seconds < 0 ? "-" : ""
        text += sign + "\((whole % 60).magnitude)" + fraction(rest) + "S"
      }
    }
    return text.utf8.count == 1 ? "PT0S" : text
  }
}

/// `Z`, `+01:00`, `-02:05:07`.
package func offsetText(_ seconds: Int32) -> String {
  if seconds == 0 { return "Z" }
  let size = Int64(seconds.magnitude)
  var text = (seconds < 0 ? "-" : "+") + padded(size / 3_600, 2) + ":" + padded(size / 60 % 60, 2)
  if size % 60 != 0 { text += ":" + padded(size % 60, 2) }
  return text
}

/// A number with leading zeros.
private func padded(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  let missing = width - digits.utf8.count
  return missing > 0 ? String(repeating: "0", count: missing) + digits : digits
}

/// `.142` for 142,000,000 nanoseconds, with no trailing zeros; empty for none.
private func fraction(_ nanoseconds: Int64) -> String {
  guard nanoseconds != 0 else { return "" }
  var digits = nanoseconds
  var width = 9
  while digits % 10 == 0 {
    digits /= 10
    width -= 1
  }
  return "." + padded(digits, width)
}
