// Reads deterministic CBOR and nothing else: whatever could have been written in another way than
// the one of RFC 8949 §4.2.1 is refused, so equal contents have equal bytes and equal hashes. Never
// traps on any input; nesting is limited.

/// Reads CBOR items one after another.
package struct CBORReader: Sendable {
  package enum Kind: UInt8, Sendable {
    case unsigned, negative, byteString, text, array, map, tag, simple
  }

  /// How deeply arrays, maps and tags may nest.
  package static let depthLimit = 64

  private let bytes: [UInt8]
  package private(set) var offset: Int
  private let end: Int
  /// How deeply the caller is inside arrays and maps; see `descend`.
  private var depth = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    offset = 0
    end = bytes.count
  }

  package var isAtEnd: Bool { offset == end }

  /// Throws unless every byte has been read.
  package func finish() throws(CBORError) {
    if offset != end { throw CBORError(.trailing, at: offset) }
  }

  /// The kind of the next item; `nil` at the end.
  package var kind: Kind? { offset < end ? Kind(rawValue: bytes[offset] >> 5) : nil }

  /// The first byte of the next item; `nil` at the end.
  package var initialByte: UInt8? { offset < end ? bytes[offset] : nil }

  // MARK: Items

  package mutating func unsigned() throws(CBORError) -> UInt64 { try head(.unsigned) }

  package mutating func integer() throws(CBORError) -> Int64 {
    let start = offset
    let isNegative = kind == .negative
    let argument = try head(isNegative ? .negative : .unsigned)
    guard argument <= UInt64(Int64.max) else { throw CBORError(.outOfRange, at: start) }
    return isNegative ? ~Int64(argument) : Int64(argument)
  }

  /// An integer within a range.
  package mutating func integer<Number: FixedWidthInteger>(
    in range: ClosedRange<Number>
  ) throws(CBORError) -> Number {
    let start = offset
    guard let value = Number(exactly: try integer()), range.contains(value) else {
      throw CBORError(.outOfRange, at: start)
    }
    return value
  }

  package mutating func byteString() throws(CBORError) -> [UInt8] {
    Array(bytes[try run(.byteString)])
  }

  package mutating func digest() throws(CBORError) -> Digest {
    let start = offset
    guard let digest = Digest(bytes: bytes[try run(.byteString)]) else {
      throw CBORError(.outOfRange, at: start)
    }
    return digest
  }

  package mutating func text() throws(CBORError) -> Text {
    let start = offset
    guard let text = Text(validatingUTF8: bytes[try run(.text)]) else {
      throw CBORError(.notUTF8, at: start)
    }
    return text
  }

  /// The number of items of an array. Its items take at least a byte each, so a count beyond what
  /// is left is refused before anyone reserves memory for it.
  package mutating func array() throws(CBORError) -> Int { try count(.array, bytesEach: 1) }

  /// Throws unless an array of exactly `count` items follows.
  package mutating func array(of count: Int) throws(CBORError) {
    let start = offset
    if try array() != count { throw CBORError(.unexpected, at: start) }
  }

  /// The number of pairs of a map.
  package mutating func map() throws(CBORError) -> Int { try count(.map, bytesEach: 2) }

  package mutating func tag() throws(CBORError) -> UInt64 { try head(.tag) }

  package mutating func boolean() throws(CBORError) -> Bool {
    let first = initialByte
    guard first == 0xF4 || first == 0xF5 else { throw unexpected }
    offset += 1
    return first == 0xF5
  }

  /// Whether a null follows; reads it if so.
  package mutating func null() -> Bool {
    guard initialByte == 0xF6 else { return false }
    offset += 1
    return true
  }

  package mutating func float() throws(CBORError) -> Double {
    let start = offset
    guard let first = initialByte else { throw unexpected }
    let value: Double
    switch first {
    case 0xF9: value = HalfPrecision.value(of: UInt16(try number(2)))
    case 0xFA: value = Double(Float(bitPattern: UInt32(try number(4))))
    case 0xFB: value = Double(bitPattern: try number(8))
    default: throw unexpected
    }
    var writer = CBORWriter()
    writer.float(value)
    guard writer.bytes.elementsEqual(bytes[start..<offset]) else {
      throw CBORError(.notDeterministic, at: start)
    }
    return value
  }

  /// Reads what `body` reads, one level deeper.
  package mutating func descend<Result>(
    _ body: (inout CBORReader) throws(CBORError) -> Result
  ) throws(CBORError) -> Result {
    guard depth < Self.depthLimit else { throw CBORError(.tooDeep, at: offset) }
    depth += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  /// The order of the encoded bytes of two items at ranges already read.
  package func isOrdered(_ first: Range<Int>, before second: Range<Int>) -> Bool {
    bytes[first].lexicographicallyPrecedes(bytes[second])
  }

  /// A copy of bytes already read.
  package func slice(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  // MARK: Heads

  private var unexpected: CBORError {
    CBORError(offset < end ? .unexpected : .truncated, at: offset)
  }

  private mutating func head(_ wanted: Kind) throws(CBORError) -> UInt64 {
    let start = offset
    guard kind == wanted else { throw unexpected }
    let information = bytes[offset] & 0x1F
    let argument: UInt64
    let least: UInt64
    switch information {
    case 0..<24:
      offset += 1
      return UInt64(information)
    case 24: (argument, least) = (try number(1), 24)
    case 25: (argument, least) = (try number(2), 0x100)
    case 26: (argument, least) = (try number(4), 0x1_0000)
    case 27: (argument, least) = (try number(8), 0x1_0000_0000)
    default: throw CBORError(.notDeterministic, at: start)
    }
    guard argument >= least else { throw CBORError(.notDeterministic, at: start) }
    return argument
  }

  /// The big-endian number after the first byte of an item.
  private mutating func number(_ width: Int) throws(CBORError) -> UInt64 {
    guard end - offset > width else { throw CBORError(.truncated, at: offset) }
    var value: UInt64 = 0
    for index in 1...width { value = value << 8 | UInt64(bytes[offset + index]) }
    offset += 1 + width
    return value
  }

  /// The range of the bytes of a string.
  private mutating func run(_ kind: Kind) throws(CBORError) -> Range<Int> {
    let start = offset
    let count = try head(kind)
    guard count <= UInt64(end - offset) else { throw CBORError(.truncated, at: start) }
    defer { offset += Int(count) }
    return offset..<offset + Int(count)
  }

  private mutating func count(_ kind: Kind, bytesEach: Int) throws(CBORError) -> Int {
    let start = offset
    let count = try head(kind)
    let most = UInt64((end - offset) / bytesEach)
    guard count <= most else { throw CBORError(.truncated, at: start) }
    return Int(count)
  }
}
