// How many rows predicates let through, where nothing better is known. The numbers are guesses of
// the usual kind (Selinger et al., 1979); statistics replace them where there are any.

import Cypher

/// Guesses of the share of rows that pass.
package enum Selectivity {
  package static let equality = 0.1
  package static let range = 0.3
  package static let other = 0.5
  package static let label = 0.5

  package static func of(_ predicate: BoundExpression) -> Double {
    switch predicate.kind {
    case .comparison(.equal, _, _): equality
    case .comparison(.notEqual, _, _): 0.9
    case .comparison, .comparisonChain, .startsWith: range
    case .hasLabels: label
    case .isIn: equality * 3
    default: other
    }
  }

  package static func of(_ predicates: [BoundExpression]) -> Double {
    predicates.reduce(1) { $0 * of($1) }
  }
}
