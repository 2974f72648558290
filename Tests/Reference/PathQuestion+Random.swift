// Makes random path questions that are correct GQL and small enough to be answered by hand.

public import Base

extension PathQuestion {
  /// A question from the generator's stream.
  public init(random: inout SplitMix64) {
    self.init()
    selector = Self.selector(&random)
    let isFunction = selector == .shortestPath || selector == .allShortestPaths
    if !isFunction, random.chance(1, in: 2) { mode = random.pick(Mode.allCases) }
    let count = isFunction || random.chance(2, in: 3) ? 1 : 2
    for index in 0..<count {
      nodes.append(Node(name: "n\(index)", label: Self.label(&random)))
      steps.append(step(index, isFunction: isFunction, &random))
    }
    nodes.append(Node(name: "n\(count)", label: Self.label(&random)))
    if !isFunction, random.chance(1, in: 8) { nodes[count].name = "n0" }
    if count == 2, random.chance(1, in: 3) { nodes[1].name = nil }
    switch selector {
    case .any: break
    default:
      if random.chance(1, in: 6) { leastLength = Int.random(in: 0...2, using: &random) }
    }
  }

  private static func selector(_ random: inout SplitMix64) -> Selector {
    switch Int.random(in: 0..<9, using: &random) {
    case 0, 1: .all
    case 2: .any(Int.random(in: 1...2, using: &random))
    case 3: .shortest(1)
    case 4: .shortest(Int.random(in: 2...3, using: &random))
    case 5: .allShortest
    case 6: .groups(Int.random(in: 1...2, using: &random))
    case 7: .shortestPath
    default: .allShortestPaths
    }
  }

  private static func label(_ random: inout SplitMix64) -> String? {
    random.chance(1, in: 4) ? random.pick(NaiveGraph.labels) : nil
  }

  private static func hop(_ name: String, _ random: inout SplitMix64) -> Hop {
    Hop(
      name: random.chance(2, in: 3) ? name : nil,
      direction: Int.random(in: 0...2, using: &random),
      type: random.chance(1, in: 3) ? random.pick(NaiveGraph.types) : nil)
  }

  private func step(
    _ index: Int, isFunction: Bool, _ random: inout SplitMix64
  ) -> Step {
    let hop = Self.hop("r\(index)", &random)
    var low = Int.random(in: 0...2, using: &random)
    if isFunction { low = min(low, 1) }
    var high: Int? = low + Int.random(in: 0...2, using: &random)
    // Walks without a bound are asked for where a selector ends them, along one run.
    let mayBeOpen = mode != .walk
    if mayBeOpen, random.chance(1, in: 3) { high = nil }
    if high == 0 { high = 1 }
    if isFunction { return .run(hop, low: low, high: high) }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .hop(hop)
    case 1, 2, 3: return .run(hop, low: low, high: high)
    default: return .group(group(index, &random), low: low, high: high)
    }
  }

  private func group(_ index: Int, _ random: inout SplitMix64) -> Group {
    let length = random.chance(3, in: 4) ? 1 : 2
    var group = Group(nodes: [], hops: [])
    for place in 0...length {
      let isNamed = place == 0 || place == length || random.chance(1, in: 2)
      group.nodes.append(
        Node(name: isNamed ? "g\(index)\(place)" : nil, label: Self.label(&random)))
      if place < length { group.hops.append(Self.hop("e\(index)\(place)", &random)) }
    }
    if random.chance(1, in: 2) {
      group.condition = "g\(index)0.i \(random.pick(["<", "<>"])) g\(index)\(length).i"
    }
    return group
  }
}
