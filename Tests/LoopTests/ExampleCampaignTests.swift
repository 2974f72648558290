// The campaigns of examples/ read, with every file they name.

import Foundation
import Testing

@testable import Loop

@Suite struct ExampleCampaignTests {
  @Test(arguments: ["ngram", "charlm"])
  func theExamplesRead(name: String) throws {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let path = root.appendingPathComponent("examples/\(name)/campaign.toml").path
    let campaign = try Campaign.read(at: path)
    #expect(campaign.name == name)
    #expect(campaign.primary.metric == "bits_per_character")
    #expect(campaign.holdout != nil)
    #expect(campaign.editable.patches.contains { $0.name == "lower-case" })
    // An example can be copied by itself.
    let holdout = campaign.holdout?.hidden ?? []
    let named = campaign.evaluation.hidden + holdout + campaign.run.readOnly
    #expect(named.allSatisfy { $0.hasPrefix(campaign.directory + "/") }, "\(named)")
  }
}
