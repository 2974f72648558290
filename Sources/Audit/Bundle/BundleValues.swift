// The values of one node or edge: as they lie in a record, and as JSON, made once and copied to
// every file that says them.

import Base
import Graph

/// Values in CBOR with their JSON.
struct BundleValues {
  private var source: [UInt8] = []
  private var places: [Range<Int>] = []
  private(set) var json = PlainJSON()
  /// Where each value is in `json`.
  private(set) var rendered: [Range<Int>] = []

  /// Takes the place of what was here.
  mutating func take(_ source: [UInt8], _ places: ArraySlice<Range<Int>>) {
    self.source = source
    self.places.removeAll(keepingCapacity: true)
    self.places += places
    json.clear()
    rendered.removeAll(keepingCapacity: true)
    for place in places {
      let start = json.bytes.count
      var offset = place.lowerBound
      json.item(source, at: &offset)
      rendered.append(start..<json.bytes.count)
    }
  }

  /// The same from properties.
  mutating func take(_ properties: [Property]) {
    var writer = CBORWriter()
    var places: [Range<Int>] = []
    for property in properties {
      let start = writer.bytes.count
      if !writer.value(property.value) { writer.null() }
      places.append(start..<writer.bytes.count)
    }
    take(writer.bytes, places[...])
  }

  private static let withheldHead: [UInt8] = [0xD9, 0xFB, 0xFE]

  /// Whether there is nothing at a place: a null, or a value that is withheld.
  func isAbsent(_ index: Int) -> Bool {
    let place = places[index]
    let first = source[place.lowerBound]
    return first == 0xF6 || first == 0xD9 && source[place].starts(with: Self.withheldHead)
  }

  /// A text, unquoted.
  func text(_ index: Int) -> ArraySlice<UInt8>? {
    var offset = places[index].lowerBound
    guard source[offset] >> 5 == 3 else { return nil }
    _ = PlainJSON.argument(source, &offset)
    return source[offset..<places[index].upperBound]
  }

  func isTrue(_ index: Int) -> Bool { source[places[index].lowerBound] == 0xF5 }

  /// The object with the values under the names of a shape, in the order of the names.
  func object(_ shape: BundleShape, into bytes: inout [UInt8]) {
    bytes.append(0x7B)
    var isFirst = true
    for index in shape.order where !isAbsent(index) {
      if !isFirst { bytes.append(0x2C) }
      isFirst = false
      bytes += shape.members[index]
      bytes += json.bytes[rendered[index]]
    }
    bytes.append(0x7D)
  }

  /// A value in PROV-JSON: typed where PROV has a type for it, else its JSON as a string.
  func literal(_ index: Int, into json: inout PlainJSON) {
    let place = places[index]
    let first = source[place.lowerBound]
    let written = self.json.bytes[rendered[index]]
    switch first >> 5 {
    case 3: json.append(self.json, rendered[index])
    case 0, 1: json.typed("long", written)
    case 7 where first == 0xF4 || first == 0xF5: json.typed("boolean", written)
    case 7 where written.first != 0x7B: json.typed("double", written)
    case 6:
      var reader = CBORReader(Array(source[place]))
      if case .dateTime(let moment)? = try? reader.value(), moment.zoneName == nil {
        json.typed("dateTime", Array(moment.description.utf8)[...])
      } else {
        json.typed("string", written)
      }
    default: json.typed("string", written)
    }
  }
}

extension PlainJSON {
  /// A literal of PROV-JSON.
  fileprivate mutating func typed(_ type: StaticString, _ text: ArraySlice<UInt8>) {
    raw("{\"$\": ")
    string(text)
    raw(", \"type\": \"xsd:")
    raw(type)
    raw("\"}")
  }
}
