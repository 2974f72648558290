// Requests are put together from parts, some of which were written for an earlier request: always
// what writing everything anew would give.

import Base
import Foundation
import Testing

@testable import Loop

@Suite struct RequestTests {
  /// After every step of a campaign, the requests about it with kept parts and with none.
  @Test(arguments: 1...6)
  func keptPartsAreFresh(seed: Int) throws {
    let isEventful = seed % 3 == 0
    let simulated = try SimulatedCampaign(files: isEventful ? ResumeTests.prompts : [:]) { text in
      (isEventful ? ResumeTests.eventful(text) : text)
        .replacingOccurrences(of: "seed = 3", with: "seed = \(seed)")
        .replacingOccurrences(of: "rounds = 4", with: "rounds = 3")
    }
    defer { simulated.remove() }
    let engine = try simulated.engine(simulated.executor(), groupLimit: seed % 2 == 0 ? 1 : 8)
    var random = SplitMix64(seed: UInt64(seed))
    var compared = 0
    var seen: Set<[UInt8]> = []
    while try engine.performNext() != nil {
      let state = engine.state
      guard let round = state.lastRound, let incumbent = state.incumbent else { continue }
      let proposals = state.proposals
      let proposal = proposals[Int(random.next() % UInt64(proposals.count))]
      let limit = Int(random.next() % 12)
      func bodies(_ parts: RequestParts) throws -> [[UInt8]] {
        let writer = RequestWriter(state: state, parts: parts, historyLimit: limit)
        let critic = try writer.critic(
          round: round, ordinal: compared, seed: 1, incumbent: incumbent, proposal: proposal,
          objects: engine.objects)
        // The built-in critic is told what the others can read.
        #expect(critic.told == (try HistorianRequest(critic.body)))
        let proposer = try writer.proposer(
          round: round, ordinal: compared, seed: 1, incumbent: incumbent,
          objects: engine.objects)
        return [proposer, critic.body]
      }
      let kept = try bodies(engine.requestParts)
      #expect(kept == (try bodies(RequestParts(simulated.campaign))))
      compared += 1
      seen.formUnion(kept)
    }
    #expect(compared > 5)
    #expect(seen.count > compared)
  }
}
