// Reads Java's syntax of regular expressions. What the automaton cannot do is refused by name,
// never ignored: a wrong answer is worse than an error.

import Base

/// Parses one expression.
struct RegularExpressionParser {
  /// What `(?i)`, `(?s)` and `(?m)` switch.
  struct Flags {
    var ignoresCase = false
    var dotTakesLineBreaks = false
    var anchorsMatchLines = false
  }

  private let source: Text
  let scalars: [Unicode.Scalar]
  var position = 0
  var flags = Flags()
  private var depth = 0
  private static let depthLimit = 100
  private static let repetitionLimit = 1_000

  init(_ source: Text) {
    self.source = source
    scalars = Array(source.string.unicodeScalars)
  }

  mutating func parse() throws -> RegularExpressionTree {
    let tree = try alternatives()
    if position < scalars.count { throw fault("a ')' closes nothing") }
    return tree
  }

  func fault(_ what: String) -> StemmaError {
    StemmaError.runtime(
      "ArgumentError", "InvalidArgumentValue",
      "the regular expression '\(source)' is not valid at character \(position + 1): \(what)",
      advice: "special characters are escaped with a backslash, which in a string is '\\\\'")
  }

  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func alternatives() throws -> RegularExpressionTree {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw fault("groups are nested too deeply") }
    var parts = [try sequence()]
    while accept("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws -> RegularExpressionTree {
    var parts: [RegularExpressionTree] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if scalar == "\\", position + 1 < scalars.count, scalars[position + 1] == "Q" {
        parts += quotedLiterals()
        continue
      }
      parts.append(try quantified(try atom()))
    }
    return .sequence(parts)
  }

  /// `\Q...\E`: letters as they are.
  private mutating func quotedLiterals() -> [RegularExpressionTree] {
    position += 2
    var parts: [RegularExpressionTree] = []
    while let scalar = next {
      if scalar == "\\", position + 1 < scalars.count, scalars[position + 1] == "E" {
        position += 2
        break
      }
      position += 1
      parts.append(take(CodePointSet(scalar)))
    }
    return parts
  }

  func take(_ set: CodePointSet) -> RegularExpressionTree {
    var set = set
    set.ignoresCase = flags.ignoresCase
    return .take(set)
  }

  // MARK: Quantifiers

  private mutating func quantified(
    _ part: RegularExpressionTree
  ) throws -> RegularExpressionTree {
    var tree = part
    while let scalar = next {
      let bounds: (Int, Int?)
      switch scalar {
      case "*": bounds = (0, nil)
      case "+": bounds = (1, nil)
      case "?": bounds = (0, 1)
      case "{": bounds = try counts()
      default: return tree
      }
      position += 1
      // Reluctant or not, the whole text must match.
      if !accept("?"), accept("+") { throw fault("possessive quantifiers are not supported") }
      tree = .repeated(tree, minimum: bounds.0, maximum: bounds.1)
    }
    return tree
  }

  /// `{2}`, `{2,}`, `{2,5}`; leaves the position on the closing brace.
  private mutating func counts() throws -> (Int, Int?) {
    position += 1
    guard let minimum = number() else { throw fault("a number is missing after '{'") }
    var maximum: Int? = minimum
    if accept(",") { maximum = next == "}" ? nil : number() ?? -1 }
    guard next == "}", maximum.map({ $0 >= minimum }) ?? true else {
      throw fault("a repetition is written {2}, {2,} or {2,5}")
    }
    guard max(minimum, maximum ?? 0) <= Self.repetitionLimit else {
      throw fault("more than \(Self.repetitionLimit) repetitions")
    }
    return (minimum, maximum)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar), (value ?? 0) <= Self.repetitionLimit {
      value = (value ?? 0) * 10 + Int(scalar.value - 48)
      position += 1
    }
    return value
  }

  // MARK: Atoms

  private mutating func atom() throws -> RegularExpressionTree {
    guard let scalar = next else { return .empty }
    position += 1
    switch scalar {
    case "(": return try group()
    case "[": return take(try characterClass())
    case ".":
      return .take(flags.dotTakesLineBreaks ? .any : CodePointSet.lineBreaks.inverted)
    case "^": return .check(flags.anchorsMatchLines ? .lineStart : .textStart)
    case "$": return .check(flags.anchorsMatchLines ? .lineEnd : .textEndBeforeLineBreak)
    case "\\": return try escape()
    case "*", "+", "?":
      position -= 1
      throw fault("there is nothing to repeat")
    default: return take(CodePointSet(scalar))
    }
  }

  private mutating func group() throws -> RegularExpressionTree {
    let outer = flags
    if accept("?") {
      if accept("<") {
        guard let scalar = next, scalar != "=", scalar != "!" else {
          throw fault("look-behind is not supported")
        }
        while let scalar = next, scalar != ">" { position += 1; _ = scalar }
        guard accept(">") else { throw fault("the name of a group is not closed") }
      } else {
        try groupFlags()
        // `(?i)` holds to the end of the group around it.
        if accept(")") { return .empty }
        guard accept(":") else { throw fault("look-ahead is not supported") }
      }
    }
    let tree = try alternatives()
    guard accept(")") else { throw fault("a '(' is not closed") }
    flags = outer
    return tree
  }

  private mutating func groupFlags() throws {
    var isOn = true
    while let scalar = next {
      switch scalar {
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "s": flags.dotTakesLineBreaks = isOn
      case "m": flags.anchorsMatchLines = isOn
      case "u": break
      case ")", ":": return
      case "=", "!", ">": throw fault("look-ahead and atomic groups are not supported")
      default: throw fault("the flag '\(scalar)' is not supported")
      }
      position += 1
    }
  }

  private mutating func escape() throws -> RegularExpressionTree {
    guard let scalar = next else { throw fault("a backslash ends the expression") }
    switch scalar {
    case "b", "B":
      position += 1
      return .check(scalar == "b" ? .wordBoundary : .noWordBoundary)
    case "A", "z", "Z":
      position += 1
      return .check(scalar == "A" ? .textStart : scalar == "z" ? .textEnd : .textEndBeforeLineBreak)
    case "1"..."9", "k": throw fault("back references are not supported")
    default: return take(try escapedSet())
    }
  }
}
