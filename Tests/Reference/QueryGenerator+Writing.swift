// Queries that write. Each leaves the same graph whatever the order of its rows: values come from
// the rows themselves, never from what another row has written.

import Base

extension QueryGenerator {
  /// A query that writes, and may say how many rows it had.
  public mutating func writing() -> NaiveQuery {
    scope = []
    names = 0
    unordered = []
    var clauses: [NaiveClause] = []
    let own = NaiveExpression.property(.variable("n"), "i")
    switch Int.random(in: 0..<8, using: &random) {
    case 0:
      let list = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        NaiveExpression.literal(.integer(Int64.random(in: 0...3, using: &random)))
      }
      clauses = [
        .unwind(.list(list), "z"),
        .update(.mergeNode(label: random.pick(NaiveGraph.labels), value: .variable("z"))),
      ]
    case 1:
      let value = random.pick([
        own, .arithmetic("+", own, .literal(.integer(10))), .literal(.null), .literal(.text("x")),
      ])
      clauses = anchored() + [.update(.set("n", random.pick(["v", "s", "new"]), value))]
    case 2: clauses = anchored() + [.update(.setLabel("n", random.pick(NaiveGraph.labels)))]
    case 3: clauses = anchored() + [.update(.removeLabel("n", random.pick(NaiveGraph.labels)))]
    case 4: clauses = anchored() + [.update(.removeProperty("n", random.pick(["v", "s", "l"])))]
    case 5:
      let detaches = chance(2, in: 3)
      clauses = anchored() + [.update(.delete("n", detaches: detaches))]
    case 6:
      clauses =
        anchored() + [
          .update(
            .create(
              from: "n", type: random.pick(NaiveGraph.types), label: "A",
              number: .arithmetic("+", own, .literal(.integer(3000)))))
        ]
    default: clauses = pairs()
    }
    clauses.append(
      .project(
        NaiveProjection(
          isReturn: true,
          items: [
            .init(
              name: "c", value: .aggregate("count", isDistinct: false, nil),
              isAggregate: true)
          ])))
    return NaiveQuery(branches: [clauses])
  }

  /// Distinct nodes `n`, never null.
  private mutating func anchored() -> [NaiveClause] {
    var match = NaiveMatch(patterns: [pattern(named: true, longest: 2)])
    let former = match.patterns[0].nodes[0].name
    for index in match.patterns[0].nodes.indices
    where index == 0 || (former != nil && match.patterns[0].nodes[index].name == former) {
      match.patterns[0].nodes[index].name = "n"
    }
    scope.removeAll { $0.name == former }
    scope.append(("n", .node))
    if chance(1, in: 2) { match.condition = condition(depth: 2) }
    scope = [("n", .node)]
    return [
      .match(match),
      .project(
        NaiveProjection(
          isReturn: false, isDistinct: true,
          items: [.init(name: "n", value: .variable("n"))])),
    ]
  }

  /// Edges between pairs, or edges deleted.
  private mutating func pairs() -> [NaiveClause] {
    if chance(1, in: 2) {
      let step = NaivePattern.Step(name: "r", direction: Int.random(in: 0...2, using: &random))
      let nodes = [NaivePattern.Node(name: "n"), NaivePattern.Node(name: "o")]
      scope = [("n", .node), ("o", .node), ("r", .edge)]
      return [
        .match(
          NaiveMatch(
            patterns: [NaivePattern(nodes: nodes, steps: [step])], condition: condition(depth: 2))),
        .update(.delete("r", detaches: false)),
      ]
    }
    scope = [("n", .node), ("o", .node)]
    let patterns = ["n", "o"].map {
      NaivePattern(nodes: [NaivePattern.Node(name: $0)], steps: [])
    }
    return [
      .match(NaiveMatch(patterns: patterns, condition: condition(depth: 2))),
      .update(.mergeEdge(from: "n", type: random.pick(NaiveGraph.types), to: "o")),
    ]
  }
}
