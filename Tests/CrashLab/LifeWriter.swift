// A process of a simulated life: it goes on with a seeded workload where the others left it, until
// it is done or killed at one of its writes.

import Base
import CrashPoints
import Glibc
import Graph
import GraphWorkload

/// The writer that `crash-lab live` is.
enum LifeWriter {
  /// Appends `count` requests of the workload `seed` after the first `steps`; says "ack N" for
  /// each. It is killed at call `boundary`, 0 for not at all.
  static func run(
    _ place: String, seed: UInt64, steps: Int, count: Int, boundary: Int, isTorn: Bool
  ) throws {
    var workload = Workload(seed: seed)
    for _ in 0..<steps { _ = workload.nextRequest() }
    let graph = try Graph.open(
      at: place, surroundings: LabStore.surroundings(seed &+ UInt64(steps) &* 7_919))
    if boundary > 0 { crash_points_arm(boundary, isTorn ? 1 : 0) }
    for _ in 0..<count {
      let receipt = try graph.append(workload.nextRequest())
      print("ack \(receipt.transaction.rawValue)")
      fflush(nil)
    }
  }
}
