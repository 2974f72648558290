// Redaction: a value, the secret that its salt came from, and every copy of it are destroyed; that
// it happened, by whom and why, is a record. The header of the record stays as it is, and with it
// every proof: it then says "content withheld".
//
// The tables are made anew with that record in them and without the values and contents, and take
// the place of the old ones by one renaming: before it nothing has happened, after it all that is
// left is to overwrite what has no other name any more.

package import Base
package import Store

/// What a redaction came to.
package struct WithholdOutcome: Sendable, Hashable {
  /// The records of which a value is withheld now that was not before.
  package var records: [TransactionNumber] = []
  /// The contents that were erased.
  package var contents: [Digest] = []
}

extension Graph {
  /// Withholds every version of a node's property in the store at `path`, which nobody else may
  /// have open, and erases the contents that `contents` says when it is given the values; none are
  /// given where they were withheld before. A redaction that was cut off is finished by the same
  /// call, or by the next.
  package static func withhold(
    _ name: Text, ofNode key: Text, at path: String, actor: Text, reason: Text,
    surroundings: Surroundings,
    erasing contents: (_ graph: Graph, _ values: [Value]) throws -> [Digest] = { _, _ in [] },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> WithholdOutcome {
    try requireNoKeptFiles(at: path, advice: "redact")
    let isUnfinished = try !Store.unfinishedErasures(at: path).isEmpty
    var outcome = WithholdOutcome()
    try Store.rewrite(at: path) { old, folder in
      let graph = Graph(old, surroundings: surroundings)
      let places = try graph.places(of: name, ofNode: key, mayBeGone: isUnfinished)
      if !(places.isEmpty && isUnfinished) {
        outcome.contents = try contents(graph, places.map(\.value))
      }
      outcome.records = Set(places.map(\.record)).sorted()
      var entries = try graph.withheldEntries(places, reason: reason)
      if places.isEmpty, !isUnfinished {
        if outcome.contents.isEmpty { throw nothingToWithhold(name, key) }
        // What is erased now was left by an earlier redaction, which is recorded once more.
        entries = try graph.read { try $0.entriesBefore(of: name, ofNode: key, reason: reason) }
      }
      let gone = (places.map { ($0.record, $0.position) }, Set(outcome.contents))
      try makeTables(in: folder, from: old, without: gone, progress) { store, layout in
        if entries.isEmpty { return }
        _ = try Graph(store, surroundings: surroundings, layout: layout).append(
          TransactionRequest(
            requestID: RequestID(high: surroundings.random(), low: surroundings.random()),
            actor: actor, reason: reason, operations: entries.map { .trail($0) }))
      }
      return outcome.contents
    }
    return outcome
  }

  /// Makes the store anew without the values that its log says are withheld.
  package static func finishWithholding(
    at path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    try Store.rewrite(at: path) { old, folder in
      try makeTables(in: folder, from: old, without: ([], []), progress) { _, _ in }
      return []
    }
  }

  /// Throws where a file of before an upgrade lies beside the store, which holds what it held then.
  static func requireNoKeptFiles(at path: String, advice what: String) throws {
    guard let kept = try Store.keptFiles(at: path).first else { return }
    throw StemmaError(
      .writeRejected, "\(path)/\(kept), of before an upgrade, may hold the value too",
      advice: "remove that file, then \(what)")
  }

  private static func nothingToWithhold(_ name: Text, _ key: Text) -> StemmaError {
    StemmaError(
      .keyNotFound, "\(key).\(name) has no value that could be withheld",
      advice: "it was withheld before, or never had one")
  }

  /// The places of a property. There may be none where it was withheld before, or where there may
  /// be nothing left that knows of the property.
  private func places(
    of name: Text, ofNode key: Text, mayBeGone: Bool
  ) throws -> [WithheldPlace] {
    do {
      let places = try places(of: name, ofNode: key)
      if !places.isEmpty || mayBeGone { return places }
    } catch let error as StemmaError where error.code == .keyNotFound && mayBeGone {
      return []
    }
    let before = try read { try $0.entriesBefore(of: name, ofNode: key, reason: "") }
    if before.isEmpty { throw Self.nothingToWithhold(name, key) }
    return []
  }

  /// The statements that values are withheld, but for those that the log makes already.
  private func withheldEntries(_ places: [WithheldPlace], reason: Text) throws -> [TrailEntry] {
    let announced = try read { try $0.withheldPlaces() }
    return try places.filter {
      announced[$0.record.rawValue]?.contains($0.position) != true
    }.map { place in
      guard let record = try read({ try $0.record(of: place.record) }),
        let commitment = record.withholding(place.position)?.withheld[place.position]
      else { throw StemmaError.damaged("log", "record \(place.record.rawValue) is not sound") }
      return TrailEntry(
        withholding: place.position, of: place.record, commitment, reason: reason)
    }
  }

  /// Makes tables in `folder` that say what those of `old` do, but for the values that its log says
  /// are withheld, and for what is to go; `finish` may add to them.
  private static func makeTables(
    in folder: String, from old: Store,
    without gone: (places: [(TransactionNumber, ValuePosition)], contents: Set<Digest>),
    _ progress: (_ done: Int, _ total: Int) -> Void,
    finish: (_ store: Store, _ layout: GraphLayout) throws -> Void
  ) throws {
    try old.read { reading in
      let head = try Head(reading)
      let view = try GraphView(
        reading, head, try Catalogue.load(reading, head, older: .empty), at: nil)
      var places = try view.withheldPlaces()
      for (record, position) in gone.places {
        places[record.rawValue, default: []].append(position)
      }
      _ = try Store.create(at: folder, header: old.header.inNewestFormat) { store in
        var carrier = try LogCarrier(into: store, layout: head.layout)
        let last = head.transaction.rawValue
        while carrier.taken < last {
          let number = carrier.taken + 1
          try carrier.take(try record(number, reading, places[number] ?? []))
          if number & 63 == 0 { progress(Int(number), Int(last)) }
        }
        try carrier.flush()
        if old.header.has(.objects) {
          var objects = Store.ObjectCopy()
          try ObjectRows.carry(reading, into: store, without: gone.contents, &objects)
          try requireWhole(objects)
        }
        try finish(store, head.layout)
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
