// Histograms that planning asked for. They are made from a sample, so one is good until the nodes
// that it is about have doubled or halved; nothing else depends on which one is at hand.

import Base
import Graph
import Planner
import Synchronization

/// Histograms by label and property.
final class HistogramCache: Sendable {
  private struct Entry {
    var histogram: ValueHistogram
    /// How many nodes had the label.
    var nodes: Int
  }

  /// When this many are kept, all are forgotten.
  private static let capacity = 1_024

  private let entries = Mutex<[PatternNames.LabelledProperty: Entry]>([:])

  /// The histogram of a property of the nodes with a label, of which there are now `nodes`; `nil`
  /// where there is none or no such property.
  func histogram(
    _ name: PatternNames.LabelledProperty, nodes: Int, _ graph: borrowing GraphView
  ) throws -> ValueHistogram? {
    if let known = entries.withLock({ $0[name] }), nodes / 2 <= known.nodes,
      known.nodes / 2 <= nodes
    {
      return known.histogram
    }
    guard let label = try graph.symbol(for: name.label),
      let property = try graph.symbol(for: name.property)
    else { return nil }
    let histogram = try graph.histogram(of: property, label: label)
    guard histogram.asked > 0 else { return nil }
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll() }
      entries[name] = Entry(histogram: histogram, nodes: nodes)
    }
    return histogram
  }
}
