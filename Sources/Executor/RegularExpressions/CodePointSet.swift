// Sets of code points: what a letter, a dot, `\d`, `[a-f]` or `\p{Lu}` of a regular expression
// takes. Without a flag the predefined classes are ASCII, as in Java.

/// A set of code points.
struct CodePointSet: Sendable {
  private enum Part: Sendable {
    case range(UInt32, UInt32)
    case set(CodePointSet)
    case property(UnicodeProperty)
  }

  private var parts: [Part] = []
  private var isNegated = false
  var ignoresCase = false

  init() {}

  init(_ scalar: Unicode.Scalar) { insert(scalar.value, scalar.value) }

  init(_ property: UnicodeProperty) { parts = [.property(property)] }

  mutating func insert(_ low: UInt32, _ high: UInt32) { parts.append(.range(low, high)) }

  mutating func insert(_ set: CodePointSet) { parts.append(.set(set)) }

  var inverted: CodePointSet {
    var set = self
    set.isNegated.toggle()
    return set
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var isFound = holds(scalar)
    if !isFound, ignoresCase {
      isFound =
        single(scalar.properties.lowercaseMapping).map { holds($0) } ?? false
        || single(scalar.properties.uppercaseMapping).map { holds($0) } ?? false
    }
    return isFound != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    for part in parts {
      switch part {
      case .range(let low, let high):
        if scalar.value >= low && scalar.value <= high { return true }
      case .set(let set): if set.contains(scalar) { return true }
      case .property(let property): if property.holds(scalar) { return true }
      }
    }
    return false
  }

  private func single(_ text: String) -> Unicode.Scalar? {
    let scalars = text.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }

  private init(ranges: [(Unicode.Scalar, Unicode.Scalar)]) {
    for (low, high) in ranges { insert(low.value, high.value) }
  }

  static let digit = CodePointSet(ranges: [("0", "9")])
  static let word = CodePointSet(ranges: [("a", "z"), ("A", "Z"), ("0", "9"), ("_", "_")])
  static let space = CodePointSet(ranges: [("\t", "\r"), (" ", " ")])
  static let lineBreaks = CodePointSet(ranges: [
    ("\n", "\n"), ("\r", "\r"), ("\u{85}", "\u{85}"), ("\u{2028}", "\u{2029}"),
  ])
  static let any = CodePointSet().inverted
}

extension Unicode.Scalar {
  var isLineBreak: Bool { CodePointSet.lineBreaks.contains(self) }
}

/// `\p{...}`: a general category, one of their groups, or a POSIX class (ASCII).
struct UnicodeProperty: Sendable {
  private let name: String

  /// `nil` where there is no such property.
  init?(_ name: String) {
    let plain = name.utf8.starts(with: "Is".utf8) ? String(name.dropFirst(2)) : name
    self.name = plain
    guard UnicodeProperty.known.contains(Array(plain.utf8)) else { return nil }
  }

  private static let known: Set<[UInt8]> = Set(
    [
      "L", "Lu", "Ll", "Lt", "Lm", "Lo", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
      "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf",
      "Co", "Cn", "M", "Mn", "Mc", "Me", "Alphabetic", "Lower", "Upper", "Alpha", "Digit",
      "Alnum", "Punct", "Space", "ASCII", "Uppercase", "Lowercase", "White_Space",
    ].map { Array($0.utf8) })

  func holds(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch name {
    case "ASCII": return scalar.isASCII
    case "Alphabetic": return properties.isAlphabetic
    case "Uppercase": return properties.isUppercase
    case "Lowercase": return properties.isLowercase
    case "White_Space": return properties.isWhitespace
    case "Lower": return scalar.isASCII && properties.isLowercase
    case "Upper": return scalar.isASCII && properties.isUppercase
    case "Alpha": return scalar.isASCII && properties.isAlphabetic
    case "Digit": return CodePointSet.digit.contains(scalar)
    case "Alnum":
      return scalar.isASCII && (properties.isAlphabetic || CodePointSet.digit.contains(scalar))
    case "Punct":
      return scalar.isASCII && (0x21...0x7E).contains(scalar.value)
        && !properties.isAlphabetic && !CodePointSet.digit.contains(scalar)
    case "Space": return CodePointSet.space.contains(scalar)
    default:
      let category = properties.generalCategory.abbreviation.utf8
      return category.starts(with: name.utf8)
    }
  }
}

extension Unicode.GeneralCategory {
  /// The two letters of Unicode's own abbreviation.
  fileprivate var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    default: "Cn"
    }
  }
}
