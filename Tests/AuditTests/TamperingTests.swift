// Ways to cheat with a bundle, each done by somebody who also repairs the list of files and signs
// it with the log's own key, so that only the check which is meant can notice.

import Base
import Foundation
import Graph
import Signing
import Stemma
import Testing

@testable import Audit

/// One way to cheat, and a word of what the verifier must say.
struct Cheat: CustomStringConvertible, Sendable {
  var name: String
  var says: String
  /// Whether the list of files is repaired and signed again.
  var isSealed = true
  var change: @Sendable (BundleCopy) throws -> Void

  var description: String { name }

  init(
    _ name: String, says: String, isSealed: Bool = true,
    _ change: @escaping @Sendable (BundleCopy) throws -> Void
  ) {
    self.name = name
    self.says = says
    self.isSealed = isSealed
    self.change = change
  }

  static let entries = "tile/entries/000.p/22"

  /// The log, its records and its contents.
  static let logCheats: [Cheat] = [
    Cheat("a byte of a header", says: "record") { try $0.flip(entries, at: 60) },
    Cheat("the last byte of the log", says: "checkpoint") {
      try $0.flip(entries, at: $0.read(entries).count - 1)
    },
    Cheat("a header dropped", says: "another's header") { bundle in
      let bytes = try bundle.read(entries)
      let length = Int(bytes[0]) << 8 | Int(bytes[1])
      try bundle.write(entries, Array(bytes[(length + 2)...]))
    },
    Cheat("two headers changed places", says: "another's header") { bundle in
      let bytes = try bundle.read(entries)
      let first = (Int(bytes[0]) << 8 | Int(bytes[1])) + 2
      let second = (Int(bytes[first]) << 8 | Int(bytes[first + 1])) + 2
      let swapped = bytes[first..<first + second] + bytes[..<first]
      try bundle.write(entries, Array(swapped + bytes[(first + second)...]))
    },
    Cheat("a header twice", says: "another's header") { bundle in
      let bytes = try bundle.read(entries)
      let length = (Int(bytes[0]) << 8 | Int(bytes[1])) + 2
      try bundle.write(entries, Array(bytes[..<length]) + bytes)
    },
    Cheat("the log cut short", says: "log") { bundle in
      let bytes = try bundle.read(entries)
      let length = (Int(bytes[0]) << 8 | Int(bytes[1])) + 2
      try bundle.write(entries, Array(bytes[..<length]))
    },
    Cheat("a hash tile", says: "tile/0") { try $0.flip("tile/0/000.p/22", at: 33) },
    Cheat("a record dropped", says: "records are missing") { bundle in
      let bytes = try bundle.read("records.cbor")
      let lines = try bundle.text("records.jsonl")
      let end = try #require(bytes.range(of: Array("record 5".utf8)))
      let start = try #require(Self.start(of: end.lowerBound, in: bytes))
      let next = try #require(Self.start(after: end.lowerBound, in: bytes))
      try bundle.write("records.cbor", Array(bytes[..<start] + bytes[next...]))
      let kept = lines.split(separator: "\n").filter { !$0.contains("\"reason\":\"record 5\"") }
      try bundle.write("records.jsonl", kept.joined(separator: "\n") + "\n")
    },
    Cheat("a record twice", says: "out of order") { bundle in
      let bytes = try bundle.read("records.cbor")
      try bundle.write("records.cbor", bytes + bytes)
    },
    Cheat("a value in a record", says: "not those that were logged") { bundle in
      try bundle.replace("records.cbor", "finding 3", "finding 8")
    },
    Cheat("a value and its JSON", says: "not those that were logged") { bundle in
      try bundle.replace("records.cbor", "finding 3", "finding 8")
      try bundle.edit("records.jsonl", "finding 3", "finding 8")
    },
    Cheat("a value in the JSON", says: "records.jsonl") {
      try $0.edit("records.jsonl", "finding 3", "finding 8")
    },
    Cheat("a number in the JSON", says: "records.jsonl") {
      try $0.edit("records.jsonl", "0.375", "0.475")
    },
    Cheat("an integer for a float in the JSON", says: "records.jsonl") {
      try $0.edit("records.jsonl", "\"effect\",1.0", "\"effect\",1")
    },
    Cheat("a line of the JSON dropped", says: "records.jsonl") { bundle in
      let lines = try bundle.text("records.jsonl").split(separator: "\n").dropLast()
      try bundle.write("records.jsonl", lines.joined(separator: "\n") + "\n")
    },
    Cheat("a line of the JSON more", says: "more lines") {
      try $0.write("records.jsonl", $0.text("records.jsonl") + "{}\n")
    },
    Cheat("who acted", says: "record") { bundle in
      try bundle.replace("records.cbor", "record 3", "record 8")
    },
    Cheat("a salt secret", says: "not those that were logged") { bundle in
      let bytes = try bundle.read("records.cbor")
      let value = try #require(bytes.range(of: Array("finding 3".utf8)))
      let secret = try #require(
        (0..<value.lowerBound).last { bytes[$0] == 0x58 && bytes[$0 + 1] == 0x20 })
      try bundle.flip("records.cbor", at: secret + 5)
    },
    Cheat("contents changed", says: "another hash") { bundle in
      let file = try #require(bundle.files.first { $0.hasPrefix("objects/") })
      try bundle.flip(file, at: 0)
    },
    Cheat("contents dropped", says: "absent and not listed") { bundle in
      try bundle.remove(try #require(bundle.files.first { $0.hasPrefix("objects/") }))
    },
    Cheat("contents listed as absent and there", says: "listed and there") { bundle in
      let file = try #require(bundle.files.first { $0.hasPrefix("objects/") })
      let hash = file.dropFirst(8).replacing("/", with: "")
      try bundle.edit(
        "absent.json", "\"objects\": [", "\"objects\": [[\"\(hash)\", \"x\"],")
    },
    Cheat("a record said to be absent", says: "absent.json") {
      try $0.edit("absent.json", "\"records\": []", "\"records\": [[3, 3]]")
    },
    Cheat("a value said to be withheld", says: "absent.json") {
      try $0.edit("absent.json", "\"values\": []", "\"values\": [[3, 0, 0, \"x\"]]")
    },
  ]

  /// Where the record around a position starts: an array of three whose first item is a header.
  static func start(of position: Int, in bytes: [UInt8]) -> Int? {
    (0..<position).last { bytes[$0] == 0x83 && bytes[$0 + 1] == 0x58 && bytes[$0 + 3] >> 5 == 5 }
  }

  static func start(after position: Int, in bytes: [UInt8]) -> Int? {
    (position..<bytes.count - 3).first {
      bytes[$0] == 0x83 && bytes[$0 + 1] == 0x58 && bytes[$0 + 3] >> 5 == 5
    }
  }
}

extension Cheat {
  /// Keys, checkpoints, copies, and the list itself.
  static let trustCheats: [Cheat] = [
    Cheat("the root in the checkpoint", says: "forked") { bundle in
      let lines = try bundle.text("checkpoint").split(separator: "\n").map(String.init)
      try bundle.edit("checkpoint", lines[2], Base64.encode(SHA256.hash([1]).bytes))
    },
    Cheat("the size in the checkpoint", says: "checkpoint") {
      try $0.edit("checkpoint", "\n22\n", "\n21\n")
    },
    Cheat("the origin in the checkpoint", says: "checkpoint") {
      try $0.edit("checkpoint", "stemma.log/", "other.log/")
    },
    Cheat("the signature of the checkpoint", says: "checkpoint") { bundle in
      let text = try bundle.text("checkpoint")
      try bundle.flip("checkpoint", at: text.utf8.count - 20)
    },
    Cheat("the checkpoint of another log", says: "checkpoint") { bundle in
      let other = try AuditFixture(seed: 77, records: 12)
      let note = try other.trail.makeCheckpoint(key: other.key, actor: "x")
      try bundle.write("checkpoint", note.rendered)
    },
    Cheat("a checkpoint signed by a stranger", says: "no trusted key") { bundle in
      let stranger = try SigningKey(name: "stranger", seed: [UInt8](repeating: 5, count: 32))
      var note = try SignedNote(text: try SignedNote(parsing: bundle.text("checkpoint")).text)
      try note.sign(with: stranger)
      try bundle.write("checkpoint", note.rendered)
    },
    Cheat("an old checkpoint's root", says: "forked") { bundle in
      let file = try #require(bundle.files.first { $0.hasPrefix("checkpoints/") })
      let lines = try bundle.text(file).split(separator: "\n").map(String.init)
      let newest = try bundle.text("checkpoint").split(separator: "\n").map(String.init)
      try bundle.edit(file, lines[2], newest[2])
    },
    Cheat("a key swapped", says: "keys.json") { bundle in
      let stranger = try SigningKey(name: "stranger", seed: [UInt8](repeating: 5, count: 32))
      let line = try bundle.text("keys.json").split(separator: "\"")[5]
      try bundle.edit("keys.json", String(line), NoteKey(stranger.publicKey).text)
    },
    Cheat("a key said to be revoked", says: "keys.json") {
      try $0.edit("keys.json", "\"revoked\":null", "\"revoked\":3")
    },
    Cheat("a key dropped", says: "keys.json") { try $0.write("keys.json", "[]\n") },
    Cheat("a value in SQLite", says: "graph.sqlite") {
      try $0.sql("UPDATE nodes SET properties = '{\"statement\":\"better\"}' WHERE id = 2")
    },
    Cheat("a node dropped from SQLite", says: "graph.sqlite") {
      try $0.sql("DELETE FROM nodes WHERE id = 2")
    },
    Cheat("an edge turned in SQLite", says: "graph.sqlite") {
      try $0.sql("UPDATE edges SET source = target, target = source WHERE id = 1")
    },
    Cheat("an edge added to SQLite", says: "graph.sqlite") {
      try $0.sql("INSERT INTO edges VALUES (999, 'SUPPORTS', 1, 0, 3, '{}')")
    },
    Cheat("a file added", says: "there, and not in the list", isSealed: false) {
      try $0.write("extra.txt", "x")
    },
    Cheat("a file dropped", says: "missing, and in the list", isSealed: false) {
      try $0.remove("claims.json")
    },
    Cheat("PROV", says: "prov.json", isSealed: false) {
      try $0.edit("prov.json", "finding 3", "finding 8")
    },
    Cheat("the page", says: "index.html", isSealed: false) {
      try $0.edit("index.html", "finding 3", "finding 8")
    },
    Cheat("a claim", says: "claims.json", isSealed: false) {
      try $0.edit("claims.json", "finding 3", "finding 8")
    },
    Cheat("a receipt", says: "proofs/F4.tlog-proof", isSealed: false) {
      try $0.flip("proofs/F4.tlog-proof", at: 400)
    },
    Cheat("the crate", says: "ro-crate", isSealed: false) {
      try $0.edit("ro-crate-metadata.json", "Audit bundle", "audit bundle")
    },
    Cheat("the list repaired, not signed", says: "bundle.note", isSealed: false) { bundle in
      try bundle.edit("index.html", "finding 3", "finding 8")
      try bundle.seal(nil)
    },
    Cheat("the list signed by a stranger", says: "bundle.note", isSealed: false) { bundle in
      try bundle.edit("index.html", "finding 3", "finding 8")
      try bundle.seal(SigningKey(name: "stranger", seed: [UInt8](repeating: 5, count: 32)))
    },
  ]
}

extension BundleCopy {
  func replace(_ name: String, _ old: String, _ new: String) throws {
    var bytes = try read(name)
    let range = try #require(bytes.range(of: Array(old.utf8)))
    bytes.replaceSubrange(range, with: Array(new.utf8))
    try write(name, bytes)
  }

  func sql(_ statement: String) throws {
    let script =
      "import sqlite3,sys\nb=sqlite3.connect(sys.argv[1])\n"
      + "b.execute(sys.argv[2])\nb.commit()"
    let python = try #require(Self.python)
    let said = try Self.run(python, ["-c", script, path + "/graph.sqlite", statement])
    try #require(said.status == 0, "\(said.output)")
  }

  /// Repairs the list of files; signs it where there is a key.
  func seal(_ key: SigningKey?) throws {
    let list = try JSONSerialization.jsonObject(with: Data(read("bundle.json")))
    var object = try #require(list as? [String: Any])
    var hashes: [String: String] = [:]
    for file in files where !file.hasPrefix("bundle.") {
      hashes[file] = SHA256.hash(try read(file)).hex
    }
    object["files"] = hashes
    try write("bundle.json", [UInt8](try JSONSerialization.data(withJSONObject: object)))
    guard let key else { return }
    let old = try SignedNote(parsing: text("bundle.note")).text.split(separator: "\n")
    let hash = SHA256.hash(try read("bundle.json")).hex
    var note = try SignedNote(text: old.dropLast().joined(separator: "\n") + "\n\(hash)\n")
    try note.sign(with: key)
    try write("bundle.note", note.rendered)
  }
}

extension [UInt8] {
  func range(of part: [UInt8]) -> Range<Int>? {
    guard count >= part.count else { return nil }
    for start in 0...count - part.count where self[start..<start + part.count].elementsEqual(part) {
      return start..<start + part.count
    }
    return nil
  }
}

@Suite(.enabled(if: BundleCopy.python != nil)) struct TamperingTests {
  static let rich = Result { try BundleTests.rich() }
  static let honest = Result {
    let fixture = try rich.get()
    let copy = BundleCopy()
    _ = try fixture.trail.export(to: copy.path, key: fixture.key)
    return copy
  }

  @Test(arguments: Cheat.logCheats + Cheat.trustCheats)
  func cheatsAreCaught(cheat: Cheat) throws {
    let fixture = try Self.rich.get()
    let copy = try Self.honest.get().copy()
    try cheat.change(copy)
    if cheat.isSealed { try copy.seal(fixture.key) }
    let said = try copy.verify(["--key", NoteKey(fixture.key.publicKey).text])
    #expect(said.status == 1, "\(said.output)")
    #expect(said.output.contains(cheat.says), "\(said.output)")
    if cheat.isSealed { #expect(!said.output.contains("bundle.json lists")) }
    let report = try copy.check(keys: [NoteKey(fixture.key.publicKey)])
    #expect(report.faults.contains { $0.contains(cheat.says) }, "\(report.faults)")
  }

  @Test func sealingAgainChangesNothing() throws {
    let fixture = try Self.rich.get()
    let copy = try Self.honest.get().copy()
    try copy.seal(fixture.key)
    let said = try copy.verify(["--key", NoteKey(fixture.key.publicKey).text])
    #expect(said.status == 0, "\(said.output)")
    #expect(try copy.check(keys: [NoteKey(fixture.key.publicKey)]).faults == [])
    #expect(Cheat.logCheats.count + Cheat.trustCheats.count >= 40)
  }
}
