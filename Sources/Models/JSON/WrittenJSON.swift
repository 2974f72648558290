// Canonical JSON put together from parts, so that a part that stays the same is written once.

package import Base

/// A value as canonical JSON; equal to what `JSONWriter` makes of the whole.
package struct WrittenJSON: Sendable, Hashable {
  package typealias Member = (name: Text, value: WrittenJSON)

  package let bytes: [UInt8]

  private init(bytes: [UInt8]) { self.bytes = bytes }

  package init(_ value: Value) { bytes = JSONWriter.bytes(value) }

  package static func list(_ elements: [WrittenJSON]) -> WrittenJSON {
    var bytes = Self.room(for: elements)
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += element.bytes
    }
    bytes.append(UInt8(ascii: "]"))
    return WrittenJSON(bytes: bytes)
  }

  /// An object of members in any order, each with a name of its own.
  package static func object(_ members: [Member]) -> WrittenJSON {
    var bytes = Self.room(for: members.map(\.value))
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.sorted(by: { $0.name < $1.name }).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONString.append(member.name.string, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes += member.value.bytes
    }
    bytes.append(UInt8(ascii: "}"))
    return WrittenJSON(bytes: bytes)
  }

  private static func room(for parts: [WrittenJSON]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(32) { $0 + $1.bytes.count + 24 })
    return bytes
  }
}

extension [WrittenJSON.Member] {
  /// Members of values; those with `nil` are left out.
  package init(_ members: [(Text, Value?)]) {
    self = members.compactMap { name, value in value.map { (name, WrittenJSON($0)) } }
  }
}
