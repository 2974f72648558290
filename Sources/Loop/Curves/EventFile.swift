// The scalars of a TensorBoard event file: records of a length, a check sum, and a protocol buffer
// `Event` (tensorflow/core/util/event.proto). Only what a scalar needs is read. A length that is
// not what its check sum says ends the file; a record that is not is passed over.

import Base

enum EventFile {
  private static let recordLimitBytes: UInt64 = 16 << 20

  /// Tells of every scalar: its tag, step and value.
  static func scalars(in bytes: [UInt8], _ tell: (String, Int64, Double) -> Void) {
    var place = 0
    while bytes.count - place >= 16 {
      let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
      guard length <= recordLimitBytes, Int(length) <= bytes.count - place - 16,
        holds(bytes[place..<place + 8], in: bytes)
      else { return }
      let record = bytes[place + 12..<place + 12 + Int(length)]
      if holds(record, in: bytes) { event(record, tell) }
      place = record.endIndex + 4
    }
  }

  /// Whether the four bytes after these are their masked CRC-32C.
  private static func holds(_ part: ArraySlice<UInt8>, in bytes: [UInt8]) -> Bool {
    let said = (0..<4).reduce(UInt32(0)) {
      $0 | UInt32(bytes[part.endIndex + $1]) << (8 * UInt32($1))
    }
    let sum = CRC32C.sum(of: part)
    return said == (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  private static func event(
    _ bytes: ArraySlice<UInt8>, _ tell: (String, Int64, Double) -> Void
  ) {
    var step: Int64 = 0
    var summaries: [ArraySlice<UInt8>] = []
    Message(bytes).fields { number, field in
      if number == 2, case .integer(let value) = field { step = Int64(bitPattern: value) }
      if number == 5, case .bytes(let summary) = field { summaries.append(summary) }
    }
    for summary in summaries {
      Message(summary).fields { number, field in
        guard number == 1, case .bytes(let value) = field,
          let (tag, scalar) = scalar(value)
        else { return }
        tell(tag, step, scalar)
      }
    }
  }

  /// The tag of a `Summary.Value` and its number, where it has one.
  private static func scalar(_ bytes: ArraySlice<UInt8>) -> (String, Double)? {
    var tag: String?
    var scalar: Double?
    Message(bytes).fields { number, field in
      switch (number, field) {
      case (1, .bytes(let name)): tag = String(validating: name, as: UTF8.self)
      case (2, .four(let bits)): scalar = Double(Float(bitPattern: bits))
      case (8, .bytes(let tensor)): scalar = scalar ?? single(tensor)
      default: break
      }
    }
    guard let tag, let scalar else { return nil }
    return (tag, scalar)
  }

  /// The one number of a `TensorProto` of type float or double.
  private static func single(_ bytes: ArraySlice<UInt8>) -> Double? {
    var type: UInt64 = 0
    var content: ArraySlice<UInt8> = []
    Message(bytes).fields { number, field in
      switch (number, field) {
      case (1, .integer(let value)): type = value
      case (4, .bytes(let value)), (5, .bytes(let value)), (6, .bytes(let value)): content = value
      default: break
      }
    }
    let word = content.enumerated().reduce(UInt64(0)) { sum, next in
      next.offset < 8 ? sum | UInt64(next.element) << (8 * UInt64(next.offset)) : sum
    }
    switch (type, content.count) {
    case (1, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    case (2, 8): return Double(bitPattern: word)
    default: return nil
    }
  }
}

/// The fields of a protocol buffer, in order.
private struct Message {
  enum Field {
    case integer(UInt64)
    case four(UInt32)
    case eight(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func fields(_ tell: (UInt64, Field) -> Void) {
    var rest = bytes
    while let key = Self.varint(&rest) {
      switch key & 7 {
      case 0:
        guard let value = Self.varint(&rest) else { return }
        tell(key >> 3, .integer(value))
      case 1:
        guard let value = Self.fixed(&rest, 8) else { return }
        tell(key >> 3, .eight(value))
      case 2:
        guard let length = Self.varint(&rest), length <= UInt64(rest.count) else { return }
        tell(key >> 3, .bytes(rest.prefix(Int(length))))
        rest = rest.dropFirst(Int(length))
      case 5:
        guard let value = Self.fixed(&rest, 4) else { return }
        tell(key >> 3, .four(UInt32(truncatingIfNeeded: value)))
      default: return
      }
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func fixed(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> UInt64? {
    guard rest.count >= count else { return nil }
    let value = rest.prefix(count).enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << (8 * UInt64($1.offset))
    }
    rest = rest.dropFirst(count)
    return value
  }
}
