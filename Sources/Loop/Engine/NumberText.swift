// Numbers as people read them: four significant digits, never more than the double holds.

import Base
import Glibc

enum NumberText {
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let exponent = Int(floor(log10(abs(value))))
    if exponent < -4 || exponent > 6 { return scientific(value, exponent) }
    return fixed(value, digits: max(0, 3 - exponent))
  }

  /// With a sign, for gains.
  static func signed(_ value: Double) -> String { value > 0 ? "+" + short(value) : short(value) }

  private static func scientific(_ value: Double, _ exponent: Int) -> String {
    fixed(value / pow(10, Double(exponent)), digits: 3) + "e\(exponent)"
  }

  /// Rounded half away from zero, trailing zeros kept so that columns line up.
  static func fixed(_ value: Double, digits: Int) -> String {
    DecimalText.fixed(value, decimals: digits)
  }
}
