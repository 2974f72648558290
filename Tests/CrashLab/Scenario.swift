// What is cut short: everything that writes a store or makes another from one. Each says what may
// be found after it was cut anywhere, and that doing it again ends well.

import Base
import Foundation
import Graph
import Store

/// An operation of the laboratory. Folders hold the store in `store`, a copy of it in `copy`.
struct Scenario {
  var name: String
  /// Makes what is there before.
  var prepare: (_ folder: String) throws -> Void
  /// What is cut short; says the last transaction that was acknowledged.
  var run: (_ folder: String, _ acknowledge: (UInt64) -> Void) throws -> Void
  /// Throws unless what is left is right. `reference` is what the whole operation leaves.
  var check: (_ folder: String, _ reference: String, _ acknowledged: UInt64) throws -> Void

  static var all: [Scenario] { writing + recovering + copying + replacing }

  // MARK: Writing

  private static var writing: [Scenario] {
    [
      Scenario(name: "create") { _ in
      } run: { folder, _ in
        _ = try Graph.create(
          at: folder + "/store", schema: nil, surroundings: LabStore.surroundings(1))
      } check: { folder, _, _ in
        let path = folder + "/store"
        if Store.isStore(at: path) {
          try LabStore.requireSound(path)
        } else {
          _ = try Graph.create(at: path, schema: nil, surroundings: LabStore.surroundings(1))
        }
        try LabStore.append(1, 3, to: LabStore.open(path))
        try LabStore.append(2, 3, to: LabStore.open(path))
        try LabStore.requireSound(path)
      },
      appending("append", upTo: 16), appending("append-more", upTo: 60),
      inOneCommit("group") { graph in
        let requests = (5...16 as ClosedRange<UInt64>).map {
          LabStore.step($0, from: Int($0 - 2) * 9, count: 9)
        }
        for result in try graph.append(group: requests) { _ = try result.get() }
      },
      inOneCommit("import") { graph in
        _ = try graph.load(LabRows(), LabStore.request(5, []))
      },
      inOneCommit("load") { graph in
        try graph.load { append in
          for number in 5...8 as ClosedRange<UInt64> {
            let first = 27 + Int(number - 5) * 150
            _ = try append(LabStore.step(number, from: first, count: 150))
          }
        }
      },
    ]
  }

  /// Single transactions after six; every seventh fills a range of nodes, and one of edges.
  private static func appending(_ name: String, upTo end: UInt64) -> Scenario {
    Scenario(name: name) { folder in
      try LabStore.make(folder + "/store", transactions: 6, nodes: 9)
    } run: { folder, acknowledge in
      let graph = try LabStore.open(folder + "/store")
      for number in 7...end {
        try LabStore.append(number, 9, to: graph)
        acknowledge(number)
      }
    } check: { folder, reference, acknowledged in
      let path = folder + "/store"
      let last = try LabStore.requireSound(path)
      try LabStore.requirePrefix(path, of: reference + "/store")
      let before = max(6, acknowledged)
      try LabStore.require(last == before || last == before + 1, "\(last) after \(before)")
      try LabStore.append(last + 1, 9, to: LabStore.open(path, seed: 9))
      try LabStore.requireSound(path)
    }
  }

  /// Several transactions that come together or not at all, after four.
  private static func inOneCommit(
    _ name: String, _ run: @escaping (Graph) throws -> Void
  ) -> Scenario {
    Scenario(name: name) { folder in
      try LabStore.make(folder + "/store", transactions: 4, nodes: 9)
    } run: { folder, acknowledge in
      let graph = try LabStore.open(folder + "/store")
      try run(graph)
      acknowledge(try graph.lastTransaction().rawValue)
    } check: { folder, reference, acknowledged in
      let path = folder + "/store"
      let last = try LabStore.requireSound(path, objects: false)
      try LabStore.requirePrefix(path, of: reference + "/store")
      let after = UInt64(try LabStore.log(reference + "/store").count)
      try LabStore.require([4, after].contains(last) && last >= acknowledged, "\(last) are there")
      if last == 4 {
        try run(LabStore.open(path))
        try LabStore.requireSound(path, objects: false)
        try LabStore.require(
          try LabStore.log(path) == LabStore.log(reference + "/store"), "again it is another log")
      }
    }
  }
}
