// Values in CBOR, as records hold them. Dates use the tag of RFC 8943; the other temporal values
// use tags of our own (docs/store-format.md). Integers and floats stay apart: 1.0 is written as a
// float. Nodes, edges and paths cannot be written: they mean something only inside one store.

/// The tags of values.
enum ValueTag {
  /// Days since 1970-01-01 (RFC 8943).
  static let date: UInt64 = 100
  static let localTime: UInt64 = 64500
  static let time: UInt64 = 64501
  static let localDateTime: UInt64 = 64502
  static let dateTime: UInt64 = 64503
  static let duration: UInt64 = 64504
}

extension CBORWriter {
  /// Writes a value. Returns false, having written nothing of use, where it holds a node, an edge
  /// or a path, or nests deeper than a reader would follow.
  package mutating func value(_ value: Value, depth: Int = 0) -> Bool {
    switch value {
    case .list, .map:
      guard depth < CBORReader.depthLimit else { return false }
    default: break
    }
    switch value {
    case .null: null()
    case .boolean(let flag): boolean(flag)
    case .integer(let number): integer(number)
    case .float(let number): float(number)
    case .string(let text): self.text(text)
    case .bytes(let bytes): byteString(bytes)
    case .list(let elements):
      array(elements.count)
      for element in elements where !self.value(element, depth: depth + 1) { return false }
    case .map(let entries): return map(entries, depth: depth)
    case .date(let date):
      tag(ValueTag.date)
      integer(date.daysSinceEpoch)
    case .localTime(let time):
      tag(ValueTag.localTime)
      integer(time.nanosecondsOfDay)
    case .time, .localDateTime, .dateTime, .duration: compound(value)
    case .node, .edge, .path: return false
    }
    return true
  }

  /// Temporal values of several parts: a tagged array.
  private mutating func compound(_ value: Value) {
    switch value {
    case .time(let time):
      tag(ValueTag.time)
      numbers(time.local.nanosecondsOfDay, Int64(time.offsetSeconds))
    case .localDateTime(let moment):
      tag(ValueTag.localDateTime)
      numbers(moment.date.daysSinceEpoch, moment.time.nanosecondsOfDay)
    case .dateTime(let moment):
      tag(ValueTag.dateTime)
      array(4)
      integer(moment.secondsSinceEpoch)
      integer(Int64(moment.nanosecondsOfSecond))
      integer(Int64(moment.offsetSeconds))
      if let zone = moment.zoneName { text(zone) } else { null() }
    case .duration(let duration):
      tag(ValueTag.duration)
      numbers(
        duration.months, duration.days, duration.seconds, Int64(duration.nanosecondsOfSecond))
    default: preconditionFailure("only temporal values of several parts come here")
    }
  }

  private mutating func numbers(_ values: Int64...) {
    array(values.count)
    for value in values { integer(value) }
  }

  /// Keys in the order of their encoded bytes, which is by length first.
  private mutating func map(_ entries: ValueMap, depth: Int) -> Bool {
    map(entries.count)
    for place in Self.mapOrder(of: entries.entries.map(\.key)) {
      text(entries.entries[place].key)
      if !value(entries.entries[place].value, depth: depth + 1) { return false }
    }
    return true
  }

  /// The places of the keys of a map in the order of their encoded bytes.
  package static func mapOrder(of keys: [Text]) -> [Int] {
    keys.indices.sorted { left, right in
      let (first, second) = (keys[left].utf8Count, keys[right].utf8Count)
      return first == second ? keys[left] < keys[right] : first < second
    }
  }
}

extension CBORReader {
  /// Reads a value; refuses everything that `CBORWriter.value` would have written differently.
  package mutating func value() throws(CBORError) -> Value {
    guard let kind, let first = initialByte else { throw CBORError(.truncated, at: offset) }
    switch kind {
    case .unsigned, .negative: return .integer(try integer())
    case .byteString: return .bytes(try byteString())
    case .text: return .string(try text())
    case .array: return .list(try elements())
    case .map: return .map(try entries())
    case .tag: return try temporal()
    case .simple:
      if null() { return .null }
      if first == 0xF4 || first == 0xF5 { return .boolean(try boolean()) }
      return .float(try float())
    }
  }

  private mutating func elements() throws(CBORError) -> [Value] {
    let count = try array()
    return try descend { reader throws(CBORError) in
      var result: [Value] = []
      for _ in 0..<count { result.append(try reader.value()) }
      return result
    }
  }

  private mutating func entries() throws(CBORError) -> ValueMap {
    let count = try map()
    return try descend { reader throws(CBORError) in
      var pairs: [(Text, Value)] = []
      var previous: Range<Int>?
      for _ in 0..<count {
        let start = reader.offset
        let key = try reader.text()
        let range = start..<reader.offset
        if let previous, !reader.isOrdered(previous, before: range) {
          throw CBORError(.notDeterministic, at: start)
        }
        previous = range
        pairs.append((key, try reader.value()))
      }
      return ValueMap(pairs)
    }
  }

  private mutating func temporal() throws(CBORError) -> Value {
    let start = offset
    switch try tag() {
    case ValueTag.date: return .date(CalendarDate(daysSinceEpoch: try integer()))
    case ValueTag.localTime: return .localTime(try localTime())
    case ValueTag.time:
      try array(of: 2)
      let local = try localTime()
      return .time(ZonedTime(local: local, offsetSeconds: try offsetSeconds()))
    case ValueTag.localDateTime:
      try array(of: 2)
      let date = CalendarDate(daysSinceEpoch: try integer())
      return .localDateTime(LocalDateTime(date: date, time: try localTime()))
    case ValueTag.dateTime: return try dateTime()
    case ValueTag.duration:
      try array(of: 4)
      return .duration(
        CalendarDuration(
          months: try integer(), days: try integer(), seconds: try integer(),
          nanosecondsOfSecond: try nanosecondsOfSecond()))
    default: throw CBORError(.unexpected, at: start)
    }
  }

  private mutating func dateTime() throws(CBORError) -> Value {
    try array(of: 4)
    let seconds = try integer()
    let nanoseconds = try nanosecondsOfSecond()
    let offset = try offsetSeconds()
    let zone: Text? = null() ? nil : try text()
    return .dateTime(
      ZonedDateTime(
        secondsSinceEpoch: seconds, nanosecondsOfSecond: nanoseconds, offsetSeconds: offset,
        zoneName: zone))
  }

  private mutating func localTime() throws(CBORError) -> LocalTime {
    LocalTime(nanosecondsOfDay: try integer(in: 0...86_399_999_999_999))
  }

  private mutating func nanosecondsOfSecond() throws(CBORError) -> Int32 {
    try integer(in: 0...999_999_999)
  }

  /// Less than a day either way.
  private mutating func offsetSeconds() throws(CBORError) -> Int32 {
    try integer(in: -86_399...86_399)
  }
}
