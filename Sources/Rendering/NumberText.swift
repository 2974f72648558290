// Numbers for people. Machines get the shortest digits that read back as the same number.

import Base

/// Formats numbers for tables, plots and messages.
package enum NumberText {
  /// Thousands separated by commas: `1,204`.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A number and what it counts: `1 node`, `1,204 nodes`. The plural takes an s.
  package static func counted(_ number: Int, _ thing: String) -> String {
    grouped(number) + " " + thing + (number == 1 ? "" : "s")
  }

  /// At most `decimals` decimals, without trailing zeros.
  package static func short(_ number: Double, decimals: Int = 4) -> String {
    guard number.isFinite else { return "\(number)" }
    guard abs(number) < 1e15 else { return DecimalText.scientific(number) }
    if number != 0, abs(number) < 1e-4 { return DecimalText.scientific(number) }
    var text = fixed(number, decimals: decimals)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// Exactly `decimals` decimals (at most nine), rounded half away from zero.
  package static func fixed(_ number: Double, decimals: Int) -> String {
    DecimalText.fixed(number, decimals: decimals)
  }

  /// A number of bytes with its unit: `1.5 MiB`.
  package static func bytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var amount = Double(count)
    var index = 0
    while amount >= 1024, index < units.count - 1 {
      amount /= 1024
      index += 1
    }
    return index == 0 ? "\(count) B" : short(amount, decimals: 1) + " " + units[index]
  }

  /// A time span with its unit: `850 µs`, `12.3 ms`, `4.5 s`, `2 min 5 s`.
  package static func duration(seconds: Double) -> String {
    if seconds <= 0 { return "0 s" }
    if seconds < 0.001 { return short(seconds * 1e6, decimals: 0) + " µs" }
    if seconds < 1 { return short(seconds * 1e3, decimals: 1) + " ms" }
    if seconds < 60 { return short(seconds, decimals: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
  }
}
