// Numbers with a given count of decimals, for people. Machines get the shortest digits that read
// back as the same number.

/// Decimal notation.
package enum DecimalText {
  /// Exactly `decimals` decimals (at most nine), rounded half away from zero; the shortest digits
  /// where the number is too large for that.
  package static func fixed(_ number: Double, decimals: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
    let places = min(max(decimals, 0), 9)
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let limit = 9e18
    let scaled = (abs(number) * scale).rounded()
    guard scaled < limit else { return "\(number)" }
    let whole = UInt64(scaled)
    let unit = UInt64(scale)
    var text = String(whole / unit)
    if places > 0 {
      let rest = String(whole % unit)
      text += "." + String(repeating: "0", count: places - rest.utf8.count) + rest
    }
    return number < 0 && whole > 0 ? "-" + text : text
  }
}
