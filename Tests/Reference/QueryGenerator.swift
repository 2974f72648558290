// Makes random queries that are correct Cypher and whose answer Cypher determines: rows are cut
// only where their order is total, and lists without an order stand only where it does not matter.

public import Base

/// What is known of a variable while a query is made.
enum GeneratedType: CaseIterable {
  case integer, float, boolean, string, date, integers, mixed, node, edge, edges, path
}

/// Makes queries from a seed.
public struct QueryGenerator {
  var random: SplitMix64
  var scope: [(name: String, type: GeneratedType)] = []
  var names = 0
  var unordered: Set<String> = []

  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func fresh(_ prefix: String) -> String {
    names += 1
    return "\(prefix)\(names)"
  }

  mutating func chance(_ wanted: Int, in total: Int) -> Bool { random.chance(wanted, in: total) }

  /// A query that only reads.
  public mutating func reading() -> NaiveQuery {
    unordered = []
    if chance(1, in: 12) { return union() }
    return NaiveQuery(branches: [branch(columns: nil)], unorderedColumns: unordered)
  }

  private mutating func union() -> NaiveQuery {
    let types: [GeneratedType] = [.integer, .string, .mixed, .boolean, .date]
    let columns = (0..<Int.random(in: 1...2, using: &random)).map { index in
      (name: "u\(index)", type: random.pick(types))
    }
    var query = NaiveQuery(
      branches: (0..<Int.random(in: 2...3, using: &random)).map { _ in branch(columns: columns) })
    query.isUnionAll = chance(1, in: 2)
    return query
  }

  private mutating func branch(
    columns: [(name: String, type: GeneratedType)]?
  ) -> [NaiveClause] {
    scope = []
    names = 0
    var clauses: [NaiveClause] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5: clauses.append(.match(match()))
      case 5, 6: clauses.append(unwind())
      default: clauses.append(.project(with()))
      }
    }
    if let columns {
      let items = columns.map {
        NaiveProjection.Item(name: $0.name, value: expression($0.type, depth: 2))
      }
      clauses.append(
        .project(
          NaiveProjection(isReturn: true, isDistinct: chance(1, in: 3), items: items)))
    } else {
      clauses.append(.project(result()))
    }
    return clauses
  }

  // MARK: Clauses

  mutating func match() -> NaiveMatch {
    let patterns = (0..<(chance(1, in: 4) ? 2 : 1)).map { _ in
      pattern(named: true, longest: 3)
    }
    var match = NaiveMatch(
      isOptional: !scope.isEmpty && chance(1, in: 4), patterns: patterns)
    if chance(1, in: 3) { match.condition = condition(depth: 2) }
    if chance(1, in: 5), let equality = equality() {
      match.condition = match.condition.map { .and([equality, $0]) } ?? equality
    }
    return match
  }

  /// Properties of two nodes that must be equal: all that connects some patterns.
  private mutating func equality() -> NaiveExpression? {
    let nodes = scope.filter { $0.type == .node }.map(\.name)
    guard nodes.count > 1 else { return nil }
    let sides = (0..<2).map { _ in
      NaiveExpression.property(
        .variable(random.pick(nodes)), random.pick(["v", "v", "i", "m", "s"]))
    }
    return .compare("=", sides[0], sides[1])
  }

  /// A chain; with `named` its variables come into scope, else it only reads those that are there.
  mutating func pattern(named: Bool, longest: Int) -> NaivePattern {
    let length = Int.random(in: 0...longest, using: &random)
    var added: [(name: String, type: GeneratedType)] = []
    var nodes: [NaivePattern.Node] = []
    let knownNodes = scope.filter { $0.type == .node }.map(\.name)
    for index in 0...length {
      var node = NaivePattern.Node()
      if !knownNodes.isEmpty, chance(index == 0 ? 2 : 1, in: 4) {
        node.name = random.pick(knownNodes)
      } else if named, chance(3, in: 4) {
        let again = added.filter { $0.type == .node }.map(\.name)
        if !again.isEmpty, chance(1, in: 6) {
          node.name = random.pick(again)
        } else {
          node.name = fresh("n")
          added.append((node.name ?? "", .node))
        }
      }
      if chance(1, in: 6) { node.labels = [random.pick(NaiveGraph.labels)] }
      if chance(1, in: 15) { node.labels += [random.pick(NaiveGraph.labels)] }
      if chance(1, in: 14) { node.property = nodeProperty() }
      nodes.append(node)
    }
    let steps = (0..<length).map { _ in step(named: named, &added) }
    var pattern = NaivePattern(nodes: nodes, steps: steps)
    if named, chance(1, in: 8) {
      pattern.path = fresh("p")
      added.append((pattern.path ?? "", .path))
    }
    scope += added
    return pattern
  }

  private mutating func nodeProperty() -> (name: String, value: NaiveValue) {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: ("s", .text(random.pick(["a", "b"])))
    case 1: ("m", random.pick([.integer(1), .float(1.5), .text("a"), .boolean(true)]))
    case 2: ("i", .integer(Int64.random(in: 0...3, using: &random)))
    default: ("v", .integer(Int64.random(in: 0...2, using: &random)))
    }
  }

  private mutating func step(
    named: Bool, _ added: inout [(name: String, type: GeneratedType)]
  ) -> NaivePattern.Step {
    var step = NaivePattern.Step(direction: Int.random(in: 0...2, using: &random))
    if chance(1, in: 2) { step.types = [random.pick(NaiveGraph.types)] }
    if chance(1, in: 10) { step.types = NaiveGraph.types }
    if chance(1, in: 10) {
      step.property = ("w", .integer(Int64.random(in: 0...1, using: &random)))
    }
    if chance(1, in: 4) {
      let low = Int.random(in: 0...2, using: &random)
      step.length = (low, chance(1, in: 5) ? nil : low + Int.random(in: 0...2, using: &random))
    }
    if named, chance(1, in: 2) {
      step.name = fresh("r")
      added.append((step.name ?? "", step.length == nil ? .edge : .edges))
    }
    return step
  }

  private mutating func unwind() -> NaiveClause {
    let isMixed = chance(1, in: 4)
    let list = isMixed ? mixedList() : expression(.integers, depth: 2)
    let name = fresh("x")
    scope.append((name, isMixed ? .mixed : .integer))
    return .unwind(list, name)
  }

  func isVariable(_ name: String) -> Bool { scope.contains { $0.name == name } }

  private mutating func mixedList() -> NaiveExpression {
    .list(
      (0..<Int.random(in: 0...4, using: &random)).map { _ in
        .literal(
          random.pick([
            .null, .integer(1), .float(1.5), .text("a"), .boolean(false), .list([.integer(1)]),
            .list([.null]), .map([NaiveEntry("k", .integer(1))]),
          ]))
      })
  }
}

// MARK: Projections

extension QueryGenerator {
  /// WITH: some variables go on, some are computed.
  mutating func with() -> NaiveProjection {
    var projection = project(isReturn: false)
    // A list without an order would show its order in whatever reads it.
    if projection.isPlain, chance(1, in: 3) { order(&projection, mayCut: true) }
    if chance(1, in: 4) {
      let outer = unordered
      projection.condition = condition(depth: 1)
      unordered = outer
    }
    return projection
  }

  mutating func result() -> NaiveProjection {
    var projection = project(isReturn: true)
    if projection.isPlain, chance(1, in: 2) { order(&projection, mayCut: true) }
    return projection
  }

  private mutating func project(isReturn: Bool) -> NaiveProjection {
    var items: [NaiveProjection.Item] = []
    var types: [(name: String, type: GeneratedType)] = []
    let isAggregating = chance(1, in: 3)
    for variable in scope where chance(isReturn ? 2 : 3, in: 4) {
      items.append(.init(name: variable.name, value: .variable(variable.name)))
      types.append(variable)
    }
    if isReturn || chance(1, in: 2) {
      for _ in 0..<Int.random(in: items.isEmpty ? 1...2 : 0...2, using: &random) {
        let type: GeneratedType = random.pick([
          .integer, .float, .boolean, .string, .date, .integers, .mixed,
        ])
        let name = fresh("e")
        items.append(.init(name: name, value: expression(type, depth: 3)))
        types.append((name, type))
      }
    }
    if isAggregating || items.isEmpty {
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let name = fresh("g")
        let (value, type) = aggregate(mayCollect: isReturn, name)
        items.append(.init(name: name, value: value, isAggregate: true))
        types.append((name, type))
      }
    }
    scope = types
    return NaiveProjection(isReturn: isReturn, isDistinct: chance(1, in: 5), items: items)
  }

  private mutating func aggregate(
    mayCollect: Bool, _ name: String
  ) -> (NaiveExpression, GeneratedType) {
    let isDistinct = chance(1, in: 4)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return (.aggregate("count", isDistinct: false, nil), .integer)
    case 1:
      return (
        .aggregate("count", isDistinct: isDistinct, expression(.mixed, depth: 1)), .integer
      )
    case 2:
      return (.aggregate("sum", isDistinct: isDistinct, expression(.integer, depth: 1)), .integer)
    case 3:
      return (
        .aggregate("avg", isDistinct: isDistinct, expression(.integer, depth: 1)), .float
      )
    case 4 where mayCollect:
      unordered.insert(name)
      return (
        .aggregate("collect", isDistinct: isDistinct, expression(.integer, depth: 1)), .integers
      )
    case 5: return (.aggregate("min", isDistinct: false, expression(.mixed, depth: 1)), .mixed)
    default: return (.aggregate("max", isDistinct: false, expression(.mixed, depth: 1)), .mixed)
    }
  }

  /// Orders by every column, so that equal keys mean equal rows.
  private mutating func order(_ projection: inout NaiveProjection, mayCut: Bool) {
    let isOrderable = scope.allSatisfy { $0.type != .path && !unordered.contains($0.name) }
    guard isOrderable, !scope.isEmpty else { return }
    var keys = scope.map { variable -> NaiveProjection.Key in
      let name = NaiveExpression.variable(variable.name)
      let key: NaiveExpression =
        switch variable.type {
        case .node, .edge: .property(name, "i")
        case .edges:
          .comprehension(
            "each", in: name, where: nil, result: .property(.variable("each"), "i"))
        default: name
        }
      return .init(value: key, isDescending: chance(1, in: 3))
    }
    keys.shuffle(using: &random)
    projection.order = keys
    guard mayCut else { return }
    if chance(1, in: 4) { projection.skip = Int.random(in: 0...3, using: &random) }
    if chance(1, in: 3) { projection.limit = Int.random(in: 0...5, using: &random) }
  }
}

extension NaiveProjection {
  /// Whether no list without an order is made here.
  fileprivate var isPlain: Bool {
    !items.contains {
      if case .aggregate("collect", _, _) = $0.value { true } else { false }
    }
  }
}
