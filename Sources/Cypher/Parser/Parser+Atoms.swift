// Atoms: literals, variables, parentheses, calls, and the decision what a bracket opens.

import Base

extension Parser {
  mutating func parseAtom() throws -> Expression {
    let start = index
    switch kind {
    case .integer:
      let value = try takeInteger()
      return Expression(.integer(value), range(from: start))
    case .float:
      let value = try takeFloat()
      return Expression(.float(value), range(from: start))
    case .string:
      let value = takeString()
      return Expression(.string(value), range(from: start))
    case .parameter:
      let name = takeParameter()
      return Expression(.parameter(name), range(from: start))
    case .leftParenthesis:
      return try parseParenthesis()
    case .leftBracket:
      return try parseBracketAtom()
    case .leftBrace:
      return try parseMap()
    case .identifier, .quotedIdentifier:
      return try parseWord()
    default:
      throw unexpected("an expression")
    }
  }

  // MARK: Parentheses

  /// A pattern such as `(a)-->(b)`, or an expression in parentheses.
  private mutating func parseParenthesis() throws -> Expression {
    let start = index
    if mayOpenPattern {
      let pattern = try attempt { parser -> PathPattern? in
        let pattern = try parser.parsePathPattern(.expression)
        return pattern.elements.count > 1 ? pattern : nil
      }
      if let pattern { return Expression(.pattern(pattern), range(from: start)) }
    }
    advance()
    let inner = try parseExpression()
    try expectClosing(.rightParenthesis, of: start, in: "the expression")
    // The parentheses belong to the range, so that carets and column names show them.
    return Expression(inner.kind, range(from: start))
  }

  /// Only a variable, labels, properties or nothing can stand first in a node.
  private var mayOpenPattern: Bool {
    let next = ahead(1)
    switch next.kind {
    case .rightParenthesis, .colon, .leftBrace, .parameter: return true
    case .identifier, .quotedIdentifier:
      switch ahead(2).kind {
      case .rightParenthesis, .colon, .leftBrace, .parameter: return true
      default: return ahead(2).keyword == .where || next.keyword == .where
      }
    default: return false
    }
  }

  // MARK: Brackets

  private mutating func parseBracketAtom() throws -> Expression {
    let start = index
    let next = ahead(1)
    if next.kind == .identifier || next.kind == .quotedIdentifier {
      if ahead(2).keyword == .in, !next.keyword.isReserved || next.kind == .quotedIdentifier {
        if let found = try attempt({ try $0.parseListComprehension() }) {
          return Expression(found, range(from: start))
        }
      } else if ahead(2).kind == .equal, ahead(3).kind == .leftParenthesis {
        if let found = try attempt({ try $0.parsePatternComprehension() }) {
          return Expression(found, range(from: start))
        }
      }
    } else if next.kind == .leftParenthesis {
      if let found = try attempt({ try $0.parsePatternComprehension() }) {
        return Expression(found, range(from: start))
      }
    }
    advance()
    let elements = try parseExpressionList(until: .rightBracket)
    try expectClosing(.rightBracket, of: start, in: "the list")
    return Expression(.list(elements), range(from: start))
  }

  /// `[variable IN list WHERE predicate | result]`; `nil` where a list of predicates stands.
  private mutating func parseListComprehension() throws -> ExpressionKind? {
    advance()
    let variable = takeName()
    advance()
    let list = try parseExpression()
    if kind == .comma { return nil }
    if keyword == .where || kind == .bar { commit() }
    let predicate = try parseWhere()
    let result = accept(.bar) ? try parseExpression() : nil
    guard accept(.rightBracket) else { throw unexpected("']'") }
    return .listComprehension(
      ListComprehension(variable: variable, list: list, predicate: predicate, result: result))
  }

  /// `[path = (a)-->(b) WHERE predicate | result]`
  private mutating func parsePatternComprehension() throws -> ExpressionKind? {
    advance()
    let pattern = try parsePathPattern(.expression)
    guard pattern.elements.count > 1 else { return nil }
    let predicate = try parseWhere()
    guard accept(.bar) else { return nil }
    commit()
    let result = try parseExpression()
    guard accept(.rightBracket) else { throw unexpected("']'") }
    return .patternComprehension(
      PatternComprehension(pattern: pattern, predicate: predicate, result: result))
  }

  // MARK: Maps

  mutating func parseMap() throws -> Expression {
    let start = index
    advance()
    var entries: [MapEntry] = []
    if kind != .rightBrace {
      repeat { entries.append(try parseMapEntry()) } while accept(.comma)
    }
    try expectClosing(.rightBrace, of: start, in: "the map")
    return Expression(.map(entries), range(from: start))
  }

  mutating func parseMapEntry() throws -> MapEntry {
    if lexicalDetail == "InvalidNumberLiteral" {
      throw syntaxError(
        "a key does not start with a digit", at: token.range,
        advice: "Put the key in backticks: {`1a`: 1}.")
    }
    if kind == .string {
      throw syntaxError(
        "a key has no quotes", at: token.range, advice: "Write {name: 1}, or {`any name`: 1}.")
    }
    let key = try parseName("a key")
    guard accept(.colon) else {
      if kind == .equal {
        throw syntaxError(
          "a key is followed by ':'", at: token.range, advice: "Write {\(key.text): value}.")
      }
      throw unexpected("':' and a value after the key")
    }
    return MapEntry(key: key, value: try parseExpression())
  }

  // MARK: Words

  /// Literals that are words, special forms, calls, map projections and variables.
  private mutating func parseWord() throws -> Expression {
    let start = index
    if kind == .identifier, keyword != .none {
      if let special = try parseSpecialWord() {
        return Expression(special, range(from: start))
      }
      if keyword.isReserved, keyword != .contains || ahead(1).kind != .leftParenthesis {
        throw unexpected("an expression")
      }
    }
    if let call = try parseCallIfAny() { return Expression(call, range(from: start)) }
    if ahead(1).kind == .leftBrace {
      let projection = try parseMapProjection()
      return Expression(.mapProjection(projection), range(from: start))
    }
    let name = takeName()
    return Expression(.variable(name), range(from: start))
  }

  /// `a.b.c(...)`; `nil` where the name is not followed by parentheses.
  private mutating func parseCallIfAny() throws -> ExpressionKind? {
    var offset = 1
    while ahead(offset).kind == .dot,
      ahead(offset + 1).kind == .identifier || ahead(offset + 1).kind == .quotedIdentifier
    {
      offset += 2
    }
    guard ahead(offset).kind == .leftParenthesis else { return nil }
    var name = [takeName()]
    while accept(.dot) { name.append(takeName()) }
    return try parseArguments(of: name)
  }

  /// `([DISTINCT] arguments)`, or `(*)` after `count`.
  mutating func parseArguments(of name: [Name]) throws -> ExpressionKind {
    let open = index
    advance()
    if kind == .star, ahead(1).kind == .rightParenthesis {
      guard name.count == 1, name[0].text.string.lowercased().utf8.elementsEqual("count".utf8)
      else {
        throw syntaxError(
          "only count takes '*'", at: token.range, advice: "Name what is handed in.")
      }
      advance()
      advance()
      return .countAll
    }
    let isDistinct = accept(.distinct)
    if !isDistinct, keyword == .all, ahead(1).kind == .identifier { advance() }
    let arguments = try parseExpressionList(until: .rightParenthesis)
    try expectClosing(.rightParenthesis, of: open, in: "the arguments")
    return .call(FunctionCall(name: name, isDistinct: isDistinct, arguments: arguments))
  }
}
