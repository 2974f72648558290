// Clauses that write.

import Base

extension Parser {
  mutating func parseCreate() throws -> CreateClause {
    let start = index
    advance()
    let patterns = try parsePatternList(.create)
    return CreateClause(patterns: patterns, range: range(from: start))
  }

  mutating func parseMerge() throws -> MergeClause {
    let start = index
    advance()
    let pattern = try parsePathPattern(.merge)
    if kind == .comma {
      throw syntaxError(
        "MERGE takes one pattern", at: token.range, advice: "Write a MERGE for each pattern.")
    }
    var clause = MergeClause(pattern: pattern, onCreate: [], onMatch: [], range: token.range)
    while accept(.on) {
      switch keyword {
      case .create:
        advance()
        try expect(.set, after: "after ON CREATE")
        clause.onCreate += try parseSetItems()
      case .match:
        advance()
        try expect(.set, after: "after ON MATCH")
        clause.onMatch += try parseSetItems()
      default:
        throw unexpected("CREATE or MATCH after ON")
      }
    }
    clause.range = range(from: start)
    return clause
  }

  mutating func parseSet() throws -> SetClause {
    let start = index
    advance()
    let items = try parseSetItems()
    return SetClause(items: items, range: range(from: start))
  }

  private mutating func parseSetItems() throws -> [SetItem] {
    var items: [SetItem] = []
    repeat { items.append(try parseSetItem()) } while accept(.comma)
    return items
  }

  private mutating func parseSetItem() throws -> SetItem {
    let start = index
    if kind == .identifier || kind == .quotedIdentifier {
      switch ahead(1).kind {
      case .colon:
        let variable = takeName()
        return .labels(
          of: variable, labels: try parseLabelList(), range: range(from: start))
      case .equal, .plusEqual:
        let variable = takeName()
        let adds = kind == .plusEqual
        advance()
        let value = try parseExpression()
        return adds
          ? .addProperties(of: variable, value: value, range: range(from: start))
          : .replaceProperties(of: variable, value: value, range: range(from: start))
      default:
        break
      }
    }
    let target = try parsePropertyTarget("a property to set, as in n.name = 'x'")
    guard accept(.equal) else {
      throw unexpected("'=' and a value")
    }
    let value = try parseExpression()
    switch target.kind {
    case .property(let entity, let name):
      return .property(of: entity, name: name, value: value, range: range(from: start))
    case .subscripted(let entity, let key):
      return .dynamicProperty(of: entity, key: key, value: value, range: range(from: start))
    default:
      throw notAProperty(target)
    }
  }

  /// An atom with `.name` or `[key]` after it; more is left to the caller.
  private mutating func parsePropertyTarget(_ expected: String) throws -> Expression {
    guard kind == .identifier || kind == .quotedIdentifier || kind == .leftParenthesis else {
      throw unexpected(expected)
    }
    let target = try nested { try $0.parsePostfix() }
    switch target.kind {
    case .property, .subscripted: return target
    default: throw notAProperty(target)
    }
  }

  private func notAProperty(_ target: Expression) -> StemmaError {
    syntaxError(
      "this is not a property", at: target.range,
      advice: "Write variable.property, as in n.name.")
  }

  private mutating func parseLabelList() throws -> [Name] {
    var labels: [Name] = []
    while accept(.colon) { labels.append(try parseName("a label after ':'")) }
    return labels
  }

  mutating func parseRemove() throws -> RemoveClause {
    let start = index
    advance()
    var items: [RemoveItem] = []
    repeat { items.append(try parseRemoveItem()) } while accept(.comma)
    return RemoveClause(items: items, range: range(from: start))
  }

  private mutating func parseRemoveItem() throws -> RemoveItem {
    let start = index
    if kind == .identifier || kind == .quotedIdentifier, ahead(1).kind == .colon {
      let variable = takeName()
      return .labels(of: variable, labels: try parseLabelList(), range: range(from: start))
    }
    let target = try parsePropertyTarget("a property or label to remove, as in n.name or n:Label")
    switch target.kind {
    case .property(let entity, let name):
      return .property(of: entity, name: name, range: range(from: start))
    case .subscripted(let entity, let key):
      return .dynamicProperty(of: entity, key: key, range: range(from: start))
    default:
      throw notAProperty(target)
    }
  }

  mutating func parseDelete() throws -> DeleteClause {
    let start = index
    let isDetaching = accept(.detach)
    try expect(.delete, after: "after DETACH")
    var expressions: [Expression] = []
    repeat { expressions.append(try parseExpression()) } while accept(.comma)
    return DeleteClause(
      isDetaching: isDetaching, expressions: expressions, range: range(from: start))
  }

  mutating func parseForEach() throws -> ForEachClause {
    try nested { parser in
      let start = parser.index
      parser.advance()
      let open = parser.index
      guard parser.accept(.leftParenthesis) else { throw parser.unexpected("'(' after FOREACH") }
      let variable = try parser.parseVariable("a variable")
      try parser.expect(.in, after: "and a list")
      let list = try parser.parseExpression()
      guard parser.accept(.bar) else { throw parser.unexpected("'|' and updating clauses") }
      var clauses: [Clause] = []
      while let clause = try parser.parseUpdatingClause() { clauses.append(clause) }
      guard !clauses.isEmpty else {
        throw parser.unexpected("an updating clause such as CREATE, MERGE, SET or DELETE")
      }
      try parser.expectClosing(.rightParenthesis, of: open, in: "FOREACH")
      return ForEachClause(
        variable: variable, list: list, clauses: clauses, range: parser.range(from: start))
    }
  }

  private mutating func parseUpdatingClause() throws -> Clause? {
    switch keyword {
    case .create, .merge, .set, .remove, .delete, .detach, .foreach: try parseClause()
    case .match, .optional, .unwind, .with, .return, .call:
      throw syntaxError(
        "\(keyword.spelling) cannot stand inside FOREACH", at: token.range,
        detail: "InvalidClauseComposition",
        advice: "Inside FOREACH stand updating clauses only; use UNWIND for the others.")
    default: nil
    }
  }
}
