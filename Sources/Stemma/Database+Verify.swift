// Verification through the façade: of an open store, and of a folder that may be damaged beyond
// opening.

public import Base
import Graph

extension Database {
  /// Recomputes every projection from the log and compares.
  public func verify(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    VerificationReport(try graph.verify(progress: progress))
  }

  /// Verifies the store in a folder without opening it first, so that a damaged one is reported
  /// and not tripped over. With `fileOnly` the contents are not looked at.
  public static func verify(
    at path: String, fileOnly: Bool = false, surroundings: Surroundings,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    VerificationReport(
      try Graph.verify(
        at: path, depth: fileOnly ? .file : .everything, surroundings: surroundings,
        progress: progress))
  }
}

extension VerificationReport {
  init(_ found: Verification) {
    var faults = found.faults.map(\.description)
    if found.hasMoreFaults { faults.append("and more faults than are listed") }
    self.init(
      transactions: found.transactions, nodes: found.nodes, edges: found.edges,
      entriesCompared: found.entriesCompared, faults: faults)
  }
}
