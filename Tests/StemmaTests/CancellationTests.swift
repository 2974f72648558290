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
}
