// How the values of a property are spread over the nodes with a label, from a sample: what a
// planner asks before it compares. Nothing of it is kept: the columns and rows are the histogram,
// and a sample of them costs less than keeping one up would.

package import Base

/// An equi-depth histogram: between each two of its bounds that follow each other lie as many of
/// the values. From at most `sampleSize` nodes, so that a share is right within `error` for 95 of
/// 100 properties (Dvoretzky, Kiefer, Wolfowitz 1956; Massart 1990), and exact, but for the
/// distance of the bounds, where all nodes were asked.
package struct ValueHistogram: Hashable, Sendable {
  /// Nodes that are asked at most, one from each of as many parts of the label's nodes.
  package static let sampleSize = 1_024
  /// How many values lie between two bounds, as a share of all.
  package static let depth = 0.01
  /// The square root of ln(2 / 0.05) / (2 * sampleSize), and half of `depth`.
  package static let error = 0.048

  /// How many nodes were asked.
  package let asked: Int
  /// The share of them that has the property.
  package let presence: Double
  /// Ascending in the order of Cypher; the first is the least value that was met, the last the
  /// greatest. Empty where there are none, and without texts over `longestText`.
  package let bounds: [Value]

  private static let longestText = 256

  init(asked: Int, values: [Value]) {
    self.asked = asked
    let present = values.filter { !$0.isNull }
    presence = asked == 0 ? 0 : Double(present.count) / Double(asked)
    let sorted = present.filter(Self.isKept).sorted { $0.order(against: $1) < 0 }
    let steps = min(Int(1 / Self.depth), max(1, sorted.count - 1))
    bounds =
      sorted.isEmpty ? [] : (0...steps).map { sorted[$0 * (sorted.count - 1) / steps] }
  }

  private static func isKept(_ value: Value) -> Bool {
    if case .string(let text) = value { return text.utf8Count <= longestText }
    if case .list = value { return false }
    return true
  }

  /// About which share of the label's nodes has a value that satisfies all of some comparisons of
  /// this property; never zero, since a sample does not know that.
  package func share(satisfying predicates: [ColumnPredicate]) -> Double {
    let met = bounds.count { bound in predicates.allSatisfy { $0.holds(for: bound) } }
    return presence * (Double(met) + 0.5) / Double(bounds.count + 1)
  }
}
