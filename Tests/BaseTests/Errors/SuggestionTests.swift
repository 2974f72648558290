// Which name is found for a wrong one.

import Base
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("Proposl", "Proposal"), ("porposal", "Proposal"), ("PROPOSAL", "Proposal"),
    ("Propo", "Proposal"), ("run", "Run"), ("Rnu", "Run"), ("Eval", "Evaluation"),
  ])
  func theNearestIsFound(wrong: String, meant: String) {
    let names = ["Run", "EvaluationPlan", "Evaluation", "Proposal"]
    #expect(Suggestion.nearest(to: wrong, among: names) == meant)
    #expect(Suggestion.nearest(to: Text(wrong), among: names.map { Text($0) }) == Text(meant))
  }

  @Test(arguments: ["", "x", "Pr", "Campaign", String(repeating: "Proposal", count: 9)])
  func nothingIsFarFetched(wrong: String) {
    #expect(Suggestion.nearest(to: wrong, among: ["Run", "Proposal"]) == nil)
  }

  @Test func amongEquallyNearTheFirstWins() {
    #expect(Suggestion.nearest(to: "cat", among: ["car", "bat"]) == "car")
  }
}
