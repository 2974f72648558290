// `why` on the committed history: from beliefs to raw evidence, under limits, and AS OF.

import Base
import Lineage
import Stemma
import TestSupport
import Testing

@Suite struct EvidenceTests {
  @Test(arguments: ["F1", "F2", "P7", "P8", "P12", "CP4", "E22", "N1"])
  func evidenceOfABelief(key: String) throws {
    let database = try HistoryFixture.database()
    let evidence = try Evidence.of(key, in: database)
    #expect(evidence.complete)
    try Golden.expect(Self.text(of: evidence), matches: "Golden/why-\(key).txt")
  }

  @Test func limitsSayWhatTheyLeaveOut() throws {
    let database = try HistoryFixture.database()
    let evidence = try Evidence.of(
      "P1", in: database, limits: EvidenceLimits(depth: 2, breadth: 3, records: 50))
    #expect(!evidence.complete)
    let runs = try #require(evidence.root.omitted.first { $0.caption == "run as" })
    #expect(runs.count > 0)
    #expect(evidence.root.children.filter { $0.caption == "run as" }.count <= 3)
  }

  @Test func aLimitOnRecordsKeepsTheNearest() throws {
    let database = try HistoryFixture.database()
    let whole = try Evidence.of("P7", in: database)
    for limit in [1, 5, 20] {
      let evidence = try Evidence.of(
        "P7", in: database, limits: EvidenceLimits(records: limit))
      #expect(evidence.records == limit && !evidence.complete)
      #expect(!evidence.root.omitted.isEmpty || limit > 1 + whole.root.children.count)
    }
    let all = try Evidence.of("P7", in: database, limits: EvidenceLimits(records: whole.records))
    #expect(all.records == whole.records && all.complete)
  }

  /// Every value that a comparison rests on leads to the run that made it.
  @Test func evalsLeadToTheirRuns() throws {
    let database = try HistoryFixture.database()
    func check(_ node: EvidenceNode) {
      if node.record.kind == "Eval", !node.isRepeated {
        #expect(node.children.contains { $0.record.kind == "Run" }, "\(node.record.key)")
      }
      for child in node.children { check(child) }
    }
    for key in ["P1", "P2", "P7", "P9"] {
      let evidence = try Evidence.of(key, in: database)
      #expect(evidence.complete)
      check(evidence.root)
    }
  }

  @Test func unknownKeysAreExplained() throws {
    let database = try HistoryFixture.database()
    for (key, advice) in [("P99", "It would be a Proposal; `stemma"), ("X1", "Keys look like P42")]
    {
      let error = #expect(throws: StemmaError.self) { try Evidence.of(key, in: database) }
      #expect(error?.code == .keyNotFound)
      #expect(error?.advice?.hasPrefix(advice) == true)
    }
  }

  @Test func keysAreReadInSmallLettersToo() throws {
    let database = try HistoryFixture.database()
    #expect(try Evidence.of("p7", in: database).root.record.key == "P7")
  }

  static func text(of evidence: Evidence) -> String {
    var lines: [String] = []
    append(evidence.root, depth: 0, to: &lines)
    lines.append("(\(evidence.records) records, complete: \(evidence.complete))")
    return lines.joined(separator: "\n") + "\n"
  }

  static func append(_ node: EvidenceNode, depth: Int, to lines: inout [String]) {
    let caption = node.caption.isEmpty ? "" : node.caption + " "
    let objects = node.record.objects.map { " \($0.name)=\($0.hash.prefix(8))" }.joined()
    lines.append(
      String(repeating: "  ", count: depth) + caption + node.record.key + " " + node.record.kind
        + ": " + node.record.headline + objects + (node.isRepeated ? " (above)" : ""))
    for child in node.children { append(child, depth: depth + 1, to: &lines) }
    for omission in node.omitted {
      lines.append(
        String(repeating: "  ", count: depth + 1)
          + "\(omission.caption) \(omission.count) more")
    }
  }
}
