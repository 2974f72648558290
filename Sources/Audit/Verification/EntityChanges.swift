// What records say about nodes and edges after their creation. It is little next to what they say
// at it, so it is kept, and the creations are read a second time with it at hand.

import Base

/// A node or an edge as the records of a bundle make it.
struct CheckedEntity {
  var id: UInt64
  var key: Text?
  var labels: [Text] = []
  /// The ends of an edge.
  var ends: (type: Text, from: UInt64, to: UInt64)?
  var created: UInt64
  /// Names with their values in JSON.
  var properties: [(name: Text, json: [UInt8])] = []
  /// Whether something of it was withheld.
  var isSilent = false

  /// The properties as the SQLite copy has them.
  var json: [UInt8] {
    var json = PlainJSON()
    json.raw("{")
    for (index, property) in properties.sorted(by: { $0.name < $1.name }).enumerated() {
      if index > 0 { json.raw(",") }
      json.string(property.name)
      json.raw(":")
      json.append(encoded: property.json)
    }
    json.raw("}")
    return json.bytes
  }

  subscript(name: Text) -> [UInt8]? { properties.first { $0.name == name }?.json }

  /// A property that is a text.
  func text(_ name: Text) -> Text? {
    guard let json = self[name],
      case .string(let text)? = try? StrictJSON.parse(json, limits: .init(bytes: 1 << 26))
    else { return nil }
    return text
  }

  /// Takes in a value as the records have it: null ends the property.
  mutating func set(_ name: Text, _ bytes: ArraySlice<UInt8>) {
    properties.removeAll { $0.name == name }
    if CheckedRecord.isWithheld(bytes) {
      isSilent = true
    } else if bytes.first != 0xF6 || bytes.count != 1 {
      var json = PlainJSON()
      var offset = 0
      json.item(Array(bytes), at: &offset)
      properties.append((name, json.bytes))
    }
  }
}

/// Changes by the node or edge that they are about, in the order of the log.
struct EntityChanges {
  enum Change {
    case value(Text, [UInt8])
    case label(Text, isAdded: Bool)
    case end
  }

  private var nodes: [UInt64: [Change]] = [:]
  private var edges: [UInt64: [Change]] = [:]

  /// Takes in an operation of code 3 to 8.
  mutating func note(_ operation: CheckedRecord.Operation, _ record: CheckedRecord) throws {
    var cursor = PlainCursor(bytes: record.bytes, offset: operation.range.lowerBound)
    _ = try cursor.array()
    let code = try cursor.unsigned()
    let id = try cursor.unsigned()
    let change: Change
    switch code {
    case 3, 4:
      guard let value = operation.values.first else { return }
      change = .value(value.name, Array(record.bytes[value.range]))
    case 5, 6: change = .label(try cursor.text(), isAdded: code == 5)
    default: change = .end
    }
    if code == 4 || code == 8 {
      edges[id, default: []].append(change)
    } else {
      nodes[id, default: []].append(change)
    }
  }

  /// A node or edge with everything that happened to it; `nil` where it was deleted.
  func apply(to entity: CheckedEntity) -> CheckedEntity? {
    guard let changes = (entity.ends == nil ? nodes : edges)[entity.id] else { return entity }
    var entity = entity
    for change in changes {
      switch change {
      case .value(let name, let bytes): entity.set(name, bytes[...])
      case .label(let label, let isAdded):
        entity.labels.removeAll { $0 == label }
        if isAdded { entity.labels.append(label) }
      case .end: return nil
      }
    }
    entity.labels.sort()
    return entity
  }
}

extension CheckedRecord {
  /// What an operation of code 1 or 2 creates.
  func created(by operation: Operation) throws -> CheckedEntity {
    var cursor = PlainCursor(bytes: bytes, offset: operation.range.lowerBound)
    _ = try cursor.array()
    let code = try cursor.unsigned()
    var entity = CheckedEntity(id: try cursor.unsigned(), created: header.transaction)
    if code == 1 {
      for _ in 0..<(try cursor.array()) { entity.labels.append(try cursor.text()) }
      entity.labels.sort()
      if cursor.offset < bytes.count, bytes[cursor.offset] != 0xF6 {
        entity.key = try cursor.text()
      }
    } else {
      entity.ends = (try cursor.text(), try cursor.unsigned(), try cursor.unsigned())
    }
    for value in operation.values { entity.set(value.name, bytes[value.range]) }
    return entity
  }
}
