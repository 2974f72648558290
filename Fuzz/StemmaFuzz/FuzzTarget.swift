// What must hold for any bytes: no trap, no hang; what parses prints, and the print parses to the same
// print.

import Base
import Cypher
import Foundation
import Stemma

/// Takes inputs one by one; a broken promise ends the process, which is what a fuzzer looks for.
final class FuzzTarget {
  private let runsQueries: Bool
  private var database: Database?
  private var uses = 0

  /// A store is thrown away after this many queries, so that writes cannot pile up.
  private static let usesPerStore = 500
  /// Long inputs find little and cost much.
  private static let longestQuery = 600

  init(runsQueries: Bool) { self.runsQueries = runsQueries }

  func check(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    parse(text)
    if runsQueries, bytes.count <= Self.longestQuery { run(text) }
  }

  private func parse(_ text: String) {
    do {
      let statement = try Parser.parse(Text(text))
      let printed = CanonicalPrinter.text(of: statement)
      let again = CanonicalPrinter.text(of: try Parser.parse(Text(printed)))
      require(printed.utf8.elementsEqual(again.utf8), "printed \(printed), then \(again)")
    } catch let error as StemmaError {
      require(error.code == .querySyntax, "another code: \(error.rendered)")
    } catch {
      require(false, "another error: \(error)")
    }
  }

  private func run(_ text: String) {
    do {
      let database = try freshDatabase()
      let options = QueryOptions(
        limits: QueryLimits(
          rows: 200, timeMilliseconds: 200, memoryBytes: 64 << 20, pathExpansions: 100_000),
        write: WriteProvenance(actor: "fuzzer", reason: "fuzzing"))
      let result = try database.query(
        text, parameters: ["p": .integer(1), "list": .list([.integer(1), .null])],
        options: options)
      if result.transaction != nil { self.database = nil }
    } catch let error as StemmaError {
      require(!error.rendered.isEmpty, "an error without a text")
      require(error.code != .storeDamaged, error.rendered)
    } catch {
      require(false, "another error: \(error)")
    }
  }

  private func freshDatabase() throws -> Database {
    uses += 1
    if let database, uses % Self.usesPerStore != 0 { return database }
    let made = try Database.inMemory(surroundings: .system)
    let write = QueryOptions(write: WriteProvenance(actor: "fuzzer", reason: "setup"))
    _ = try made.query(
      """
      CREATE (a:A {v: 1, name: 'a'}), (b:A:B {v: 2.5, name: 'b'}), (c:B {v: [1, 2]}), (d {v: true}),
        (a)-[:R {w: 1}]->(b), (b)-[:R]->(c), (c)-[:S {w: 2}]->(a), (c)-[:S]->(d), (d)-[:R]->(d)
      """, options: write)
    _ = try made.query("CREATE INDEX byV FOR (n:A) ON (n.v)", options: write)
    database = made
    return made
  }

  private func require(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    FileHandle.standardError.write(Data("stemma-fuzz: \(message())\n".utf8))
    abort()
  }
}
