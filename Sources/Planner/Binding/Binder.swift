// Semantic analysis: turns a parsed statement into its bound form, or says why it means nothing.
// Every compile-time error of openCypher is raised here, with its place and advice. The binder
// knows no storage: procedures come from a registry, everything else is in the text.
//
// This file owns the state: slots, the scope, and what an expression may contain where it stands.
// Clauses and kinds of expressions have files of their own.

package import Base
package import Cypher

/// What the binder is told from outside.
package struct BindingEnvironment: Sendable {
  package var procedures: any ProcedureRegistry
  /// The names of the parameters that will be handed in, where they are known already; a missing
  /// argument of a standalone CALL is then found at compile time.
  package var parameterNames: Set<Text>?
  /// The schema in force: labels and types that it does not know are errors.
  package var schema: GraphType?

  package init(
    procedures: any ProcedureRegistry = EmptyProcedureRegistry(),
    parameterNames: Set<Text>? = nil, schema: GraphType? = nil
  ) {
    self.procedures = procedures
    self.parameterNames = parameterNames
    self.schema = schema
  }
}

/// Binds one statement.
package struct Binder {
  let source: SourceText
  let environment: BindingEnvironment
  var slots: [SlotDescription] = []
  var parameters: [Text] = []
  var isWriting = false
  var scope = Scope()
  /// What the expression at hand may contain.
  var rules = ExpressionRules()
  /// The projection being bound, where it aggregates.
  var aggregation: AggregationBuilder?
  /// What ORDER BY and WHERE may say for a projected value.
  var substitutions: Substitutions?
  /// The old scope, where ORDER BY and WHERE cannot see it: for the right error.
  var closedInput: Scope?
  /// Subqueries being bound, outermost first.
  var subqueries: [SubqueryFrame] = []

  init(source: SourceText, environment: BindingEnvironment) {
    self.source = source
    self.environment = environment
  }

  /// Parses and binds a text.
  package static func bind(
    _ text: Text, environment: BindingEnvironment = BindingEnvironment()
  ) throws -> BoundStatement {
    let source = SourceText(text)
    return try bind(Parser.parse(source), source: source, environment: environment)
  }

  /// Binds a parsed statement. Throws `query.semantics`. Linear in the size of the tree, but for
  /// look-ups among the variables in scope.
  package static func bind(
    _ statement: Statement, source: SourceText,
    environment: BindingEnvironment = BindingEnvironment()
  ) throws -> BoundStatement {
    var binder = Binder(source: source, environment: environment)
    return try binder.bind(statement)
  }

  private mutating func bind(_ statement: Statement) throws -> BoundStatement {
    var snapshot: BoundExpression?
    if let clause = statement.snapshot {
      rules = ExpressionRules(place: "AS OF")
      snapshot = try bindConstant(clause.moment, of: "AS OF")
    }
    let body: BoundStatement.Body
    switch statement.body {
    case .query(let query): body = .query(try bindQuery(query, isTopLevel: true))
    case .createIndex(let command):
      isWriting = true
      body = .createIndex(definition(of: command), ifNotExists: command.ifNotExists)
    case .dropIndex(let command):
      isWriting = true
      body = .dropIndex(command.name.text, ifExists: command.ifExists)
    case .show(let command): body = .show(command.subject)
    }
    if isWriting, let clause = statement.snapshot {
      throw semanticError(
        "InvalidClauseComposition", "the past cannot be changed", at: clause.range,
        advice: "Leave AS OF out, or only read.")
    }
    return BoundStatement(
      mode: statement.mode, snapshot: snapshot, body: body, slots: slots, parameters: parameters,
      isWriting: isWriting)
  }

  private func definition(of command: CreateIndexCommand) -> IndexDefinition {
    let properties = command.properties.map(\.text)
    let made = ([command.label.text] + properties).map(\.string).joined(separator: "_")
    return IndexDefinition(
      name: command.name?.text ?? Text(made), label: command.label.text, properties: properties,
      isUnique: command.isUnique)
  }

  // MARK: Errors

  /// A compile-time error with openCypher's detail.
  func semanticError(
    _ detail: String, _ message: String, at range: SourceRange, type: String = "SyntaxError",
    advice: String? = nil
  ) -> StemmaError {
    StemmaError(
      .querySemantics, message, at: source.place(range), advice: advice,
      classification: CypherClassification(type: type, phase: .compileTime, detail: detail))
  }

  // MARK: Slots and variables

  /// A fresh slot. `name` is `nil` for what the text leaves unnamed.
  mutating func makeSlot(_ name: Text?, _ type: StaticType) -> Slot {
    slots.append(SlotDescription(name: name?.string, type: type))
    return Slot(slots.count - 1)
  }

  /// A fresh slot for a variable that comes into scope.
  @discardableResult
  mutating func declare(_ name: Text, _ type: StaticType) -> Slot {
    let slot = makeSlot(name, type)
    scope.add(name, slot)
    return slot
  }

  func type(of slot: Slot) -> StaticType { slots[slot.index].type }

  /// Reads a variable. The error names the nearest one in scope.
  mutating func resolve(_ name: Name) throws -> Slot {
    guard let slot = scope.slot(of: name.text) else { throw unresolved(name) }
    if rules.checksGrouping, slot.index < rules.firstLocalSlot,
      let aggregation, !aggregation.hasKey(slot)
    {
      throw ambiguous(name)
    }
    noteUse(of: slot)
    return slot
  }

  /// Tells the subqueries around that they read a slot of their outside.
  mutating func noteUse(of slot: Slot) {
    for index in subqueries.indices.reversed() {
      guard slot.index < subqueries[index].firstSlot else { return }
      subqueries[index].outerSlots.insert(slot)
    }
  }

  func undefined(_ name: Name) -> StemmaError {
    let near = Suggestion.nearest(to: name.text.string, among: scope.names.map(\.string))
    var advice = near.map { "Did you mean '\($0)'?" }
    if advice == nil {
      advice =
        scope.names.isEmpty
        ? "No variable is in scope here; text stands in quotes: '\(name.text)'."
        : "In scope are \(scope.listing)."
    }
    return semanticError(
      "UndefinedVariable", "the variable '\(name.text)' is not defined", at: name.range,
      advice: advice)
  }
}

/// The variables in scope, in the order of their declaration.
struct Scope {
  private(set) var names: [Text] = []
  private(set) var slots: [Slot] = []

  /// The latest declaration wins. Linear: scopes are small.
  func slot(of name: Text) -> Slot? {
    var index = names.count - 1
    while index >= 0 {
      if names[index] == name { return slots[index] }
      index -= 1
    }
    return nil
  }

  mutating func add(_ name: Text, _ slot: Slot) {
    names.append(name)
    slots.append(slot)
  }

  var isEmpty: Bool { names.isEmpty }

  /// For messages: the first few names.
  var listing: String {
    let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 8 ? shown + ", ..." : shown
  }
}

/// A subquery while it is bound: slots below `firstSlot` belong to the outer row.
struct SubqueryFrame {
  var firstSlot: Int
  /// The variables around the subquery, which stay visible throughout.
  var outer: Scope
  var outerSlots: SlotSet = []
  /// Those of them that a WITH with groups or DISTINCT did not name.
  var closed: Scope?
}

/// What an expression may contain, by where it stands.
struct ExpressionRules {
  enum Aggregates {
    /// Not here; the message names the place.
    case forbidden
    /// In an item of an aggregating projection.
    case allowed
    /// Inside the arguments of an aggregate.
    case insideAggregate
  }

  /// For messages: `WHERE`, `SET`, ...
  var place = "an expression"
  var aggregates = Aggregates.forbidden
  /// Whether variables must be grouping keys: in an aggregating item, outside its aggregates.
  var checksGrouping = false
  /// Whether a bare pattern may be a condition here.
  var allowsPatternPredicate = false
  /// Slots from here on are the expression's own: elements of comprehensions.
  var firstLocalSlot = Int.max

  init(place: String = "an expression", allowsPatternPredicate: Bool = false) {
    self.place = place
    self.allowsPatternPredicate = allowsPatternPredicate
  }
}
