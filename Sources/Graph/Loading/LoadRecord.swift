// The log record of one part of a load, straight from its rows: the same bytes that `LogRecord` and
// `BodyWriter` make of the operations, without making operations. It runs beside others.

import Base

/// A record, and where its values lie in it.
struct LoadRecord: Sendable {
  var headerBytes: [UInt8] = []
  var bytes: [UInt8] = []
  var leaf: Digest { MerkleTree.leaf(headerBytes) }
  /// The offset in `bytes` of each value's last byte plus one.
  private(set) var valueEnds: [Int] = []

  /// `first` is the identity of the first row.
  init(_ rows: LoadRows, _ draft: RecordDraft, first: UInt64) throws {
    var maker = LoadRecordMaker(rows, secret: draft.secret, first: first)
    for row in 0..<rows.count { try maker.add(row) }
    maker.finish()
    var header = draft.header
    header.operationCount = rows.count
    header.operationsRoot = MerkleTree.root(maker.leaves)
    headerBytes = header.bytes
    var writer = CBORWriter()
    writer.reserve(headerBytes.count + 1024 + maker.body.bytes.count)
    writer.array(4)
    writer.byteString(headerBytes)
    if maker.hasProperties { writer.byteString(draft.secret) } else { writer.array(0) }
    writer.array(maker.shapes.count)
    for shape in maker.shapes { rows.shapes[shape].write(to: &writer) }
    writer.array(rows.count)
    let start = writer.bytes.count
    writer.encoded(maker.body.bytes)
    bytes = writer.bytes
    valueEnds = maker.valueEnds
    for index in valueEnds.indices { valueEnds[index] += start }
  }
}

/// Writes rows as operations of a record, and hashes their committed forms.
private struct LoadRecordMaker {
  let rows: LoadRows
  let key: AuthenticationKey
  let first: UInt64
  var body = CBORWriter()
  var leaves: [Digest] = []
  /// Where values lie in the body.
  var valueStarts: [Int] = []
  var valueEnds: [Int] = []
  /// The shapes of the record in the order of their first use, and the number of each there.
  var shapes: [Int] = []
  var hasProperties = false
  private var numbers: [Int]
  private var forms: [CommittedShape]
  /// The committed form under construction, and the one before where its hash is still to come.
  private var form: [UInt8] = []
  private var formBefore: [UInt8] = []
  private var hasFormBefore = false
  private var nextValue = 0

  init(_ rows: LoadRows, secret: [UInt8], first: UInt64) {
    self.rows = rows
    key = AuthenticationKey(secret)
    self.first = first
    numbers = [Int](repeating: -1, count: rows.shapes.count)
    forms = rows.shapes.map(CommittedShape.init)
    body.reserve(rows.bytes.count + rows.count * 8)
    leaves.reserveCapacity(rows.count)
    valueStarts.reserveCapacity(rows.ends.count)
    valueEnds.reserveCapacity(rows.ends.count)
  }

  mutating func add(_ row: Int) throws {
    let shape = Int(rows.rowShapes[row])
    let values = nextValue
    if row == 0 { try spell(shape) } else { write(row, shape) }
    commit(row, shape, values)
  }

  /// Writes an operation by its shape.
  private mutating func write(_ row: Int, _ shape: Int) {
    if numbers[shape] < 0 {
      numbers[shape] = shapes.count
      shapes.append(shape)
    }
    let count = forms[shape].valueCount
    if forms[shape].isNode {
      body.array(1 + count)
      body.unsigned(UInt64(numbers[shape]))
    } else {
      body.array(3 + count)
      body.unsigned(UInt64(numbers[shape]))
      body.integer(distance(rows.starts, row))
      body.integer(distance(rows.targets, row))
    }
    for _ in 0..<count { writeValue() }
  }

  private func distance(_ nodes: [NodeID], _ row: Int) -> Int64 {
    Int64(nodes[row].rawValue) - Int64(nodes[row - 1].rawValue)
  }

  private mutating func writeValue() {
    valueStarts.append(body.bytes.count)
    body.property(rows.bytes, rows.range(nextValue))
    valueEnds.append(body.bytes.count)
    nextValue += 1
  }

  /// The first operation says everything, since nothing comes before it.
  private mutating func spell(_ shape: Int) throws {
    let operation = try rows.operation(0, firstValue: 0, identity: first)
    if rows.shapes[shape].hasKey {
      // Nobody asks where a key lies.
      valueStarts.append(0)
      valueEnds.append(0)
    }
    var writer = OperationWriter(writer: body, isBody: true)
    let properties = operation.properties
    writer.write(operation) { writer, property in
      valueStarts.append(writer.bytes.count)
      _ = writer.value(properties[property].value)
      valueEnds.append(writer.bytes.count)
    }
    body = writer.writer
    nextValue = valueEnds.count
  }

  /// Hashes the committed form.
  private mutating func commit(_ row: Int, _ shape: Int, _ values: Int) {
    let parts = forms[shape]
    form.removeAll(keepingCapacity: true)
    // The byte that leaves are hashed with.
    form.append(0)
    form.append(contentsOf: parts.start)
    form.appendHead(0, first + UInt64(row))
    form.append(contentsOf: parts.names)
    var value = values
    if !parts.isNode {
      form.appendHead(0, rows.starts[row].rawValue)
      form.appendHead(0, rows.targets[row].rawValue)
    } else if parts.hasKey {
      let key = rows.range(value)
      form.appendHead(3, UInt64(key.count - 1))
      form.append(contentsOf: rows.bytes[(key.lowerBound + 1)..<key.upperBound])
      value += 1
    } else {
      form.append(0xF6)
    }
    form.appendHead(4, UInt64(parts.properties.count * 2))
    var index = 0
    while index + 1 < parts.properties.count {
      let pair = key.commitments(
        UInt32(row), UInt32(index), to: body.bytes.span.bytes,
        (valueStarts[value]..<valueEnds[value], valueStarts[value + 1]..<valueEnds[value + 1]))
      form.append(contentsOf: parts.properties[index])
      pair.0.append(to: &form)
      form.append(contentsOf: parts.properties[index + 1])
      pair.1.append(to: &form)
      index += 2
      value += 2
    }
    if index < parts.properties.count {
      form.append(contentsOf: parts.properties[index])
      commitment(index, of: value, at: row).append(to: &form)
    }
    if !parts.properties.isEmpty { hasProperties = true }
    addLeaf()
  }

  /// Hashes two forms at a time.
  private mutating func addLeaf() {
    guard hasFormBefore else {
      swap(&form, &formBefore)
      hasFormBefore = true
      return
    }
    let pair = SHA256.hash(formBefore.span.bytes, form.span.bytes)
    leaves.append(pair.0)
    leaves.append(pair.1)
    hasFormBefore = false
  }

  /// Hashes the form that may be left.
  mutating func finish() {
    if hasFormBefore { leaves.append(SHA256.hash(formBefore.span.bytes)) }
    hasFormBefore = false
  }

  private func commitment(_ property: Int, of value: Int, at row: Int) -> Digest {
    let bytes = body.bytes.span.bytes.extracting(valueStarts[value]..<valueEnds[value])
    return key.commitment(UInt32(row), UInt32(property), to: bytes)
  }
}

/// What the committed forms of a shape's rows have in common.
private struct CommittedShape {
  let isNode: Bool
  let hasKey: Bool
  let valueCount: Int
  /// Before the identity.
  let start: [UInt8]
  /// After it: labels, or the type.
  let names: [UInt8]
  /// Each name, then the head of its commitment.
  let properties: [[UInt8]]

  init(_ shape: RecordShape) {
    let spelled = SpelledShape(shape)
    isNode = spelled.isNode
    hasKey = shape.hasKey
    valueCount = shape.valueCount
    start = spelled.start
    names = spelled.names
    properties = spelled.properties.map { $0 + [0x58, UInt8(Digest.byteCount)] }
  }
}
