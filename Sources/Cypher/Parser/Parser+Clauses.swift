// Clauses that read and project.

import Base

extension Parser {
  /// The next clause, or `nil` where something else stands.
  mutating func parseClause() throws -> Clause? {
    let start = index
    switch keyword {
    case .match, .optional: return .match(try parseMatch())
    case .unwind: return .unwind(try parseUnwind())
    case .with:
      advance()
      return .with(try parseProjection(from: start, allowsWhere: true))
    case .return:
      advance()
      return .return(try parseProjection(from: start, allowsWhere: false))
    case .call: return .call(try parseCall())
    case .create: return .create(try parseCreate())
    case .merge: return .merge(try parseMerge())
    case .set: return .set(try parseSet())
    case .remove: return .remove(try parseRemove())
    case .delete, .detach: return .delete(try parseDelete())
    case .foreach: return .forEach(try parseForEach())
    default: return nil
    }
  }

  private mutating func parseMatch() throws -> MatchClause {
    let start = index
    let isOptional = accept(.optional)
    try expect(.match, after: "after OPTIONAL")
    let patterns = try parsePatternList(.match)
    let predicate = try parseWhere()
    return MatchClause(
      isOptional: isOptional, patterns: patterns, predicate: predicate, range: range(from: start))
  }

  mutating func parseWhere() throws -> Expression? {
    guard accept(.where) else { return nil }
    return try parseExpression()
  }

  private mutating func parseUnwind() throws -> UnwindClause {
    let start = index
    advance()
    let list = try parseExpression()
    try expect(.as, after: "and a variable after the list of UNWIND")
    let variable = try parseVariable("a variable after AS")
    return UnwindClause(list: list, variable: variable, range: range(from: start))
  }

  // MARK: WITH and RETURN

  private mutating func parseProjection(
    from start: Int, allowsWhere: Bool
  ) throws -> ProjectionClause {
    var projection = ProjectionClause(
      isDistinct: accept(.distinct), includesAll: false, items: [], orderBy: [], skip: nil,
      limit: nil, predicate: nil, range: token.range)
    if accept(.star) {
      projection.includesAll = true
      if accept(.comma) { projection.items = try parseProjectionItems() }
    } else {
      projection.items = try parseProjectionItems()
    }
    if keyword == .order {
      advance()
      try expect(.by, after: "after ORDER")
      projection.orderBy = try parseSortItems()
    }
    if keyword == .skip || keyword == .offset {
      advance()
      projection.skip = try parseExpression()
    }
    if accept(.limit) { projection.limit = try parseExpression() }
    if keyword == .skip || keyword == .offset, projection.limit != nil {
      throw syntaxError(
        "SKIP stands before LIMIT", at: token.range, advice: "Write ... SKIP 20 LIMIT 10.")
    }
    if keyword == .order {
      throw syntaxError(
        "ORDER BY stands before SKIP and LIMIT", at: token.range,
        advice: "Write ... ORDER BY x SKIP 20 LIMIT 10.")
    }
    if keyword == .where {
      guard allowsWhere else {
        throw syntaxError(
          "RETURN has no WHERE", at: token.range,
          advice: "Put WHERE after MATCH, or write WITH ... WHERE ... RETURN ...")
      }
      projection.predicate = try parseWhere()
    }
    projection.range = range(from: start)
    return projection
  }

  private mutating func parseProjectionItems() throws -> [ProjectionItem] {
    var items: [ProjectionItem] = []
    repeat {
      let start = index
      if kind == .star {
        throw syntaxError(
          "'*' stands first", at: token.range, advice: "Write RETURN *, a, b.")
      }
      let expression = try parseExpression()
      let sourceText = source.slice(range(from: start))
      let alias = accept(.as) ? try parseName("a name after AS") : nil
      items.append(
        ProjectionItem(
          expression: expression, alias: alias, sourceText: sourceText, range: range(from: start)))
    } while accept(.comma)
    return items
  }

  private mutating func parseSortItems() throws -> [SortItem] {
    var items: [SortItem] = []
    repeat {
      let start = index
      let expression = try parseExpression()
      var isDescending = false
      switch keyword {
      case .desc, .descending:
        isDescending = true
        advance()
      case .asc, .ascending:
        advance()
      default:
        break
      }
      items.append(
        SortItem(expression: expression, isDescending: isDescending, range: range(from: start)))
    } while accept(.comma)
    return items
  }

  // MARK: CALL

  private mutating func parseCall() throws -> CallClause {
    let start = index
    advance()
    if kind == .leftBrace || kind == .leftParenthesis {
      throw syntaxError(
        "CALL { } subqueries are not part of this language", at: token.range,
        advice: "Use EXISTS { }, COUNT { } or COLLECT { } in an expression, or WITH.")
    }
    var procedure = [try parseName("the name of a procedure")]
    while accept(.dot) { procedure.append(try parseName("a part of the procedure's name")) }
    var arguments: [Expression]?
    if kind == .leftParenthesis {
      let open = index
      advance()
      arguments = try parseExpressionList(until: .rightParenthesis)
      try expectClosing(.rightParenthesis, of: open, in: "the arguments")
    }
    let yield = keyword == .yield ? try parseYield() : nil
    return CallClause(
      procedure: procedure, arguments: arguments, yield: yield, range: range(from: start))
  }

  private mutating func parseYield() throws -> YieldClause {
    let start = index
    advance()
    var clause = YieldClause(includesAll: false, items: [], predicate: nil, range: token.range)
    if accept(.star) {
      clause.includesAll = true
    } else if kind == .minus {
      advance()
    } else {
      repeat {
        let field = try parseName("a field of the procedure")
        let alias = accept(.as) ? try parseVariable("a variable after AS") : nil
        clause.items.append(YieldClause.Item(field: field, alias: alias))
      } while accept(.comma)
    }
    clause.predicate = try parseWhere()
    clause.range = range(from: start)
    return clause
  }

  /// Expressions with commas between them; none where the closing token comes first.
  mutating func parseExpressionList(until closing: TokenKind) throws -> [Expression] {
    var expressions: [Expression] = []
    guard kind != closing else { return expressions }
    repeat {
      expressions.append(try parseExpression())
    } while accept(.comma)
    return expressions
  }
}
