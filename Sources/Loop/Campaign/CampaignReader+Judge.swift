// The table [judge] of a campaign file.

import Base
import Models

extension CampaignReader {
  /// `nil`: whether two changes mean the same is not judged.
  func judge(_ file: inout Section) throws -> JudgeDeclaration? {
    guard var section = try file.section("judge") else { return nil }
    let candidates = try section.integer("candidates", in: 1...20) ?? 3
    let likeness = try section.number("likeness", in: 0...1) ?? 0.3
    for key in ["brief", "history", "prompts"] {
      guard let entry = section.table[key] else { continue }
      throw errors.failure(
        "a judge has no '\(key)'", at: entry.keyPlace,
        advice: "It is shown the proposal and what is most like it, and has one prompt.")
    }
    var provider = try provider(
      &section, .judge, allowed: ["command", "replay", "openai", "anthropic"])
    provider.briefTokens = nil
    return JudgeDeclaration(
      provider: provider, candidates: Int(candidates), likeness: likeness)
  }
}
