// The example campaign on the real layers: LMDB on disk, the real sandbox, Python. Takes minutes,
// so it runs only with STEMMA_LONG_TESTS=1; `make demo` runs the same through the program.

import Base
import Foundation
import Lineage
import Signing
import Stemma
import Testing

@testable import Loop

@Suite(.enabled(if: ProcessInfo.processInfo.environment["STEMMA_LONG_TESTS"] == "1"))
struct RealCampaignTests {
  @Test func theExampleRuns() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stemma-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("ngram")
    try FileManager.default.copyItem(at: root.appendingPathComponent("examples/ngram"), to: copy)
    let campaign = try Campaign.read(at: copy.appendingPathComponent("campaign.toml").path)
    let store = folder.appendingPathComponent("store").path
    let database = try Database.create(
      at: store, .init(schemaText: LineageSchema.text), surroundings: .system)
    let start = Date()
    let summary = try Loop.run(
      campaign, in: database, surroundings: .system,
      options: .init(owner: SigningKey.generate(name: "owner", random: Surroundings.system.random)),
      events: { event in
        let seconds = String(format: "%6.1f", Date().timeIntervalSince(start))
        FileHandle.standardError.write(Data("\(seconds) \(event)\n".utf8))
      })
    #expect(summary.status == "finished")
    #expect(summary.progress.runsOpen == 0)
    #expect(try database.verify().faults == [])
    let report = try database.query(
      "MATCH (r:Report {kind: 'campaign'}) RETURN r.text AS text")
    if case .string(let text)? = report.rows.first?.first { print(text) }
  }
}
