// Where values are that are withheld, or are to be: found in the log, and said in it.

package import Base
import Store

/// A value in the log that can be withheld.
package struct WithheldPlace: Sendable, Hashable {
  package var record: TransactionNumber
  package var position: ValuePosition
  package var value: Value
}

extension Graph {
  /// The places of every version of a node's property that is still there.
  package func places(of name: Text, ofNode key: Text) throws -> [WithheldPlace] {
    try read { graph in
      guard let node = try graph.node(key: key), let creation = try graph.creation(of: node) else {
        throw StemmaError(
          .keyNotFound, "there is no \(key).\(name)", advice: "check the key and the name")
      }
      // Where nothing knows the name any more, the creation may still have it, withheld.
      let changes = try graph.symbol(for: name).map { try graph.versions(of: node, name: $0) } ?? []
      var places: [WithheldPlace] = []
      for number in Set(changes + [creation]).sorted() {
        guard let record = try graph.record(of: number) else { continue }
        for (index, operation) in record.operations.enumerated() where operation.isAbout(node) {
          for (offset, property) in operation.properties.enumerated()
          where property.name == name || operation.repeats(in: property.name) {
            let position = ValuePosition(operation: index, property: offset)
            if record.withheld[position] != nil || property.value.isNull { continue }
            places.append(
              WithheldPlace(record: number, position: position, value: property.value))
          }
        }
      }
      return places
    }
  }
}

extension GraphView {
  /// The places of values that the log says are withheld, by record.
  package func withheldPlaces() throws -> [UInt64: [ValuePosition]] {
    var places: [UInt64: [ValuePosition]] = [:]
    for (_, entry) in try trail(.withheld) {
      places[entry.transaction.rawValue, default: []].append(try entry.withheldPosition())
    }
    return places
  }

  /// What the log said when it withheld a node's property, to be said again for another reason.
  func entriesBefore(
    of name: Text, ofNode key: Text, reason: Text
  ) throws -> [TrailEntry] {
    guard let node = try node(key: key) else { return [] }
    var entries: [TrailEntry] = []
    for (number, positions) in try withheldPlaces().sorted(by: { $0.key < $1.key }) {
      guard let record = try record(of: TransactionNumber(number)) else { continue }
      for position in Set(positions).sorted() {
        guard let commitment = record.withheld[position],
          record.operations.indices.contains(position.operation)
        else { continue }
        let operation = record.operations[position.operation]
        guard operation.isAbout(node), operation.properties[position.property].name == name else {
          continue
        }
        entries.append(
          TrailEntry(
            withholding: position, of: record.header.transaction, commitment, reason: reason))
      }
    }
    return entries
  }
}

extension TrailEntry {
  /// The statement that a value is withheld.
  init(
    withholding position: ValuePosition, of record: TransactionNumber, _ commitment: Digest,
    reason: Text
  ) {
    var writer = CBORWriter()
    writer.array(3)
    writer.unsigned(UInt64(position.operation))
    writer.unsigned(UInt64(position.property))
    writer.digest(commitment)
    self.init(.withheld, about: record, name: reason, content: writer.bytes)
  }

  /// Where in its record the value is that it says is withheld.
  fileprivate func withheldPosition() throws -> ValuePosition {
    var reader = CBORReader(content)
    do throws(CBORError) {
      try reader.array(of: 3)
      let operation = try reader.integer(in: 0...Int.max)
      let property = try reader.integer(in: 0...Int.max)
      _ = try reader.digest()
      try reader.finish()
      return ValuePosition(operation: operation, property: property)
    } catch {
      throw StemmaError.damaged("log", "a record of a redaction cannot be read")
    }
  }
}

extension LoggedOperation {
  /// Whether a property repeats others: what a runner signed about an eval does.
  fileprivate func repeats(in name: Text) -> Bool {
    guard name == "statement", case .createNode(_, let labels, _, _) = self else { return false }
    return labels.contains("Eval")
  }

  fileprivate func isAbout(_ node: NodeID) -> Bool {
    switch self {
    case .createNode(let other, _, _, _), .setNodeProperty(let other, _): other == node
    default: false
    }
  }
}

extension Graph {
  /// Reports values that the log says are withheld and that are there nonetheless: a redaction was
  /// cut off.
  static func checkWithheld(
    _ path: String?, _ reading: Reading, _ report: inout Verification
  ) throws {
    guard report.faults.isEmpty else { return }
    for (number, place) in try valuesStillThere(reading) {
      report.add(
        "redaction", "\(number)",
        expected: "value \(place.property) of operation \(place.operation) destroyed",
        found: "it is still there: redact it again")
    }
    guard let path else { return }
    for file in try Store.unfinishedErasures(at: path) {
      report.add(
        "redaction", file, expected: "this file destroyed",
        found: "it is still there: redact again")
    }
  }

  /// Values that the log says are withheld and that it has nonetheless, by record.
  private static func valuesStillThere(
    _ reading: Reading
  ) throws -> [(record: UInt64, place: ValuePosition)] {
    let head = try Head(reading)
    let view = try GraphView(
      reading, head, try Catalogue.load(reading, head, older: .empty), at: nil)
    var found: [(record: UInt64, place: ValuePosition)] = []
    for (number, places) in try view.withheldPlaces().sorted(by: { $0.key < $1.key }) {
      let withheld = try view.record(of: TransactionNumber(number))?.withheld ?? [:]
      for place in Set(places).sorted() where withheld[place] == nil {
        found.append((number, place))
      }
    }
    return found
  }

  /// Whether a store has values that its log says are withheld, or files that are to be destroyed.
  static func hasUnfinishedWithholding(at path: String) throws -> Bool {
    if try !Store.unfinishedErasures(at: path).isEmpty { return true }
    let store = try Store.open(at: path, options: StoreOptions(isReadOnly: true))
    return try store.read { try !valuesStillThere($0).isEmpty }
  }
}
