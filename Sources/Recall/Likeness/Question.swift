// What earlier proposals are held against: a proposal of the store, or a change that nobody stored
// yet.

package import Base
import Graph
import Stemma

/// A change as somebody describes it before it is stored.
package struct ProposedChange: Sendable, Hashable {
  package var title = ""
  package var hypothesis = ""
  /// The key of the proposal that is changed.
  package var base: String?
  /// Only what differs from the base; numbers, texts and truth values.
  package var parameters = ValueMap()
  /// Whole parameters as `name=value`.
  package var assignments: [Text] = []
  /// A unified difference.
  package var difference: [UInt8] = []

  package init() {}
}

/// A question to the index.
struct Question {
  /// The proposal itself, which is no answer.
  var subject: NodeID?
  var base: NodeID?
  var terms: [String] = []
  var parameters = ParameterSet()
  var shape: PatchShape?
  /// Of the unified difference, where files are changed.
  var differenceHash: String?
  var changeHash: Text?

  init(_ node: NodeID, _ graph: borrowing GraphView, _ database: Database) throws {
    subject = node
    base = try graph.neighbours(of: node, .outgoing, "BASED_ON").first
    let texts = try ProposalTexts(node, graph, database)
    terms = texts.terms
    parameters = texts.parameters
    shape = texts.shape(database)
    differenceHash = texts.differenceHash
    changeHash = try graph.text("changeHash", of: node).map { Text($0) }
  }

  init(_ change: ProposedChange, _ graph: borrowing GraphView) throws {
    terms = WordSplitter.terms(in: change.title + " " + change.hypothesis)
    try Self.check(change.assignments)
    parameters = ParameterSet(assignments: change.assignments)
      .over(ParameterSet(change.parameters))
    if let key = change.base {
      let node = try graph.proposal(key)
      base = node
      if change.assignments.isEmpty {
        parameters = parameters.over(try ProposalTexts.parameters(of: node, graph))
      }
    }
    guard !change.difference.isEmpty else { return }
    shape = PatchShape(difference: change.difference)
    differenceHash = SHA256.hash(change.difference).hex
  }

  /// What assigns nothing would find nothing, which reads as if nothing like it had been tried.
  private static func check(_ assignments: [Text]) throws {
    for assignment in assignments {
      let sign = assignment.string.utf8.firstIndex(of: UInt8(ascii: "="))
      guard let sign, sign != assignment.string.startIndex else {
        throw StemmaError(
          .argumentInvalid, "'\(assignment)' is no assignment",
          advice: "write name=value, such as order=4")
      }
    }
  }
}
