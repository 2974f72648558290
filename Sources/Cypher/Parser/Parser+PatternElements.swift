// Nodes, relationships and their labels.

import Base

extension Parser {
  // MARK: Nodes

  /// `([variable] [labels] [properties] [WHERE predicate])`
  mutating func parseNode() throws -> NodePattern {
    try nested { parser in
      let open = parser.index
      parser.advance()
      var node = NodePattern(
        variable: nil, labels: nil, properties: nil, predicate: nil, range: parser.token.range)
      if parser.kind == .identifier || parser.kind == .quotedIdentifier,
        parser.keyword != .where || parser.ahead(1).kind == .rightParenthesis
      {
        node.variable = parser.takeName()
      }
      if parser.accept(.colon) { node.labels = try parser.parseLabels() }
      node.properties = try parser.parseInlineProperties()
      node.predicate = try parser.parseWhere()
      try parser.expectClosing(.rightParenthesis, of: open, in: "the node")
      node.range = parser.range(from: open)
      return node
    }
  }

  private mutating func parseInlineProperties() throws -> Expression? {
    switch kind {
    case .leftBrace:
      return try nested { try $0.parseMap() }
    case .parameter:
      let range = token.range
      return Expression(.parameter(takeParameter()), range)
    default:
      return nil
    }
  }

  // MARK: Labels

  /// After ':' : `A:B`, `A&B`, `A|B`, `!A`, `%`, `(A|B)&C`.
  mutating func parseLabels() throws -> LabelExpression {
    try nested { parser in
      var alternatives = [try parser.parseLabelConjunction()]
      while parser.accept(.bar) {
        _ = parser.accept(.colon)
        alternatives.append(try parser.parseLabelConjunction())
      }
      return alternatives.count == 1 ? alternatives[0] : .or(alternatives)
    }
  }

  private mutating func parseLabelConjunction() throws -> LabelExpression {
    var labels = [try parseLabelFactor()]
    while kind == .ampersand || kind == .colon {
      advance()
      labels.append(try parseLabelFactor())
    }
    return labels.count == 1 ? labels[0] : .and(labels)
  }

  private mutating func parseLabelFactor() throws -> LabelExpression {
    switch kind {
    case .exclamation:
      advance()
      return .not(try nested { try $0.parseLabelFactor() })
    case .percent:
      advance()
      return .any
    case .leftParenthesis:
      let open = index
      advance()
      let labels = try parseLabels()
      try expectClosing(.rightParenthesis, of: open, in: "the labels")
      return labels
    default:
      return .label(try parseName("a label after ':'"))
    }
  }

  // MARK: Relationships

  /// Whether an arrow begins here. In expressions only what cannot be arithmetic counts.
  func startsRelationship(_ place: PatternPlace) -> Bool {
    let offset = kind == .less ? 1 : 0
    guard ahead(offset).kind == .minus else { return false }
    let next = ahead(offset + 1).kind
    if place == .expression { return next == .minus || next == .leftBracket }
    return true
  }

  /// `<-[...]-`, `-[...]->`, `--`, and for MATCH GQL's short `->`, `<-`, `-`.
  mutating func parseRelationship(_ place: PatternPlace) throws -> RelationshipPattern {
    let start = index
    let pointsLeft = accept(.less)
    advance()
    var relationship = RelationshipPattern(
      variable: nil, direction: .both, hasBothArrows: false, types: [], length: nil,
      quantifier: nil, properties: nil, predicate: nil, range: token.range)
    var isShort = false
    if kind == .leftBracket {
      let open = index
      advance()
      try nested { try $0.parseRelationshipDetail(into: &relationship) }
      try expectClosing(.rightBracket, of: open, in: "the relationship")
      guard accept(.minus) else { throw incompleteArrow(start) }
    } else if !accept(.minus) {
      isShort = true
    }
    let pointsRight = accept(.greater)
    if isShort, place != .match { throw incompleteArrow(start) }
    relationship.hasBothArrows = pointsLeft && pointsRight
    if pointsLeft != pointsRight {
      relationship.direction = pointsRight ? .outgoing : .incoming
    }
    if place == .match { relationship.quantifier = try parseQuantifier() }
    relationship.range = range(from: start)
    return relationship
  }

  private func incompleteArrow(_ start: Int) -> StemmaError {
    if kind == .endOfText || kind == .invalid {
      return unexpected("'-' or '->' to end the relationship")
    }
    return syntaxError(
      "this arrow is not complete", at: range(from: start).through(token.range),
      advice: "Arrows are -->, <--, -- and -[:TYPE]->, <-[:TYPE]-, -[:TYPE]-.")
  }

  /// `[variable] [:types] [*length] [properties] [WHERE predicate]`
  private mutating func parseRelationshipDetail(
    into relationship: inout RelationshipPattern
  ) throws {
    if kind == .identifier || kind == .quotedIdentifier,
      keyword != .where || ahead(1).kind == .rightBracket
    {
      relationship.variable = takeName()
    }
    if accept(.colon) { relationship.types = try parseTypes() }
    if kind == .star {
      relationship.length = try parseLength()
    } else if kind == .dotDot {
      throw syntaxError(
        "a range of lengths starts with '*'", at: token.range,
        detail: "InvalidRelationshipPattern", advice: "Write *..3, *1..3 or *2.")
    }
    relationship.properties = try parseInlineProperties()
    relationship.predicate = try parseWhere()
  }

  private mutating func parseTypes() throws -> [Name] {
    var types = [try parseType()]
    while accept(.bar) {
      _ = accept(.colon)
      types.append(try parseType())
    }
    if kind == .ampersand || kind == .colon {
      throw syntaxError(
        "a relationship has exactly one type", at: token.range,
        advice: "Separate alternatives with '|', as in [:A|B].")
    }
    return types
  }

  private mutating func parseType() throws -> Name {
    if kind == .exclamation || kind == .percent || kind == .leftParenthesis {
      throw syntaxError(
        "types of relationships are a plain list of alternatives", at: token.range,
        advice: "Write [r:A|B], or filter with WHERE NOT type(r) IN ['A'].")
    }
    return try parseName("a type after ':'")
  }

  /// `*`, `*2`, `*1..3`, `*..3`, `*2..`
  private mutating func parseLength() throws -> LengthRange {
    let start = index
    advance()
    var length = LengthRange(minimum: nil, maximum: nil, range: token.range)
    if kind == .integer { length.minimum = try takeBound() }
    if accept(.dotDot) {
      if kind == .integer { length.maximum = try takeBound() }
    } else {
      length.maximum = length.minimum
    }
    switch kind {
    case .minus, .float, .plus, .dot, .dotDot, .identifier, .integer:
      throw syntaxError(
        "a length is a number that is not negative", at: token.range,
        detail: "InvalidRelationshipPattern",
        advice: "Write *, *2, *1..3, *..3 or *2.. after the types.")
    default:
      break
    }
    length.range = range(from: start)
    return length
  }
}
