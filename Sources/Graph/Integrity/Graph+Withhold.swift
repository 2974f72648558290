// Redaction: a value, the secret that its salt came from, and every copy of it are destroyed; that
// it happened, by whom and why, is a record. The header of the record stays as it is, and with it
// every proof: it then says "content withheld".

package import Base
import Store

/// What a redaction came to.
package struct WithholdOutcome: Sendable, Hashable {
  /// The records of which a value is withheld now that was not before.
  package var records: [TransactionNumber] = []
  /// The contents that were erased.
  package var contents: [Digest] = []
}

extension Graph {
  /// The places of every version of a node's property that is still there.
  package func places(
    of name: Text, ofNode key: Text
  ) throws -> [(record: TransactionNumber, position: ValuePosition, value: Value)] {
    try read { graph in
      guard let node = try graph.node(key: key), let creation = try graph.creation(of: node),
        let symbol = try graph.symbol(for: name)
      else {
        throw StemmaError(
          .keyNotFound, "there is no \(key).\(name)", advice: "check the key and the name")
      }
      var places: [(record: TransactionNumber, position: ValuePosition, value: Value)] = []
      for number in Set(try graph.versions(of: node, name: symbol) + [creation]).sorted() {
        guard let record = try graph.record(of: number) else { continue }
        for (index, operation) in record.operations.enumerated() where operation.isAbout(node) {
          for (offset, property) in operation.properties.enumerated()
          where property.name == name || operation.repeats(in: property.name) {
            let position = ValuePosition(operation: index, property: offset)
            if record.withheld[position] != nil || property.value.isNull { continue }
            places.append((number, position, property.value))
          }
        }
      }
      return places
    }
  }

  /// Withholds every version of a node's property in the store at `path`, which nobody else may
  /// have open, and erases the contents that it is the hash of where that is asked. A redaction
  /// that was cut off is finished by the same call, or by the next.
  package static func withhold(
    _ name: Text, ofNode key: Text, at path: String, erasesContents: Bool = false, actor: Text,
    reason: Text, surroundings: Surroundings,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> WithholdOutcome {
    if let kept = try Store.keptFiles(at: path).first {
      throw StemmaError(
        .writeRejected, "\(path)/\(kept), of before an upgrade, may hold the value too",
        advice: "remove that file, then redact")
    }
    var outcome = WithholdOutcome()
    do {
      let graph = try open(at: path, surroundings: surroundings)
      let places = try graph.placesToWithhold(of: name, ofNode: key, at: path)
      outcome.records = Set(places.map(\.record)).sorted()
      let announced = try graph.read { try $0.withheldPlaces() }
      let entries = try graph.withheldEntries(
        places.filter { announced[$0.record.rawValue]?.contains($0.position) != true },
        reason: reason)
      if !entries.isEmpty {
        _ = try graph.append(
          TransactionRequest(
            requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
            actor: actor, reason: reason, operations: entries.map { .trail($0) }))
      }
      // While the value is there to say which they are.
      if erasesContents { outcome.contents = try graph.eraseContents(places.map(\.value)) }
    }
    try finishWithholding(at: path, progress: progress)
    return outcome
  }

  /// The places of a property; none is an error unless there is an interrupted redaction to finish,
  /// after which there may be nothing left that knows of the property.
  private func placesToWithhold(
    of name: Text, ofNode key: Text, at path: String
  ) throws -> [(record: TransactionNumber, position: ValuePosition, value: Value)] {
    let isUnfinished = try !Store.unfinishedErasures(at: path).isEmpty
    do {
      let places = try places(of: name, ofNode: key)
      if !places.isEmpty || isUnfinished { return places }
    } catch let error as StemmaError where error.code == .keyNotFound && isUnfinished {
      return []
    }
    throw StemmaError(
      .keyNotFound, "\(key).\(name) has no value that could be withheld",
      advice: "it was withheld before, or never had one")
  }

  /// Erases the objects that values are the hashes of.
  private func eraseContents(_ values: [Value]) throws -> [Digest] {
    var erased: [Digest] = []
    for case .string(let text) in values {
      guard let digest = Digest(hex: text.string), try store.objects.contains(digest) else {
        continue
      }
      try store.objects.erase(digest)
      erased.append(digest)
    }
    return erased
  }

  private func withheldEntries(
    _ places: [(record: TransactionNumber, position: ValuePosition, value: Value)], reason: Text
  ) throws -> [TrailEntry] {
    try places.map { place in
      guard let record = try read({ try $0.record(of: place.record) }),
        let commitment = record.withholding(place.position)?.withheld[place.position]
      else { throw StemmaError.damaged("log", "record \(place.record.rawValue) is not sound") }
      var writer = CBORWriter()
      writer.array(3)
      writer.unsigned(UInt64(place.position.operation))
      writer.unsigned(UInt64(place.position.property))
      writer.digest(commitment)
      return TrailEntry(.withheld, about: place.record, name: reason, content: writer.bytes)
    }
  }

  /// Makes the store anew without the values that its log says are withheld.
  package static func finishWithholding(
    at path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    try Store.rewrite(at: path) { old, folder in
      try old.read { reading in
        let head = try Head(reading)
        let view = try GraphView(
          reading, head, try Catalogue.load(reading, head, older: .empty), at: nil)
        let places = try view.withheldPlaces()
        _ = try Store.create(at: folder, header: old.header.inNewestFormat) { store in
          var carrier = try LogCarrier(into: store, layout: head.layout)
          let last = head.transaction.rawValue
          while carrier.taken < last {
            let number = carrier.taken + 1
            try carrier.take(try record(number, reading, places[number] ?? []))
            if number & 63 == 0 { progress(Int(number), Int(last)) }
          }
          try carrier.flush()
          guard old.header.has(.objects) else { return }
          var objects = Store.ObjectCopy()
          try ObjectRows.carry(reading, into: store, &objects)
          try requireWhole(objects)
        }
      }
    }
  }

  /// A record's bytes with some values withheld.
  private static func record(
    _ number: UInt64, _ reading: Reading, _ places: [ValuePosition]
  ) throws -> [UInt8] {
    let key = LogWriter.logKey(TransactionNumber(number))
    guard let row = try reading.get(.log, key.bytes) else {
      throw StemmaError.damaged("log", "\(number) is missing")
    }
    let bytes = [UInt8](copying: row)
    if places.isEmpty { return bytes }
    guard var record = try? LogRecord(bytes: bytes) else {
      throw StemmaError.damaged("log", "\(number) is no record")
    }
    for place in places where record.withheld[place] == nil {
      guard let less = record.withholding(place) else {
        throw StemmaError.damaged("log", "\(number) has no such value to withhold")
      }
      record = less
    }
    return record.bytes
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
}

extension Graph {
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
      for place in places where withheld[place] == nil { found.append((number, place)) }
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

extension GraphView {
  /// The places of values that the log says are withheld, by record.
  package func withheldPlaces() throws -> [UInt64: [ValuePosition]] {
    var places: [UInt64: [ValuePosition]] = [:]
    for (_, entry) in try trail(.withheld) {
      var reader = CBORReader(entry.content)
      do throws(CBORError) {
        try reader.array(of: 3)
        let operation = try reader.integer(in: 0...Int.max)
        let property = try reader.integer(in: 0...Int.max)
        _ = try reader.digest()
        try reader.finish()
        places[entry.transaction.rawValue, default: []].append(
          ValuePosition(operation: operation, property: property))
      } catch {
        throw StemmaError.damaged("log", "a record of a redaction cannot be read")
      }
    }
    return places
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
