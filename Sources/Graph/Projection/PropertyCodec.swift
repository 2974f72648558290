// The bytes of a property's value inside rows and versions: one byte for the type, then as little
// as it takes. The length is kept beside it, not in it. docs/store-format.md has the table.
//
// This is a projection's form, made to be read quickly in place; records in the log have their own.

import Base

/// Encodes and decodes the values of properties.
enum PropertyCodec {
  enum Tag {
    static let null: UInt8 = 0
    static let no: UInt8 = 1
    static let yes: UInt8 = 2
    static let integer: UInt8 = 3
    static let float: UInt8 = 4
    static let string: UInt8 = 5
    static let bytes: UInt8 = 6
    static let date: UInt8 = 7
    static let localTime: UInt8 = 8
    static let time: UInt8 = 9
    static let localDateTime: UInt8 = 10
    static let dateTime: UInt8 = 11
    static let duration: UInt8 = 12
    static let list: UInt8 = 13
  }

  /// Appends the bytes of a value that `isStorable`.
  static func encode(_ value: Value, into bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(Tag.null)
    case .boolean(let flag): bytes.append(flag ? Tag.yes : Tag.no)
    case .integer(let number):
      bytes.append(Tag.integer)
      bytes.appendLittle(UInt64(bitPattern: number), bytes: integerBytes(number))
    case .float(let number):
      bytes.append(Tag.float)
      bytes.appendLittle(number.bitPattern, bytes: 8)
    case .string(let text):
      bytes.append(Tag.string)
      bytes.append(text)
    case .bytes(let data):
      bytes.append(Tag.bytes)
      bytes.append(contentsOf: data)
    case .list(let elements):
      bytes.append(Tag.list)
      var scratch: [UInt8] = []
      for element in elements {
        scratch.removeAll(keepingCapacity: true)
        encode(element, into: &scratch)
        bytes.appendVariable(UInt64(scratch.count))
        bytes.append(contentsOf: scratch)
      }
    default: encodeTemporal(value, into: &bytes)
    }
  }

  private static func encodeTemporal(_ value: Value, into bytes: inout [UInt8]) {
    switch value {
    case .date(let date):
      bytes.append(Tag.date)
      bytes.appendLittle(UInt64(bitPattern: date.daysSinceEpoch), bytes: 8)
    case .localTime(let time):
      bytes.append(Tag.localTime)
      bytes.appendLittle(UInt64(bitPattern: time.nanosecondsOfDay), bytes: 8)
    case .time(let time):
      bytes.append(Tag.time)
      bytes.appendLittle(UInt64(bitPattern: time.local.nanosecondsOfDay), bytes: 8)
      bytes.appendLittle(UInt64(UInt32(bitPattern: time.offsetSeconds)), bytes: 4)
    case .localDateTime(let moment):
      bytes.append(Tag.localDateTime)
      bytes.appendLittle(UInt64(bitPattern: moment.date.daysSinceEpoch), bytes: 8)
      bytes.appendLittle(UInt64(bitPattern: moment.time.nanosecondsOfDay), bytes: 8)
    case .dateTime(let moment):
      bytes.append(Tag.dateTime)
      bytes.appendLittle(UInt64(bitPattern: moment.secondsSinceEpoch), bytes: 8)
      bytes.appendLittle(UInt64(UInt32(bitPattern: moment.nanosecondsOfSecond)), bytes: 4)
      bytes.appendLittle(UInt64(UInt32(bitPattern: moment.offsetSeconds)), bytes: 4)
      if let zone = moment.zoneName { bytes.append(zone) }
    case .duration(let duration):
      bytes.append(Tag.duration)
      bytes.appendLittle(UInt64(bitPattern: duration.months), bytes: 8)
      bytes.appendLittle(UInt64(bitPattern: duration.days), bytes: 8)
      bytes.appendLittle(UInt64(bitPattern: duration.seconds), bytes: 8)
      bytes.appendLittle(UInt64(UInt32(bitPattern: duration.nanosecondsOfSecond)), bytes: 4)
    default:
      preconditionFailure("the value was checked to be storable before it was encoded")
    }
  }

  /// How many bytes of the two's complement say the whole number: none for 0.
  static func integerBytes(_ number: Int64) -> Int {
    if number == 0 { return 0 }
    let magnitude = number < 0 ? ~number : number
    return (64 - magnitude.leadingZeroBitCount) / 8 + 1
  }

  /// The value in `count` bytes of a row at `start`.
  static func decode(_ row: RawSpan, at start: Int, count: Int) throws -> Value {
    try row.require(count, at: start)
    guard count > 0 else { throw StemmaError.damaged("rows", "a value has no type") }
    let payload = start + 1
    let size = count - 1
    switch row.byte(start) {
    case Tag.null where size == 0: return .null
    case Tag.no where size == 0: return .boolean(false)
    case Tag.yes where size == 0: return .boolean(true)
    case Tag.integer where size <= 8: return .integer(integer(row, payload, size))
    case Tag.float where size == 8:
      return .float(Double(bitPattern: row.little64(payload)))
    case Tag.string: return .string(try text(row, payload, size))
    case Tag.bytes:
      var data: [UInt8] = []
      data.reserveCapacity(size)
      for index in 0..<size { data.append(row.byte(payload + index)) }
      return .bytes(data)
    case Tag.list: return .list(try list(row, payload, size))
    default: return try decodeTemporal(row, row.byte(start), payload, size)
    }
  }

  /// A whole number of `size` (at most eight) bytes that were checked to be there.
  @inline(__always)
  static func integer(_ row: RawSpan, _ offset: Int, _ size: Int) -> Int64 {
    if size == 0 { return 0 }
    var bits: UInt64 = 0
    for index in 0..<size { bits |= UInt64(row.byte(offset + index)) << UInt64(index * 8) }
    let shift = Int64(64 - size * 8)
    return (Int64(bitPattern: bits) << shift) >> shift
  }

  /// UTF-8 bytes, checked.
  static func text(_ row: RawSpan, _ offset: Int, _ size: Int) throws -> Text {
    let bytes = Span<UInt8>(_bytes: row.extracting(offset..<(offset + size)))
    guard let valid = try? UTF8Span(validating: bytes) else {
      throw StemmaError.damaged("rows", "a text is not UTF-8")
    }
    return Text(String(copying: valid))
  }

  private static func list(_ row: RawSpan, _ offset: Int, _ size: Int) throws -> [Value] {
    var elements: [Value] = []
    var next = offset
    while next < offset + size {
      let count = try row.length(&next)
      guard count > 0, next + count <= offset + size, row.byte(next) != Tag.list else {
        throw StemmaError.damaged("rows", "a list contradicts its length")
      }
      elements.append(try decode(row, at: next, count: count))
      next += count
    }
    return elements
  }

  private static func decodeTemporal(
    _ row: RawSpan, _ tag: UInt8, _ at: Int, _ size: Int
  ) throws -> Value {
    func wide(_ index: Int) -> Int64 { Int64(bitPattern: row.little64(at + index)) }
    func narrow(_ index: Int) -> Int32 { Int32(bitPattern: row.little32(at + index)) }
    switch tag {
    case Tag.date where size == 8: return .date(CalendarDate(daysSinceEpoch: wide(0)))
    case Tag.localTime where size == 8: return .localTime(LocalTime(nanosecondsOfDay: wide(0)))
    case Tag.time where size == 12:
      let local = LocalTime(nanosecondsOfDay: wide(0))
      return .time(ZonedTime(local: local, offsetSeconds: narrow(8)))
    case Tag.localDateTime where size == 16:
      return .localDateTime(
        LocalDateTime(
          date: CalendarDate(daysSinceEpoch: wide(0)), time: LocalTime(nanosecondsOfDay: wide(8))))
    case Tag.dateTime where size >= 16:
      return .dateTime(
        ZonedDateTime(
          secondsSinceEpoch: wide(0), nanosecondsOfSecond: narrow(8), offsetSeconds: narrow(12),
          zoneName: size > 16 ? try text(row, at + 16, size - 16) : nil))
    case Tag.duration where size == 28:
      return .duration(
        CalendarDuration(
          months: wide(0), days: wide(8), seconds: wide(16), nanosecondsOfSecond: narrow(24)))
    default: throw StemmaError.damaged("rows", "a value has an unknown type")
    }
  }

  /// Whether two storable values have the same bytes: -0.0 and 0.0 do not, NaN and itself do.
  static func isSame(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.float(let first), .float(let second)): return first.bitPattern == second.bitPattern
    case (.list, .list):
      var (first, second) = ([UInt8](), [UInt8]())
      encode(left, into: &first)
      encode(right, into: &second)
      return first == second
    default: return left == right
    }
  }

  /// Whether a property may hold the value: no maps, nodes, edges or paths, and lists only of
  /// plain values.
  static func isStorable(_ value: Value) -> Bool {
    switch value {
    case .map, .node, .edge, .path: false
    case .list(let elements):
      elements.allSatisfy { element in
        if case .list = element { return false }
        return isStorable(element)
      }
    default: true
    }
  }
}
