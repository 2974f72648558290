// "Was this tried before?": the nearest proposals as records, a page at a time.

package import Base
import Graph
import Stemma

/// A page of what was tried.
package struct TriedBefore: Sendable {
  package struct Entry: Sendable {
    package var key: Text
    /// The sum that the order is by.
    package var score: Double
    package var isExact: Bool
    package var isNear: Bool
    /// The record as an object of the brief.
    package var value: Value
  }

  package var entries: [Entry]
  package var available: Int
  package var snapshot: TransactionNumber
  package var duplicate: DuplicateFinding?
}

extension RecallIndex {
  /// The nearest proposals, exact repetitions before all.
  package func triedBefore(
    _ subject: BriefRequest.Subject, limit: Int, offset: Int = 0,
    at snapshot: TransactionNumber? = nil
  ) throws -> TriedBefore {
    try read(at: snapshot) { graph, file in
      let question: Question
      switch subject {
      case .proposal(let key): question = try Question(graph.proposal(key), graph, database)
      case .change(let change): question = try Question(change, graph)
      }
      let near = try NearestProposals(question: question, file: file, database: database)
        .find(graph)
      var entries: [TriedBefore.Entry] = []
      for neighbour in near.dropFirst(offset).prefix(limit) {
        let record = try ProposalFacts.record(neighbour, graph)
        entries.append(
          TriedBefore.Entry(
            key: record.key, score: neighbour.score, isExact: neighbour.isExact,
            isNear: neighbour.isNear, value: record.value))
      }
      return TriedBefore(
        entries: entries, available: near.count, snapshot: graph.snapshot,
        duplicate: try DuplicateFinding(near, graph))
    }
  }
}
