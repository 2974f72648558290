// Classes `[a-f\d]` and escapes that stand for code points, inside classes and outside.

import Base

extension RegularExpressionParser {
  /// After `[`, through the closing bracket.
  mutating func characterClass() throws -> CodePointSet {
    let isNegated = accept("^")
    var set = CodePointSet()
    var isFirst = true
    while let scalar = next {
      if scalar == "]", !isFirst {
        position += 1
        return isNegated ? set.inverted : set
      }
      isFirst = false
      if scalar == "[" {
        position += 1
        set.insert(try characterClass())
        continue
      }
      if scalar == "&", position + 1 < scalars.count, scalars[position + 1] == "&" {
        throw fault("intersections of classes are not supported")
      }
      try member(into: &set)
    }
    throw fault("a '[' is not closed")
  }

  /// A code point, a range or an escaped set.
  private mutating func member(into set: inout CodePointSet) throws {
    guard let low = try classScalar(into: &set) else { return }
    let isRange =
      next == "-" && position + 1 < scalars.count && scalars[position + 1] != "]"
      && scalars[position + 1] != "["
    guard isRange else {
      set.insert(low.value, low.value)
      return
    }
    position += 1
    guard let high = try classScalar(into: &set), high.value >= low.value else {
      throw fault("a range goes from a lower to a higher character")
    }
    set.insert(low.value, high.value)
  }

  /// The next code point; `nil` where an escape stood for a set, which is inserted.
  private mutating func classScalar(
    into set: inout CodePointSet
  ) throws -> Unicode.Scalar? {
    guard let scalar = next else { throw fault("a '[' is not closed") }
    position += 1
    guard scalar == "\\" else { return scalar }
    if let plain = try escapedScalar() { return plain }
    set.insert(try escapedSet())
    return nil
  }

  /// After a backslash: a predefined class, a property or a code point.
  mutating func escapedSet() throws -> CodePointSet {
    if let scalar = try escapedScalar() { return CodePointSet(scalar) }
    guard let scalar = next else { throw fault("a backslash ends the expression") }
    position += 1
    switch scalar {
    case "d": return .digit
    case "D": return CodePointSet.digit.inverted
    case "w": return .word
    case "W": return CodePointSet.word.inverted
    case "s": return .space
    case "S": return CodePointSet.space.inverted
    case "R", "v": return .lineBreaks
    case "h": return CodePointSet(" ").union(CodePointSet("\t"))
    case "p", "P":
      let set = try property()
      return scalar == "p" ? set : set.inverted
    default: throw fault("\\\(scalar) is not known")
    }
  }

  private mutating func property() throws -> CodePointSet {
    var name = ""
    if accept("{") {
      while let scalar = next, scalar != "}" {
        name.unicodeScalars.append(scalar)
        position += 1
      }
      guard accept("}") else { throw fault("'\\p{' is not closed") }
    } else if let scalar = next {
      name.unicodeScalars.append(scalar)
      position += 1
    }
    guard let property = UnicodeProperty(name) else {
      throw fault("there is no property '\(name)'")
    }
    return CodePointSet(property)
  }

  /// After a backslash: the code point that it stands for; `nil`, and nothing is taken, where it
  /// stands for a class.
  mutating func escapedScalar() throws -> Unicode.Scalar? {
    guard let scalar = next else { return nil }
    let plain: Unicode.Scalar?
    switch scalar {
    case "n": plain = "\n"
    case "t": plain = "\t"
    case "r": plain = "\r"
    case "f": plain = "\u{C}"
    case "a": plain = "\u{7}"
    case "e": plain = "\u{1B}"
    case "x", "u":
      position += 1
      return try hexadecimal(digits: scalar == "x" ? 2 : 4)
    default:
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      plain = isLetter || ("0"..."9").contains(scalar) ? nil : scalar
    }
    if plain != nil { position += 1 }
    return plain
  }

  private mutating func hexadecimal(digits: Int) throws -> Unicode.Scalar {
    let isBraced = accept("{")
    var value: UInt32 = 0
    var count = 0
    while count < (isBraced ? 6 : digits), let number = next.flatMap(hexadecimalDigit) {
      value = value * 16 + number
      count += 1
      position += 1
    }
    guard isBraced ? accept("}") && count > 0 : count == digits,
      let scalar = Unicode.Scalar(value)
    else { throw fault("a code point is written \\x41, \\u0041 or \\x{1F600}") }
    return scalar
  }

  private func hexadecimalDigit(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar {
    case "0"..."9": scalar.value - 48
    case "a"..."f": scalar.value - 87
    case "A"..."F": scalar.value - 55
    default: nil
    }
  }
}

extension CodePointSet {
  fileprivate func union(_ other: CodePointSet) -> CodePointSet {
    var set = self
    set.insert(other)
    return set
  }
}
