// Operators, by precedence climbing. From loose to tight: OR, XOR, AND, NOT, comparison, the
// predicates (IN, STARTS WITH, IS NULL, :Label, ...), + -, * / %, ^, sign, postfix.

import Base

/// How tightly operators bind.
private enum Precedence {
  static let or = 1
  static let xor = 2
  static let and = 3
  static let not = 4
  static let comparison = 5
  static let predicate = 6
  static let additive = 7
  static let multiplicative = 8
  static let power = 9
}

extension Parser {
  mutating func parseExpression() throws -> Expression {
    try nested { try $0.parseOperators(Precedence.or) }
  }

  /// An expression of operators that bind at least as tightly as `minimum`.
  private mutating func parseOperators(_ minimum: Int) throws -> Expression {
    let start = index
    var left = try parsePrefix(minimum)
    while true {
      let precedence = precedenceHere
      guard precedence >= minimum else { return left }
      switch precedence {
      case Precedence.or:
        left = try parseChain(left, .or, from: start) { .or($0) }
      case Precedence.xor:
        advance()
        let right = try beside { try $0.parseOperators(Precedence.and) }
        try grow()
        left = Expression(.xor(left, right), range(from: start))
      case Precedence.and:
        left = try parseChain(left, .and, from: start) { .and($0) }
      case Precedence.comparison:
        left = try parseComparison(left, from: start)
      case Precedence.predicate:
        left = try parsePredicate(left, from: start)
        try grow()
      default:
        let (symbol, rightMinimum) = arithmeticHere
        advance()
        let right = try beside { try $0.parseOperators(rightMinimum) }
        if height >= ParserLimits.arithmeticTree {
          left = try parseLongChain(left, symbol, right, minimum, from: start)
        } else {
          try grow()
          left = Expression(.arithmetic(symbol, left, right), range(from: start))
        }
      }
    }
  }

  /// The precedence of the infix operator at the cursor; 0 where there is none.
  private var precedenceHere: Int {
    switch kind {
    case .identifier:
      switch keyword {
      case .or: Precedence.or
      case .xor: Precedence.xor
      case .and: Precedence.and
      case .in, .is, .starts, .ends, .contains: Precedence.predicate
      default: 0
      }
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      Precedence.comparison
    case .tildeEqual: Precedence.predicate
    case .colon where ahead(1).kind != .endOfText: Precedence.predicate
    case .plus, .minus: Precedence.additive
    case .star, .slash, .percent: Precedence.multiplicative
    case .caret: Precedence.power
    default: 0
    }
  }

  private var arithmeticHere: (ArithmeticOperator, rightMinimum: Int) {
    switch kind {
    case .plus: (.add, Precedence.multiplicative)
    case .minus: (.subtract, Precedence.multiplicative)
    case .star: (.multiply, Precedence.power)
    case .slash: (.divide, Precedence.power)
    case .percent: (.modulo, Precedence.power)
    default: (.power, Precedence.power + 1)
    }
  }

  /// `a AND b AND c` as one node.
  private mutating func parseChain(
    _ first: Expression, _ word: Keyword, from start: Int,
    _ make: ([Expression]) -> ExpressionKind
  ) throws -> Expression {
    var operands = [first]
    while accept(word) {
      let minimum = word == .or ? Precedence.xor : Precedence.not
      operands.append(try beside { try $0.parseOperators(minimum) })
    }
    try grow()
    return Expression(make(operands), range(from: start))
  }

  /// A chain of arithmetic so long that a tree of it would be too deep: `1 + 1 + 1 + ...`. Each
  /// operator applies to all before it, as it would in the tree.
  private mutating func parseLongChain(
    _ first: Expression, _ symbol: ArithmeticOperator, _ second: Expression, _ minimum: Int,
    from start: Int
  ) throws -> Expression {
    var steps = [ArithmeticStep(symbol, second)]
    while precedenceHere >= max(minimum, Precedence.additive) {
      let (symbol, rightMinimum) = arithmeticHere
      advance()
      steps.append(ArithmeticStep(symbol, try beside { try $0.parseOperators(rightMinimum) }))
    }
    try grow()
    return Expression(.arithmeticChain(first: first, rest: steps), range(from: start))
  }

  private mutating func parseComparison(
    _ first: Expression, from start: Int
  ) throws -> Expression {
    var steps: [ComparisonStep] = []
    while let comparison = comparisonHere {
      advance()
      let operand = try beside { try $0.parseOperators(Precedence.predicate) }
      steps.append(ComparisonStep(comparison, operand))
    }
    try grow()
    return Expression(.comparison(first: first, rest: steps), range(from: start))
  }

  private var comparisonHere: ComparisonOperator? {
    switch kind {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  private mutating func parsePredicate(
    _ left: Expression, from start: Int
  ) throws -> Expression {
    let result: ExpressionKind
    if accept(.colon) {
      result = .hasLabels(left, try parseLabels())
    } else if accept(.tildeEqual) {
      result = .matchesRegularExpression(left, try parseBeside())
    } else {
      let word = keyword
      advance()
      switch word {
      case .in:
        result = .isIn(left, list: try parseBeside())
      case .contains:
        result = .contains(left, try parseBeside())
      case .starts:
        try expect(.with, after: "after STARTS")
        result = .startsWith(left, try parseBeside())
      case .ends:
        try expect(.with, after: "after ENDS")
        result = .endsWith(left, try parseBeside())
      default:
        let isNegated = accept(.not)
        if keyword != .null, kind == .string || kind == .integer || kind == .float {
          throw syntaxError(
            "IS tests for null only", at: token.range,
            advice: isNegated ? "Write <> for 'not equal'." : "Write = to compare.")
        }
        try expect(.null, after: isNegated ? "after IS NOT" : "or NOT NULL after IS")
        result = isNegated ? .isNotNull(left) : .isNull(left)
      }
    }
    return Expression(result, range(from: start))
  }

  /// The right side of a predicate; it stands beside the left one, not above it.
  private mutating func parseBeside() throws -> Expression {
    try beside { try $0.parseOperators(Precedence.additive) }
  }

  // MARK: Prefixes and postfixes

  private mutating func parsePrefix(_ minimum: Int) throws -> Expression {
    guard keyword == .not else { return try parseSigned() }
    guard minimum <= Precedence.not else {
      throw syntaxError(
        "NOT cannot stand here", at: token.range,
        advice: "NOT binds more loosely than this operator: write (NOT ...).")
    }
    let start = index
    advance()
    let operand = try nested { try $0.parseOperators(Precedence.not) }
    return Expression(.not(operand), range(from: start))
  }

  private mutating func parseSigned() throws -> Expression {
    guard kind == .minus || kind == .plus else { return try parsePostfix() }
    let start = index
    let isMinus = kind == .minus
    advance()
    if isMinus, kind == .integer, ahead(1).kind != .dot, ahead(1).kind != .leftBracket {
      let value = try takeInteger(isNegative: true)
      return Expression(.integer(value), range(from: start))
    }
    if isMinus, kind == .float {
      let value = try takeFloat()
      return Expression(.float(-value), range(from: start))
    }
    let operand = try nested { try $0.parseSigned() }
    return Expression(isMinus ? .negate(operand) : .plus(operand), range(from: start))
  }

  /// An atom with `.name`, `[index]` and `[from..to]` after it.
  mutating func parsePostfix() throws -> Expression {
    let start = index
    var result = try parseAtom()
    while true {
      if kind == .dot {
        advance()
        let name = try parseName("the name of a property after '.'")
        result = Expression(.property(result, name), range(from: start))
      } else if kind == .leftBracket {
        result = try parseBrackets(result, from: start)
      } else {
        return result
      }
      try grow()
    }
  }

  private mutating func parseBrackets(
    _ subject: Expression, from start: Int
  ) throws -> Expression {
    let open = index
    advance()
    let first = kind == .dotDot ? nil : try parseExpression()
    if accept(.dotDot) {
      let last = kind == .rightBracket ? nil : try parseExpression()
      try expectClosing(.rightBracket, of: open, in: "the slice")
      return Expression(.slice(subject, from: first, to: last), range(from: start))
    }
    guard let first else { throw unexpected("an index") }
    try expectClosing(.rightBracket, of: open, in: "the index")
    return Expression(.subscripted(subject, index: first), range(from: start))
  }
}
