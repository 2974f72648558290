// A query that would run for minutes stops soon after it is cancelled, wherever it is: the cases
// are those of the program that measures it.

import Testing

@testable import stemma_differential

@Suite("Cancellation", .serialized)
struct CancellationTests {
  @Test("cancelling stops every kind of work")
  func everywhere() throws {
    let measured = try CancellationCases.measure(delayMilliseconds: 40)
    for entry in measured {
      #expect(entry.wasStopped, "\(entry.name) was not stopped")
      // Generous: unoptimised, on a machine that does other things.
      #expect(entry.reactionMilliseconds < 3_000, "\(entry.name)")
    }
  }

  @Test("little is done between two looks at whether to stop")
  func checks() throws {
    for entry in try CancellationCases.largestGaps(workMilliseconds: 300) {
      // Processor time without optimisation, which is some twenty times a release build's.
      #expect(entry.milliseconds < 1_500, "\(entry.name)")
    }
  }
}
