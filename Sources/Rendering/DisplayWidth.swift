// How many columns of a terminal a text takes. An approximation of UAX #11 and of combining marks
// that is right for what people name experiments with; it never decides what is kept, only padding.

import Base

/// Measures and cuts texts by terminal columns.
package enum DisplayWidth {
  /// The columns that one Unicode scalar takes: 0, 1 or 2.
  package static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: return 0
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F, 0x20D0...0x20FF: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The columns that a text takes; attributes of `Style` take none.
  package static func columns(of text: String) -> Int {
    var total = 0
    var isAttribute = false
    for scalar in text.unicodeScalars { total += width(of: scalar, &isAttribute) }
    return total
  }

  /// The text cut to at most `limit` columns; an ellipsis says that it was cut.
  package static func cut(_ text: String, to limit: Int) -> String {
    guard columns(of: text) > limit else { return text }
    guard limit > 1 else { return limit == 1 ? "…" : "" }
    var kept = String.UnicodeScalarView()
    var used = 0
    var isAttribute = false
    var isStyled = false
    for scalar in text.unicodeScalars {
      let width = width(of: scalar, &isAttribute)
      isStyled = isStyled || isAttribute
      if used + width > limit - 1 { break }
      kept.append(scalar)
      used += width
    }
    return String(kept) + "…" + (isStyled ? "\u{1B}[0m" : "")
  }

  /// The width of a scalar; inside `ESC [ ... m` it is zero.
  private static func width(of scalar: Unicode.Scalar, _ isAttribute: inout Bool) -> Int {
    if scalar == "\u{1B}" { isAttribute = true }
    guard isAttribute else { return columns(of: scalar) }
    if scalar == "m" { isAttribute = false }
    return 0
  }

  /// The text padded with spaces to `width` columns.
  package static func pad(_ text: String, to width: Int, alignRight: Bool = false) -> String {
    let missing = width - columns(of: text)
    guard missing > 0 else { return text }
    let spaces = String(repeating: " ", count: missing)
    return alignRight ? spaces + text : text + spaces
  }

  /// Control characters made visible, so that stored text cannot steer a terminal.
  package static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: HarmlessText.steers) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "⏎"
      case "\t": result += " "
      default:
        if HarmlessText.steers(scalar) {
          result += HarmlessText.escape(scalar)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
