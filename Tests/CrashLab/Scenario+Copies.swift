// Copies and replacements of stores, cut short.

import Base
import Foundation
import Graph
import Store

extension Scenario {
  // MARK: Copies

  static var copying: [Scenario] {
    [
      copy("backup") { folder in
        _ = try LabStore.open(folder + "/store").backUp(to: folder + "/copy")
      },
      Scenario(name: "backup-more") { folder in
        try LabStore.make(folder + "/store", transactions: 8, nodes: 9)
        let graph = try LabStore.open(folder + "/store")
        _ = try graph.backUp(to: folder + "/copy")
        for number in 9...16 as ClosedRange<UInt64> { try LabStore.append(number, 9, to: graph) }
      } run: { folder, _ in
        _ = try LabStore.open(folder + "/store").backUp(to: folder + "/copy")
      } check: { folder, reference, _ in
        try LabStore.requireSound(folder + "/store")
        let last = try LabStore.requireSound(folder + "/copy")
        try LabStore.require(last >= 8, "the backup has \(last)")
        try LabStore.requirePrefix(folder + "/copy", of: folder + "/store")
        _ = try LabStore.open(folder + "/store").backUp(to: folder + "/copy")
        try requireEqual(folder, reference)
      },
      copy("restore") { folder in
        _ = try Graph.restore(
          from: folder + "/store", to: folder + "/copy", surroundings: LabStore.surroundings(2))
      },
      copy("restore-upto", last: 9) { folder in
        _ = try Graph.restore(
          from: folder + "/store", to: folder + "/copy", upTo: TransactionNumber(9),
          surroundings: LabStore.surroundings(2))
      },
      copy("repair") { folder in
        _ = try Graph.rebuild(from: folder + "/store", into: folder + "/copy")
      },
    ]
  }

  /// Something that makes `copy` of `store`, whole or not at all, with all objects and files.
  private static func copy(
    _ name: String, last: UInt64 = 12, _ run: @escaping (String) throws -> Void
  ) -> Scenario {
    Scenario(name: name) { folder in
      try LabStore.make(folder + "/store", transactions: 12, nodes: 9)
      try FileManager.default.createDirectory(
        atPath: folder + "/store/vault", withIntermediateDirectories: true)
      try Data("a seed".utf8).write(to: URL(fileURLWithPath: folder + "/store/vault/seed"))
    } run: { folder, _ in
      try run(folder)
    } check: { folder, reference, _ in
      try LabStore.requireSound(folder + "/store")
      if !Store.isStore(at: folder + "/copy") { try run(folder) }
      try LabStore.require(
        try LabStore.requireSound(folder + "/copy") == last, "not all transactions")
      try requireEqual(folder, reference)
      try LabStore.require(
        FileManager.default.contents(atPath: folder + "/copy/vault/seed") == Data("a seed".utf8),
        "the other files are not there")
    }
  }

  private static func requireEqual(_ folder: String, _ reference: String) throws {
    try LabStore.require(
      try LabStore.log(folder + "/copy") == LabStore.log(reference + "/copy"), "another log")
    let last = UInt64(try LabStore.log(folder + "/copy").count)
    try LabStore.requireObjects(folder + "/copy", upTo: last)
  }

  // MARK: Replacements

  static var replacing: [Scenario] {
    [
      replacement("compact") { _ = try Store.compact(at: $0) },
      replacement("upgrade") { path in
        if try FileManager.default.contentsOfDirectory(atPath: path).contains("data.mdb.format-2") {
          // It was done, or the old file has its second name already and nothing more.
          try FileManager.default.removeItem(atPath: path + "/data.mdb.format-2")
        }
        _ = try Graph.upgrade(at: path, always: true)
      },
      replacement("verify-rebuild") { path in
        let report = try Graph.verify(
          at: path, depth: .rebuild, surroundings: LabStore.surroundings(4))
        try LabStore.require(report.faults.isEmpty, "\(report.faults)")
      },
      redaction("redact", property: "note", key: "N0", words: "secret 1", isErased: false),
      redaction(
        "redact-sealed", property: "text", key: "N3", words: "long text of node 3 ",
        isErased: false),
      redaction(
        "redact-indexed", property: "tag", key: "N6", words: "the tag of six", isErased: false),
      redaction("redact-contents", property: "hash", key: "H", words: "object 7", isErased: true),
      redaction("redact-file", property: "file", key: "H", words: "object 8", isErased: true),
    ]
  }

  /// Something that changes the file of a store and nothing that it says.
  private static func replacement(
    _ name: String, _ run: @escaping (String) throws -> Void
  ) -> Scenario {
    Scenario(name: name) { folder in
      try LabStore.make(folder + "/store", transactions: 12, nodes: 9)
    } run: { folder, _ in
      try run(folder + "/store")
    } check: { folder, reference, _ in
      let path = folder + "/store"
      try LabStore.require(try LabStore.requireSound(path) == 12, "not all transactions")
      try LabStore.require(
        try LabStore.log(path) == LabStore.log(reference + "/store"), "another log")
      try run(path)
      try LabStore.require(try LabStore.requireSound(path) == 12, "not all transactions")
      try LabStore.append(13, 9, to: LabStore.open(path))
      try LabStore.requireSound(path)
    }
  }

  /// A redaction: afterwards the words are in no file, and until then verification says that it is
  /// not finished, or that it has not begun.
  private static func redaction(
    _ name: String, property: Text, key: Text, words: String, isErased: Bool
  ) -> Scenario {
    func redact(_ path: String) throws {
      _ = try Graph.withhold(
        property, ofNode: key, at: path, actor: "lab", reason: "a test",
        surroundings: LabStore.surroundings(5),
        erasing: { _, values in
          values.compactMap { value in
            guard isErased, case .string(let hash) = value else { return nil }
            return Digest(hex: hash.string)
          }
        })
    }
    return Scenario(name: name) { folder in
      try LabStore.make(folder + "/store", transactions: 12, nodes: 9)
      let (hash, file) = (SHA256.hash(LabStore.object(7)).hex, SHA256.hash(LabStore.object(8)).hex)
      _ = try LabStore.open(folder + "/store").append(
        LabStore.request(
          90,
          [
            .createNode(
              labels: [], key: "H",
              properties: [
                Property("hash", .string(Text(hash))), Property("file", .string(Text(file))),
              ])
          ]))
      // A file that a layer above derived.
      try FileManager.default.createDirectory(
        atPath: folder + "/store/derived", withIntermediateDirectories: true)
      try Data(words.utf8).write(to: URL(fileURLWithPath: folder + "/store/derived/file"))
    } run: { folder, _ in
      try redact(folder + "/store")
    } check: { folder, reference, _ in
      let path = folder + "/store"
      let log = try LabStore.log(path)
      let faults = try Graph.verify(at: path, surroundings: LabStore.surroundings(3)).faults
      let isPending = !faults.isEmpty
      try LabStore.require(
        faults.allSatisfy { $0.table == "redaction" }, "not sound: \(faults.prefix(3))")
      let isDone = try log == LabStore.log(reference + "/store")
      try LabStore.require(
        isDone || isPending || log.count == 13, "\(log.count) records, and nothing is pending")
      if !isDone, !isPending {
        // It has not begun, so nothing is gone.
        try LabStore.requireObjects(path, upTo: 12)
      }
      if isPending || !isDone { try redact(path) }
      try LabStore.requireSound(path, objects: false)
      let left = try LabStore.holds(path, words)
      try LabStore.require(left == nil, "the words are in \(left ?? "")")
    }
  }
}
