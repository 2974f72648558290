// Who proposes and who criticises, as a campaign file declares them.

import Base
import Models

extension CampaignReader {
  func proposer(_ file: inout Section) throws -> (ProviderDeclaration, Int) {
    guard var section = try file.section("proposer") else {
      return (.builtIn("search", .search(exploration: 0.3)), 1)
    }
    let perRound = try section.integer("per_round", in: 1...1_000) ?? 1
    let provider = try provider(
      &section, .proposer,
      allowed: ["search", "command", "replay", "openai", "anthropic", "agent", "outside"])
    return (provider, Int(perRound))
  }

  func critics(_ file: inout Section) throws -> [ProviderDeclaration] {
    // Without a word on critics there is the built-in one; `critics = []` is none on purpose.
    guard file.table["critics"] != nil else { return [.builtIn("historian", .historian)] }
    var sections = try file.sections("critics")
    return try sections.indices.map {
      try provider(
        &sections[$0], .critic, allowed: ["historian", "command", "replay", "openai", "anthropic"])
    }
  }

  func provider(
    _ section: inout Section, _ role: ProviderRole, allowed: [String]
  ) throws -> ProviderDeclaration {
    let kind = try section.requiredString("kind", example: "\"\(allowed[0])\"")
    let name = try section.string("name") ?? kind
    let declared: ProviderDeclaration.Kind
    switch kind {
    case "search" where allowed.contains(kind):
      declared = .search(exploration: try section.number("exploration", in: 0...1) ?? 0.3)
    case "historian" where allowed.contains(kind): declared = .historian
    case "outside" where allowed.contains(kind): declared = .outside
    case "agent" where allowed.contains(kind): declared = .agent(try agent(&section))
    case "command":
      let command = try section.placedCommand(example: "[\"./propose.py\"]")
      try checkProgram(command[0].text, at: command[0].place)
      declared = .command(
        command.map(\.text), timeoutMilliseconds: try section.milliseconds("timeout") ?? 60_000,
        outputLimitBytes: try section.bytes("output_limit") ?? 1 << 20)
    case "replay":
      let text = try section.requiredString("file", example: "\"answers.jsonl\"")
      let place = section.table["file"]?.value.place ?? section.table.place
      declared = .replay(try path(text, at: place, isDirectory: false))
    case "openai", "anthropic": declared = .model(try endpoint(kind, &section))
    default:
      throw errors.failure(
        "'\(kind)' is nobody who can do this",
        at: section.table["kind"]?.value.place ?? section.table.place,
        advice: Suggestion.advice(for: kind, among: allowed))
    }
    var provider = ProviderDeclaration(name: name, kind: declared)
    provider.historyLimit =
      try section.integer("history", in: 1...10_000).map { Int($0) }
      ?? provider.usualHistory
    provider.briefTokens = try briefTokens(&section, of: provider)
    if !["search", "historian", "outside"].contains(kind) {
      provider.prompts = try prompts(&section, of: declared, role)
    }
    try section.finish()
    return provider
  }
}
