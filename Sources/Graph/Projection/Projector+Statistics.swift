// Statistics: counted while changes are applied, written once per flush. Each is a function of the
// graph, or of the set of values that it ever had, and does not depend on the order in which
// anything came: a bulk load that writes columns itself calls `count`, `countDegree` and `merge`
// with sums of its own, and comes to the same rows.

import Base
import Store

/// What is counted.
enum StatisticName {
  /// Nodes with a label and edges of a type by symbol; the others by the number of an index.
  case label, edgeType, indexEntries, indexDistinct
}

/// Counts that are not written yet.
struct PendingStatistics {
  /// What happened to the counts of one name.
  struct NameChange {
    var nodes: Int64?
    var edges: Int64?
    var outgoing: [Int64] = []
    var incoming: [Int64] = []
    var isTouched = false
  }

  /// By symbol.
  var names: [NameChange] = []
  var touchedNames: [UInt32] = []
  /// By the number of the index.
  var indexes: [UInt32: (entries: Int64, distinct: Int64)] = [:]

  @inline(__always)
  mutating func touch(_ symbol: UInt32) -> Int {
    let index = Int(symbol)
    if index >= names.count {
      names.append(contentsOf: repeatElement(NameChange(), count: index + 1 - names.count))
    }
    if !names[index].isTouched {
      names[index].isTouched = true
      touchedNames.append(symbol)
    }
    return index
  }
}

/// The sketch of a property's values on nodes with a label or edges of a type.
struct SketchName: Hashable, Comparable {
  var kind: UInt8
  var name: Symbol
  var property: Symbol

  static func < (left: SketchName, right: SketchName) -> Bool {
    (left.kind, left.name.rawValue, left.property.rawValue)
      < (right.kind, right.name.rawValue, right.property.rawValue)
  }
}

/// Sketches that were read, and those that changed since they were written.
struct OpenSketches {
  struct Slot {
    var name: SketchName
    var sketch: DistinctSketch
    var isChanged = false
  }

  var slots: [Slot] = []
  /// One more than a slot's number, or 0, for names that came early: by twice the type (or, plus
  /// one, the label), then by the property.
  private var places: [[UInt32]] = []
  private var others: [SketchName: Int] = [:]
  private static let early: UInt32 = 1_024

  @inline(__always)
  func number(_ name: SketchName) -> Int? {
    guard max(name.name.rawValue, name.property.rawValue) < Self.early else { return others[name] }
    let (place, property) = Self.place(name)
    guard place < places.count, property < places[place].count, places[place][property] > 0
    else { return nil }
    let number = places[place][property]
    return number == Self.asked ? nil : Int(number) - 1
  }

  private static let asked = UInt32.max

  /// Whether this is asked for the first time.
  mutating func isFirst(_ name: SketchName) -> Bool {
    guard max(name.name.rawValue, name.property.rawValue) < Self.early else { return false }
    let (place, property) = Self.place(name)
    if place < places.count, property < places[place].count, places[place][property] > 0 {
      return false
    }
    set(place, property, Self.asked)
    return true
  }

  private mutating func set(_ place: Int, _ property: Int, _ number: UInt32) {
    while places.count <= place { places.append([]) }
    while places[place].count <= property { places[place].append(0) }
    places[place][property] = number
  }

  @inline(__always)
  private static func place(_ name: SketchName) -> (Int, Int) {
    (Int(name.name.rawValue) << 1 | Int(name.kind & 1), Int(name.property.rawValue))
  }

  mutating func add(_ slot: Slot) -> Int {
    let name = slot.name
    slots.append(slot)
    guard max(name.name.rawValue, name.property.rawValue) < Self.early else {
      others[name] = slots.count - 1
      return slots.count - 1
    }
    let (place, property) = Self.place(name)
    set(place, property, UInt32(slots.count))
    return slots.count - 1
  }
}

extension Projector {
  /// Adds to a count.
  func count(_ what: StatisticName, _ number: UInt32, _ difference: Int64) {
    switch what {
    case .label:
      let index = statistics.touch(number)
      statistics.names[index].nodes = (statistics.names[index].nodes ?? 0) + difference
    case .edgeType:
      let index = statistics.touch(number)
      statistics.names[index].edges = (statistics.names[index].edges ?? 0) + difference
    case .indexEntries: statistics.indexes[number, default: (0, 0)].entries += difference
    case .indexDistinct: statistics.indexes[number, default: (0, 0)].distinct += difference
    }
  }

  /// Says that a node's edges of a type that have not ended, in a direction (as in
  /// `AdjacencySegment`), became `after` instead of `before`.
  func countDegree(_ way: UInt8, _ type: Symbol, from before: Int, to after: Int) {
    if before > 0, after > 0, DegreeDistribution.of(before) == DegreeDistribution.of(after) {
      return
    }
    let index = statistics.touch(type.rawValue)
    let isOutgoing = way == AdjacencySegment.outgoing
    func add(_ degree: Int, _ difference: Int64) {
      guard degree > 0 else { return }
      let degreeClass = DegreeDistribution.of(degree)
      if isOutgoing {
        statistics.names[index].outgoing.add(difference, at: degreeClass)
      } else {
        statistics.names[index].incoming.add(difference, at: degreeClass)
      }
    }
    add(before, -1)
    add(after, 1)
  }

  // MARK: Values

  /// The open sketch of a property, read where it was not.
  func sketch(_ name: SketchName, _ store: borrowing WriteTransaction) throws -> Int {
    if let known = sketches.number(name) { return known }
    let key = StatisticKind.key(name.kind, name.name, name.property)
    let reading = store.reading
    var sketch = DistinctSketch()
    if let row = try reading.get(.statistics, key.bytes) { sketch = try DistinctSketch(row) }
    return sketches.add(OpenSketches.Slot(name: name, sketch: sketch))
  }

  /// Notes a value that a node or an edge has, by the hash of its bytes.
  @inline(__always)
  func note(hash: UInt64, in sketch: Int) {
    if sketches.slots[sketch].sketch.add(hash: hash) { sketches.slots[sketch].isChanged = true }
  }

  /// Notes a value by its hash. The first time, the row is asked: mostly nothing changes, and a
  /// transaction by itself then need not take the sketch apart.
  private func note(
    hash: UInt64, in name: SketchName, _ store: borrowing WriteTransaction
  ) throws {
    if sketches.number(name) == nil, sketches.isFirst(name) {
      let key = StatisticKind.key(name.kind, name.name, name.property)
      let reading = store.reading
      if let row = try reading.get(.statistics, key.bytes),
        !DistinctSketch.wouldChange(row, hash: hash)
      {
        return
      }
    }
    note(hash: hash, in: try sketch(name, store))
  }

  /// Notes a value of a property on nodes with each of some labels, or on edges of a type. The
  /// property `key` is not counted.
  func note(
    _ value: Value, of property: Symbol, _ kind: UInt8, _ names: [Symbol],
    _ store: borrowing WriteTransaction
  ) throws {
    if value.isNull || property == symbols[Names.key] { return }
    row.removeAll(keepingCapacity: true)
    PropertyCodec.encode(value, into: &row)
    let hash = DistinctSketch.hash(row.span.bytes)
    for name in names {
      note(
        hash: hash, in: try sketch(SketchName(kind: kind, name: name, property: property), store))
    }
  }

  /// Notes the values of a row that was just appended to `rows` at `start`.
  func noteValues(
    _ count: Int, _ kind: UInt8, _ names: [Symbol], _ rows: inout RowBuffer, _ start: Int,
    _ store: borrowing WriteTransaction
  ) throws {
    if count == 0 || names.isEmpty { return }
    let key = symbols[Names.key]
    // Taken out for a moment, so that the row can be read while sketches change.
    let bytes = rows.bytes
    rows.bytes = []
    defer { rows.bytes = bytes }
    let row = bytes.span.bytes.extracting(start..<bytes.count)
    let block =
      kind == StatisticKind.nodeValues
      ? try NodeRow(row).propertiesOffset : try EdgeRow(row).propertiesOffset
    var slots: [(name: Symbol, hash: UInt64)] = []
    slots.reserveCapacity(count)
    try PropertyBlock.forEach(row, at: block) { name, offset, size in
      if name == key { return }
      slots.append((name, DistinctSketch.hash(row.extracting(offset..<offset + size))))
    }
    for name in names {
      for slot in slots {
        try note(
          hash: slot.hash, in: SketchName(kind: kind, name: name, property: slot.name), store)
      }
    }
  }

  /// Adds the values that a load met.
  func merge(
    _ other: DistinctSketch, into name: SketchName, _ store: borrowing WriteTransaction
  ) throws {
    let slot = try sketch(name, store)
    if sketches.slots[slot].sketch.merge(other) { sketches.slots[slot].isChanged = true }
  }

  // MARK: Writing

  func flushStatistics(_ store: inout WriteTransaction) throws {
    try flushNames(&store)
    for number in statistics.indexes.keys.sorted() {
      let change = statistics.indexes[number]!
      var counts = try IndexStatistics(number, store.reading)
      counts.entries.add(change.entries)
      counts.distinct.add(change.distinct)
      row.removeAll(keepingCapacity: true)
      row.appendVariable(counts.entries)
      row.appendVariable(counts.distinct)
      try store.put(.statistics, IndexStatistics.key(number), row)
    }
    statistics.indexes.removeAll(keepingCapacity: true)
    for slot in sketches.slots.indices where sketches.slots[slot].isChanged {
      let name = sketches.slots[slot].name
      sketches.slots[slot].sketch.write(into: &row)
      sketches.slots[slot].isChanged = false
      try store.put(.statistics, StatisticKind.key(name.kind, name.name, name.property), row)
    }
  }

  private func flushNames(_ store: inout WriteTransaction) throws {
    let touched = statistics.touchedNames.sorted()
    var next = 0
    while next < touched.count {
      let block = touched[next] >> NameStatistics.shift
      let key = NameStatistics.key(block: block)
      var entries = try names(key, block, store)
      while next < touched.count, touched[next] >> NameStatistics.shift == block {
        let low = UInt8(truncatingIfNeeded: touched[next])
        let place = entries.firstIndex { $0.low >= low } ?? entries.count
        if place == entries.count || entries[place].low != low {
          entries.insert((low, NameStatistics()), at: place)
        }
        entries[place].counts.add(statistics.names[Int(touched[next])])
        statistics.names[Int(touched[next])] = PendingStatistics.NameChange()
        next += 1
      }
      row.removeAll(keepingCapacity: true)
      for entry in entries { entry.counts.write(low: entry.low, to: &row) }
      try store.put(.statistics, key, row)
      nameBlock = NameBlock(number: block, entries: entries)
    }
    statistics.touchedNames.removeAll(keepingCapacity: true)
  }

  /// The counts of a block of names, which are the caller's from here on.
  private func names(
    _ key: KeyBuffer, _ block: UInt32, _ store: borrowing WriteTransaction
  ) throws -> [NameStatistics.Entry] {
    let known = nameBlock
    nameBlock = nil
    if let known, known.number == block { return known.entries }
    let reading = store.reading
    guard let row = try reading.get(.statistics, key.bytes) else { return [] }
    return try NameStatistics.entries(row)
  }
}

extension NameStatistics {
  mutating func add(_ change: PendingStatistics.NameChange) {
    if let difference = change.nodes {
      var sum = nodes ?? 0
      sum.add(difference)
      nodes = sum
    }
    if let difference = change.edges {
      var sum = edges ?? 0
      sum.add(difference)
      edges = sum
    }
    outgoing.add(change.outgoing)
    incoming.add(change.incoming)
  }
}

extension DegreeDistribution {
  mutating func add(_ differences: [Int64]) {
    if differences.count > nodes.count {
      nodes.append(contentsOf: repeatElement(0, count: differences.count - nodes.count))
    }
    for (index, difference) in differences.enumerated() { nodes[index].add(difference) }
  }
}

extension UInt64 {
  /// Adds a difference; a damaged count below it becomes 0.
  mutating func add(_ difference: Int64) {
    let (sum, isOver) = addingReportingOverflow(UInt64(bitPattern: difference))
    self = difference < 0 && !isOver ? 0 : sum
  }
}

extension [Int64] {
  mutating func add(_ difference: Int64, at index: Int) {
    if index >= count { append(contentsOf: repeatElement(0, count: index + 1 - count)) }
    self[index] += difference
  }
}
