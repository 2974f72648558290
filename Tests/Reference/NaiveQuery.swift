// The clauses and patterns that the generator makes, with their text.

/// A chain of nodes and relationships.
struct NaivePattern: Sendable {
  struct Node: Sendable {
    var name: String?
    var labels: [String] = []
    var property: (name: String, value: NaiveValue)?
  }

  struct Step: Sendable {
    var name: String?
    /// 0 along the arrow, 1 against it, 2 either way.
    var direction: Int
    var types: [String] = []
    var property: (name: String, value: NaiveValue)?
    /// Bounds of a variable length; the upper one may be open.
    var length: (low: Int, high: Int?)?
  }

  var path: String?
  var nodes: [Node]
  var steps: [Step]

  var text: String {
    var text = path.map { "\($0) = " } ?? ""
    text += Self.text(nodes[0])
    for (step, node) in zip(steps, nodes.dropFirst()) {
      var inner = step.name ?? ""
      if !step.types.isEmpty { inner += ":" + step.types.joined(separator: "|") }
      if let length = step.length {
        inner += "*\(length.low)..\(length.high.map(String.init) ?? "")"
      }
      if let property = step.property { inner += " {\(property.name): \(property.value.literal)}" }
      let body = inner.isEmpty && step.direction != 2 ? "--" : "-[\(inner)]-"
      text +=
        (step.direction == 1 ? "<" : "") + body + (step.direction == 0 ? ">" : "")
        + Self.text(node)
    }
    return text
  }

  private static func text(_ node: Node) -> String {
    "(" + (node.name ?? "") + node.labels.map { ":" + $0 }.joined()
      + (node.property.map { " {\($0.name): \($0.value.literal)}" } ?? "") + ")"
  }
}

/// MATCH with its WHERE.
struct NaiveMatch: Sendable {
  var isOptional = false
  var patterns: [NaivePattern]
  var condition: NaiveExpression?

  var text: String {
    (isOptional ? "OPTIONAL " : "") + "MATCH " + patterns.map(\.text).joined(separator: ", ")
      + (condition.map { " WHERE \($0.text)" } ?? "")
  }
}

/// WITH or RETURN.
struct NaiveProjection: Sendable {
  struct Item: Sendable {
    var name: String
    var value: NaiveExpression
    var isAggregate = false
  }

  struct Key: Sendable {
    var value: NaiveExpression
    var isDescending: Bool
  }

  var isReturn: Bool
  var isDistinct = false
  var items: [Item]
  var order: [Key] = []
  var skip: Int?
  var limit: Int?
  var condition: NaiveExpression?

  var text: String {
    var text = (isReturn ? "RETURN " : "WITH ") + (isDistinct ? "DISTINCT " : "")
    text += items.map { "\($0.value.text) AS \($0.name)" }.joined(separator: ", ")
    if !order.isEmpty {
      text += " ORDER BY "
      text += order.map { $0.value.text + ($0.isDescending ? " DESC" : "") }
        .joined(separator: ", ")
    }
    if let skip { text += " SKIP \(skip)" }
    if let limit { text += " LIMIT \(limit)" }
    if let condition { text += " WHERE \(condition.text)" }
    return text
  }
}

/// What writes.
enum NaiveUpdate: Sendable {
  case set(String, String, NaiveExpression)
  case setLabel(String, String)
  case removeLabel(String, String)
  case removeProperty(String, String)
  case delete(String, detaches: Bool)
  /// A node of its own, joined to a bound one; `number` makes the properties `i`.
  case create(from: String, type: String, label: String, number: NaiveExpression)
  /// `MERGE (n:label {v: value})`, counting in `c`.
  case mergeNode(label: String, value: NaiveExpression)
  /// `MERGE (a)-[:type]->(b)`; created edges take their `i` from the ends.
  case mergeEdge(from: String, type: String, to: String)

  var text: String {
    switch self {
    case .set(let name, let property, let value): "SET \(name).\(property) = \(value.text)"
    case .setLabel(let name, let label): "SET \(name):\(label)"
    case .removeLabel(let name, let label): "REMOVE \(name):\(label)"
    case .removeProperty(let name, let property): "REMOVE \(name).\(property)"
    case .delete(let name, let detaches): (detaches ? "DETACH " : "") + "DELETE \(name)"
    case .create(let from, let type, let label, let number):
      "CREATE (\(from))-[:\(type) {i: \(number.text)}]->(:\(label) {i: \(number.text)})"
    case .mergeNode(let label, let value):
      "MERGE (made:\(label) {v: \(value.text)}) ON CREATE SET made.c = 1, made.i = 2000 + made.v "
        + "ON MATCH SET made.c = coalesce(made.c, 0) + 1"
    case .mergeEdge(let from, let type, let to):
      "MERGE (\(from))-[made:\(type)]->(\(to)) "
        + "ON CREATE SET made.i = 5000 + \(from).i * 100 + \(to).i"
    }
  }
}

/// A clause.
enum NaiveClause: Sendable {
  case match(NaiveMatch)
  case unwind(NaiveExpression, String)
  case project(NaiveProjection)
  case update(NaiveUpdate)

  var text: String {
    switch self {
    case .match(let match): match.text
    case .unwind(let list, let name): "UNWIND \(list.text) AS \(name)"
    case .project(let projection): projection.text
    case .update(let update): update.text
    }
  }
}

/// A whole query; more than one branch is a UNION.
public struct NaiveQuery: Sendable {
  var branches: [[NaiveClause]]
  var isUnionAll = false
  /// Columns whose lists have no order of their own (`collect`).
  public internal(set) var unorderedColumns: Set<String> = []

  public var text: String {
    branches.map { $0.map(\.text).joined(separator: " ") }
      .joined(separator: isUnionAll ? " UNION ALL " : " UNION ")
  }

  public var isWriting: Bool {
    branches.contains { clauses in
      clauses.contains { if case .update = $0 { true } else { false } }
    }
  }

  /// Whether the order of the rows is determined.
  public var isOrdered: Bool {
    guard branches.count == 1, case .project(let last)? = branches[0].last else { return false }
    return !last.order.isEmpty
  }
}
