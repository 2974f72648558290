// When to look at a confirmation and when to give up: futility after every second pair, efficacy
// only at the last, so that looking often does not make false improvements (design §7, step 3).

/// The plan of one confirmation.
package struct ConfirmationPlan: Sendable, Hashable {
  package var pairs: Int
  package var alpha: Double

  package init(pairs: Int, alpha: Double) {
    self.pairs = pairs
    self.alpha = alpha
  }

  package enum Next: Sendable, Hashable {
    /// Run on to this many pairs.
    case runTo(pairs: Int)
    /// Stop: the mean gain is below zero.
    case futile
    /// All pairs are there: judge.
    case judge
  }

  /// What to do with the gains (candidate over incumbent, oriented) of the complete pairs so far.
  package func next(after gains: [Double]) -> Next {
    guard gains.count >= 2 else { return .runTo(pairs: min(2, pairs)) }
    if gains.count >= pairs { return .judge }
    if gains.count.isMultiple(of: 2), gains.reduce(0, +) < 0 { return .futile }
    return .runTo(pairs: min(pairs, gains.count + (gains.count.isMultiple(of: 2) ? 2 : 1)))
  }
}
