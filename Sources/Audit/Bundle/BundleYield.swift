// What a run of records gives to each file of a bundle. Runs are worked on apart, on all
// processors, and written in the order of the log, so that what comes out depends on the log alone.

import Base
import Graph

/// The parts of a bundle's files that come from some records that follow each other.
struct BundleYield: Sendable {
  var exact: [UInt8] = []
  var readable = PlainJSON()
  var rows = RowBuffer()
  /// PROV-JSON by class, then by relation; every entry begins with a comma and a line's end.
  var classes = [PlainJSON](repeating: PlainJSON(), count: ProvenanceClass.allCases.count)
  var relations = [PlainJSON](repeating: PlainJSON(), count: ProvenanceRelation.allCases.count)
  var notation = PlainJSON()
  var tally = BundleTally()
}

/// Makes yields; shared by all threads.
struct BundleWorker: Sendable {
  /// The records whose contents go along; `nil` for all.
  let chosen: Set<UInt64>?
  let graph: BundleGraph
  /// The class of PROV that the schema gives a label.
  let classes: [Text: Text]
  /// The class of each node that is no entity.
  let kinds: [ProvenanceClass?]

  func make(_ range: Range<UInt64>, _ view: borrowing GraphView) throws -> BundleYield {
    var work = BundleWork(worker: self)
    for number in range {
      if let chosen, !chosen.contains(number) {
        work.yield.tally.absent.add(record: number)
      } else {
        try work.add(number, try view.transcript(of: TransactionNumber(number)), view)
      }
    }
    return work.yield
  }
}

/// One run of records under work.
struct BundleWork {
  let worker: BundleWorker
  var yield = BundleYield()
  private var values = BundleValues()
  /// The shapes of the record at hand, and all that were met.
  private var shapes: [BundleShape?] = []
  private var known: [RecordShape: BundleShape] = [:]
  /// The shapes whose names are among the columns, by number.
  private var columned: Set<Int> = []

  init(worker: BundleWorker) { self.worker = worker }

  /// Takes in a record.
  mutating func add(
    _ number: UInt64, _ record: RecordTranscript, _ view: borrowing GraphView
  ) throws {
    yield.tally.records += 1
    yield.exact += record.bytes
    try addRow(of: record)
    if record.isRedacted { noteWithheld(try BundleExport.record(number, view)) }
    shapes = [BundleShape?](repeating: nil, count: record.shapes.count)
    yield.readable.raw("{\"header\":")
    yield.readable.header(record.headerBytes)
    yield.readable.raw(",\"operations\":[")
    for (index, operation) in record.operations.enumerated() {
      if index > 0 { yield.readable.raw(",") }
      guard let place = operation.shape else {
        var offset = operation.range.lowerBound
        yield.readable.operation(record.bytes, &offset, hashes: &yield.tally.references)
        continue
      }
      let shape = shape(place, record)
      values.take(record.bytes, record.values[operation.values])
      addLine(operation, shape, record)
      try add(operation, shape, number, record, view)
    }
    yield.readable.raw("]}\n")
  }

  private mutating func shape(_ place: Int, _ record: RecordTranscript) -> BundleShape {
    if let shape = shapes[place] { return shape }
    let shape = shape(record.shapes[place])
    shapes[place] = shape
    return shape
  }

  private mutating func shape(_ wanted: RecordShape) -> BundleShape {
    if let shape = known[wanted] { return shape }
    let shape = BundleShape(wanted, number: known.count, worker.classes)
    known[wanted] = shape
    return shape
  }

  private mutating func noteWithheld(_ record: LogRecord) {
    for place in record.withheld.keys.sorted() {
      let name = record.operations[place.operation].properties[place.property].name
      yield.tally.absent.values.append((record.header.transaction.rawValue, place, name))
    }
  }

  private mutating func addRow(of record: RecordTranscript) throws {
    guard let header = PlainHeader(record.headerBytes) else {
      throw StemmaError(
        .storeDamaged, "a record's header cannot be read", advice: "run stemma verify")
    }
    yield.rows.begin(.records)
    yield.rows.integer(header.transaction)
    yield.rows.integer(header.committedAt)
    yield.rows.text(header.actor)
    if let other = header.onBehalfOf { yield.rows.text(other) } else { yield.rows.null() }
    yield.rows.text(header.reason)
    yield.rows.integer(header.operationCount)
    yield.rows.text(Text(header.leaf.hex))
    yield.rows.end()
  }

  /// What a creation says, as records.jsonl has it.
  private mutating func addLine(
    _ operation: RecordTranscript.Operation, _ shape: BundleShape, _ record: RecordTranscript
  ) {
    yield.tally.references.formUnion(shape.references)
    yield.readable.raw(shape.isNode ? "[\"createNode\"," : "[\"createEdge\",")
    yield.readable.integer(operation.identity)
    yield.readable.append(encoded: shape.creation)
    if let key = operation.key {
      let start = yield.readable.bytes.count
      yield.readable.string(record.bytes[key])
      collectHashes(from: start)
    } else if shape.isNode {
      yield.readable.raw("null")
    } else {
      yield.readable.integer(operation.from)
      yield.readable.raw(",")
      yield.readable.integer(operation.to)
    }
    yield.readable.raw(",[")
    for (index, place) in values.rendered.enumerated() {
      if index > 0 { yield.readable.raw(",") }
      yield.readable.append(encoded: shape.listed[index])
      let start = yield.readable.bytes.count
      yield.readable.append(values.json, place)
      collectHashes(from: start)
    }
    yield.readable.raw("]]")
  }

  private mutating func collectHashes(from start: Int) {
    if yield.readable.bytes.count - start >= 2 * Digest.byteCount + 2 {
      yield.readable.collectHashes(from: start, into: &yield.tally.references)
    }
  }

  // MARK: What was created, as it is at the checkpoint

  private mutating func add(
    _ operation: RecordTranscript.Operation, _ shape: BundleShape, _ number: UInt64,
    _ record: RecordTranscript, _ view: borrowing GraphView
  ) throws {
    let id = operation.identity
    if shape.isNode {
      if try worker.graph.part == nil && view.isAsCreated(NodeID(id)) {
        addNode(id, operation.key.map { record.bytes[$0] }, number, shape)
      } else if let node = try worker.graph.node(id, view) {
        values.take(node.properties)
        let names = node.properties.map(\.name)
        addNode(
          id, node.key.map { Array($0.string.utf8)[...] }, node.created,
          self.shape(.node(labels: node.labels, hasKey: node.key != nil, names: names)))
      }
    } else if try worker.graph.part == nil && view.isAsCreated(EdgeID(id)) {
      try addEdge(id, operation.from, operation.to, number, shape, view)
    } else if let edge = try worker.graph.edge(id, view) {
      values.take(edge.properties)
      let shape = self.shape(.edge(type: edge.type, names: edge.properties.map(\.name)))
      try addEdge(id, edge.from, edge.to, edge.created, shape, view)
    }
  }

  private mutating func addNode(
    _ id: UInt64, _ key: ArraySlice<UInt8>?, _ created: UInt64, _ shape: BundleShape
  ) {
    yield.tally.nodes += 1
    note(id, key, shape)
    let row = values
    yield.rows.begin(.nodes)
    yield.rows.integer(id)
    if let key { yield.rows.text(key) } else { yield.rows.null() }
    yield.rows.append(shape.cells)
    yield.rows.integer(created)
    yield.rows.filled { row.object(shape, into: &$0) }
    yield.rows.end()
    yield.classes[shape.provenance.number].node(id, key, shape, values)
    yield.notation.notation(id, key, shape)
  }

  private mutating func addEdge(
    _ id: UInt64, _ from: UInt64, _ to: UInt64, _ created: UInt64, _ shape: BundleShape,
    _ view: borrowing GraphView
  ) throws {
    yield.tally.edges += 1
    let row = values
    yield.rows.begin(.edges)
    yield.rows.integer(id)
    yield.rows.append(shape.cells)
    yield.rows.integer(from)
    yield.rows.integer(to)
    yield.rows.integer(created)
    yield.rows.filled { row.object(shape, into: &$0) }
    yield.rows.end()
    let kind = ProvenanceRelation.of(shape.labels[0], worker.kind(of: from), worker.kind(of: to))
    let ends = kind.isTurned ? (to, from) : (from, to)
    let (one, two) = (try name(ends.0, view), try name(ends.1, view))
    yield.relations[kind.relation.number].edge(id, kind.relation, one, two, shape)
    yield.notation.notation(kind.relation, one, two, shape)
  }

  /// The qualified name of a node that an edge leads to.
  private func name(_ node: UInt64, _ view: borrowing GraphView) throws -> [UInt8] {
    var json = PlainJSON()
    json.qualifiedName(
      node, try worker.graph.key(of: node, view).map { Array($0.string.utf8)[...] })
    return json.bytes
  }

  /// Notes what other files of the bundle need to know of a node.
  private mutating func note(_ id: UInt64, _ key: ArraySlice<UInt8>?, _ shape: BundleShape) {
    if yield.tally.first.count < BundleTally.shownLimit { yield.tally.first.append(id) }
    if columned.insert(shape.number).inserted, let label = shape.labels.first {
      yield.tally.columns[label, default: []].formUnion(shape.names)
    }
    if shape.isRun {
      yield.tally.runCount += 1
      if yield.tally.runs.count < BundleTally.shownLimit { yield.tally.runs.append(id) }
    }
    if shape.isProposal {
      yield.tally.proposalCount += 1
      if yield.tally.proposals.count < BundleTally.shownLimit { yield.tally.proposals.append(id) }
    }
    if shape.isFinding || shape.isComparison && text("verdict", shape) != nil {
      yield.tally.claims.append(id)
    }
    guard shape.status != nil || shape.sealed != nil else { return }
    func name() -> String {
      key.map { String(decoding: $0, as: UTF8.self) } ?? "n\(id)"
    }
    guard let status = shape.status.flatMap({ values.text($0) }) else {
      if let sealed = shape.sealed, values.isTrue(sealed) {
        yield.tally.absent.addUnfinished(name(), "sealed value")
      }
      return
    }
    let word = String(decoding: status, as: UTF8.self)
    if shape.isProposal, BundleNode.rejected.contains(word) { yield.tally.rejected.append(id) }
    if let why = BundleAbsence.reason(word) {
      let cause = text("killedBy", shape) ?? text("failure", shape)
      yield.tally.absent.addUnfinished(name(), why + (cause.map { ": \($0)" } ?? ""))
    }
  }

  private func text(_ name: Text, _ shape: BundleShape) -> String? {
    shape.names.firstIndex(of: name).flatMap { values.text($0) }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}

extension BundleWorker {
  /// The class of a node.
  func kind(of node: UInt64) -> ProvenanceClass {
    node < UInt64(kinds.count) ? kinds[Int(node)] ?? .entity : .entity
  }
}
