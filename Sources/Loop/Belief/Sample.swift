// Mean and spread of a few numbers, by Welford's update (Technometrics 4, 1962), which does not
// cancel.

/// Count, mean and sum of squared deviations.
package struct Sample: Sendable, Hashable {
  package private(set) var count = 0
  package private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  package init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  package mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
  }

  /// With n − 1; 0 for fewer than two values.
  package var variance: Double { count < 2 ? 0 : max(0, squares / Double(count - 1)) }
  package var standardDeviation: Double { variance.squareRoot() }
  package var standardError: Double { count == 0 ? 0 : (variance / Double(count)).squareRoot() }
}
