// MATCH: variables of patterns, and the graph that a pattern describes.

import Base
import Cypher

extension Binder {
  mutating func bindMatch(_ match: MatchClause) throws -> BoundMatch {
    let (pattern, predicates) = try bindPatterns(
      match.patterns, predicate: match.predicate, declares: true)
    return BoundMatch(isOptional: match.isOptional, pattern: pattern, predicates: predicates)
  }

  /// Binds the parts of a pattern together, with the condition that follows them.
  mutating func bindPatterns(
    _ patterns: [PathPattern], predicate: Expression?, declares: Bool
  ) throws -> (BoundPattern, [BoundExpression]) {
    var draft = PatternDraft(firstSlot: slots.count, declares: declares)
    for pattern in patterns { try declarePath(pattern, in: &draft) }
    try checkInnerNodes(of: draft)
    var predicates = try bindPending(&draft)
    if let predicate {
      rules = ExpressionRules(place: "WHERE", allowsPatternPredicate: true)
      predicates += try bindConjuncts(predicate)
    }
    return (draft.finished, predicates)
  }

  // MARK: Paths

  private mutating func declarePath(
    _ pattern: PathPattern, in draft: inout PatternDraft
  ) throws {
    try checkShortestPath(pattern)
    let selector = selector(of: pattern)
    let needsPath = pattern.variable != nil || selector != nil || pattern.mode != nil
    var path: Int?
    if needsPath {
      draft.paths.append(
        BoundPath(
          slot: nil, start: 0, connections: [], selector: selector, mode: pattern.mode,
          predicates: []))
      path = draft.paths.count - 1
    }
    let chain = try declareChain(pattern.elements, path: selector == nil ? nil : path, in: &draft)
    guard let path else { return }
    try checkWalk(draft.paths[path], chain.connections.map { draft.connections[$0] }, pattern)
    draft.paths[path].start = chain.first
    draft.paths[path].connections = chain.connections
    guard let variable = pattern.variable else { return }
    guard scope.slot(of: variable.text) == nil else { throw alreadyBound(variable) }
    draft.paths[path].slot = declare(variable.text, .path)
  }

  /// Where a selector chooses among paths, their inner nodes are part of the choice: another
  /// pattern of the clause that fixes one of them would change what is chosen.
  private func checkInnerNodes(of draft: PatternDraft) throws {
    for path in draft.paths where path.isSelective && path.connections.count > 1 {
      var ends = [path.start]
      for index in path.connections {
        let connection = draft.connections[index]
        ends.append(connection.from == ends[ends.count - 1] ? connection.to : connection.from)
      }
      let inner = Set(ends.dropFirst().dropLast()).subtracting([ends[0], ends[ends.count - 1]])
      for (index, connection) in draft.connections.enumerated()
      where !path.connections.contains(index) {
        let shared = [connection.from, connection.to].first { inner.contains($0) }
        guard let shared, !draft.nodes[shared].isBound else { continue }
        throw semanticError(
          "InvalidRelationshipPattern",
          "a node inside paths of which some are chosen stands in another pattern too",
          at: draft.nodes[shared].range, advice: "Match the other pattern in a MATCH of its own.")
      }
    }
  }

  /// A walk may go round for ever: it needs a bound, or a selector that stops it.
  private func checkWalk(
    _ path: BoundPath, _ connections: [BoundConnection], _ pattern: PathPattern
  ) throws {
    guard path.mode == .walk, path.selector == nil else { return }
    let isUnbounded = connections.contains { connection in
      switch connection.kind {
      case .relationship(let step): step.length.map { $0.maximum == nil } ?? false
      case .group(let group): group.length.maximum == nil
      }
    }
    guard isUnbounded else { return }
    throw semanticError(
      "InvalidRelationshipPattern", "a WALK without an upper bound never ends",
      at: pattern.range, advice: "Write {1,10} instead of '+', choose ANY SHORTEST, or use TRAIL.")
  }

  private func selector(of pattern: PathPattern) -> PathSelector? {
    switch pattern.function {
    case .shortestPath?: .shortest(count: 1)
    case .allShortestPaths?: .allShortest
    case nil: pattern.selector == .all ? nil : pattern.selector
    }
  }

  private func checkShortestPath(_ pattern: PathPattern) throws {
    guard let function = pattern.function else { return }
    if pattern.elements.count == 3, case .relationship(let step) = pattern.elements[1] {
      guard let minimum = step.length?.minimum, minimum > 1 else { return }
      throw semanticError(
        "UnexpectedSyntax", "the shortest path starts at length 0 or 1", at: step.range,
        advice: "Write *..\(step.length?.maximum ?? minimum), and filter with WHERE length(p).")
    }
    throw semanticError(
      "UnexpectedSyntax", "\(function) takes two nodes and one relationship",
      at: pattern.range, advice: "Write shortestPath((a)-[:TYPE*]->(b)).")
  }

  /// The elements in order; two nodes or groups side by side share a node.
  mutating func declareChain(
    _ elements: [PathElement], path: Int?, in draft: inout PatternDraft
  ) throws -> (first: Int, last: Int, connections: [Int]) {
    var chain = (first: -1, last: -1, connections: [Int]())
    var step: PathElement?
    for (index, element) in elements.enumerated() {
      guard case .node(let pattern) = element else {
        // A group without a node before it starts at a node without a name.
        if chain.last < 0 || step != nil {
          let node = anonymousNode(element.range, in: &draft)
          if chain.last < 0 { chain.first = node }
          if let open = step {
            chain.connections.append(
              try declareStep(open, from: chain.last, to: node, path: path, in: &draft))
          }
          chain.last = node
        }
        step = element
        continue
      }
      let isInner = index > 0 && index < elements.count - 1
      let node = try declareNode(pattern, path: isInner ? path : nil, in: &draft)
      if let open = step {
        chain.connections.append(
          try declareStep(open, from: chain.last, to: node, path: path, in: &draft))
        step = nil
      }
      if chain.last < 0 { chain.first = node }
      chain.last = node
    }
    if let open = step {
      let node = anonymousNode(open.range, in: &draft)
      chain.connections.append(
        try declareStep(open, from: chain.last, to: node, path: path, in: &draft))
      chain.last = node
    }
    return chain
  }

  private mutating func anonymousNode(
    _ range: SourceRange, in draft: inout PatternDraft
  ) -> Int {
    draft.node(makeSlot(nil, .node), range: range)
  }

  private mutating func declareStep(
    _ element: PathElement, from: Int, to: Int, path: Int?, in draft: inout PatternDraft
  ) throws -> Int {
    let index = draft.connections.count
    switch element {
    case .relationship(let pattern):
      try declareRelationship(pattern, from: from, to: to, path: path, in: &draft)
    case .group(let pattern):
      let group = try declareGroup(pattern, in: &draft)
      draft.connections.append(BoundConnection(from: from, to: to, kind: .group(group)))
    case .node:
      break
    }
    return index
  }

  // MARK: Nodes and relationships

  private mutating func declareNode(
    _ pattern: NodePattern, path: Int?, in draft: inout PatternDraft
  ) throws -> Int {
    let slot = try declareElement(
      pattern.variable, .node, kinds: .node, word: "a node", in: &draft)
    let node = draft.node(slot, range: pattern.range)
    try checkLabels(pattern.labels?.names ?? [])
    let labels = pattern.labels?.conjunction
    draft.addLabels(labels ?? [], to: node)
    let others = labels == nil ? pattern.labels : nil
    if others != nil || pattern.properties != nil || pattern.predicate != nil {
      draft.pending.append(
        PatternDraft.Pending(
          slot: slot, labels: others, properties: pattern.properties,
          predicate: pattern.predicate,
          destination: path.map { .path($0) } ?? .clause, range: pattern.range))
    }
    return node
  }

  private mutating func declareRelationship(
    _ pattern: RelationshipPattern, from: Int, to: Int, path: Int?, in draft: inout PatternDraft
  ) throws {
    try checkTypes(pattern.types)
    let length = try boundLength(pattern)
    let isRun = length != nil
    let slot = try declareElement(
      pattern.variable, isRun ? .list(of: .edge) : .edge, kinds: isRun ? .list : .edge,
      word: isRun ? "a list of relationships" : "a relationship", in: &draft)
    guard draft.relationships.insert(slot) else {
      throw semanticError(
        "RelationshipUniquenessViolation",
        "the relationship '\(pattern.variable?.text ?? "")' stands twice in one pattern",
        at: pattern.variable?.range ?? pattern.range,
        advice: "Within one MATCH all relationships differ: choose another name.")
    }
    let isInline = pattern.properties != nil || pattern.predicate != nil
    let element = isRun && isInline ? makeSlot(pattern.variable?.text, .edge) : nil
    draft.connections.append(
      BoundConnection(
        from: from, to: to,
        kind: .relationship(
          BoundRelationship(
            slot: slot, isBound: slot.index < draft.firstSlot, isNamed: pattern.variable != nil,
            direction: pattern.direction, types: pattern.types.map(\.text).uniqued,
            length: length, elementSlot: element, elementPredicates: [], range: pattern.range))))
    guard isInline else { return }
    draft.pending.append(
      PatternDraft.Pending(
        slot: element ?? slot, labels: nil, properties: pattern.properties,
        predicate: pattern.predicate,
        destination: isRun
          ? .connection(draft.connections.count - 1) : path.map { .path($0) } ?? .clause,
        range: pattern.range))
  }

  private func boundLength(_ pattern: RelationshipPattern) throws -> BoundLength? {
    if let quantifier = pattern.quantifier, pattern.length != nil {
      throw semanticError(
        "InvalidRelationshipPattern", "a relationship has one length", at: quantifier.range,
        advice: "Use *1..3 inside the brackets, or {1,3} after the arrow.")
    }
    if let quantifier = pattern.quantifier {
      return BoundLength(minimum: quantifier.minimum ?? 0, maximum: quantifier.maximum)
    }
    return pattern.length.map {
      BoundLength(minimum: $0.minimum ?? 1, maximum: $0.maximum)
    }
  }

  /// The slot of an element: a fresh one, or that of the variable where it fits.
  private mutating func declareElement(
    _ variable: Name?, _ type: StaticType, kinds: ValueKinds, word: String,
    in draft: inout PatternDraft
  ) throws -> Slot {
    guard let variable else { return makeSlot(nil, type) }
    guard let slot = scope.slot(of: variable.text) else {
      guard draft.declares else { throw undefined(variable) }
      if subqueries.last?.closed?.slot(of: variable.text) != nil { throw closed(variable) }
      return declare(variable.text, type)
    }
    guard !draft.isGroup || slot.index >= draft.firstSlot else { throw alreadyBound(variable) }
    let known = self.type(of: slot)
    guard known.canBe(kinds), kinds != .list || StaticType(known.elements).canBe(.edge) else {
      throw semanticError(
        "VariableTypeConflict",
        "'\(variable.text)' is \(known.kinds.describedWithArticle), but stands here for \(word)",
        at: variable.range, advice: "Choose another name.")
    }
    noteUse(of: slot)
    return slot
  }

  // MARK: Inline properties and predicates

  mutating func bindPending(_ draft: inout PatternDraft) throws -> [BoundExpression] {
    var predicates: [BoundExpression] = []
    for pending in draft.pending {
      let bound = try bindInline(pending)
      switch pending.destination {
      case .clause: predicates += bound
      case .path(let index): draft.paths[index].predicates += bound
      case .connection(let index):
        if case .relationship(var relationship) = draft.connections[index].kind {
          relationship.elementPredicates += bound
          draft.connections[index].kind = .relationship(relationship)
        }
      }
    }
    return predicates
  }

  private mutating func bindInline(
    _ pending: PatternDraft.Pending
  ) throws -> [BoundExpression] {
    let subject = BoundExpression(
      .slot(pending.slot), type: type(of: pending.slot), range: pending.range)
    var conjuncts: [BoundExpression] = []
    if let labels = pending.labels {
      conjuncts.append(
        BoundExpression(
          .hasLabels(subject, bindLabels(labels)), type: .boolean, range: pending.range))
    }
    if let properties = pending.properties {
      rules = ExpressionRules(place: "a pattern")
      let entries = try inlineEntries(properties)
      for entry in entries { try checkProperty(entry.key, of: subject.type) }
      for entry in try bindEntries(entries) {
        let property = BoundExpression(
          .property(subject, entry.key), type: .any, range: entry.value.range)
        conjuncts.append(
          BoundExpression(
            .comparison(.equal, property, entry.value), type: .boolean, range: entry.value.range))
      }
    }
    if let predicate = pending.predicate {
      // Inside the element its own name is the element, also where it names a run outside.
      let outer = scope
      defer { scope = outer }
      if let name = slots[pending.slot.index].name { scope.add(Text(name), pending.slot) }
      rules = ExpressionRules(place: "WHERE", allowsPatternPredicate: true)
      conjuncts += try bindConjuncts(predicate)
    }
    return conjuncts
  }

  func inlineEntries(_ properties: Expression) throws -> [MapEntry] {
    guard case .map(let entries) = properties.kind else {
      throw semanticError(
        "InvalidParameterUse", "a parameter cannot stand for the properties here",
        at: properties.range, advice: "Name each property: {name: $properties.name}.")
    }
    return entries
  }
}

extension [Text] {
  /// Each name once, in the order of first use.
  var uniqued: [Text] {
    var result: [Text] = []
    for name in self where !result.contains(name) { result.append(name) }
    return result
  }
}
