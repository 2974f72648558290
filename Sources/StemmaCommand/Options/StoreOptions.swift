// The options that every command with a store takes.

import ArgumentParser
import Base
import Stemma

struct StoreOptions: ParsableArguments {
  @Option(help: "The store's folder; otherwise .stemma here or in a folder above.")
  var store: String?

  /// Opens the store for reading.
  func openForReading() throws -> Database {
    try Database.open(at: StoreLocation.find(store), readOnly: true, surroundings: .real)
  }

  /// Opens the store for reading and writing.
  func openForWriting() throws -> Database {
    try Database.open(at: StoreLocation.find(store), readOnly: false, surroundings: .real)
  }
}
