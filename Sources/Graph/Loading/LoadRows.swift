// Rows of a load as bytes: values in the form that projections keep, one after another, with what
// rows have in common said once. A part of a load is some thousands of rows, made on one thread and
// turned into a record and columns on the same or another one; no row costs an allocation.

package import Base

/// Nodes, or edges, of one part of a load.
package struct LoadRows: Sendable {
  /// What rows have in common, in the order of first use. A node with a key has it as its first
  /// value.
  package private(set) var shapes: [RecordShape] = []
  /// The number of each row's shape.
  private(set) var rowShapes: [UInt32] = []
  /// Values as `PropertyCodec` writes them, and where each ends.
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []
  /// The ends of each edge.
  private(set) var starts: [NodeID] = []
  private(set) var targets: [NodeID] = []
  private var numbers: [RecordShape: Int] = [:]

  /// More bytes than this are more than one record should have.
  static let limitBytes = 1 << 30

  package init() {}

  package var count: Int { rowShapes.count }
  /// The bytes of all values.
  package var byteCount: Int { bytes.count }

  /// The number of a shape.
  package mutating func number(of shape: RecordShape) -> Int {
    if let known = numbers[shape] { return known }
    numbers[shape] = shapes.count
    shapes.append(shape)
    return shapes.count - 1
  }

  // MARK: Values, before their row is closed

  package mutating func append(_ number: Int64) {
    bytes.append(PropertyCodec.Tag.integer)
    bytes.appendLittle(UInt64(bitPattern: number), bytes: PropertyCodec.integerBytes(number))
    close()
  }

  package mutating func append(_ number: Double) {
    bytes.append(PropertyCodec.Tag.float)
    bytes.appendLittle(number.bitPattern, bytes: 8)
    close()
  }

  package mutating func append(_ flag: Bool) {
    bytes.append(flag ? PropertyCodec.Tag.yes : PropertyCodec.Tag.no)
    close()
  }

  /// A text of bytes that are UTF-8.
  package mutating func append(utf8: ArraySlice<UInt8>) {
    bytes.append(PropertyCodec.Tag.string)
    bytes.append(contentsOf: utf8)
    close()
  }

  /// Any value that a property may hold; throws for others.
  package mutating func append(_ value: Value) throws {
    guard PropertyCodec.isStorable(value), !value.isNull else {
      throw StemmaError(
        .writeRejected, "a property may not hold a \(value.typeName) like this",
        advice: "properties hold plain values and lists of plain values")
    }
    PropertyCodec.encode(value, into: &bytes)
    close()
  }

  private mutating func close() { ends.append(UInt32(truncatingIfNeeded: bytes.count)) }

  // MARK: Rows

  /// Ends the row of a node whose values, and before them its key, were appended.
  package mutating func endNode(shape: Int) throws {
    rowShapes.append(UInt32(shape))
    guard bytes.count <= Self.limitBytes else {
      throw StemmaError(
        .limitReached, "a part of the load is larger than \(Self.limitBytes >> 20) MiB",
        advice: "store large values as objects")
    }
  }

  /// Ends the row of an edge.
  package mutating func endEdge(shape: Int, from: NodeID, to: NodeID) throws {
    starts.append(from)
    targets.append(to)
    try endNode(shape: shape)
  }

  // MARK: Reading

  /// Where a value lies in `bytes`.
  @inline(__always)
  func range(_ value: Int) -> Range<Int> {
    (value == 0 ? 0 : Int(ends[value - 1]))..<Int(ends[value])
  }

  /// A value as the log has it.
  func value(_ number: Int) throws -> Value {
    let range = range(number)
    return try PropertyCodec.decode(bytes.span.bytes, at: range.lowerBound, count: range.count)
  }

  /// A row as an operation of the log; `first` is the number of its first value.
  func operation(_ row: Int, firstValue first: Int, identity: UInt64) throws -> LoggedOperation {
    switch shapes[Int(rowShapes[row])] {
    case .node(let labels, let hasKey, let names):
      var key: Text?
      if hasKey, case .string(let text) = try value(first) { key = text }
      return .createNode(
        NodeID(identity), labels: labels, key: key,
        properties: try properties(names, first + (hasKey ? 1 : 0)))
    case .edge(let type, let names):
      return .createEdge(
        EdgeID(identity), type: type, from: starts[row], to: targets[row],
        properties: try properties(names, first))
    }
  }

  private func properties(_ names: [Text], _ first: Int) throws -> [Property] {
    var result: [Property] = []
    result.reserveCapacity(names.count)
    for (index, name) in names.enumerated() {
      result.append(Property(name, try value(first + index)))
    }
    return result
  }

  /// The rows as what a caller would ask for, one by one. `ofNewNodes` says that the ends of edges
  /// are numbers of nodes of the same request.
  package func requests(ofNewNodes: Bool = false) throws -> [Operation] {
    var result: [Operation] = []
    result.reserveCapacity(count)
    var first = 0
    for row in 0..<count {
      switch try operation(row, firstValue: first, identity: 0) {
      case .createNode(_, let labels, let key, let properties):
        result.append(.createNode(labels: labels, key: key, properties: properties))
      case .createEdge(_, let type, let from, let to, let properties):
        let ends: [NodeReference] =
          ofNewNodes ? [.new(Int(from.rawValue)), .new(Int(to.rawValue))] : [.id(from), .id(to)]
        result.append(
          .createEdge(type: type, from: ends[0], to: ends[1], properties: properties))
      default: break
      }
      first += shapes[Int(rowShapes[row])].valueCount
    }
    return result
  }
}

extension RecordShape {
  /// How many values a row of this shape has, its key included.
  var valueCount: Int {
    switch self {
    case .node(_, let hasKey, let names): names.count + (hasKey ? 1 : 0)
    case .edge(_, let names): names.count
    }
  }

  var names: [Text] {
    switch self {
    case .node(_, _, let names), .edge(_, let names): names
    }
  }

  /// The labels, or the type.
  var owners: [Text] {
    switch self {
    case .node(let labels, _, _): labels
    case .edge(let type, _): [type]
    }
  }

  var hasKey: Bool {
    if case .node(_, let hasKey, _) = self { return hasKey }
    return false
  }
}

extension LoadRows {
  /// Throws what a load would refuse of a shape.
  package static func check(_ shape: RecordShape) throws { try LoadCheck.check(shape) }

  /// Only the shapes.
  func withoutRows() -> LoadRows {
    var result = LoadRows()
    for shape in shapes { _ = result.number(of: shape) }
    return result
  }
}
