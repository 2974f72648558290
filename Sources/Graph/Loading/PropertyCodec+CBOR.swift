// From the form of values in projections to their form in the log, without a value in between.

import Base

extension CBORWriter {
  /// Writes the value that lies in a range of bytes as `PropertyCodec` wrote it.
  mutating func property(_ bytes: [UInt8], _ range: Range<Int>) {
    let start = range.lowerBound
    switch bytes[start] {
    case PropertyCodec.Tag.no: boolean(false)
    case PropertyCodec.Tag.yes: boolean(true)
    case PropertyCodec.Tag.integer:
      integer(PropertyCodec.integer(bytes.span.bytes, start + 1, range.count - 1))
    case PropertyCodec.Tag.float:
      float(Double(bitPattern: bytes.span.bytes.little64(start + 1)))
    case PropertyCodec.Tag.string: text(utf8: bytes[(start + 1)..<range.upperBound])
    default:
      // It was encoded here, so it can be decoded and written.
      let value = try? PropertyCodec.decode(bytes.span.bytes, at: start, count: range.count)
      _ = self.value(value ?? .null)
    }
  }
}

extension [UInt8] {
  /// The first byte and the argument of a CBOR item, in the shortest form.
  mutating func appendHead(_ major: UInt8, _ argument: UInt64) {
    let kind = major << 5
    switch argument {
    case 0..<24: append(kind | UInt8(argument))
    case 24...0xFF:
      append(kind | 24)
      append(UInt8(argument))
    case 0x100...0xFFFF:
      append(kind | 25)
      appendBig(argument, bytes: 2)
    case 0x1_0000...0xFFFF_FFFF:
      append(kind | 26)
      appendBig(argument, bytes: 4)
    default:
      append(kind | 27)
      appendBig(argument, bytes: 8)
    }
  }
}
