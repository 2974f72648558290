// Path patterns: variables, selectors, modes, and the chain of elements.

import Base

/// Where a pattern stands: what it may contain differs.
enum PatternPlace {
  case match
  case create
  case merge
  /// Inside an expression: nodes and relationships only, with full arrows.
  case expression
}

extension Parser {
  mutating func parsePatternList(_ place: PatternPlace) throws -> [PathPattern] {
    var patterns: [PathPattern] = []
    repeat { patterns.append(try parsePathPattern(place)) } while accept(.comma)
    return patterns
  }

  /// `[variable =] [selector] [mode] elements`
  mutating func parsePathPattern(_ place: PatternPlace) throws -> PathPattern {
    try nested { parser in
      let start = parser.index
      var pattern = PathPattern(
        variable: nil, selector: nil, mode: nil, function: nil, elements: [],
        range: parser.token.range)
      try parser.parsePathVariable(into: &pattern)
      if place == .match {
        try parser.parseSelector(into: &pattern)
        if pattern.mode == nil { pattern.mode = parser.parsePathMode() }
        parser.skipPathWord()
        try parser.parsePathVariable(into: &pattern)
      }
      if parser.keyword == .shortestPath || parser.keyword == .allShortestPaths,
        parser.ahead(1).kind == .leftParenthesis
      {
        pattern.function =
          parser.keyword == .shortestPath ? .shortestPath : .allShortestPaths
        parser.advance()
        let open = parser.index
        parser.advance()
        pattern.elements = try parser.parseElements(.expression)
        try parser.expectClosing(.rightParenthesis, of: open, in: "the pattern")
      } else {
        pattern.elements = try parser.parseElements(place)
      }
      pattern.range = parser.range(from: start)
      return pattern
    }
  }

  private mutating func parsePathVariable(into pattern: inout PathPattern) throws {
    guard pattern.variable == nil, kind == .identifier || kind == .quotedIdentifier,
      ahead(1).kind == .equal
    else { return }
    pattern.variable = takeName()
    advance()
  }

  // MARK: Selectors and modes (GQL 16.6)

  /// `ALL | ANY [k] | ALL SHORTEST | ANY SHORTEST | SHORTEST [k] [mode] [PATHS] [GROUPS]`
  private mutating func parseSelector(into pattern: inout PathPattern) throws {
    switch keyword {
    case .all:
      advance()
      pattern.selector = accept(.shortest) ? .allShortest : .all
    case .any:
      advance()
      pattern.selector =
        accept(.shortest) ? .shortest(count: 1) : .any(count: try parseSelectorCount() ?? 1)
    case .shortest:
      advance()
      let count = try parseSelectorCount() ?? 1
      pattern.mode = parsePathMode()
      skipPathWord()
      let groups = accept(.groups) || accept(.group)
      pattern.selector = groups ? .shortestGroups(count: count) : .shortest(count: count)
    default:
      break
    }
  }

  private mutating func parseSelectorCount() throws -> Int? {
    guard kind == .integer else { return nil }
    let range = token.range
    let count = try takeBound()
    guard count > 0 else {
      throw syntaxError(
        "the number of paths must be at least 1", at: range, detail: "InvalidArgumentValue")
    }
    return count
  }

  mutating func parsePathMode() -> PathMode? {
    let mode: PathMode
    switch keyword {
    case .walk: mode = .walk
    case .trail: mode = .trail
    case .acyclic: mode = .acyclic
    case .simple: mode = .simple
    default: return nil
    }
    // A variable of that name stands before '='.
    guard ahead(1).kind != .equal else { return nil }
    advance()
    return mode
  }

  private mutating func skipPathWord() {
    if keyword == .path || keyword == .paths, ahead(1).kind != .equal { advance() }
  }

  // MARK: Elements

  /// Nodes, relationships and groups up to whatever else comes.
  mutating func parseElements(_ place: PatternPlace) throws -> [PathElement] {
    var elements = [try parseNodeOrGroup(place)]
    while true {
      if startsRelationship(place) {
        let relationship = try parseRelationship(place)
        elements.append(.relationship(relationship))
        guard kind == .leftParenthesis else { throw missingNode(after: relationship) }
        elements.append(try parseNodeOrGroup(place))
        // A whole hop is no arithmetic: what follows wrongly is a wrong pattern.
        if place == .expression, elements.count == 3 { commit() }
      } else if kind == .leftParenthesis, place == .match {
        let next = try parseNodeOrGroup(place)
        try checkNeighbours(elements[elements.count - 1], next)
        elements.append(next)
      } else {
        return elements
      }
    }
  }

  /// Two nodes side by side lack an arrow or a comma.
  private func checkNeighbours(_ left: PathElement, _ right: PathElement) throws {
    if case .node = left, case .node = right {
      throw syntaxError(
        "two nodes stand side by side", at: right.range,
        advice: "Put a relationship between them, (a)-->(b), or a comma, (a), (b).")
    }
  }

  private func missingNode(after relationship: RelationshipPattern) -> StemmaError {
    if kind == .greater || kind == .minus || kind == .less {
      return syntaxError(
        "this arrow is not complete", at: relationship.range.through(token.range),
        advice: "Arrows are -->, <--, -- and -[:TYPE]->, <-[:TYPE]-, -[:TYPE]-.")
    }
    return unexpected("'(' and a node after the relationship")
  }

  private mutating func parseNodeOrGroup(_ place: PatternPlace) throws -> PathElement {
    guard kind == .leftParenthesis else {
      if kind == .identifier, !keyword.opensClause, place != .expression,
        ahead(1).kind != .identifier || ahead(1).keyword != .none
      {
        throw syntaxError(
          "a node stands in parentheses", at: token.range,
          advice: "Write (\(source.slice(token.range))).")
      }
      throw unexpected("'(' and a node")
    }
    if place == .match, startsGroup { return .group(try parseGroup()) }
    return .node(try parseNode())
  }

  private var startsGroup: Bool {
    let next = ahead(1)
    switch next.kind {
    case .leftParenthesis: return true
    case .identifier, .quotedIdentifier:
      if ahead(2).kind == .equal { return true }
      let isMode =
        next.keyword == .walk || next.keyword == .trail || next.keyword == .acyclic
        || next.keyword == .simple
      return isMode && ahead(2).kind == .leftParenthesis
    default: return false
    }
  }

  /// `([variable =] [mode] elements [WHERE predicate])[quantifier]`
  private mutating func parseGroup() throws -> GroupPattern {
    try nested { parser in
      let start = parser.index
      parser.advance()
      var variable: Name?
      if parser.ahead(1).kind == .equal {
        variable = try parser.parseVariable("a path variable")
        parser.advance()
      }
      let mode = parser.parsePathMode()
      let elements = try parser.parseElements(.match)
      let predicate = try parser.parseWhere()
      try parser.expectClosing(.rightParenthesis, of: start, in: "the group")
      let quantifier = try parser.parseQuantifier()
      return GroupPattern(
        variable: variable, mode: mode, elements: elements, predicate: predicate,
        quantifier: quantifier, range: parser.range(from: start))
    }
  }

  /// `*`, `+`, `{n}`, `{n,}`, `{,m}`, `{n,m}`
  mutating func parseQuantifier() throws -> LengthRange? {
    let start = index
    switch kind {
    case .star:
      advance()
      return LengthRange(minimum: 0, maximum: nil, range: range(from: start))
    case .plus:
      advance()
      return LengthRange(minimum: 1, maximum: nil, range: range(from: start))
    case .leftBrace:
      advance()
      var length = LengthRange(minimum: nil, maximum: nil, range: token.range)
      if kind == .integer { length.minimum = try takeBound() }
      if accept(.comma) {
        if kind == .integer { length.maximum = try takeBound() }
        length.minimum = length.minimum ?? 0
      } else {
        guard length.minimum != nil else { throw unexpected("a number of repetitions") }
        length.maximum = length.minimum
      }
      try expectClosing(.rightBrace, of: start, in: "the quantifier")
      length.range = range(from: start)
      return length
    default:
      return nil
    }
  }
}
