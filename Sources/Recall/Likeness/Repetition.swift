// What a gate against repetitions has to know of earlier proposals. Unlike the score of a brief,
// what is said here of two proposals depends on these two alone, so a campaign that is replayed in
// another store asks the same questions.

package import Base
import Graph
import Stemma

/// An earlier proposal that may be the same change.
package struct Repetition: Sendable, Hashable {
  package var key: Text
  package var isExact: Bool
  package var isNear: Bool
  /// The parameters in which they differ, theirs first.
  package var differing: [Text]
  /// The larger of the shares of words and of changed lines that both have, 0 ... 1.
  package var likeness: Double
  /// Both set parameters and nothing else: their values say all.
  package var setsOnlyParameters: Bool
}

extension RecallIndex {
  /// The nearest earlier proposals, its base left out: most like it first, then the newest.
  package func repetitions(of key: Text) throws -> [Repetition] {
    try read(at: nil) { graph, file in
      let question = try Question(graph.proposal(key.string), graph, database)
      let near = try NearestProposals(question: question, file: file, database: database)
        .find(graph)
      var found: [(node: NodeID, repetition: Repetition)] = []
      for neighbour in near where !neighbour.isBase {
        guard let key = try graph.key(of: neighbour.node) else { continue }
        let texts = try ProposalTexts(neighbour.node, graph, database)
        let words = Self.overlap(question.terms, texts.terms)
        let differences = neighbour.distance?.differences ?? []
        found.append(
          (
            neighbour.node,
            Repetition(
              key: key, isExact: neighbour.isExact, isNear: neighbour.isNear,
              differing: differences.map { Text(ProposalFacts.described($0)) },
              likeness: max(words, neighbour.lines ?? 0),
              setsOnlyParameters: question.differenceHash == nil && texts.differenceHash == nil)
          ))
      }
      found.sort { ($0.repetition.likeness, $0.node) > ($1.repetition.likeness, $1.node) }
      return found.map(\.repetition)
    }
  }

  /// The share of the words of two texts that both have (Jaccard). Numbers do not count: whether
  /// they are the same is for parameters to say.
  private static func overlap(_ left: [String], _ right: [String]) -> Double {
    func words(_ terms: [String]) -> Set<String> { Set(terms.filter { !$0.startsWithDigit }) }
    let (mine, theirs) = (words(left), words(right))
    let all = mine.union(theirs).count
    return all == 0 ? 0 : Double(mine.intersection(theirs).count) / Double(all)
  }
}

extension String {
  /// Whether a term is a number, or begins as one.
  var startsWithDigit: Bool {
    utf8.first.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
  }
}
