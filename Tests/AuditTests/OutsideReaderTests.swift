// What others' tools say of a bundle: each opens its part, and none needs a network. A tool that
// is not here is said to be missing, and its test is skipped. STEMMA_PYTHON names a Python that
// has the packages `prov`, `roc-validator` and `pandas` of PyPI.

import Base
import Foundation
import Graph
import Signing
import Stemma
import Testing

@testable import Audit

/// Programs that may be here.
enum OutsideTools {
  static let python: String? = {
    let given = ProcessInfo.processInfo.environment["STEMMA_PYTHON"]
    return [given, BundleCopy.python].compactMap(\.self).first
  }()

  static func has(module: String) -> Bool {
    guard let python, let said = try? BundleCopy.run(python, ["-c", "import \(module)"]) else {
      return false
    }
    if said.status != 0 {
      print("skipped: Python at \(python) has no \(module); pip install it, or set STEMMA_PYTHON")
    }
    return said.status == 0
  }

  static func has(program: String) -> Bool {
    let isThere = FileManager.default.isExecutableFile(atPath: program)
    if !isThere { print("skipped: there is no \(program)") }
    return isThere
  }
}

@Suite(.enabled(if: BundleCopy.python != nil)) struct OutsideReaderTests {
  private static let bundle = Result {
    let fixture = try BundleTests.rich()
    try fixture.database.append(
      TransactionRequest(
        requestID: RequestID(high: 4, low: 1), actor: "test", reason: "a run",
        operations: [
          .createNode(
            labels: ["Run"], key: nil,
            properties: [
              Property("kind", .text("train")), Property("status", .text("finished")),
              Property("seed", .integer(1)), Property("command", .text("./train --fast")),
              Property("tree", .text(String(repeating: "b", count: 64))),
            ]),
          .createNode(
            labels: ["Eval"], key: nil,
            properties: [
              Property("metric", .text("loss")), Property("value", .float(0.25)),
              Property("split", .text("validation")), Property("status", .text("valid")),
              Property("standing", .text("claimed")),
            ]),
          .createEdge(type: "EVALUATES", from: .new(1), to: .new(0), properties: []),
        ]))
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let copy = BundleCopy()
    _ = try fixture.trail.export(to: copy.path, key: fixture.key)
    return (copy, fixture)
  }

  private func python(_ script: String) throws -> String {
    let (copy, _) = try Self.bundle.get()
    let said = try BundleCopy.run(
      try #require(OutsideTools.python), ["-B", "-c", script, copy.path])
    #expect(said.status == 0, "\(said.output)")
    return said.output
  }

  @Test(.enabled(if: OutsideTools.has(module: "prov")))
  func provLoadsTheProvenance() throws {
    let said = try python(
      """
      import sys
      from prov.model import ProvDocument
      document = ProvDocument.deserialize(sys.argv[1] + "/prov.json")
      records = list(document.get_records())
      print(len(records), len(document.flattened().unified().get_records()) > 0)
      print(sorted({type(record).__name__ for record in records}))
      again = ProvDocument.deserialize(content=document.serialize(format="json"))
      assert again == document
      """)
    #expect(said.contains("ProvEntity"), "\(said)")
    #expect(said.contains("ProvGeneration") || said.contains("ProvActivity"), "\(said)")
  }

  @Test(.enabled(if: OutsideTools.has(module: "rocrate_validator")))
  func theCrateIsValidWithoutANetwork() throws {
    let (copy, _) = try Self.bundle.get()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../tools/validate-crate.py").path
    let said = try BundleCopy.run(
      try #require(OutsideTools.python), ["-B", script, copy.path])
    #expect(said.status == 0, "\(said.output)")
    #expect(said.output.contains("passed"))
  }

  @Test(.enabled(if: OutsideTools.has(module: "pandas")))
  func pandasReadsTheCopy() throws {
    let said = try python(
      """
      import sqlite3, sys, pandas
      base = sqlite3.connect(sys.argv[1] + "/graph.sqlite")
      frame = pandas.read_sql_query('SELECT * FROM "Finding"', base)
      print(len(frame), float(frame["effect"].sum()), sorted(frame.columns))
      """)
    #expect(said.hasPrefix("12 8.25 ['effect', 'id', 'key'"), "\(said)")
  }

  @Test(.enabled(if: OutsideTools.has(program: "/usr/bin/sqlite3")))
  func sqliteReadsTheCopy() throws {
    let (copy, _) = try Self.bundle.get()
    let said = try BundleCopy.run(
      "/usr/bin/sqlite3",
      [
        "-readonly", copy.path + "/graph.sqlite",
        "PRAGMA integrity_check; SELECT count(*) FROM \"Report\"; SELECT count(*) FROM about;",
      ])
    #expect(said.output == "ok\n12\n4\n", "\(said.output)")
  }

  @Test(.enabled(if: OutsideTools.has(program: "/usr/bin/openssl")))
  func opensslChecksTheSignature() throws {
    let (copy, fixture) = try Self.bundle.get()
    let note = try SignedNote(parsing: try copy.text("checkpoint"))
    let folder = BundleCopy()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    try folder.write("key.der", head + fixture.key.publicKey.bytes)
    try folder.write("message", note.text)
    let own = try #require(
      note.signatures.first { $0.keyHash == fixture.key.publicKey.keyHash })
    try folder.write("signature", own.bytes)
    func verify() throws -> Int32 {
      try BundleCopy.run(
        "/usr/bin/openssl",
        [
          "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder.path + "/key.der",
          "-rawin", "-in", folder.path + "/message", "-sigfile", folder.path + "/signature",
        ]
      ).status
    }
    #expect(try verify() == 0)
    try folder.write("message", note.text + "x")
    #expect(try verify() != 0)
  }
}
