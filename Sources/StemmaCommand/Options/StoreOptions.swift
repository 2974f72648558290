// The options that every command with a store takes.

import ArgumentParser
import Audit
import Base
import Recall
import Stemma

struct StoreOptions: ParsableArguments {
  @Option(help: "The store's folder; otherwise .stemma here or in a folder above.")
  var store: String?

  /// Opens the store for reading.
  func openForReading() throws -> Database { try open(readOnly: true) }

  /// Opens the store for reading and writing.
  func openForWriting() throws -> Database { try open(readOnly: false) }

  private func open(readOnly: Bool) throws -> Database {
    let path = try StoreLocation.find(store)
    FaultGuard.watch(storeAt: path)
    let procedures = RecallProcedures()
    let database = try Database.open(
      at: path, readOnly: readOnly, surroundings: .system, procedures: procedures.all,
      rule: AuditTrail.attestationRule)
    procedures.attach(database)
    return database
  }
}
