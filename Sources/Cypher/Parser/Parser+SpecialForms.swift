// Expressions that begin with a word of their own: CASE, EXISTS, quantifiers, reduce and so on.

import Base

extension Parser {
  /// The special form at the cursor, which is a keyword; `nil` where it is an ordinary name.
  mutating func parseSpecialWord() throws -> ExpressionKind? {
    let next = ahead(1).kind
    switch keyword {
    case .true, .false:
      guard next != .leftParenthesis else { return nil }
      let value = keyword == .true
      advance()
      return .boolean(value)
    case .null:
      guard next != .leftParenthesis else { return nil }
      advance()
      return .null
    case .case:
      return try parseCase()
    case .exists where next == .leftBrace: return try parseSubquery(.exists)
    case .count where next == .leftBrace: return try parseSubquery(.count)
    case .collect where next == .leftBrace: return try parseSubquery(.collect)
    case .all where next == .leftParenthesis: return try parseQuantifierExpression(.all)
    case .any where next == .leftParenthesis: return try parseQuantifierExpression(.any)
    case .none_ where next == .leftParenthesis: return try parseQuantifierExpression(.none)
    case .single where next == .leftParenthesis: return try parseQuantifierExpression(.single)
    case .reduce where next == .leftParenthesis: return try parseReduce()
    case .shortestPath where next == .leftParenthesis,
      .allShortestPaths where next == .leftParenthesis:
      return .pattern(try parsePathPattern(.expression))
    default:
      return nil
    }
  }

  // MARK: CASE

  private mutating func parseCase() throws -> ExpressionKind? {
    // A variable called `case` is possible where no CASE can be meant.
    let next = ahead(1)
    switch next.kind {
    case .rightParenthesis, .comma, .dot, .endOfText, .equal, .rightBracket: return nil
    default: break
    }
    let start = index
    advance()
    let subject = keyword == .when ? nil : try parseExpression()
    var branches: [CaseExpression.Branch] = []
    while accept(.when) {
      var conditions = [try parseExpression()]
      while subject != nil, accept(.comma) { conditions.append(try parseExpression()) }
      try expect(.then, after: "and a result")
      let result = try parseExpression()
      for condition in conditions {
        branches.append(CaseExpression.Branch(condition: condition, result: result))
      }
    }
    guard !branches.isEmpty else { throw unexpected("WHEN") }
    let otherwise = accept(.else) ? try parseExpression() : nil
    guard accept(.end) else {
      if kind == .endOfText || keyword.opensClause {
        throw syntaxError(
          "CASE is never ended", at: tokens[start].range,
          advice: "Write END after the last result.")
      }
      throw unexpected("WHEN, ELSE or END")
    }
    return .caseOf(
      CaseExpression(subject: subject, branches: branches, otherwise: otherwise))
  }

  // MARK: Quantifiers and reduce

  private mutating func parseQuantifierExpression(
    _ kind: QuantifierExpression.Kind
  ) throws -> ExpressionKind? {
    guard ahead(3).keyword == .in else { return nil }
    advance()
    let open = index
    advance()
    let variable = try parseVariable("a variable")
    advance()
    let list = try parseExpression()
    let predicate = try parseWhere()
    try expectClosing(.rightParenthesis, of: open, in: "the quantifier")
    return .quantifier(
      QuantifierExpression(kind: kind, variable: variable, list: list, predicate: predicate))
  }

  private mutating func parseReduce() throws -> ExpressionKind? {
    guard ahead(3).kind == .equal else { return nil }
    advance()
    let open = index
    advance()
    let accumulator = try parseVariable("an accumulator")
    advance()
    let initial = try parseExpression()
    guard accept(.comma) else { throw unexpected("',' and the list of reduce") }
    let variable = try parseVariable("a variable")
    try expect(.in, after: "and a list")
    let list = try parseExpression()
    guard accept(.bar) else { throw unexpected("'|' and the step of reduce") }
    let step = try parseExpression()
    try expectClosing(.rightParenthesis, of: open, in: "reduce")
    return .reduce(
      ReduceExpression(
        accumulator: accumulator, initial: initial, variable: variable, list: list, step: step))
  }

  // MARK: Subqueries

  /// `EXISTS { pattern [WHERE] }` or `EXISTS { query }`.
  private mutating func parseSubquery(
    _ kind: SubqueryExpression.Kind
  ) throws -> ExpressionKind? {
    try nested { parser in
      parser.advance()
      let open = parser.index
      parser.advance()
      let body: SubqueryExpression.Body
      if parser.keyword.opensClause {
        body = .query(try parser.parseQuery())
      } else {
        let patterns = try parser.parsePatternList(.match)
        body = .pattern(patterns, predicate: try parser.parseWhere())
      }
      try parser.expectClosing(.rightBrace, of: open, in: "the subquery")
      return .subquery(SubqueryExpression(kind: kind, body: body))
    }
  }

  // MARK: Map projections

  /// `subject {.name, .*, key: value, variable}`
  mutating func parseMapProjection() throws -> MapProjection {
    let subject = takeName()
    let open = index
    advance()
    var items: [MapProjection.Item] = []
    if kind != .rightBrace {
      repeat { items.append(try parseMapProjectionItem()) } while accept(.comma)
    }
    try expectClosing(.rightBrace, of: open, in: "the map projection")
    return MapProjection(subject: subject, items: items)
  }

  private mutating func parseMapProjectionItem() throws -> MapProjection.Item {
    if kind == .dot {
      let start = token.range
      advance()
      if kind == .star {
        let range = start.through(token.range)
        advance()
        return .allProperties(range)
      }
      return .property(try parseName("a property or '*' after '.'"))
    }
    guard kind == .identifier || kind == .quotedIdentifier else {
      throw unexpected(".property, .*, key: value or a variable")
    }
    if ahead(1).kind == .colon { return .entry(try parseMapEntry()) }
    return .variable(takeName())
  }
}
