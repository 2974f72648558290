// Trees, patches and differences: what is captured comes back byte for byte, a diff applies exactly
// or not at all, and random edits survive the way through a written diff.

import Base
import Foundation
import Sandbox
import Synchronization
import Testing

@testable import Loop

/// Objects in a dictionary.
final class MemoryObjects: ObjectStore {
  private let kept = Mutex<[String: [UInt8]]>([:])

  func store(_ bytes: [UInt8]) throws -> String {
    let hash = SHA256.hash(bytes).hex
    kept.withLock { $0[hash] = bytes }
    return hash
  }

  func load(_ hash: String) throws -> [UInt8] {
    guard let bytes = kept.withLock({ $0[hash] }) else {
      throw StemmaError(.keyNotFound, "no object \(hash)")
    }
    return bytes
  }
}

@Suite struct TreeTests {
  private func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("stemma-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  @Test func capturedTreesComeBack() throws {
    let source = try folder()
    defer { try? FileManager.default.removeItem(at: source) }
    try FileManager.default.createDirectory(
      at: source.appendingPathComponent("lib/deep"), withIntermediateDirectories: true)
    try Data("a\n".utf8).write(to: source.appendingPathComponent("train.py"))
    try Data([0, 1, 255]).write(to: source.appendingPathComponent("lib/deep/x.bin"))
    try Data("no".utf8).write(to: source.appendingPathComponent("lib/skip.pyc"))
    try Data("#!/bin/sh\n".utf8).write(to: source.appendingPathComponent("go.sh"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: source.appendingPathComponent("go.sh").path)
    let objects = MemoryObjects()
    let tree = try TreeFolder.capture(source.path, exclude: ["**/*.pyc"], into: objects)
    #expect(tree.files.map(\.path) == ["go.sh", "lib/deep/x.bin", "train.py"])
    #expect(tree["go.sh"]?.isExecutable == true)
    let hash = try tree.store(in: objects)
    #expect(try Tree.load(hash, from: objects) == tree)
    let target = source.path + "-copy"
    defer { FolderRemoval.remove(target) }
    try TreeFolder.materialise(tree, at: target, from: objects)
    #expect(try TreeFolder.capture(target, into: objects) == tree)
    #expect(throws: StemmaError.self) {
      try TreeFolder.materialise(tree, at: target, from: objects)
    }
    try FileManager.default.createSymbolicLink(
      atPath: source.appendingPathComponent("link").path, withDestinationPath: "/etc/passwd")
    #expect(throws: StemmaError.self) { try TreeFolder.capture(source.path, into: objects) }
    #expect(try TreeFolder.capture(source.path, exclude: ["link"], into: objects).files.count == 4)
  }

  @Test(arguments: ["", "stemma tree 1\n100644 x 1 a\n", "stemma tree 2\n", "stemma tree 1\n\n"])
  func brokenManifestsAreRefused(text: String) {
    #expect(throws: StemmaError.self) { try Tree(manifest: Array(text.utf8)) }
  }

  @Test(arguments: ["../x", "/etc/passwd", "a//b", "a/./b", "", "a\nb", "a\\b"])
  func oddPathsAreRefused(path: String) { #expect(!TreePath.isValid(path)) }

  /// The written difference of two random texts, applied to the first, gives the second.
  @Test func differencesApply() throws {
    var random = SplitMix64(seed: 5)
    for round in 0..<300 {
      func text() -> [UInt8] {
        let count = Int(random.next() % 30)
        var bytes = (0..<count).flatMap { _ in Array("line \(random.next() % 6)\n".utf8) }
        if random.next() % 3 == 0, !bytes.isEmpty { bytes.removeLast() }
        return bytes
      }
      let old = text()
      let new = text()
      let written = TextDifference.unified(old: old, new: new, path: "f.py")
      guard old != new else {
        #expect(written.isEmpty)
        continue
      }
      let diff = try UnifiedDiff(Array(written.utf8))
      #expect(
        try UnifiedDiff.apply(diff.files[0].hunks, to: old, path: "f.py") == new,
        "\(round)\n\(written)")
    }
  }

  @Test func patchesStayWithinTheEditableFiles() throws {
    let objects = MemoryObjects()
    let patching = Patching(objects: objects, editable: ["src/*.py"])
    var tree = try patching.put(Array("x = 1\ny = 2\n".utf8), at: "src/a.py", in: Tree())
    let diff = "--- a/src/a.py\n+++ b/src/a.py\n@@ -1,2 +1,2 @@\n-x = 1\n+x = 7\n y = 2\n"
    let hash = try objects.store(Array(diff.utf8))
    let changed = try patching.apply(.diff(hash: hash), to: tree)
    #expect(try objects.load(#require(changed["src/a.py"]).hash) == Array("x = 7\ny = 2\n".utf8))
    #expect(try patching.difference(from: tree, to: changed) == diff)
    #expect(throws: StemmaError.self) { try patching.apply(.diff(hash: hash), to: changed) }
    #expect(throws: StemmaError.self) { try patching.put([], at: "evaluate.py", in: tree) }
    #expect(throws: StemmaError.self) { try patching.put([], at: "src/../evaluate.py", in: tree) }
    tree = try patching.put(nil, at: "src/a.py", in: tree)
    #expect(tree.files.isEmpty)
  }

  @Test(arguments: [
    "", "--- a/x\n+++ b/x\n", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n x\n",
    "--- a/x\n+++ b/x\n@@ -1 +1 @@\n?x\n", "--- a/../x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n",
    "--- a/x\n+++ b/x\n@@ -99999999999999999999 +1 @@\n-x\n+y\n",
  ])
  func brokenDiffsAreErrors(text: String) {
    #expect(throws: StemmaError.self) { try UnifiedDiff(Array(text.utf8)) }
  }
}
