// Item noise: how much a gain depends on which items were drawn. Items of one cluster (a document,
// a topic) were drawn together, so whole clusters are resampled, candidate and incumbent paired on
// each.

package import Base
import Glibc

/// One cluster's weight and its weighted gain, averaged over the pairs of runs.
package struct ClusterGain: Sendable, Hashable {
  package var cluster: Text
  package var weight: Double
  /// Positive is better.
  package var gain: Double

  package init(cluster: Text, weight: Double, gain: Double) {
    self.cluster = cluster
    self.weight = weight
    self.gain = gain
  }
}

package enum ClusterBootstrap {
  package static let resamples = 2_000
  /// Below this many clusters a bootstrap says too little to confirm anything.
  package static let clusterMinimum = 10

  /// The gain over all clusters with the bootstrap's standard error, widened to the t of the number
  /// of clusters as in the expanded intervals of Hesterberg (The American Statistician 69, 2015),
  /// because a plain bootstrap of few clusters is too narrow by √((n − 1)/n). `nil` below two
  /// clusters. O(resamples × clusters).
  package static func estimate(_ clusters: [ClusterGain], seed: UInt64) -> GainEstimate? {
    let count = clusters.count
    guard count >= 2 else { return nil }
    let total = clusters.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    let mean = clusters.reduce(0) { $0 + $1.weight * $1.gain } / total
    let weights = clusters.map(\.weight)
    let products = clusters.map { $0.weight * $0.gain }
    var random = SplitMix64(seed: seed)
    var spread = Sample()
    for _ in 0..<resamples {
      var weight = 0.0
      var product = 0.0
      for _ in 0..<count {
        let index = Int(random.next() % UInt64(count))
        weight += weights[index]
        product += products[index]
      }
      if weight > 0 { spread.add(product / weight) }
    }
    let widening = (Double(count) / Double(count - 1)).squareRoot()
    return GainEstimate(
      mean: mean, standardError: spread.standardDeviation * widening,
      degreesOfFreedom: Double(count - 1), source: .items, test: "paired bootstrap over clusters")
  }
}
