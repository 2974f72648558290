// The table [critique] of a campaign file, and the prompts of those who are asked.

import Base
import Models

extension CampaignReader {
  func critique(_ file: inout Section) throws -> CritiqueDeclaration {
    var declaration = CritiqueDeclaration()
    guard var section = try file.section("critique") else { return declaration }
    declaration.rule =
      try section.choice("rule", CritiqueDeclaration.Rule.self) ?? declaration.rule
    if let threshold = try section.number("threshold", in: 0...0.99) {
      guard declaration.rule == .weighted else {
        throw errors.failure(
          "only the rule \"weighted\" has a threshold",
          at: section.table["threshold"]?.value.place ?? section.table.place)
      }
      declaration.threshold = threshold
    }
    for var entry in try section.sections("criteria") {
      let criterion = try criterion(&entry)
      guard !declaration.criteria.contains(where: { $0.name == criterion.name }) else {
        throw errors.failure("there are two criteria '\(criterion.name)'", at: entry.table.place)
      }
      declaration.criteria.append(criterion)
    }
    try section.finish()
    return declaration
  }

  private func criterion(_ section: inout Section) throws -> CritiqueDeclaration.Criterion {
    let name = try section.requiredString("name", example: "\"novelty\"")
    guard Placeholders.isName(name) else {
      throw errors.failure(
        "'\(name)' cannot name a criterion",
        at: section.table["name"]?.value.place ?? section.table.place,
        advice: "Use letters, digits and '_'.")
    }
    let question = try section.requiredString("question", example: "\"Was it tried before?\"")
    let weight = try section.number("weight", in: 0.001...1_000) ?? 1
    let place = section.table["anchors"]?.value.place ?? section.table.place
    let anchors = try section.pairs("anchors").map { pair in
      guard let score = Double(pair.name), (0...1).contains(score) else {
        throw errors.failure(
          "'\(pair.name)' is no score from 0 to 1", at: place,
          advice: "anchors = { \"0\" = \"tried and failed\", \"1\" = \"nothing like it\" }")
      }
      return CritiqueDeclaration.Criterion.Anchor(score: score, meaning: pair.value)
    }.sorted { $0.score < $1.score }
    guard Set(anchors.map(\.score)).count == anchors.count, anchors.count >= 2 else {
      throw errors.failure(
        "'\(name)' needs at least two different scores that are told what they mean", at: place,
        advice: "anchors = { \"0\" = \"tried and failed\", \"1\" = \"nothing like it\" }")
    }
    try section.finish()
    return CritiqueDeclaration.Criterion(
      name: name, question: question, weight: weight, anchors: anchors)
  }

  // MARK: Prompts

  /// The prompts of one who is asked: the file of `prompt`, those of `prompts`, or for a model the
  /// built-in one.
  func prompts(
    _ section: inout Section, of kind: ProviderDeclaration.Kind, _ role: ProviderRole
  ) throws -> [PromptFile] {
    let single = try section.string("prompt").map { (text: $0, key: "prompt") }
    let place = section.table["prompts"]?.value.place ?? section.table.place
    let several = try section.strings("prompts")
    guard single == nil || several == nil else {
      throw errors.failure("give 'prompt' or 'prompts', not both", at: place)
    }
    if let several, several.count < 2 || Set(several).count < several.count {
      throw errors.failure(
        "'prompts' is drawn among: it needs two different files or more", at: place,
        advice: "For one file write prompt = \"critic.md\".")
    }
    let at = section.table["prompt"]?.value.place ?? place
    let files = try (several ?? single.map { [$0.text] } ?? []).map { try prompt($0, at: at) }
    if checksFiles, Set(files.map(\.contentHash)).count < files.count {
      throw errors.failure("two of 'prompts' are the same text", at: place)
    }
    if files.isEmpty, case .model = kind { return [.builtIn(role)] }
    return files
  }

  private func prompt(_ file: String, at place: TOMLPlace) throws -> PromptFile {
    let path = try path(file, at: place, isDirectory: false)
    guard checksFiles else { return PromptFile(name: file, path: path, text: "") }
    let prompt: PromptFile
    do { prompt = try PromptFile.read(path, name: file) } catch let error as StemmaError {
      throw errors.failure(error.message, at: place)
    }
    guard prompt.text.utf8.contains(where: { $0 > 32 }) else {
      throw errors.failure("the prompt \(file) is empty", at: place)
    }
    return prompt
  }
}
