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

  /// A number as a mantissa of at most four digits and a power of ten: `1.605e-9`. For people; the
  /// last digit may be off by one where rounding the mantissa was not exact.
  package static func scientific(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    var mantissa = number.magnitude
    var exponent = 0
    while mantissa < 1, exponent > -400 {
      mantissa *= 10
      exponent -= 1
    }
    while mantissa >= 10, exponent < 400 {
      mantissa /= 10
      exponent += 1
    }
    var digits = fixed(mantissa, decimals: 3)
    while digits.hasSuffix("0") { digits.removeLast() }
    if digits.hasSuffix(".") { digits.removeLast() }
    // 9.9996 rounds to 10.
    if digits == "10" { (digits, exponent) = ("1", exponent + 1) }
    return (number < 0 ? "-" : "") + digits + (exponent == 0 ? "" : "e\(exponent)")
  }
}
