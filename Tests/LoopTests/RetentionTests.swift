// What runs leave is kept as the campaign says: what goes is named in the graph with the moment,
// what anything else needs stays, and a runner that dies in between leaves nothing half done.

import Base
import Foundation
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct RetentionTests {
  private static func keeping(_ what: String) -> (String) -> String {
    { ResumeTests.small($0).replacing("[run]\n", with: "[run]\nkeep = \"\(what)\"\n") }
  }

  private struct Output: Hashable {
    var proposal: Text
    var isRemoved: Bool
    /// Its list of files, and how many of these are there.
    var isListed: Bool
    var files: Int
  }

  private func outputs(_ simulated: SimulatedCampaign) throws -> [Output] {
    try simulated.database.query(
      "MATCH (p:Proposal)<-[:EXECUTES]-(r:Run)-[:PRODUCED]->(a:Artifact) "
        + "RETURN p.key, a.contentHash, a.removedAt IS NOT NULL ORDER BY id(r)"
    ).rows.map { row in
      guard case .string(let proposal) = row[0], case .string(let hash) = row[1] else {
        throw StemmaError(.loopState, "a row is not one")
      }
      let objects = DatabaseObjects(database: simulated.database)
      let tree = try? Tree(manifest: objects.load(hash.string))
      return Output(
        proposal: proposal, isRemoved: row[2] == .boolean(true), isListed: tree != nil,
        files: (tree?.files ?? []).count { (try? objects.load($0.hash)) != nil })
    }
  }

  @Test(arguments: ["none", "last", "best", "all"]) func whatIsKept(_ keep: String) throws {
    let simulated = try SimulatedCampaign(Self.keeping(keep))
    defer { simulated.remove() }
    #expect(try simulated.run(simulated.executor()).status == "finished")
    let outputs = try self.outputs(simulated)
    #expect(outputs.allSatisfy { $0.isListed && ($0.files == 0) == $0.isRemoved }, "\(outputs)")
    let kept = Set(outputs.filter { !$0.isRemoved }.map(\.proposal))
    let all = Set(outputs.map(\.proposal))
    #expect(all.count > 1)
    switch keep {
    case "none": #expect(kept.isEmpty)
    case "all": #expect(kept == all)
    case "last": #expect(kept.count == 1 && kept != ["P1"], "\(kept)")
    default: #expect(kept.count == 1, "\(kept)")
    }
    #expect(try ObjectAudit(of: simulated.database).faults.isEmpty)
  }

  @Test(arguments: [0, 1, 20, 21]) func whatIsNotKeptIsOnTheRecord(count: Int) throws {
    let simulated = try SimulatedCampaign(Self.keeping("all"))
    defer { simulated.remove() }
    let executor = simulated.executor()
    executor.leftOut.withLock { $0 = (0..<count).map { "link-\($0): a symbolic link" } }
    let told = Mutex<Int>(0)
    _ = try simulated.run(
      executor,
      events: { event in
        if case .leftOut(_, let files) = event, files.count == min(count, 21) {
          told.withLock { $0 += 1 }
        }
      })
    let rows = try simulated.database.query(
      "MATCH (r:Run {status: 'finished'}) RETURN r.leftOut, size(r.leftOut), last(r.leftOut)"
    ).rows
    #expect(!rows.isEmpty && told.withLock { $0 } == (count == 0 ? 0 : rows.count))
    for row in rows {
      switch count {
      case 0: #expect(row[0] == .null)
      case 21: #expect(row[1] == .integer(21) && row[2] == .string("?: 1 more"))
      default: #expect(row[1] == .integer(Int64(count)))
      }
    }
  }

  @Test func whatOthersNeedStays() throws {
    let simulated = try SimulatedCampaign(Self.keeping("none"))
    defer { simulated.remove() }
    let executor = simulated.executor()
    // Somebody's note names the content of an output, and a tree of somebody's has it as a file.
    let objects = DatabaseObjects(database: simulated.database)
    var named: String?
    _ = try simulated.run(
      executor,
      events: { event in
        guard named == nil, case .runEnded = event,
          let row = try? simulated.database.query(
            "MATCH (:Run)-[:PRODUCED]->(a:Artifact) RETURN a.contentHash LIMIT 1"
          ).rows.first, case .string(let hash)? = row.first,
          let file = try? Tree(manifest: objects.load(hash.string)).files.first
        else { return }
        named = file.hash
        _ = try? Outside.note(
          "see \(file.hash)!", title: "kept", about: [], by: "me", in: simulated.database,
          surroundings: simulated.surroundings)
      })
    let there = try outputs(simulated).filter { $0.files > 0 }
    #expect(named != nil && there.count == 1 && there[0].isRemoved, "\(there)")
  }

  @Test func whatARunnerLeftIsRemovedByTheNext() throws {
    let simulated = try SimulatedCampaign(Self.keeping("none"))
    defer { simulated.remove() }
    struct Death: Error {}
    #expect(throws: Death.self) {
      try simulated.run(
        simulated.executor(), groupLimit: 1,
        onBoundary: { if $0 == LoopBoundary(.after, .roundFinished) { throw Death() } })
    }
    let before = try outputs(simulated)
    #expect(before.contains { $0.isRemoved && $0.files > 0 }, "\(before)")
    _ = try simulated.run(simulated.executor())
    #expect(try outputs(simulated).allSatisfy { $0.isRemoved && $0.files == 0 })
  }

  @Test func hashesAreFoundInAnyText() {
    let hash = String(repeating: "0f", count: 32)
    #expect(ObjectUse.hashes(in: Array("see \(hash)!".utf8)) == [hash])
    #expect(ObjectUse.hashes(in: Array("\(hash)".utf8)) == [hash])
    #expect(ObjectUse.hashes(in: Array("\(hash)0 x\(hash.uppercased()) ".utf8)).isEmpty)
    #expect(ObjectUse.hashes(in: []).isEmpty)
  }
}
