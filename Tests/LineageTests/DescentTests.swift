// Family trees on the committed history, from every kind of key that leads to a proposal.

import Base
import Foundation
import Lineage
import Stemma
import TestSupport
import Testing

@Suite struct DescentTests {
  @Test func descendantsOfACampaign() throws {
    let database = try HistoryFixture.database()
    let descent = try Descent.of("C1", direction: .descendants, in: database)
    #expect(descent.complete && descent.shown == 13)
    try Golden.expect(Self.text(of: descent), matches: "Golden/descendants-C1.txt")
  }

  @Test func ancestorsOfAProposal() throws {
    let database = try HistoryFixture.database()
    let descent = try Descent.of("P13", direction: .ancestors, in: database)
    try Golden.expect(Self.text(of: descent), matches: "Golden/ancestors-P13.txt")
  }

  @Test(arguments: ["R23", "E22", "CP4", "RP6", "P7"])
  func otherRecordsLeadToTheirProposal(key: String) throws {
    let database = try HistoryFixture.database()
    let descent = try Descent.of(key, direction: .descendants, in: database)
    #expect(descent.root.record.kind == "Proposal")
  }

  @Test func aLimitKeepsTheNearest() throws {
    let database = try HistoryFixture.database()
    let down = try Descent.of("P1", direction: .descendants, in: database, limit: 4)
    #expect(down.shown == 4 && !down.complete)
    #expect(down.root.children.map(\.record.key) == ["P2", "P3", "P4"])
    let upward = try Descent.of("P13", direction: .ancestors, in: database, limit: 2)
    #expect(upward.shown == 2 && !upward.complete)
    #expect(upward.root.record.key == "P13" && upward.root.children[0].record.key == "P9")
  }

  /// A gain is a gain over the best of its moment, whatever the proposal was made from.
  @Test func effectsSayWhatTheyWereMeasuredAgainst() throws {
    let database = try HistoryFixture.database()
    let before = try Descent.of("P9", direction: .ancestors, in: database)
    #expect(before.root.effect?.against != nil)
    #expect(before.root.effect?.isAgainstBase == true)
    let edge = #"{"edge":"AGAINST","from":"CP5","to":"P"#
    let other = try HistoryFixture.database {
      $0.replacingOccurrences(of: edge + "7\"}", with: edge + "2\"}")
    }
    let after = try Descent.of("P9", direction: .ancestors, in: other)
    #expect(after.root.effect?.against == "P2")
    #expect(after.root.effect?.isAgainstBase == false)
  }

  @Test func recordsWithoutAProposalAreExplained() throws {
    let database = try HistoryFixture.database()
    let error = #expect(throws: StemmaError.self) {
      try Descent.of("A1", direction: .descendants, in: database)
    }
    #expect(error?.message == "A1 leads to no proposal")
  }

  static func text(of descent: Descent) -> String {
    var lines: [String] = []
    append(descent.root, depth: 0, to: &lines)
    lines.append("(\(descent.shown) proposals, complete: \(descent.complete))")
    return lines.joined(separator: "\n") + "\n"
  }

  static func append(_ node: DescentNode, depth: Int, to lines: inout [String]) {
    var line = String(repeating: "  ", count: depth) + node.record.key + " " + node.record.headline
    if let effect = node.effect { line += " \(effect.value) \(effect.verdict ?? "-")" }
    if !node.changed.isEmpty { line += " changes " + node.changed.joined(separator: ", ") }
    for other in node.alsoFrom { line += " also from \(other.key) (\(other.role))" }
    lines.append(line)
    for child in node.children { append(child, depth: depth + 1, to: &lines) }
  }
}
