// What a sealed range says of each node or edge besides its properties.
//
//   nodes: creation base (8) | creation width | set width | 0 (2) | bytes of the label sets (4)
//          | creation less the base of each | number of the label set of each | sets
//   edges: creation base (8) | start base (8) | end base (8) | widths of creation, start, end, type
//          | number of types (4) | types (4 each) | number of the type of each | creation
//          less its base of each | start of each | end of each
//
// A label set is its number of labels, then their symbols ascending (LEB128 each). Numbers are
// little-endian.

import Base

/// The heads of a sealed range of nodes.
struct NodeHeads {
  private let creationBase: UInt64
  private let creationWidth: Int
  private let setWidth: Int
  private let setsOffset: Int
  private let size: Int
  private static let headerBytes = 16

  @inline(__always)
  init(_ chunk: RawSpan, _ layout: GraphLayout) throws {
    try chunk.require(Self.headerBytes, at: 0)
    creationBase = chunk.little64(0)
    creationWidth = Int(chunk.byte(8))
    setWidth = Int(chunk.byte(9))
    size = layout.rangeSize
    setsOffset = Self.headerBytes + size * (creationWidth + setWidth)
    guard creationWidth <= 8, setWidth <= 2,
      chunk.byteCount == setsOffset + Int(chunk.little32(12))
    else { throw StemmaError.damaged("chunks", "heads of nodes contradict their length") }
  }

  func creation(_ place: Int, _ chunk: RawSpan) -> TransactionNumber {
    TransactionNumber(
      creationBase &+ chunk.packed(Self.headerBytes + place * creationWidth, creationWidth))
  }

  /// The labels that a node was created with.
  func labels(_ place: Int, _ chunk: RawSpan) throws -> [Symbol] {
    let codes = Self.headerBytes + size * creationWidth
    var set = Int(chunk.packed(codes + place * setWidth, setWidth))
    var offset = setsOffset
    while set > 0 {
      for _ in 0..<(try chunk.length(&offset)) { _ = try chunk.variable(&offset) }
      set -= 1
    }
    var labels: [Symbol] = []
    for _ in 0..<(try chunk.length(&offset)) {
      labels.append(Symbol(UInt32(truncatingIfNeeded: try chunk.variable(&offset))))
    }
    return labels
  }

  /// Whether all nodes were created with a label, or none (`false`); `nil` where the nodes do not
  /// all have the same labels.
  func share(_ label: Symbol, _ chunk: RawSpan) throws -> Bool? {
    if setWidth > 0 { return nil }
    var offset = setsOffset
    for _ in 0..<(try chunk.length(&offset))
    where try chunk.variable(&offset) == UInt64(label.rawValue) {
      return true
    }
    return false
  }

  static func encode(_ creations: [UInt64], _ labels: [[Symbol]]) -> [UInt8] {
    var numbers: [[Symbol]: Int] = [:]
    var sets: [UInt8] = []
    var codes: [Int] = []
    for labels in labels {
      if let known = numbers[labels] {
        codes.append(known)
        continue
      }
      codes.append(numbers.count)
      numbers[labels] = numbers.count
      sets.appendVariable(UInt64(labels.count))
      for label in labels { sets.appendVariable(UInt64(label.rawValue)) }
    }
    return encode(creations, codes: codes, setCount: numbers.count, sets: sets)
  }

  /// The heads of nodes that one transaction created; `codes` are the numbers of their label sets.
  static func encode(
    creation: TransactionNumber, codes: [UInt16], labelSets: [[Symbol]]
  ) -> [UInt8] {
    var sets: [UInt8] = []
    for labels in labelSets {
      sets.appendVariable(UInt64(labels.count))
      for label in labels { sets.appendVariable(UInt64(label.rawValue)) }
    }
    return encode(
      [creation.rawValue], codes: codes.map(Int.init), setCount: labelSets.count, sets: sets)
  }

  private static func encode(
    _ creations: [UInt64], codes: [Int], setCount: Int, sets: [UInt8]
  ) -> [UInt8] {
    let creation = PackedNumbers(creations)
    let setWidth = setCount == 1 ? 0 : setCount <= 256 ? 1 : 2
    var chunk: [UInt8] = []
    chunk.appendLittle(creation.base, bytes: 8)
    chunk.append(contentsOf: [UInt8(creation.width), UInt8(setWidth)])
    chunk.appendLittle(0, bytes: 2)
    chunk.appendLittle(UInt64(sets.count), bytes: 4)
    creation.append(creations, to: &chunk)
    if setWidth > 0 { for code in codes { chunk.appendLittle(UInt64(code), bytes: setWidth) } }
    chunk.append(contentsOf: sets)
    return chunk
  }
}

/// The heads of a sealed range of edges.
struct EdgeHeads {
  private let bases: (creation: UInt64, from: UInt64, to: UInt64)
  private let widths: (creation: Int, from: Int, to: Int, type: Int)
  private let typeCount: Int
  private let offsets: (type: Int, creation: Int, from: Int, to: Int)
  private static let headerBytes = 32

  @inline(__always)
  init(_ chunk: RawSpan, _ layout: GraphLayout) throws {
    try chunk.require(Self.headerBytes, at: 0)
    bases = (chunk.little64(0), chunk.little64(8), chunk.little64(16))
    widths = (
      Int(chunk.byte(24)), Int(chunk.byte(25)), Int(chunk.byte(26)), Int(chunk.byte(27))
    )
    typeCount = Int(chunk.little32(28))
    let size = layout.rangeSize
    let types = Self.headerBytes + 4 * typeCount
    let creation = types + size * widths.type
    let from = creation + size * widths.creation
    offsets = (types, creation, from, from + size * widths.from)
    guard widths.creation <= 8, widths.from <= 8, widths.to <= 8, widths.type <= 2,
      chunk.byteCount == offsets.to + size * widths.to
    else { throw StemmaError.damaged("chunks", "heads of edges contradict their length") }
  }

  func creation(_ place: Int, _ chunk: RawSpan) -> TransactionNumber {
    TransactionNumber(
      bases.creation
        &+ chunk.packed(offsets.creation + place * widths.creation, widths.creation))
  }

  @inline(__always)
  func ends(_ edge: EdgeID, _ place: Int, _ chunk: RawSpan) throws -> EdgeEnds {
    let code = Int(chunk.packed(offsets.type + place * widths.type, widths.type))
    guard code < typeCount else { throw StemmaError.damaged("chunks", "an edge has no type") }
    return EdgeEnds(
      edge: edge, type: Symbol(chunk.little32(Self.headerBytes + 4 * code)),
      from: NodeID(bases.from &+ chunk.packed(offsets.from + place * widths.from, widths.from)),
      to: NodeID(bases.to &+ chunk.packed(offsets.to + place * widths.to, widths.to)))
  }

  static func encode(_ creations: [UInt64], _ ends: [EdgeEnds]) -> [UInt8] {
    var numbers: [Symbol: Int] = [:]
    var types: [Symbol] = []
    for ends in ends where numbers[ends.type] == nil {
      numbers[ends.type] = types.count
      types.append(ends.type)
    }
    var chunk = encode(
      creations, codes: ends.map { numbers[$0.type]! }, typeCount: types.count,
      from: ends.map(\.from.rawValue), to: ends.map(\.to.rawValue))
    setTypes(types, in: &chunk)
    return chunk
  }

  /// The heads of edges that one transaction created, with zeros for the types.
  static func encode(
    creation: UInt64, codes: [Int], typeCount: Int, from: [UInt64], to: [UInt64]
  ) -> [UInt8] {
    encode([creation], codes: codes, typeCount: typeCount, from: from, to: to)
  }

  /// Puts the types into heads that have zeros there.
  static func setTypes(_ types: [Symbol], in chunk: inout [UInt8]) {
    for (index, type) in types.enumerated() {
      for byte in 0..<4 {
        chunk[headerBytes + 4 * index + byte] =
          UInt8(truncatingIfNeeded: type.rawValue >> UInt32(8 * byte))
      }
    }
  }

  private static func encode(
    _ creations: [UInt64], codes: [Int], typeCount: Int, from: [UInt64], to: [UInt64]
  ) -> [UInt8] {
    let packed = (PackedNumbers(creations), PackedNumbers(from), PackedNumbers(to))
    let typeWidth = typeCount == 1 ? 0 : typeCount <= 256 ? 1 : 2
    var chunk: [UInt8] = []
    for base in [packed.0.base, packed.1.base, packed.2.base] { chunk.appendLittle(base, bytes: 8) }
    for width in [packed.0.width, packed.1.width, packed.2.width, typeWidth] {
      chunk.append(UInt8(width))
    }
    chunk.appendLittle(UInt64(typeCount), bytes: 4)
    for _ in 0..<typeCount { chunk.appendLittle(0, bytes: 4) }
    if typeWidth > 0 { for code in codes { chunk.appendLittle(UInt64(code), bytes: typeWidth) } }
    packed.0.append(creations, to: &chunk)
    packed.1.append(from, to: &chunk)
    packed.2.append(to, to: &chunk)
    return chunk
  }
}

/// Numbers less the least of them, as few bytes each as the greatest needs.
struct PackedNumbers {
  let base: UInt64
  let width: Int

  init(_ numbers: [UInt64]) {
    base = numbers.min() ?? 0
    width = PackedWidth.bytes((numbers.max() ?? 0) - base)
  }

  func append(_ numbers: [UInt64], to bytes: inout [UInt8]) {
    if width == 0 { return }
    for number in numbers { bytes.appendLittle(number - base, bytes: width) }
  }
}
