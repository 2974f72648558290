// Stores that were released are opened for ever. Each format has a store here, made by
//
//   swift build --product tamper-probe
//   .build/debug/tamper-probe fixture Tests/GraphTests/Fixtures/format-4
//
// and never changed again, with what it said in words beside it (BLESS=1 writes those).

import Base
import Foundation
import Store
import TestSupport
import Testing

@testable import Graph

@Suite struct FixtureTests {
  private static let formats = ["format-2", "format-3", "format-4"]

  private static func place(_ format: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(format)")
  }

  @Test(arguments: formats)
  func aStoreOfEveryFormatSaysWhatItSaid(_ format: String) throws {
    let folder = try TemporaryFolder()
    let copy = folder.path + "/store"
    try FileManager.default.copyItem(atPath: Self.place(format).path, toPath: copy)
    let graph = try Graph.open(at: copy, surroundings: Fixture.surroundings())
    try Golden.expect(
      GraphText.everything(graph), matches: "Fixtures/\(format).txt")
    #expect(try graph.verify().faults == [])
    let count = try graph.store.objects.all().count
    #expect(count == (format == "format-4" ? 4 : 2))
    for digest in try graph.store.objects.all() { _ = try graph.store.objects.get(digest) }
    // It can be written, and copied by every way there is.
    _ = try graph.append(
      Fixture.request(
        77,
        [
          .createNode(
            labels: ["A"], key: nil, properties: [Property("tag", .string("of today"))])
        ]))
    #expect(try graph.verify().faults == [])
    _ = try graph.backUp(to: folder.path + "/backup")
    let other = try Graph.rebuild(from: copy, into: folder.path + "/rebuilt")
    #expect(other.objects.copied == count)
    #expect(other.last == (try graph.lastTransaction().rawValue))
  }

  @Test(arguments: formats)
  func itIsUpgradedAndTheOldFileIsKept(_ format: String) throws {
    let folder = try TemporaryFolder()
    let copy = folder.path + "/store"
    try FileManager.default.copyItem(atPath: Self.place(format).path, toPath: copy)
    // What is in a journal goes into the tables first.
    #expect(try Graph.verify(at: copy, surroundings: Fixture.surroundings()).faults == [])
    let before = try Data(contentsOf: URL(fileURLWithPath: copy + "/data.mdb"))
    let kept = try #require(try Graph.upgrade(at: copy, always: true))
    #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "/" + kept)) == before)
    let graph = try Graph.open(at: copy, surroundings: Fixture.surroundings())
    #expect(graph.store.header.format == FormatHeader.newestFormat)
    #expect(try graph.store.objects.all().count == (format == "format-4" ? 4 : 2))
    try Golden.expect(
      GraphText.everything(graph), matches: "Fixtures/\(format).txt")
  }
}
