// A statement after binding, and the queries in it.

package import Base
package import Cypher

/// A whole text, bound: what the planner starts from.
package struct BoundStatement: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    case query(BoundQuery)
    case createIndex(IndexDefinition, ifNotExists: Bool)
    case dropIndex(Text, ifExists: Bool)
    case show(ShowCommand.Subject)
  }

  package var mode: Statement.Mode
  /// Constant but for parameters: an integer, a string or a date-time.
  package var snapshot: BoundExpression?
  package var body: Body
  /// One per slot of the statement, subqueries included.
  package var slots: [SlotDescription]
  /// The parameters that the statement reads, in order of first use.
  package var parameters: [Text]
  /// Whether any clause writes.
  package var isWriting: Bool

  package init(
    mode: Statement.Mode, snapshot: BoundExpression?, body: Body, slots: [SlotDescription],
    parameters: [Text], isWriting: Bool
  ) {
    self.mode = mode
    self.snapshot = snapshot
    self.body = body
    self.slots = slots
    self.parameters = parameters
    self.isWriting = isWriting
  }
}

/// Branches joined by UNION.
package struct BoundQuery: Hashable, Sendable {
  /// At least one.
  package var branches: [BoundBranch]
  /// `nil` with one branch; all joins of one query are of one kind.
  package var union: Query.Union?
  /// What comes out. With one branch these are slots of the branch; with more they are slots of
  /// their own, filled from each branch's `output`. Empty where nothing is returned.
  package var columns: [BoundColumn]

  package init(branches: [BoundBranch], union: Query.Union?, columns: [BoundColumn]) {
    self.branches = branches
    self.union = union
    self.columns = columns
  }
}

package struct BoundColumn: Hashable, Sendable {
  package var name: Text
  package var slot: Slot

  package init(name: Text, slot: Slot) {
    self.name = name
    self.slot = slot
  }
}

/// Clauses in order, over rows of slots that start as one empty row (or the outer row).
package struct BoundBranch: Hashable, Sendable {
  package var clauses: [BoundClause]
  /// Aligned with the query's `columns`.
  package var output: [Slot]

  package init(clauses: [BoundClause], output: [Slot]) {
    self.clauses = clauses
    self.output = output
  }
}

package indirect enum BoundClause: Hashable, Sendable {
  case match(BoundMatch)
  case unwind(BoundUnwind)
  case project(BoundProjection)
  case call(BoundCall)
  case create(BoundCreate)
  case merge(BoundMerge)
  case set([BoundSetItem])
  case remove([BoundRemoveItem])
  case delete(BoundDelete)
  case forEach(BoundForEach)
}

package struct BoundMatch: Hashable, Sendable {
  package var isOptional: Bool
  package var pattern: BoundPattern
  /// Conjuncts, all of which must be true: WHERE, inline property maps, inline predicates and
  /// label expressions other than conjunctions. Those inside a group or a selected path are there.
  package var predicates: [BoundExpression]

  package init(isOptional: Bool, pattern: BoundPattern, predicates: [BoundExpression]) {
    self.isOptional = isOptional
    self.pattern = pattern
    self.predicates = predicates
  }
}

package struct BoundUnwind: Hashable, Sendable {
  package var list: BoundExpression
  package var slot: Slot

  package init(list: BoundExpression, slot: Slot) {
    self.list = list
    self.slot = slot
  }
}

/// `CALL`: each input row is joined with the rows of the procedure.
package struct BoundCall: Hashable, Sendable {
  package var procedure: ProcedureSignature
  package var arguments: [BoundExpression]
  /// Which output fields are kept, and where.
  package var yields: [BoundYield]
  /// Conjuncts of YIELD's WHERE.
  package var predicates: [BoundExpression]
  package var range: SourceRange

  package init(
    procedure: ProcedureSignature, arguments: [BoundExpression], yields: [BoundYield],
    predicates: [BoundExpression], range: SourceRange
  ) {
    self.procedure = procedure
    self.arguments = arguments
    self.yields = yields
    self.predicates = predicates
    self.range = range
  }
}

package struct BoundYield: Hashable, Sendable {
  /// An index into the procedure's outputs.
  package var field: Int
  package var slot: Slot

  package init(field: Int, slot: Slot) {
    self.field = field
    self.slot = slot
  }
}
