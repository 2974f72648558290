// Values as bytes whose order is Cypher's total order (Value+Ordering.swift): the keys of ordered
// indexes, and what zone maps compare. Equivalent values (1 and 1.0, 0.0 and -0.0, every NaN) have
// equal bytes, so the bytes cannot be turned back into the value; docs/store-format.md has them.
//
// Every encoding is self-delimiting, so several can follow each other in a composite key, and any
// of them can be inverted for descending order. Where one would be longer than its limit it is cut
// and a hash of the whole is put behind: equality is then as good as the hash, but order is not,
// and whoever reads such an entry must look at the value itself (`isCut`).

/// Order-preserving bytes of values.
package enum OrderedEncoding {
  /// The longest encoding before it is cut: with what else is in a key it stays under 511 bytes.
  package static let limitBytes = 400
  /// What follows the first bytes of an encoding that was cut.
  package static let hashBytes = 16
  /// How deeply lists and maps may nest.
  package static let depthLimit = CBORReader.depthLimit

  /// Appends the encoding of a value. Returns whether it was cut, so that entries with these bytes
  /// must be checked against the value; `nil`, with `key` unchanged, where the value nests too
  /// deep.
  package static func append(
    _ value: Value, descending: Bool = false, limitBytes: Int = limitBytes, to key: inout [UInt8]
  ) -> Bool? {
    let start = key.count
    guard appendWhole(value, depth: 0, to: &key) else {
      key.removeSubrange(start...)
      return nil
    }
    let isCut = key.count - start > limitBytes
    if isCut {
      let hash = SHA256.hash(Array(key[start...])).bytes
      key.removeSubrange((start + limitBytes)...)
      key.append(contentsOf: hash[..<hashBytes])
    }
    if descending {
      for index in start..<key.count { key[index] = ~key[index] }
    }
    return isCut
  }

  /// The encoding of one value; `nil` where it nests too deep.
  package static func bytes(
    _ value: Value, descending: Bool = false, limitBytes: Int = limitBytes
  ) -> (bytes: [UInt8], isCut: Bool)? {
    var key: [UInt8] = []
    guard let isCut = append(value, descending: descending, limitBytes: limitBytes, to: &key)
    else { return nil }
    return (key, isCut)
  }

  // MARK: Types

  /// The first byte: the rank of the type in the total order, from 1. Zero ends lists and maps.
  private static func tag(_ value: Value) -> UInt8 { UInt8(value.orderRank + 1) }

  private static func appendWhole(_ value: Value, depth: Int, to key: inout [UInt8]) -> Bool {
    key.append(tag(value))
    switch value {
    case .null: break
    case .boolean(let flag): key.append(flag ? 1 : 0)
    case .integer(let number): append(number: number, to: &key)
    case .float(let number): append(number: number, to: &key)
    case .string(let text): append(escaping: text.string.utf8, to: &key)
    case .bytes(let bytes): append(escaping: bytes, to: &key)
    case .node(let node): append(big: node.rawValue, to: &key)
    case .edge(let edge): append(big: edge.rawValue, to: &key)
    case .path(let path): append(path, to: &key)
    case .list(let elements): return append(elements, depth: depth, to: &key)
    case .map(let map): return append(map, depth: depth, to: &key)
    default: appendTemporal(value, to: &key)
    }
    return true
  }

  private static func appendTemporal(_ value: Value, to key: inout [UInt8]) {
    switch value {
    case .date(let date): append(signed: date.daysSinceEpoch, to: &key)
    case .localTime(let time): append(signed: time.nanosecondsOfDay, to: &key)
    case .time(let time):
      append(signed: time.nanosecondsInUTC, to: &key)
      append(signed: time.offsetSeconds, to: &key)
    case .localDateTime(let moment):
      append(signed: moment.date.daysSinceEpoch, to: &key)
      append(signed: moment.time.nanosecondsOfDay, to: &key)
    case .dateTime(let moment):
      append(signed: moment.secondsSinceEpoch, to: &key)
      append(signed: moment.nanosecondsOfSecond, to: &key)
      append(signed: moment.offsetSeconds, to: &key)
      key.append(moment.zoneName == nil ? 0 : 1)
      if let zone = moment.zoneName { append(escaping: zone.string.utf8, to: &key) }
    case .duration(let duration):
      append(signed: duration.averageNanoseconds, to: &key)
      append(signed: duration.months, to: &key)
      append(signed: duration.days, to: &key)
    default: preconditionFailure("only temporal values come here")
    }
  }

  // MARK: Numbers

  /// Beyond this an integer may lie between two floats.
  private static let exactIntegers = 0x1p53

  /// The greatest float that is not above the integer, then how far above that the integer lies.
  /// Two bytes are enough for the latter: floats below 2^63 are at most 1,024 apart.
  private static func append(number: Int64, to key: inout [UInt8]) {
    var float = Double(number)
    if Double(number) >= 0x1p63 || Int64(float) > number { float = float.nextDown }
    append(float: float, to: &key)
    if float.magnitude >= exactIntegers {
      append(big: UInt16(number - Int64(float)), to: &key)
    }
  }

  private static func append(number: Double, to key: inout [UInt8]) {
    append(float: number, to: &key)
    if number.magnitude >= exactIntegers { append(big: UInt16(0), to: &key) }
  }

  private static func append(float: Double, to key: inout [UInt8]) {
    append(big: image(of: float), to: &key)
  }

  /// A number that is ordered as floats are: zeros are alike, and so is everything that is not a
  /// number, above infinity.
  package static func image(of float: Double) -> UInt64 {
    if float.isNaN { return .max }
    let bits = (float == 0 ? 0.0 : float).bitPattern
    return float < 0 ? ~bits : bits | 1 << 63
  }

  private static func append<Number: FixedWidthInteger & SignedInteger>(
    signed number: Number, to key: inout [UInt8]
  ) {
    let start = key.count
    append(big: number, to: &key)
    key[start] ^= 0x80
  }

  private static func append<Number: FixedWidthInteger>(
    big number: Number, to key: inout [UInt8]
  ) {
    var shift = Number.bitWidth - 8
    while shift >= 0 {
      key.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
      shift -= 8
    }
  }

  // MARK: Sequences

  /// Zero bytes become 00 FF, and 00 01 ends the run: below every longer one, above every shorter.
  private static func append(escaping bytes: some Sequence<UInt8>, to key: inout [UInt8]) {
    for byte in bytes {
      key.append(byte)
      if byte == 0 { key.append(0xFF) }
    }
    key.append(0)
    key.append(1)
  }

  private static func append(_ elements: [Value], depth: Int, to key: inout [UInt8]) -> Bool {
    guard depth < depthLimit else { return false }
    for element in elements where !appendWhole(element, depth: depth + 1, to: &key) {
      return false
    }
    key.append(0)
    return true
  }

  private static func append(_ map: ValueMap, depth: Int, to key: inout [UInt8]) -> Bool {
    guard depth < depthLimit else { return false }
    for entry in map.entries {
      key.append(1)
      append(escaping: entry.key.string.utf8, to: &key)
      if !appendWhole(entry.value, depth: depth + 1, to: &key) { return false }
    }
    key.append(0)
    return true
  }

  private static func append(_ path: Path, to key: inout [UInt8]) {
    append(big: path.nodes[0].rawValue, to: &key)
    for index in path.edges.indices {
      key.append(1)
      append(big: path.edges[index].rawValue, to: &key)
      append(big: path.nodes[index + 1].rawValue, to: &key)
    }
    key.append(0)
  }
}
