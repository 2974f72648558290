// CREATE and MERGE: what may be written in a pattern that makes things.

import Base
import Cypher

/// The rules that differ between the two.
struct CreationRules {
  let word: String
  let allowsUndirected: Bool
  let allowsParameter: Bool

  static let create = CreationRules(word: "CREATE", allowsUndirected: false, allowsParameter: true)
  static let merge = CreationRules(word: "MERGE", allowsUndirected: true, allowsParameter: false)
}

extension Binder {
  mutating func bindCreate(
    _ patterns: [PathPattern], _ creation: CreationRules = .create
  ) throws -> BoundCreate {
    var create = BoundCreate(elements: [], paths: [])
    for pattern in patterns { try bindCreation(pattern, creation, into: &create) }
    return create
  }

  private mutating func bindCreation(
    _ pattern: PathPattern, _ creation: CreationRules, into create: inout BoundCreate
  ) throws {
    guard pattern.function == nil, pattern.selector == nil, pattern.mode == nil else {
      throw semanticError(
        "UnexpectedSyntax", "\(creation.word) cannot choose among paths", at: pattern.range)
    }
    var nodes: [Slot] = []
    var steps: [(pattern: RelationshipPattern, slot: Slot)] = []
    let isAlone = pattern.elements.count == 1
    for element in pattern.elements {
      switch element {
      case .node(let node):
        nodes.append(try bindNewNode(node, isAlone: isAlone, creation, into: &create))
        if let step = steps.last {
          try addRelationship(
            step.pattern, step.slot, from: nodes[nodes.count - 2], to: nodes[nodes.count - 1],
            creation, into: &create)
        }
      case .relationship(let relationship):
        steps.append((relationship, try checkNewRelationship(relationship, creation)))
      case .group(let group):
        throw semanticError(
          "CreatingVarLength", "\(creation.word) cannot repeat a group", at: group.range)
      }
    }
    guard let variable = pattern.variable else { return }
    guard scope.slot(of: variable.text) == nil else { throw alreadyBound(variable) }
    let slot = declare(variable.text, .path)
    create.paths.append(
      BoundNewPath(slot: slot, nodes: nodes, relationships: steps.map(\.slot)))
  }

  // MARK: Nodes

  private mutating func bindNewNode(
    _ node: NodePattern, isAlone: Bool, _ creation: CreationRules,
    into create: inout BoundCreate
  ) throws -> Slot {
    if let predicate = node.predicate { throw noCondition(predicate.range, creation) }
    let labels = try creationLabels(node, creation)
    if let variable = node.variable, let slot = scope.slot(of: variable.text) {
      guard !isAlone, labels.isEmpty, node.properties == nil else {
        throw semanticError(
          "VariableAlreadyBound",
          "the variable '\(variable.text)' is already defined, so it cannot be created anew",
          at: variable.range,
          advice: isAlone
            ? "Choose another name." : "Use (\(variable.text)) alone, and SET for changes.")
      }
      guard type(of: slot).canBe(.node) else {
        throw semanticError(
          "VariableTypeConflict",
          "'\(variable.text)' is \(type(of: slot).kinds.describedWithArticle), not a node",
          at: variable.range, advice: "Choose another name.")
      }
      noteUse(of: slot)
      return slot
    }
    let properties = try bindNewProperties(node.properties, creation)
    let slot =
      node.variable.map { declare($0.text, StaticType(.node)) } ?? makeSlot(nil, StaticType(.node))
    create.elements.append(
      .node(
        BoundNewNode(slot: slot, labels: labels, properties: properties, range: node.range)))
    return slot
  }

  private func creationLabels(_ node: NodePattern, _ creation: CreationRules) throws -> [Text] {
    guard let labels = node.labels else { return [] }
    guard let names = labels.conjunction else {
      throw semanticError(
        "UnexpectedSyntax", "\(creation.word) needs plain labels", at: node.range,
        advice: "Write (n:A:B).")
    }
    return names.uniqued
  }

  private func noCondition(_ range: SourceRange, _ creation: CreationRules) -> StemmaError {
    semanticError(
      "UnexpectedSyntax", "\(creation.word) has no conditions", at: range,
      advice: "Filter with WITH ... WHERE before it.")
  }

  private mutating func bindNewProperties(
    _ properties: Expression?, _ creation: CreationRules
  ) throws -> BoundProperties {
    guard let properties else { return .none }
    rules = ExpressionRules(place: creation.word)
    if creation.allowsParameter, case .parameter = properties.kind {
      return .map(try bindExpression(properties))
    }
    let entries = try bindEntries(try inlineEntries(properties))
    return entries.isEmpty ? .none : .entries(entries)
  }

  // MARK: Relationships

  private mutating func checkNewRelationship(
    _ pattern: RelationshipPattern, _ creation: CreationRules
  ) throws -> Slot {
    if let predicate = pattern.predicate { throw noCondition(predicate.range, creation) }
    if let variable = pattern.variable, scope.slot(of: variable.text) != nil {
      throw alreadyBound(variable)
    }
    if let length = pattern.length ?? pattern.quantifier {
      throw semanticError(
        "CreatingVarLength", "\(creation.word) cannot make a relationship of variable length",
        at: length.range, advice: "Write out each relationship.")
    }
    guard pattern.types.count == 1 else {
      throw semanticError(
        "NoSingleRelationshipType", "\(creation.word) needs exactly one type for a relationship",
        at: pattern.range, advice: "Write -[:TYPE]->.")
    }
    if pattern.direction == .both, !creation.allowsUndirected {
      throw semanticError(
        "RequiresDirectedRelationship", "\(creation.word) needs a direction for a relationship",
        at: pattern.range, advice: "Write -[:TYPE]-> or <-[:TYPE]-.")
    }
    return makeSlot(pattern.variable?.text, StaticType(.edge))
  }

  /// The variable comes into scope only here: its own properties cannot read it.
  private mutating func addRelationship(
    _ pattern: RelationshipPattern, _ slot: Slot, from: Slot, to: Slot,
    _ creation: CreationRules, into create: inout BoundCreate
  ) throws {
    let properties = try bindNewProperties(pattern.properties, creation)
    if let variable = pattern.variable {
      guard scope.slot(of: variable.text) == nil else { throw alreadyBound(variable) }
      scope.add(variable.text, slot)
    }
    let isReversed = pattern.direction == .incoming
    create.elements.append(
      .relationship(
        BoundNewRelationship(
          slot: slot, type: pattern.types[0].text, from: isReversed ? to : from,
          to: isReversed ? from : to, properties: properties, range: pattern.range)))
  }

  // MARK: MERGE

  mutating func bindMerge(_ merge: MergeClause) throws -> BoundMerge {
    let firstSlot = slots.count
    let before = scope
    let create = try bindCreate([merge.pattern], .merge)
    let pattern = mergePattern(merge.pattern, create, firstSlot: firstSlot, before: before)
    var predicates: [BoundExpression] = []
    for element in create.elements {
      switch element {
      case .node(let node): predicates += equalities(node.slot, node.properties, node.range)
      case .relationship(let relationship):
        predicates += equalities(
          relationship.slot, relationship.properties, relationship.range)
      }
    }
    let onCreate = try merge.onCreate.map { try bindSetItem($0, "ON CREATE") }
    let onMatch = try merge.onMatch.map { try bindSetItem($0, "ON MATCH") }
    return BoundMerge(
      pattern: pattern, predicates: predicates, create: create, onCreate: onCreate,
      onMatch: onMatch, range: merge.range)
  }

  private func equalities(
    _ slot: Slot, _ properties: BoundProperties, _ range: SourceRange
  ) -> [BoundExpression] {
    guard case .entries(let entries) = properties else { return [] }
    let subject = BoundExpression(.slot(slot), type: type(of: slot), range: range)
    return entries.map { entry in
      let property = BoundExpression(
        .property(subject, entry.key), type: .any, range: entry.value.range)
      return BoundExpression(
        .comparison(.equal, property, entry.value), type: .boolean, range: entry.value.range)
    }
  }

  /// The same elements as a pattern to match.
  private func mergePattern(
    _ source: PathPattern, _ create: BoundCreate, firstSlot: Int, before: Scope
  ) -> BoundPattern {
    var draft = PatternDraft(firstSlot: firstSlot, declares: false)
    var relationships: [BoundNewRelationship] = []
    for element in create.elements {
      switch element {
      case .node(let node):
        let index = draft.node(node.slot, range: node.range)
        draft.addLabels(node.labels, to: index)
      case .relationship(let relationship): relationships.append(relationship)
      }
    }
    var written = source.elements.compactMap { element -> RelationshipPattern? in
      if case .relationship(let pattern) = element { return pattern }
      return nil
    }[...]
    var connections: [Int] = []
    var start: Int?
    for relationship in relationships {
      guard let pattern = written.popFirst() else { break }
      let isReversed = pattern.direction == .incoming
      let left = isReversed ? relationship.to : relationship.from
      let right = isReversed ? relationship.from : relationship.to
      let from = draft.node(left, range: pattern.range)
      let to = draft.node(right, range: pattern.range)
      if start == nil { start = from }
      connections.append(draft.connections.count)
      draft.connections.append(
        BoundConnection(
          from: from, to: to,
          kind: .relationship(
            BoundRelationship(
              slot: relationship.slot, isBound: false, isNamed: pattern.variable != nil,
              direction: pattern.direction, types: [relationship.type], length: nil,
              elementSlot: nil, elementPredicates: [], range: pattern.range))))
    }
    if let path = create.paths.first {
      draft.paths.append(
        BoundPath(
          slot: path.slot, start: start ?? 0, connections: connections, selector: nil, mode: nil,
          predicates: []))
    }
    return draft.finished
  }
}
