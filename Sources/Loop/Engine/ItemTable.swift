// The per-item table of evals, cluster by cluster. Pure.

import Base

/// One eval's items.
struct ItemTable {
  var names: [Text]
  var clusters: [Text]
  var values: [Double]
  var weights: [Double]

  init(_ eval: MirrorNode) {
    names = eval.texts("itemNames")
    clusters = eval.texts("itemClusters")
    values = eval.numbers("itemValues")
    weights = eval.numbers("itemWeights")
  }

  var isWhole: Bool {
    !names.isEmpty && clusters.count == names.count && values.count == names.count
      && weights.count == names.count
  }
}

/// How much a metric depends on which items it is measured on, from several runs of one proposal.
struct ItemNoise {
  /// Each cluster's weighted mean over the runs; empty unless every eval has the same items.
  let clusters: [ClusterGain]

  init(_ tables: [ItemTable]) {
    guard let first = tables.first, first.isWhole,
      tables.allSatisfy({ $0.isWhole && $0.names == first.names && $0.clusters == first.clusters })
    else {
      clusters = []
      return
    }
    var sums: [Text: (weight: Double, product: Double)] = [:]
    for table in tables {
      for index in table.names.indices {
        sums[table.clusters[index], default: (0, 0)].weight += table.weights[index]
        sums[table.clusters[index], default: (0, 0)].product +=
          table.weights[index] * table.values[index]
      }
    }
    clusters = sums.keys.sorted().compactMap { cluster in
      guard let sum = sums[cluster], sum.weight > 0 else { return nil }
      return ClusterGain(
        cluster: cluster, weight: sum.weight / Double(tables.count),
        gain: sum.product / sum.weight)
    }
  }

  /// The standard error of the metric under resampling of clusters; `nil` without items.
  func standardError(seed: UInt64) -> Double? {
    ClusterBootstrap.estimate(clusters, seed: seed)?.standardError
  }
}
