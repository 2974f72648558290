// What the loop believes of its guards.

import Base
import Sandbox
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct GuardBeliefTests {
  /// Whoever attacked the guards, perhaps a node of a cluster: without a control that worked beside
  /// the attack, nothing is proven.
  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func aGuardHoldsOnlyBesideItsControl(_ held: Bool, _ controlPassed: Bool) throws {
    let simulated = try SimulatedCampaign(ResumeTests.small)
    defer { simulated.remove() }
    let executor = simulated.executor()
    let check = GuardCheck(
      name: "network", mechanism: "namespace", held: held, controlPassed: controlPassed,
      evidence: "no answer", milliseconds: 1)
    executor.checks.withLock { $0 = [check] }
    guard held, controlPassed else {
      #expect {
        try simulated.run(executor)
      } throws: { error in
        let message = (error as? StemmaError)?.message ?? ""
        return message.contains("'network' does not hold")
          && message.contains("its positive control failed") == !controlPassed
      }
      let stored = try simulated.database.query("MATCH (n) RETURN count(n)").rows
      #expect(stored == [[.integer(0)]])
      return
    }
    try simulated.run(executor)
    let stored = try simulated.database.query("MATCH (g:GuardCheck) RETURN g.held, g.supported")
    #expect(stored.rows == [[.boolean(true), .boolean(true)]])
  }
}
