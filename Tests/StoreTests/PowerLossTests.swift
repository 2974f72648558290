// The power goes at every step of a recorded run, with every kind of what a disk may have kept of
// the writes since the last sync: a reboot finds the old or the new state, whole, and everything
// that was acknowledged.

import Base
import Foundation
import Store
import StoreWorkload
import Testing

@Suite struct PowerLossTests {
  private static let layoutsPerStep = 5

  @Test func whateverTheDiskKept() throws {
    let folder = NSTemporaryDirectory() + "stemma-power-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let run = try Probe("record", real + "/store", "3", real + "/journal").finish()
    try #require(run.succeeded, "\(run.lines)")
    let steps = DiskStep.all(in: try Data(contentsOf: URL(fileURLWithPath: real + "/journal")))
    #expect(steps.count > 60)
    var model = DiskModel(root: real)
    var random = SplitMix64(seed: 11)
    var acknowledged: UInt64 = 0
    var layouts = 0
    for (index, step) in steps.enumerated() {
      if step.what == "A" { acknowledged = UInt64(step.number) }
      model.apply(step)
      for round in 0..<Self.layoutsPerStep {
        let survival: DiskModel.Survival = round == 0 ? .nothing : round == 1 ? .everything : .some
        let place = real + "/after"
        try model.layOut(in: place, survival, &random)
        try check(place + "/store", acknowledged, "step \(index) \(step.what), layout \(round)")
        try? FileManager.default.removeItem(atPath: place)
        layouts += 1
      }
    }
    #expect(acknowledged == 3)
    #expect(layouts > 300)
  }

  /// A store that was made is on the disk, whichever call failed once on the way.
  @Test func whatIsMadeIsThere() throws {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
      .appendingPathComponent("stemma-making-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (made, failed) = (0, 0)
    for call in 1...60 {
      let real = folder + "/\(call)"
      try FileManager.default.createDirectory(atPath: real, withIntermediateDirectories: true)
      let run = try Probe("make", real + "/store", "6", "\(call)", "\(EIO)", real + "/journal")
        .finish()
      try #require(run.succeeded, "\(run.lines)")
      guard run.lines == ["made"] else {
        failed += 1
        continue
      }
      made += 1
      var model = DiskModel(root: real)
      for step in DiskStep.all(in: try Data(contentsOf: URL(fileURLWithPath: real + "/journal"))) {
        model.apply(step)
      }
      var random = SplitMix64(seed: 1)
      try model.layOut(in: real + "/after", .nothing, &random)
      let store = try Store.open(at: real + "/after/store")
      #expect(try LMDBFileCheck.check(storeAt: real + "/after/store").faults == [], "\(call)")
      #expect(try store.read { try $0.count(.log) } == 6, "\(call)")
    }
    // Calls beyond the last do not fail.
    #expect(made > 5 && failed > 20)
  }

  private func check(_ path: String, _ acknowledged: UInt64, _ place: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      #expect(acknowledged == 0, "\(place): the store is gone")
      return
    }
    let store: Store
    do {
      store = try StoreWorkload.openOrCreate(path)
      #expect(try LMDBFileCheck.check(storeAt: path).faults == [], "\(place)")
      let last = try StoreWorkload.checkWithObjects(store)
      #expect(last == acknowledged || last == acknowledged + 1, "\(place): \(last)")
    } catch {
      Issue.record("\(place): \(error)")
    }
  }
}
