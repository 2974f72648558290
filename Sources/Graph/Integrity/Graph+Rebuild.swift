// A store made anew from a log: everything else in a store is a projection of it. The log of the
// old store is read without liblmdb, so that damage elsewhere in its file does not matter; the old
// store is never touched.

package import Base
package import Store

/// What a copy of a store came to.
package struct CopyOutcome: Sendable, Hashable {
  /// The last transaction that the copy held before, and holds now.
  package var before: UInt64 = 0
  package var last: UInt64 = 0
  /// Why the log could not be read to its end; what follows is lost.
  package var loss: String?
  /// Which objects could not be read, as far as that is known, and why.
  package var lostObjects: String?
  package var objects = Store.ObjectCopy()
}

extension Graph {
  /// Makes a store in `target` from the log and the objects in `source`. A log that cannot be read
  /// to its end is an error, unless `allowsLoss`: then the copy ends before the damage. With
  /// `upTo` it ends there.
  package static func rebuild(
    from source: String, into target: String, upTo end: TransactionNumber? = nil,
    allowsLoss: Bool = false, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> CopyOutcome {
    try Store.requireStore(at: source)
    try Store.requireApart(target, from: source)
    try Store.beginCopy(into: target)
    do {
      let outcome = try rebuildTables(
        from: source, into: target, upTo: end, allowsLoss: allowsLoss, progress: progress
      ) { made, outcome in
        outcome.objects.add(
          try Store.copyObjectFiles(from: source, to: target) { try made.objects.contains($0) })
        // A row that is damaged may be there as a file; both may be damaged.
        let damaged = Set(outcome.objects.damaged).filter { name in
          !(Digest(hex: name).map { Store.hasObjectFile($0, at: target) } ?? false)
        }
        outcome.objects.damaged = damaged.sorted()
        try Store.copySideFiles(from: source, to: target)
      }
      try Store.endCopy(into: target)
      return outcome
    } catch {
      Store.abandonCopy(into: target)
      throw error
    }
  }

  /// The same without objects and other files; `beforePlacing` is called when the tables are made
  /// and are not yet the store of `target`.
  static func rebuildTables(
    from source: String, into target: String, upTo end: TransactionNumber?, allowsLoss: Bool,
    progress: (_ done: Int, _ total: Int) -> Void,
    beforePlacing: (_ made: Store, inout CopyOutcome) throws -> Void = { _, _ in }
  ) throws -> CopyOutcome {
    let origin = try RebuildOrigin(of: source, allowsLoss: allowsLoss)
    let rows = try LMDBRows.open(storeAt: source, at: origin.state)
    let found = try RebuildOrigin.header(rows, of: source)
    var outcome = CopyOutcome()
    _ = try Store.create(at: target, header: found.header.inNewestFormat) { store in
      var carrier = try LogCarrier(into: store)
      do {
        try carry(rows, upTo: end, into: &carrier, progress)
      } catch {
        guard let loss = loss(error, after: carrier.last) else { throw error }
        guard allowsLoss else { throw loss }
        outcome.loss = loss.message
      }
      outcome.last = carrier.last.rawValue
      if found.hasObjects {
        try carryObjects(rows, into: store, allowsLoss: allowsLoss, &outcome)
      }
      try beforePlacing(store, &outcome)
    }
    outcome.loss = outcome.loss ?? origin.loss ?? rows.doubt
    return outcome
  }

  /// Verification against a store that is rebuilt on disk: memory has nothing to do with its size.
  static func compareRebuilt(
    _ path: String, _ files: Verification,
    _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws -> Verification {
    var report = files
    let folder = path + "/rebuilding"
    try Store.removeTables(in: folder)
    defer { try? Store.removeTables(in: folder) }
    let source = try Store.open(at: path, options: StoreOptions(isReadOnly: true))
    // One snapshot for the log and the comparison; the file was found sound.
    try source.read { found in
      let head = try Head(found)
      let last = head.transaction.rawValue
      do {
        let copy = try Store.create(at: folder, header: source.header) { store in
          var carrier = try LogCarrier(into: store, layout: head.layout)
          try carrier.takeAll(of: found, upTo: last, progress)
        }
        try copy.read { expected in try compareTables(expected, found, &report) }
        try checkObjectRows(source, found, &report)
        try checkWithheld(path, found, &report)
      } catch let error as StemmaError where error.code == .storeDamaged {
        report.add("log", "", expected: "sound records", found: error.message)
      }
    }
    return report
  }

  private static func compareTables(
    _ expected: Reading, _ found: Reading, _ report: inout Verification
  ) throws {
    let head = try Head(expected)
    report.transactions = Int(head.transaction.rawValue)
    report.nodes = Int(head.nodeLimit)
    report.edges = Int(head.edgeLimit)
    report.merkleRoot = try LogWriter.frontier(expected, size: head.transaction.rawValue).root
    for table in Table.ofLog { try compare(table, expected, found, &report) }
  }

  private static func carry(
    _ rows: borrowing LMDBRows, upTo end: TransactionNumber?, into carrier: inout LogCarrier,
    _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let total = try rows.count(of: .log)
    do {
      try rows.forEach(in: .log) { key, value in
        let number = carrier.taken + 1
        guard key == [UInt8](copying: LogWriter.logKey(TransactionNumber(number)).bytes) else {
          throw LMDBRows.Broken(page: 0, words: "record \(number) of the log is not there")
        }
        if let end, number > end.rawValue { return false }
        try carrier.take(value)
        if number & 63 == 0 { progress(Int(number), total) }
        return true
      }
    } catch {
      // What was read before the damage counts.
      try carrier.flush()
      throw error
    }
    try carrier.flush()
    if let end, carrier.last < end {
      throw StemmaError(
        .queryParameter, "the log ends at transaction \(carrier.last.rawValue)",
        advice: "ask for an earlier one")
    }
  }

  /// Carries over the objects that are rows.
  private static func carryObjects(
    _ rows: borrowing LMDBRows, into store: Store, allowsLoss: Bool, _ outcome: inout CopyOutcome
  ) throws {
    var broken: [LMDBRows.Broken] = []
    do {
      try ObjectRows.carry(
        rows, into: store, &outcome.objects,
        passingOver: allowsLoss ? { broken.append($0) } : nil)
    } catch let one as LMDBRows.Broken {
      guard allowsLoss else {
        throw StemmaError(
          .storeDamaged, "not all objects can be read: \(one.words) (page \(one.page))",
          advice: "restore a backup, or keep what can be read with `stemma repair --partial`")
      }
      broken.append(one)
    }
    guard let first = broken.first else { return }
    let known = outcome.objects.copied + outcome.objects.kept + outcome.objects.damaged.count
    let lost = ((try? rows.count(of: .objects)) ?? 0) - known
    let count = lost > 0 ? "\(lost) of the objects" : "some objects"
    outcome.lostObjects = "\(count) cannot be read: \(first.words) (page \(first.page))"
    if broken.count > 1 { outcome.lostObjects! += ", and \(broken.count - 1) more such places" }
  }

  /// The error for a log that ends too early; `nil` for errors of another kind.
  private static func loss(_ error: any Error, after last: TransactionNumber) -> StemmaError? {
    let words: String
    if let broken = error as? LMDBRows.Broken {
      words = "\(broken.words) (page \(broken.page))"
    } else if let error = error as? StemmaError, error.code == .storeDamaged {
      words = error.message
    } else {
      return nil
    }
    return StemmaError(
      .storeDamaged, "the log cannot be read beyond transaction \(last.rawValue): \(words)",
      advice: "restore a backup, or keep what is before it with `stemma repair --partial`")
  }
}
