// Whole texts: prefixes, commands, UNION.

import Base

extension Parser {
  /// `[EXPLAIN | PROFILE] [AS OF moment] (query | command) [;]`
  mutating func parseStatement() throws -> Statement {
    let start = index
    guard kind != .endOfText else {
      throw syntaxError(
        "there is no query here", at: token.range, advice: "For example: MATCH (n) RETURN n")
    }
    var mode = parseMode()
    let snapshot = try parseSnapshot()
    if mode == .run { mode = parseMode() }
    let body = try parseBody()
    let range = range(from: start)
    while accept(.semicolon) {}
    guard kind == .endOfText else { throw unexpectedAfterQuery() }
    return Statement(mode: mode, snapshot: snapshot, body: body, range: range)
  }

  private mutating func parseMode() -> Statement.Mode {
    if accept(.explain) { return .explain }
    if accept(.profile) { return .profile }
    return .run
  }

  private mutating func parseSnapshot() throws -> SnapshotClause? {
    guard keyword == .as, ahead(1).keyword == .of else { return nil }
    let start = index
    advance()
    advance()
    guard !keyword.opensClause else {
      throw syntaxError(
        "AS OF needs a moment", at: range(from: start),
        advice: "Write AS OF 42, AS OF datetime('2026-01-01T00:00Z') or AS OF 'checkpoint'.")
    }
    let moment = try parseExpression()
    return SnapshotClause(moment: moment, range: range(from: start))
  }

  private mutating func parseBody() throws -> Statement.Body {
    switch keyword {
    case .create where startsIndexCommand:
      return .createIndex(try parseCreateIndex())
    case .drop:
      return .dropIndex(try parseDropIndex())
    case .show:
      return .show(try parseShow())
    default:
      return .query(try parseQuery())
    }
  }

  private var startsIndexCommand: Bool {
    let next = ahead(1)
    if next.keyword == .unique { return ahead(2).keyword == .index }
    return next.keyword == .index && ahead(2).kind != .equal
  }

  private func unexpectedAfterQuery() -> StemmaError {
    if index > 0, tokens[index - 1].kind == .semicolon {
      return syntaxError(
        "only one statement can be run at a time", at: token.range,
        advice: "Send what follows the ';' as a query of its own.")
    }
    return unexpected("a clause such as MATCH, WITH or RETURN, or the end of the query")
  }

  // MARK: Queries

  mutating func parseQuery() throws -> Query {
    try nested { parser in
      let start = parser.index
      var branches = [try parser.parseSingleQuery()]
      var unions: [Query.Union] = []
      while parser.accept(.union) {
        if parser.accept(.all) {
          unions.append(.all)
        } else {
          _ = parser.accept(.distinct)
          unions.append(.distinct)
        }
        branches.append(try parser.parseSingleQuery())
      }
      return Query(branches: branches, unions: unions, range: parser.range(from: start))
    }
  }

  private mutating func parseSingleQuery() throws -> SingleQuery {
    let start = index
    var clauses: [Clause] = []
    while let clause = try parseClause() { clauses.append(clause) }
    guard !clauses.isEmpty else {
      throw unexpected("a clause such as MATCH, CREATE, UNWIND or RETURN")
    }
    return SingleQuery(clauses: clauses, range: range(from: start))
  }

  // MARK: Commands

  /// `CREATE [UNIQUE] INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.a, n.b)`, or the older
  /// `CREATE INDEX ON :Label(a, b)`.
  private mutating func parseCreateIndex() throws -> CreateIndexCommand {
    let start = index
    advance()
    let isUnique = accept(.unique)
    advance()
    var command = CreateIndexCommand(
      name: nil, isUnique: isUnique, ifNotExists: false, label: Name("", token.range),
      properties: [], range: token.range)
    if keyword == .on {
      advance()
      guard accept(.colon) else { throw unexpected("':' and a label after ON") }
      command.label = try parseName("a label")
      command.properties = try parseIndexProperties(of: nil)
    } else {
      if keyword != .for, keyword != .if { command.name = try parseName("the index's name or FOR") }
      if accept(.if) {
        try expect(.not, after: "after IF")
        try expect(.exists, after: "after IF NOT")
        command.ifNotExists = true
      }
      try expect(.for, after: "and what is indexed, as in FOR (n:Label) ON (n.property)")
      let open = index
      guard accept(.leftParenthesis) else { throw unexpected("'(' after FOR") }
      let variable = try parseVariable("a variable")
      guard accept(.colon) else { throw unexpected("':' and a label") }
      command.label = try parseName("a label")
      try expectClosing(.rightParenthesis, of: open, in: "the node")
      try expect(.on, after: "and the properties, as in ON (n.property)")
      command.properties = try parseIndexProperties(of: variable)
    }
    command.range = range(from: start)
    return command
  }

  /// `(n.a, n.b)`; without a variable `(a, b)`.
  private mutating func parseIndexProperties(of variable: Name?) throws -> [Name] {
    let open = index
    guard accept(.leftParenthesis) else { throw unexpected("'(' before the properties") }
    var properties: [Name] = []
    repeat {
      if let variable {
        let name = try parseName("'\(variable.text).' and a property")
        guard name.text == variable.text else {
          throw syntaxError(
            "the index is over '\(variable.text)', not '\(name.text)'", at: name.range,
            advice: "Write \(variable.text).property.")
        }
        guard accept(.dot) else { throw unexpected("'.' and a property") }
      }
      properties.append(try parseName("a property"))
    } while accept(.comma)
    try expectClosing(.rightParenthesis, of: open, in: "the properties")
    return properties
  }

  private mutating func parseDropIndex() throws -> DropIndexCommand {
    let start = index
    advance()
    try expect(.index, after: "after DROP")
    let name = try parseName("the name of an index")
    var ifExists = false
    if accept(.if) {
      try expect(.exists, after: "after IF")
      ifExists = true
    }
    return DropIndexCommand(name: name, ifExists: ifExists, range: range(from: start))
  }

  private mutating func parseShow() throws -> ShowCommand {
    let start = index
    advance()
    let subject: ShowCommand.Subject
    switch keyword {
    case .procedure, .procedures: subject = .procedures
    case .function, .functions: subject = .functions
    case .index, .indexes: subject = .indexes
    default: throw unexpected("PROCEDURES, FUNCTIONS or INDEXES after SHOW")
    }
    advance()
    return ShowCommand(subject: subject, range: range(from: start))
  }
}
