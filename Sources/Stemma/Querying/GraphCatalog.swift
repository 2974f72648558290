// The planner's catalog, filled from the graph: statistics of the names that a query mentions.

import Base
import Cypher
import Executor
import Graph
import Planner

/// Statistics and indexes as they were when a query was planned.
struct GraphCatalog: Catalog, Hashable, Sendable {
  private let names: PatternNames
  private let nodeTotal: Int
  private let edgeTotal: Int
  private var nodeCounts: [Text: Int] = [:]
  private var edgeCounts: [Text: Int] = [:]
  /// By label, then by property: those of indexes and those that the query asks to be equal.
  private var distinctValues: [Text: [Text: Int]] = [:]
  /// The lengths of the parameters whose elements are gone over, in the order of their names.
  private let listLengths: [Int]
  /// Nodes that have an edge, by type.
  private var starts: [Text: Int] = [:]
  private var ends: [Text: Int] = [:]
  /// By label and property: those that the query compares, and those of few values that it asks to
  /// be one of the text.
  private var histograms: [PatternNames.LabelledProperty: ValueHistogram] = [:]
  let indexes: [CatalogIndex]
  let isExact: Bool
  private let schema: GraphType?

  /// `isSettled`: whether the present is read and nothing is written, so that what statistics say
  /// of the present is certain for the whole query.
  init(
    _ names: PatternNames, listLengths: [Int], _ samples: HistogramCache, isSettled: Bool,
    _ graph: borrowing GraphView
  ) throws {
    self.names = names
    self.listLengths = listLengths
    isExact = isSettled
    nodeTotal = try graph.nodeCount(label: nil)
    edgeTotal = try graph.edgeCount(type: nil)
    var known: [CatalogIndex] = []
    for index in try graph.indexes() where names.labels.contains(index.definition.label) {
      // A node has at most one entry, and only with the label: equal counts mean that all have one.
      let isComplete = try isSettled && index.entryCount == graph.nodeCount(label: index.label)
      known.append(
        CatalogIndex(
          definition: index.definition, entryCount: index.entryCount,
          distinctFirstValues: index.distinctFirstValues, isComplete: isComplete))
    }
    indexes = known
    schema = try graph.schema()
    for label in names.labels {
      guard let symbol = try graph.symbol(for: label) else { continue }
      nodeCounts[label] = try graph.nodeCount(label: symbol)
    }
    for type in names.types {
      guard let symbol = try graph.symbol(for: type) else { continue }
      edgeCounts[type] = try graph.edgeCount(type: symbol)
      let (outgoing, incoming) = (
        try graph.degrees(type: symbol, incoming: false),
        try graph.degrees(type: symbol, incoming: true)
      )
      starts[type] = Int(clamping: outgoing.nodesWithEdges)
      ends[type] = Int(clamping: incoming.nodesWithEdges)
    }
    for name in names.compared {
      // Only what an index can seek is asked for.
      guard let nodes = nodeCounts[name.label],
        known.contains(where: {
          $0.definition.label == name.label && $0.definition.properties.contains(name.property)
        })
      else { continue }
      histograms[name] = try samples.histogram(name, nodes: nodes, graph)
    }
    for name in names.equated { try learn(name.property, of: name.label, graph) }
    for index in known {
      let (label, properties) = (index.definition.label, index.definition.properties)
      for property in properties.dropFirst() { try learn(property, of: label, graph) }
      distinctValues[label, default: [:]][properties[0]] = index.distinctFirstValues
    }
    for name in names.weighed where histograms[name] == nil {
      guard let nodes = nodeCounts[name.label],
        let values = distinctValues[name.label]?[name.property], values <= Self.fewValues
      else { continue }
      histograms[name] = try samples.histogram(name, nodes: nodes, graph)
    }
  }

  /// Of more different values a sample says little of one of them.
  private static let fewValues = 50

  /// Looks up how many different values a property has, unless an index begins with it, which
  /// knows that, or it is the key, which is another for each node.
  private mutating func learn(
    _ name: Text, of label: Text, _ graph: borrowing GraphView
  ) throws {
    guard distinctValues[label]?[name] == nil else { return }
    if name == "key", hasKeys(label: label) {
      distinctValues[label, default: [:]][name] = nodeCount(label: label)
      return
    }
    let isFirst = indexes.contains {
      $0.definition.label == label && $0.definition.properties[0] == name
    }
    guard !isFirst, let symbol = try graph.symbol(for: label),
      let property = try graph.symbol(for: name)
    else { return }
    distinctValues[label, default: [:]][name] = try graph.distinctValues(
      of: property, label: symbol)
  }

  func distinctValues(of property: Text, label: Text) -> Int? {
    distinctValues[label]?[property]
  }

  func listLength(of parameter: Text) -> Int? {
    names.lists.firstIndex(of: parameter).map { listLengths[$0] }
  }

  func share(
    of property: Text, label: Text, satisfying comparisons: [(ComparisonOperator, Value)]
  ) -> Double? {
    let name = PatternNames.LabelledProperty(label: label, property: property)
    guard let histogram = histograms[name] else { return nil }
    let predicates = comparisons.compactMap { comparison, value in
      ColumnPredicate.Comparison(comparison).map { ColumnPredicate(Symbol(0), $0, value) }
    }
    return histogram.share(satisfying: predicates)
  }

  func nodesWithEdges(type: Text, incoming: Bool) -> Int? {
    incoming ? ends[type] : starts[type]
  }

  func isSingle(type: Text, incoming: Bool) -> Bool {
    isExact && edgeCounts[type] == (incoming ? ends[type] : starts[type])
  }

  func nodeCount(label: Text?) -> Int {
    guard let label else { return nodeTotal }
    return nodeCounts[label] ?? 0
  }

  func edgeCount(type: Text?) -> Int {
    guard let type else { return edgeTotal }
    return edgeCounts[type] ?? 0
  }

  func hasKeys(label: Text?) -> Bool {
    guard let schema else { return false }
    if let label {
      return schema.nodeTypes.contains { $0.label == label && $0.keyPrefix != nil }
    }
    // Any node: only where no kind without keys has a property of that name.
    return schema.nodeTypes.contains { $0.keyPrefix != nil }
      && schema.nodeTypes.allSatisfy { kind in
        kind.keyPrefix != nil || !kind.properties.contains { $0.name == "key" }
      }
  }

  func isRequired(property: Text, label: Text) -> Bool {
    guard let kind = schema?.nodeTypes.first(where: { $0.label == label }) else { return false }
    return kind.properties.contains { $0.name == property && $0.isRequired }
  }

  /// Whether a plan made with `older` is still worth keeping: nothing about indexes or schema has
  /// changed, and no number that it could be made of has more than doubled or halved.
  func isClose(to older: GraphCatalog) -> Bool {
    guard indexes.map(\.definition) == older.indexes.map(\.definition),
      indexes.map(\.isComplete) == older.indexes.map(\.isComplete), isExact == older.isExact,
      names.types.allSatisfy({ isSingleEitherWay($0) == older.isSingleEitherWay($0) }),
      schema == older.schema
    else { return false }
    return zip(numbers, older.numbers).allSatisfy { now, before in
      now <= 2 * before + 16 && before <= 2 * now + 16
    }
  }

  private func isSingleEitherWay(_ type: Text) -> [Bool] {
    [isSingle(type: type, incoming: false), isSingle(type: type, incoming: true)]
  }

  /// Every number, in an order that the names decide: catalogs of one query have as many.
  private var numbers: [Int] {
    var all = [nodeTotal, edgeTotal]
    for label in names.labels.sorted() { all.append(nodeCount(label: label)) }
    for type in names.types.sorted() {
      all += [edgeCount(type: type), starts[type] ?? 0, ends[type] ?? 0]
    }
    for index in indexes {
      all += [index.entryCount, index.distinctFirstValues]
      for property in index.definition.properties.dropFirst() {
        all.append(distinctValues(of: property, label: index.definition.label) ?? 0)
      }
    }
    for (label, property) in names.equated.map({ ($0.label, $0.property) }).sorted(by: <) {
      all.append(distinctValues(of: property, label: label) ?? 0)
    }
    return all + listLengths
  }
}

extension PatternNames {
  /// The lengths of the parameters whose elements are gone over; what is no list has none.
  func listLengths(in given: [String: Value]) -> [Int] {
    lists.map { name in
      if case .list(let elements)? = given[name.string] { elements.count } else { 0 }
    }
  }
}
