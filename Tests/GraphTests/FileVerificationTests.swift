// Verification below the graph: the file and the objects.

import Base
import Foundation
import Graph
import Store
import TestSupport
import Testing

@Suite struct FileVerificationTests {
  private func graph(_ folder: TemporaryFolder) throws -> Graph {
    let graph = try Graph.create(
      at: folder.path, schema: nil, surroundings: Fixture.surroundings())
    for number in 1...40 as ClosedRange<UInt64> {
      let text = Value.text(String(repeating: "x", count: Int(number) * 20))
      _ = try graph.append(
        Fixture.request(
          number, [.createNode(labels: ["A"], key: nil, properties: [Property("text", text)])]))
    }
    return graph
  }

  @Test func aDamagedObjectIsReported() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(folder)
    let log = [UInt8](repeating: 0x61, count: ObjectRows.largestBytes + 1)
    let digest = try graph.store.objects.put(log)
    #expect(try graph.verify().faults == [])
    let path =
      "\(folder.path)/objects/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    try FileManager.default.removeItem(atPath: path)
    try Data("a lie".utf8).write(to: URL(fileURLWithPath: path))
    let faults = try graph.verify().faults
    #expect(faults.map(\.table) == ["objects"])
    #expect(faults.first?.key == digest.hex)
  }

  @Test func aDamagedRowOfAnObjectIsReportedAndCarriedNowhere() throws {
    let folder = try TemporaryFolder()
    let (source, target) = (folder.path + "/source", folder.path + "/target")
    let graph = try Graph.create(at: source, schema: nil, surroundings: Fixture.surroundings())
    let whole = try graph.store.objects.put(Array("a log".utf8))
    let key = SHA256.hash(Array("an answer".utf8))
    try graph.store.write { try $0.put(.objects, key.bytes, Array("another".utf8)) }
    try graph.store.write { try $0.put(.objects, [7], Array("a short key".utf8)) }
    let faults = try graph.verify().faults
    #expect(faults.map(\.table) == ["objects", "objects"])
    #expect(Set(faults.map(\.key)) == ["07", key.hex])
    let error = #expect(throws: StemmaError.self) { try graph.store.objects.get(key) }
    #expect(error?.code == .storeDamaged)
    let rebuilt = try Graph.rebuild(from: source, into: target)
    #expect(Set(rebuilt.objects.damaged) == ["07", key.hex])
    let copy = try Graph.open(at: target, surroundings: Fixture.surroundings())
    #expect(try copy.store.objects.all() == [whole])
    #expect(try copy.verify().faults == [])
    #expect(try graph.backUp(to: folder.path + "/backup").objects.damaged.count == 2)
  }

  @Test func aDamagedPageIsReportedBeforeLiblmdbMeetsIt() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(folder)
    let file = try FileHandle(
      forUpdating: URL(fileURLWithPath: folder.path + "/data.mdb"))
    let size = try file.seekToEnd()
    var noticed = 0
    for page in 2..<size / 4096 {
      // The number of entries of the page, as far as there are any.
      try file.seek(toOffset: page * 4096 + 13)
      let before = try file.read(upToCount: 1) ?? Data([0])
      try file.seek(toOffset: page * 4096 + 13)
      try file.write(contentsOf: Data([before[0] ^ 0x7F]))
      let report = try LMDBFileCheck.check(storeAt: folder.path)
      if !report.isSound {
        noticed += 1
        #expect(try graph.verify().faults.first?.table == "file")
      }
      try file.seek(toOffset: page * 4096 + 13)
      try file.write(contentsOf: before)
    }
    #expect(noticed > 10)
    #expect(try graph.verify().faults == [])
  }
}
