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
  /// and not tripped over.
  public static func verify(
    at path: String, depth: Depth = .everything, surroundings: Surroundings,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    VerificationReport(
      try Graph.verify(
        at: path, depth: depth.inner, surroundings: surroundings, progress: progress))
  }

  /// How far a verification goes.
  public enum Depth: Sendable {
    /// The structure of the file only: seconds for gigabytes.
    case file
    /// Everything, with a copy of the store in memory.
    case everything
    /// Everything, with a copy of the tables on disk, below the store's folder.
    case rebuild

    var inner: Graph.VerificationDepth {
      switch self {
      case .file: .file
      case .everything: .everything
      case .rebuild: .rebuild
      }
    }
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
