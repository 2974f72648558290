// A scan of the nodes with a label, range by range, that keeps those which satisfy some
// comparisons. In a sealed range that nothing changed since, numbers are compared where they lie in
// the file, and a range whose bounds rule a comparison out is not looked at. Nodes of other ranges,
// and those that are in none, are asked one by one. The answers are the same.

package import Base
import Store

/// How far such a scan has come, and what the range at hand has. It keeps its memory.
package struct ColumnScan: Sendable {
  let label: Symbol?
  let predicates: [ColumnPredicate]
  var nextRange: UInt32 = 0
  /// The first identity that is in no sealed range and was not looked at.
  private var nextUnsealed: UInt64 = 0
  /// One past the last identity that is looked at.
  private var end = UInt64.max

  /// The range at hand, where it is read by columns.
  var range: UInt32?
  var firstNode: UInt64 = 0
  var members = RangeMembers()
  var mask = SelectionMask()
  /// The places of the members; filled when first asked for.
  private var places: [Int32] = []
  private var hasPlaces = false
  /// What is selected of a range whose nodes are asked one by one.
  var nodes: [NodeID] = []
  /// Nodes that are asked for a property.
  var asked: [NodeID] = []

  /// Comparisons that the bounds of the range at hand do not decide, and that the mask does not
  /// have yet.
  private var open: [ColumnPredicate] = []
  /// How many nodes of the range at hand are selected, once that is known.
  var knownCount: Int?

  /// Ranges whose columns were read, that were skipped by their bounds, and whose nodes were asked
  /// one by one.
  package private(set) var readRanges = 0
  package private(set) var skippedRanges = 0
  package private(set) var askedRanges = 0

  /// Nodes with rows that are asked at once: what is kept of them stays in the nearest cache.
  private static let rowsAtOnce: UInt64 = 1_024

  /// All nodes for a label of `nil`.
  package init(label: Symbol?, predicates: [ColumnPredicate]) {
    self.label = label
    self.predicates = predicates
  }

  /// Goes on to the next range of which something may be selected; `false` at the end.
  package mutating func next(
    _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws -> Bool {
    let limit = min(end, graph.nodeLimit)
    while nextRange < graph.sealedRanges,
      UInt64(nextRange) << graph.head.layout.rangeShift < limit
    {
      let range = nextRange
      nextRange += 1
      if try graph.isAsCreated(range: range) {
        if try turn(to: range, graph, &reader) { return true }
      } else {
        let start = UInt64(range) << graph.head.layout.rangeShift
        if try askNodes(start, start + UInt64(graph.head.layout.rangeSize), graph) { return true }
      }
    }
    nextUnsealed = max(nextUnsealed, graph.firstUnsealed.rawValue)
    while nextUnsealed < limit {
      let start = nextUnsealed
      nextUnsealed = min(start + Self.rowsAtOnce, limit)
      if try askNodes(start, nextUnsealed, graph) { return true }
    }
    return false
  }

  /// Starts again before the first range.
  package mutating func rewind() {
    nextRange = 0
    nextUnsealed = 0
    end = .max
    range = nil
  }

  /// Starts before the first of some nodes and ends behind the last of them; what begins within
  /// them are whole ranges.
  package mutating func restrict(to nodes: Range<UInt64>, _ graph: borrowing GraphView) {
    rewind()
    nextRange = UInt32(nodes.lowerBound >> graph.head.layout.rangeShift)
    nextUnsealed = nodes.lowerBound
    end = nodes.upperBound
  }

  /// How many nodes of the range at hand are selected.
  package mutating func selectedCount(
    _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws -> Int {
    if let knownCount { return knownCount }
    try select(graph, &reader)
    return mask.selectedCount
  }

  /// Appends the selected nodes of the range at hand, ascending.
  package mutating func appendSelected(
    to found: inout [NodeID], _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws {
    guard range != nil else {
      found.append(contentsOf: nodes)
      return
    }
    try select(graph, &reader)
    if members.isWhole {
      mask.append(to: &found, filling: NodeID(0)) { NodeID(firstNode + UInt64($0)) }
      return
    }
    findPlaces()
    mask.append(to: &found, filling: NodeID(0)) { NodeID(firstNode + UInt64(places[$0])) }
  }

  /// Finds the places of the members, by rank.
  private mutating func findPlaces() {
    if hasPlaces { return }
    hasPlaces = true
    places.removeAll(keepingCapacity: true)
    members.forEach { _, place in places.append(Int32(truncatingIfNeeded: place)) }
  }

  // MARK: By columns

  /// Turns to a range whose columns are read; `false` where its bounds say that nothing of it is
  /// selected.
  private mutating func turn(
    to range: UInt32, _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws -> Bool {
    self.range = range
    firstNode = UInt64(range) << graph.head.layout.rangeShift
    hasPlaces = false
    knownCount = nil
    open.removeAll(keepingCapacity: true)
    try members.turn(to: range, of: label, graph.head.layout, graph.reading)
    guard members.count > 0 else { return false }
    mask.reset(count: members.count)
    for predicate in predicates {
      var verdict: Bool? = false
      if let chunk = try reader.chunk(predicate.name, range: range) {
        let column = try ColumnChunk(chunk, graph.head.layout)
        verdict = column.verdict(of: predicate)
        if verdict == true, !members.match(column, chunk) { verdict = nil }
      }
      if verdict == false {
        skippedRanges += 1
        return false
      }
      if verdict == nil { open.append(predicate) }
    }
    readRanges += 1
    return true
  }

  /// The comparison that is still to be made, where it is the only one.
  var onlyOpen: ColumnPredicate? {
    open.count == 1 && mask.selectedCount == members.count ? open[0] : nil
  }

  /// Makes the comparisons that are still to be made.
  mutating func select(
    _ graph: borrowing GraphView, _ reader: inout ColumnReader
  ) throws {
    guard let range else { return }
    for predicate in open where mask.selectedCount > 0 {
      guard let chunk = try reader.chunk(predicate.name, range: range) else { continue }
      let column = try ColumnChunk(chunk, graph.head.layout)
      let isAligned = members.match(column, chunk)
      try keep(predicate, column, chunk, isAligned: isAligned, graph)
    }
    open.removeAll(keepingCapacity: true)
    knownCount = mask.selectedCount
  }

  private mutating func keep(
    _ predicate: ColumnPredicate, _ column: ColumnChunk, _ chunk: RawSpan, isAligned: Bool,
    _ graph: borrowing GraphView
  ) throws {
    guard isAligned else {
      findPlaces()
      let places = places
      return try mask.keep { rank in
        predicate.holds(for: try graph.value(column, Int(places[rank]), chunk))
      }
    }
    switch column.encoding {
    case ColumnChunk.Encoding.floats:
      if case .closed(let least, let greatest) = predicate.floats {
        return mask.keep(floats: column.floats(chunk), from: least, to: greatest)
      }
    case ColumnChunk.Encoding.integers:
      if case .closed(let least, let greatest) = predicate.integers {
        return mask.keep(integers: column, chunk, from: least, to: greatest)
      }
    case ColumnChunk.Encoding.dictionary:
      // Each different value is asked once.
      let entries = column.entries(chunk)
      guard entries <= 256, column.width <= 1 else { break }
      let holds = try (0..<entries).map { code in
        let entry = try column.entry(code, chunk)
        return predicate.holds(
          for: try PropertyCodec.decode(chunk, at: entry.offset, count: entry.count))
      }
      guard mask.keep(codes: try column.codes(chunk), holds) else {
        throw StemmaError.damaged("chunks", "a code has no value")
      }
      return
    default: break
    }
    try mask.keep { rank in
      predicate.holds(for: try graph.value(column, rank: rank, chunk))
    }
  }

  // MARK: Node by node

  private mutating func askNodes(
    _ start: UInt64, _ end: UInt64, _ graph: borrowing GraphView
  ) throws -> Bool {
    range = nil
    nodes.removeAll(keepingCapacity: true)
    try graph.nodes(label: label, from: start, to: end, into: &nodes)
    askedRanges += 1
    for predicate in predicates where !nodes.isEmpty {
      var kept: [NodeID] = []
      swap(&kept, &asked)
      kept.removeAll(keepingCapacity: true)
      let wanted = nodes
      try graph.forEachValue(of: predicate.name, wanted.span) { index, value in
        if predicate.holds(for: value) { kept.append(wanted[index]) }
      }
      asked = wanted
      nodes = kept
    }
    knownCount = nodes.count
    return !nodes.isEmpty
  }
}

extension GraphView {
  /// Appends the nodes with a label (any node for `nil`) from one identity to below another.
  func nodes(
    label: Symbol?, from start: UInt64, to end: UInt64, into nodes: inout [NodeID]
  ) throws {
    let end = min(end, nodeLimit)
    guard let label else {
      for identity in start..<max(start, end) where try exists(NodeID(identity)) {
        nodes.append(NodeID(identity))
      }
      return
    }
    var position = ScanPosition()
    position.next = start
    try scanMembers(MemberBitmap.label, label, end, after: &position, limit: .max) {
      identity, isClose in
      let node = NodeID(identity)
      if isClose, try !hasLabel(label, node) { return false }
      nodes.append(node)
      return true
    }
  }
}
