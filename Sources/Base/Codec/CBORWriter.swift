// Deterministic CBOR (RFC 8949 §4.2.1): shortest heads, shortest floats that keep the value,
// definite lengths, map keys in the order of their bytes (the caller writes them so; the reader
// checks).

/// Writes CBOR items one after another.
package struct CBORWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Forgets what was written, but keeps the memory for the next.
  package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// The first byte and argument of an item, in the shortest form.
  private mutating func head(_ major: UInt8, _ argument: UInt64) {
    let kind = major << 5
    let width: Int
    switch argument {
    case 0..<24:
      bytes.append(kind | UInt8(argument))
      return
    case 24...0xFF: (width, _) = (1, bytes.append(kind | 24))
    case 0x100...0xFFFF: (width, _) = (2, bytes.append(kind | 25))
    case 0x1_0000...0xFFFF_FFFF: (width, _) = (4, bytes.append(kind | 26))
    default: (width, _) = (8, bytes.append(kind | 27))
    }
    for index in 0..<width {
      bytes.append(UInt8(truncatingIfNeeded: argument >> UInt64(8 * (width - 1 - index))))
    }
  }

  package mutating func unsigned(_ value: UInt64) { head(0, value) }

  package mutating func integer(_ value: Int64) {
    if value >= 0 { head(0, UInt64(value)) } else { head(1, UInt64(bitPattern: ~value)) }
  }

  package mutating func byteString(_ value: [UInt8]) {
    head(2, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  package mutating func digest(_ value: Digest) {
    head(2, UInt64(Digest.byteCount))
    value.append(to: &bytes)
  }

  package mutating func text(_ value: Text) {
    head(3, UInt64(value.utf8Count))
    bytes.append(contentsOf: value.string.utf8)
  }

  /// A text from bytes that are UTF-8.
  package mutating func text(utf8: ArraySlice<UInt8>) {
    head(3, UInt64(utf8.count))
    bytes.append(contentsOf: utf8)
  }

  /// The head of an array; `count` items follow.
  package mutating func array(_ count: Int) { head(4, UInt64(count)) }

  /// The head of a map; `count` pairs follow, keys in the order of their encoded bytes.
  package mutating func map(_ count: Int) { head(5, UInt64(count)) }

  package mutating func tag(_ number: UInt64) { head(6, number) }

  package mutating func boolean(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

  package mutating func null() { bytes.append(0xF6) }

  /// Half, single or double precision: the shortest that keeps the value. Every NaN is 0x7E00.
  package mutating func float(_ value: Double) {
    if value.isNaN {
      bytes.append(contentsOf: [0xF9, 0x7E, 0x00])
    } else if let half = HalfPrecision.bits(of: value) {
      bytes.append(0xF9)
      append(UInt64(half), width: 2)
    } else if Double(Float(value)) == value {
      bytes.append(0xFA)
      append(UInt64(Float(value).bitPattern), width: 4)
    } else {
      bytes.append(0xFB)
      append(value.bitPattern, width: 8)
    }
  }

  /// Items that were written elsewhere.
  package mutating func encoded(_ items: [UInt8]) { bytes.append(contentsOf: items) }

  private mutating func append(_ value: UInt64, width: Int) {
    for index in 0..<width {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index))))
    }
  }
}

/// IEEE 754 half precision, which Swift has no type for on every platform.
enum HalfPrecision {
  /// The half that equals `value` exactly; `nil` where there is none. Not for NaN.
  static func bits(of value: Double) -> UInt16? {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = value.magnitude
    if magnitude == 0 { return sign }
    if magnitude.isInfinite { return sign | 0x7C00 }
    guard magnitude <= 65504, magnitude >= 0x1p-24 else { return nil }
    // Below 2^-14 halves are multiples of 2^-24; above, of 2^(exponent - 10).
    let exponent = max(Int(magnitude.exponent), -14)
    let scaled = magnitude * pow2(10 - exponent)
    guard scaled == scaled.rounded(.towardZero) else { return nil }
    let digits = UInt16(scaled)
    if digits < 1024 { return sign | digits }
    return sign | UInt16(exponent + 15) << 10 | (digits - 1024)
  }

  static func value(of bits: UInt16) -> Double {
    let exponent = Int(bits >> 10 & 0x1F)
    let digits = Double(bits & 0x3FF)
    let magnitude: Double
    switch exponent {
    case 0: magnitude = digits * 0x1p-24
    case 31: magnitude = digits == 0 ? .infinity : .nan
    default: magnitude = (1024 + digits) * pow2(exponent - 25)
    }
    return bits & 0x8000 != 0 ? -magnitude : magnitude
  }

  private static func pow2(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
