// What one text asks for: a query, or a command about indexes, procedures and functions; with the
// prefixes EXPLAIN, PROFILE and AS OF.

/// A whole query text, parsed.
package struct Statement: Hashable, Sendable {
  package enum Mode: Hashable, Sendable {
    case run
    case explain
    case profile
  }

  package enum Body: Hashable, Sendable {
    case query(Query)
    case createIndex(CreateIndexCommand)
    case dropIndex(DropIndexCommand)
    case show(ShowCommand)
  }

  package var mode: Mode
  package var snapshot: SnapshotClause?
  package var body: Body
  package var range: SourceRange

  package init(mode: Mode, snapshot: SnapshotClause?, body: Body, range: SourceRange) {
    self.mode = mode
    self.snapshot = snapshot
    self.body = body
    self.range = range
  }
}

/// `AS OF 42`, `AS OF datetime('2026-01-01T00:00Z')`, `AS OF 'checkpoint'`, `AS OF $moment`.
/// The expression may use parameters and literals only; an integer is a transaction, a string a
/// checkpoint's name, a date-time a moment.
package struct SnapshotClause: Hashable, Sendable {
  package var moment: Expression
  package var range: SourceRange

  package init(moment: Expression, range: SourceRange) {
    self.moment = moment
    self.range = range
  }
}

/// `CREATE [UNIQUE] INDEX [name] [IF NOT EXISTS] FOR (n:Label) ON (n.a, n.b)`.
package struct CreateIndexCommand: Hashable, Sendable {
  package var name: Name?
  package var isUnique: Bool
  package var ifNotExists: Bool
  package var label: Name
  package var properties: [Name]
  package var range: SourceRange

  package init(
    name: Name?, isUnique: Bool, ifNotExists: Bool, label: Name, properties: [Name],
    range: SourceRange
  ) {
    self.name = name
    self.isUnique = isUnique
    self.ifNotExists = ifNotExists
    self.label = label
    self.properties = properties
    self.range = range
  }
}

/// `DROP INDEX name [IF EXISTS]`.
package struct DropIndexCommand: Hashable, Sendable {
  package var name: Name
  package var ifExists: Bool
  package var range: SourceRange

  package init(name: Name, ifExists: Bool, range: SourceRange) {
    self.name = name
    self.ifExists = ifExists
    self.range = range
  }
}

/// `SHOW PROCEDURES`, `SHOW FUNCTIONS`, `SHOW INDEXES`.
package struct ShowCommand: Hashable, Sendable {
  package enum Subject: String, Hashable, Sendable {
    case procedures
    case functions
    case indexes
  }

  package var subject: Subject
  package var range: SourceRange

  package init(subject: Subject, range: SourceRange) {
    self.subject = subject
    self.range = range
  }
}
