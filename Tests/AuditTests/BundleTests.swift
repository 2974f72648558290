// Bundles: the same every time, sound as they are, and never sound when anything was changed.

import Base
import Foundation
import Graph
import Signing
import Stemma
import Testing

@testable import Audit

@Suite(.enabled(if: BundleCopy.python != nil)) struct BundleTests {
  private func export(
    _ fixture: AuditFixture, _ options: BundleOptions = BundleOptions()
  ) throws -> BundleCopy {
    let copy = BundleCopy()
    _ = try fixture.trail.export(to: copy.path, options, key: fixture.key)
    return copy
  }

  /// A log with two keys, two checkpoints, a witness, contents and later versions.
  static func rich() throws -> AuditFixture {
    let fixture = try AuditFixture(records: 12)
    let file = try fixture.database.storeObject(Array("weights\n".utf8))
    let tree = try fixture.database.storeObject(
      Array("stemma tree 1\n100644 \(file.hex) 8 model.bin\n".utf8))
    try fixture.database.append(
      TransactionRequest(
        requestID: RequestID(high: 3, low: 1), actor: "test", reason: "a proposal",
        operations: [
          .createNode(
            labels: ["Proposal"], key: nil,
            properties: [
              Property("kind", .text("patch")), Property("title", .text("wider <b>layer</b>")),
              Property("hypothesis", .text("h")), Property("status", .text("confirmed")),
              Property("changeHash", .text(String(repeating: "0", count: 64))),
              Property("tree", .text(tree.hex)),
            ])
        ]))
    let first = try fixture.trail.makeCheckpoint(name: "first", key: fixture.key, actor: "test")
    let witness = try SigningKey(name: "witness.example/w", seed: [UInt8](repeating: 7, count: 32))
    try fixture.trail.add(
      NoteKey(cosigner: witness.publicKey), role: .witness, signers: [fixture.key],
      reason: "witness", actor: "test")
    var note = first
    note.add(try witness.cosign(first.text, at: 1_800_000_000))
    _ = try fixture.trail.keepCosignatures(of: note, actor: "test")
    _ = try fixture.trail.makeCheckpoint(name: "second", key: fixture.key, actor: "test")
    return fixture
  }

  private func keyText(_ fixture: AuditFixture) -> String {
    NoteKey(fixture.key.publicKey).text
  }

  @Test func aBundleIsSoundAndTheSameEveryTime() throws {
    let fixture = try Self.rich()
    let (one, two) = (try export(fixture), try export(fixture))
    #expect(one.files == two.files)
    for file in one.files { #expect(try one.read(file) == two.read(file), "\(file)") }
    let said = try one.verify(["--key", keyText(fixture)])
    #expect(said.status == 0, "\(said.output)")
    #expect(said.output.contains("sound: "))
    #expect(try one.verify().output.contains("no --key was given"))
    let report = try one.check(keys: [NoteKey(fixture.key.publicKey)])
    #expect(report.faults == [])
    #expect(report.records == Int(report.size))
    #expect(one.files.count(where: { $0.hasPrefix("objects/") }) == 2)
    #expect(try one.text("index.html").contains("wider &lt;b&gt;layer&lt;/b&gt;"))
  }

  /// A .zip has the same files, is the same every time, opens elsewhere, and is checked as it is.
  @Test func anArchiveIsTheFolder() throws {
    let fixture = try Self.rich()
    let (folder, archive, again) = (try export(fixture), BundleCopy(), BundleCopy())
    defer { for copy in [archive, again] { try? copy.removeFile() } }
    for copy in [archive, again] {
      _ = try fixture.trail.export(to: copy.path + ".zip", key: fixture.key)
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: archive.path + ".zip"))
    #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: again.path + ".zip")))
    let keys = [NoteKey(fixture.key.publicKey)]
    #expect(try BundleCheck.check(archive.path + ".zip", keys: keys).faults == [])
    let python = try #require(BundleCopy.python)
    let unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])"
    let said = try BundleCopy.run(
      python, ["-c", unpack, archive.path + ".zip", archive.path])
    #expect(said.status == 0, "\(said.output)")
    #expect(archive.files == folder.files)
    for file in folder.files { #expect(try archive.read(file) == folder.read(file), "\(file)") }
    for position in stride(from: 5, to: bytes.count, by: bytes.count / 40) {
      var changed = bytes
      changed[position] ^= 0x10
      let path = archive.path + ".zip"
      try changed.write(to: URL(fileURLWithPath: path))
      _ = try? BundleCheck.check(path, keys: keys)
    }
    try bytes.dropLast(30).write(to: URL(fileURLWithPath: archive.path + ".zip"))
    #expect(throws: StemmaError.self) {
      try BundleCheck.check(archive.path + ".zip", keys: keys)
    }
  }

  @Test func aPartIsSoundAndSaysWhatIsLeftOut() throws {
    let fixture = try Self.rich()
    for selection in [
      BundleSelection.query("MATCH (f:Finding {key: 'F4'})-[e]-(m) RETURN f, e, m"),
      .since(TransactionNumber(8)),
    ] {
      let copy = try export(fixture, BundleOptions(selection: selection))
      let said = try copy.verify(["--key", keyText(fixture)])
      #expect(said.status == 0, "\(said.output)")
      #expect(!(try copy.text("absent.json").contains("\"records\": []")))
      #expect(try copy.check(keys: [NoteKey(fixture.key.publicKey)]).faults == [])
    }
    let bare = try export(fixture, BundleOptions(includesObjects: false))
    let said = try bare.verify(["--key", keyText(fixture)])
    #expect(said.status == 0, "\(said.output)")
    #expect(try bare.text("absent.json").contains("withheld"))
  }

  @Test func checkpointsKeptElsewhereAreHeldAgainstIt() throws {
    let fixture = try Self.rich()
    let copy = try export(fixture)
    let kept = BundleCopy()
    func outcome(_ checkpoint: Checkpoint) throws -> (status: Int32, output: String) {
      try checkpoint.text.write(toFile: kept.path, atomically: false, encoding: .utf8)
      return try copy.verify(["--key", keyText(fixture), "--checkpoint", kept.path])
    }
    #expect(try outcome(fixture.trail.head(atSize: 5)).status == 0)
    var later = try fixture.trail.head()
    later.size += 10
    #expect(try outcome(later).output.contains("rolled back"))
    var forked = try fixture.trail.head(atSize: 5)
    forked.root = later.root
    #expect(try outcome(forked).output.contains("forked"))
  }

  @Test func aStrangersKeyMakesNothingTrue() throws {
    let fixture = try Self.rich()
    let copy = try export(fixture)
    let stranger = try SigningKey(name: "stranger", seed: [UInt8](repeating: 9, count: 32))
    let said = try copy.verify(["--key", NoteKey(stranger.publicKey).text])
    #expect(said.status == 1)
    #expect(said.output.contains("no trusted key of the log"))
    let report = try copy.check(keys: [NoteKey(stranger.publicKey)])
    #expect(report.faults.contains { $0.contains("no trusted key of the log") })
  }

  /// In each file, bits here and there: always a fault, and one that names the file or a record.
  @Test func noFileCanBeChanged() throws {
    let fixture = try Self.rich()
    let honest = try export(fixture)
    var random = SplitMix64(seed: 11)
    for file in honest.files where file != "verify.py" {
      let copy = try honest.copy()
      let count = try copy.read(file).count
      let position = Int(random.next() % UInt64(count))
      try copy.flip(file, at: position, bit: UInt8(random.next() % 8))
      let said = try copy.verify(["--key", keyText(fixture)])
      #expect(said.status == 1, "\(file) at \(position): \(said.output)")
      #expect(!(try copy.check().isSound), "\(file) at \(position)")
    }
  }
}
