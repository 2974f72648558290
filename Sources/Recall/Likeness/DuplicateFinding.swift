// The duplicate gate: the same change by its canonical hash, or one so near that its difference has
// to be stated. Whether two changes mean the same is for a judge to say (docs/briefs.md).

package import Base
import Graph

/// What the duplicate gate says of a change.
package struct DuplicateFinding: Sendable, Hashable {
  package enum Kind: String, Sendable { case exact, near }

  package var kind: Kind
  package var key: Text
  /// 1 is identical.
  package var score: Double
  /// The parameters in which they differ, theirs first.
  package var differing: [Text]

  /// The nearest repetition among neighbours; `nil` where there is none.
  init?(_ near: [Neighbour], _ graph: borrowing GraphView) throws {
    let nearest = near.filter(\.isNear).min {
      ($0.distance?.mean ?? 1, $1.node) < ($1.distance?.mean ?? 1, $0.node)
    }
    guard let found = near.first(where: \.isExact) ?? nearest,
      let key = try graph.key(of: found.node)
    else { return nil }
    self.key = key
    kind = found.isExact ? .exact : .near
    score = found.isExact ? 1 : 1 - (found.distance?.mean ?? 0)
    differing =
      found.isExact
      ? [] : (found.distance?.differences ?? []).map { Text(ProposalFacts.described($0)) }
  }
}
