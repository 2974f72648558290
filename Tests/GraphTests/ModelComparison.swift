// Compares every answer of a view with the model.

import Base
import GraphWorkload
import Testing

@testable import Graph

/// Asks a view everything and expects what the model says.
struct ModelComparison {
  let state: ModelState
  let seed: UInt64

  /// Records at most one issue per question; says where it came from.
  func compare(_ view: borrowing GraphView) throws {
    let place: Comment = "seed \(seed), as of \(state.transaction)"
    #expect(view.nodeLimit == state.nextNode, place)
    #expect(view.edgeLimit == state.nextEdge, place)
    for number in 0..<(state.nextNode + 2) {
      try compareNode(NodeID(number), view, place)
    }
    for number in 0..<(state.nextEdge + 2) {
      try compareEdge(EdgeID(number), view, place)
    }
    try compareScans(view, place)
    try compareIndexes(view, place)
  }

  private func named(
    _ properties: [(name: Symbol, value: Value)], _ view: borrowing GraphView
  ) throws -> [Text: Value] {
    var result: [Text: Value] = [:]
    for property in properties { result[try view.name(of: property.name)] = property.value }
    return result
  }

  /// Equality of representation, where NaN is itself.
  static func same(_ left: Value?, _ right: Value?) -> Bool {
    if case .float(let first)? = left, case .float(let second)? = right {
      return first.bitPattern == second.bitPattern
    }
    return left == right
  }

  static func same(_ left: [Text: Value], _ right: [Text: Value]) -> Bool {
    left.count == right.count && left.allSatisfy { same($0.value, right[$0.key]) }
  }

  private func compareNode(
    _ node: NodeID, _ view: borrowing GraphView, _ place: Comment
  ) throws {
    let model = state.nodes[node.rawValue]
    #expect(try view.exists(node) == (model != nil), place)
    let labels = try view.labels(of: node)
    #expect(labels == labels.sorted(), place)
    #expect(Set(try labels.map { try view.name(of: $0) }) == model?.labels ?? [], place)
    for label in Workload.labels {
      guard let symbol = try view.symbol(for: label) else { continue }
      #expect(
        try view.hasLabel(symbol, node) == (model?.labels.contains(label) ?? false), place)
    }
    let properties = try named(try view.properties(of: node), view)
    #expect(Self.same(properties, model?.properties ?? [:]), place)
    for name in Workload.names {
      guard let symbol = try view.symbol(for: name) else { continue }
      let value = try view.property(symbol, of: node)
      #expect(Self.same(value, model?.properties[name] ?? .null), place)
    }
    #expect(try view.key(of: node) == model?.key, place)
    if let key = model?.key { #expect(try view.node(key: key) == node, place) }
    #expect(try view.creation(of: node)?.rawValue == model?.creation, place)
    try compareNeighbours(node, view, place)
  }

  private func compareNeighbours(
    _ node: NodeID, _ view: borrowing GraphView, _ place: Comment
  ) throws {
    var choices: [[Symbol]] = [[]]
    for type in Workload.types {
      if let symbol = try view.symbol(for: type) { choices.append([symbol]) }
    }
    if choices.count > 2 { choices.append(choices[1] + choices[2]) }
    for types in choices {
      for direction in Direction.allCases {
        var edges: [AdjacentEdge] = []
        try view.expand(node, direction, types: types, into: &edges)
        let names = Set(try types.map { try view.name(of: $0) })
        var expected = Set<EdgeID>()
        for (number, edge) in state.edges where names.isEmpty || names.contains(edge.type) {
          let leaves = edge.from == node.rawValue && direction != .incoming
          let arrives = edge.to == node.rawValue && direction != .outgoing
          if leaves || arrives { expected.insert(EdgeID(number)) }
        }
        #expect(edges.count == expected.count, place)
        #expect(Set(edges.map(\.edge)) == expected, place)
        #expect(try view.degree(node, direction, types: types) == expected.count, place)
        for edge in edges {
          let model = state.edges[edge.edge.rawValue]
          let (start, end) = edge.isOutgoing ? (node, edge.neighbour) : (edge.neighbour, node)
          #expect(model?.from == start.rawValue && model?.to == end.rawValue, place)
          #expect(try view.name(of: edge.type) == model?.type, place)
        }
      }
    }
  }

  private func compareEdge(
    _ edge: EdgeID, _ view: borrowing GraphView, _ place: Comment
  ) throws {
    let model = state.edges[edge.rawValue]
    let ends = try view.edge(edge)
    #expect(ends?.from.rawValue == model?.from, place)
    #expect(ends?.to.rawValue == model?.to, place)
    #expect(try ends.map { try view.name(of: $0.type) } == model?.type, place)
    let properties = try named(try view.properties(of: edge), view)
    #expect(Self.same(properties, model?.properties ?? [:]), place)
    #expect(try view.creation(of: edge)?.rawValue == model?.creation, place)
    for name in Workload.names {
      guard let symbol = try view.symbol(for: name) else { continue }
      let value = try view.property(symbol, of: edge)
      #expect(Self.same(value, model?.properties[name] ?? .null), place)
    }
  }

  private func compareScans(_ view: borrowing GraphView, _ place: Comment) throws {
    for label in [nil] + Workload.labels.map(Optional.some) {
      var symbol: Symbol?
      if let label {
        symbol = try view.symbol(for: label)
        if symbol == nil { continue }
      }
      var position = ScanPosition()
      var nodes: [NodeID] = []
      while !position.isExhausted {
        try view.scanNodes(label: symbol, after: &position, into: &nodes, limit: 7)
      }
      let expected = state.nodes.filter { label == nil || $0.value.labels.contains(label!) }
      #expect(nodes.map(\.rawValue) == expected.keys.sorted(), place)
    }
    for type in [nil] + Workload.types.map(Optional.some) {
      var symbol: Symbol?
      if let type {
        symbol = try view.symbol(for: type)
        if symbol == nil { continue }
      }
      var position = ScanPosition()
      var edges: [EdgeEnds] = []
      while !position.isExhausted {
        try view.scanEdges(type: symbol, after: &position, into: &edges, limit: 5)
      }
      let expected = state.edges.filter { type == nil || $0.value.type == type }
      #expect(edges.map(\.edge.rawValue) == expected.keys.sorted(), place)
    }
  }

  // MARK: Indexes

  private func compareIndexes(_ view: borrowing GraphView, _ place: Comment) throws {
    for index in try view.indexes() {
      let label = index.definition.label
      let names = index.definition.properties
      let holders = state.nodes.filter { node in
        node.value.labels.contains(label) && names.allSatisfy { node.value.properties[$0] != nil }
      }
      let all = try seek(index, [], nil, false, view)
      #expect(Set(all) == Set(holders.keys), place)
      #expect(try seek(index, [], nil, true, view) == all.reversed(), place)
      var probes: [Value] = [.null, .float(.nan), .integer(0), .float(0.5), .string("s")]
      for holder in holders.keys.sorted().prefix(6) {
        probes.append(holders[holder]!.properties[names[0]]!)
      }
      for probe in probes {
        let equal = holders.filter {
          $0.value.properties[names[0]]!.isEqual(to: probe) == true
        }
        #expect(Set(try seek(index, [probe], nil, false, view)) == Set(equal.keys), place)
        try compareRanges(index, probe, holders, view, place)
      }
    }
  }

  private func compareRanges(
    _ index: GraphIndex, _ probe: Value, _ holders: [UInt64: ModelNode],
    _ view: borrowing GraphView, _ place: Comment
  ) throws {
    let name = index.definition.properties[0]
    for isIncluded in [false, true] {
      let bound = IndexRange.Bound(probe, isIncluded: isIncluded)
      let above = try seek(index, [], IndexRange(lower: bound, upper: nil), false, view)
      let expectedAbove = holders.filter {
        let order = $0.value.properties[name]!.compared(with: probe)
        return (isIncluded ? order.isGreaterOrEqual : order.isGreater) == true
      }
      #expect(Set(above) == Set(expectedAbove.keys), place)
      let below = try seek(index, [], IndexRange(lower: nil, upper: bound), true, view)
      let expectedBelow = holders.filter {
        let order = $0.value.properties[name]!.compared(with: probe)
        return (isIncluded ? order.isLessOrEqual : order.isLess) == true
      }
      #expect(Set(below) == Set(expectedBelow.keys), place)
    }
  }

  private func seek(
    _ index: GraphIndex, _ prefix: [Value], _ range: IndexRange?, _ isDescending: Bool,
    _ view: borrowing GraphView
  ) throws -> [UInt64] {
    var position = IndexPosition()
    var nodes: [NodeID] = []
    while !position.isExhausted {
      try view.seek(
        index, prefix: prefix, range: range, isDescending: isDescending, after: &position,
        into: &nodes, limit: 3)
    }
    return nodes.map(\.rawValue)
  }
}
