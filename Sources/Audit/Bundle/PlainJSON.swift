// CBOR as JSON, item by item, in one way only, so that a reader can hold the one against the other
// byte by byte: no spaces, names in the order of their bytes, numbers as Python writes them. What
// JSON has no word for stands in an object with one member whose name starts with `$`.
// docs/audit.md has the table, verify.py the same rule in Python.

import Base
import Graph

/// Writes CBOR items as JSON.
struct PlainJSON {
  private(set) var bytes: [UInt8] = []

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(byte: UInt8) { bytes.append(byte) }

  /// A value that was written before.
  mutating func append(encoded json: [UInt8]) { bytes += json }

  /// A part of what was written elsewhere.
  mutating func append(_ other: borrowing PlainJSON, _ range: Range<Int>) {
    bytes += other.bytes[range]
  }

  /// A quoted string.
  mutating func string(_ text: String) { string(Array(text.utf8)[...]) }

  mutating func string(_ text: Text) { string(text.string) }

  /// A quoted string from UTF-8.
  mutating func string(_ text: ArraySlice<UInt8>) {
    bytes.append(0x22)
    var start = text.startIndex
    for index in text.indices {
      let byte = text[index]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else { continue }
      bytes += text[start..<index]
      escape(byte)
      start = index + 1
    }
    bytes += text[start...]
    bytes.append(0x22)
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: raw("\\\"")
    case 0x5C: raw("\\\\")
    case 0x08: raw("\\b")
    case 0x09: raw("\\t")
    case 0x0A: raw("\\n")
    case 0x0C: raw("\\f")
    case 0x0D: raw("\\r")
    default: raw("\\u00" + HexText.encode([byte]))
    }
  }

  /// A number's digits.
  mutating func integer(_ number: UInt64) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// An array of texts.
  mutating func list(_ texts: [Text]) {
    raw("[")
    for (index, text) in texts.enumerated() {
      if index > 0 { raw(",") }
      string(text)
    }
    raw("]")
  }

  /// A value; null where it is one that no record can hold.
  mutating func value(_ value: Value) {
    var writer = CBORWriter()
    var offset = 0
    guard writer.value(value) else { return raw("null") }
    item(writer.bytes, at: &offset)
  }

  /// An object with the given properties, in the order of their names.
  mutating func properties(_ properties: [Property]) {
    raw("{")
    var isFirst = true
    for property in properties.sorted(by: { $0.name < $1.name }) {
      if !isFirst { raw(",") }
      isFirst = false
      string(property.name)
      raw(":")
      value(property.value)
    }
    raw("}")
  }

  /// One item of well-formed CBOR, which comes from our own writer; moves `offset` behind it.
  mutating func item(_ source: [UInt8], at offset: inout Int) {
    guard offset < source.count else { return }
    let first = source[offset]
    let argument = Self.argument(source, &offset)
    switch first >> 5 {
    case 0: integer(argument)
    case 1:
      raw("-")
      if argument == .max { raw("18446744073709551616") } else { integer(argument + 1) }
    case 2:
      let end = min(source.count, offset + Int(clamping: argument))
      raw("{\"$bytes\":\"" + HexText.encode(source[offset..<end]) + "\"}")
      offset = end
    case 3:
      let end = min(source.count, offset + Int(clamping: argument))
      string(source[offset..<end])
      offset = end
    case 4: items(source, argument, at: &offset)
    case 5: pairs(source, argument, at: &offset)
    case 6:
      raw("{\"$tag\":[\(argument),")
      item(source, at: &offset)
      raw("]}")
    default: simple(first, argument)
    }
  }

  private mutating func items(_ source: [UInt8], _ count: UInt64, at offset: inout Int) {
    raw("[")
    for index in 0..<count {
      if index > 0 { raw(",") }
      item(source, at: &offset)
    }
    raw("]")
  }

  /// The members in the order of their names' bytes, which is not always that of CBOR.
  private mutating func pairs(_ source: [UInt8], _ count: UInt64, at offset: inout Int) {
    var members: [(name: ArraySlice<UInt8>, json: [UInt8])] = []
    for _ in 0..<count {
      guard offset < source.count else { break }
      let length = Int(clamping: Self.argument(source, &offset))
      let end = min(source.count, offset + length)
      let name = source[offset..<end]
      offset = end
      var json = PlainJSON()
      json.item(source, at: &offset)
      members.append((name, json.bytes))
    }
    members.sort { $0.name.lexicographicallyPrecedes($1.name) }
    raw("{")
    for (index, member) in members.enumerated() {
      if index > 0 { raw(",") }
      string(member.name)
      raw(":")
      bytes += member.json
    }
    raw("}")
  }

  private mutating func simple(_ first: UInt8, _ argument: UInt64) {
    switch first {
    case 0xF4: raw("false")
    case 0xF5: raw("true")
    case 0xF6: raw("null")
    case 0xF9: number(HalfPrecisionText.value(UInt16(truncatingIfNeeded: argument)))
    case 0xFA: number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: argument))))
    default: number(Double(bitPattern: argument))
    }
  }

  private mutating func number(_ number: Double) {
    guard number.isFinite else {
      let word = number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
      return raw("{\"$float\":\"" + word + "\"}")
    }
    // Between 2^53 and 10^16 Python writes digits where Swift writes an exponent.
    let isPlain = number.magnitude < 0x1p53 || number.magnitude >= 1e16
    raw(isPlain ? number.description : "\(Int64(number)).0")
  }

  /// The argument of the head at `offset`, which moves behind it.
  static func argument(_ source: [UInt8], _ offset: inout Int) -> UInt64 {
    let low = source[offset] & 31
    offset += 1
    guard low >= 24 else { return UInt64(low) }
    var value: UInt64 = 0
    for _ in 0..<(1 << min(3, Int(low) - 24)) where offset < source.count {
      value = value << 8 | UInt64(source[offset])
      offset += 1
    }
    return value
  }
}

/// Half precision, for reading only.
private enum HalfPrecisionText {
  static func value(_ bits: UInt16) -> Double {
    let digits = Double(bits & 0x3FF)
    let exponent = Int(bits >> 10 & 0x1F)
    let magnitude: Double =
      switch exponent {
      case 0: digits * 0x1p-24
      case 31: digits == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + digits)
      }
    return bits & 0x8000 != 0 ? -magnitude : magnitude
  }
}
