// The parts of a campaign file about what runs are carried out with: the environment of programs
// and packages, and references to data sets and weights.

import Base
import Sandbox

extension CampaignReader {
  /// What programs are carried out with.
  struct Means {
    var environment: EnvironmentDeclaration
    var references: [ReferenceDeclaration]

    /// What runs or evaluations see of it.
    func paths(for audience: ReferenceDeclaration.Audience) -> [String] {
      references.filter { $0.isFor(audience) }.map(\.path) + environment.mounts.map(\.target)
    }
  }

  /// What runs can look at, from which answers have to be kept apart.
  struct Visible {
    var source: SourceTree
    var paths: [String]
  }

  func environmentDeclaration(_ file: inout Section) throws -> EnvironmentDeclaration {
    var declaration = EnvironmentDeclaration()
    guard var section = try file.section("environment") else { return declaration }
    if let entry = section.table["folder"], let text = try section.string("folder") {
      let folder = try path(text, at: entry.value.place, isDirectory: true)
      let hasProgram = ["python", "python3"].contains {
        FilePaths.isExecutable("\(folder)/bin/\($0)")
      }
      guard !checksFiles || hasProgram else {
        throw errors.failure(
          "'\(text)' is no virtual environment: it has no bin/python", at: entry.value.place,
          advice: "Name the folder that `python3 -m venv`, `uv venv` or `conda create` made.")
      }
      declaration.folder = folder
    }
    declaration.locks = try (section.placedStrings("lock") ?? []).map {
      try path($0.text, at: $0.place, isDirectory: false)
    }
    declaration.image = try section.string("image")
    declaration.modules = try section.strings("modules") ?? []
    try section.finish()
    return declaration
  }

  /// The rule over curves; the direction is that of the optimised metric where none is said.
  func curveRule(
    _ file: inout Section, _ objectives: [Objective]
  ) throws -> CurveRuleDeclaration? {
    guard var section = try file.section("stopping") else { return nil }
    let usual = objectives.first { $0.role == .optimise }?.direction ?? .minimise
    let rule = CurveRuleDeclaration(
      metric: try section.requiredString("metric", example: "\"val_loss\""),
      direction: try section.choice("direction", Objective.Direction.self) ?? usual,
      after: try section.integer("after", in: 0...Int64.max) ?? 0,
      quantile: try section.number("quantile", in: 0.5...0.9999) ?? 0.99,
      points: Int(try section.integer("points", in: 1...1_000_000) ?? 3))
    try section.finish()
    return rule
  }

  func references(_ file: inout Section) throws -> [ReferenceDeclaration] {
    var references: [ReferenceDeclaration] = []
    for var section in try file.sections("references") {
      let reference = try reference(&section)
      guard !references.contains(where: { $0.name == reference.name }) else {
        throw errors.failure(
          "there are two references '\(reference.name)'", at: section.table.place)
      }
      references.append(reference)
    }
    return references
  }

  private func reference(_ section: inout Section) throws -> ReferenceDeclaration {
    let name = try section.requiredString("name", example: "\"imagenet\"")
    let text = try section.requiredString("path", example: "\"/data/imagenet\"")
    let place = section.table["path"]?.value.place ?? section.table.place
    var reference = ReferenceDeclaration(
      name: name, kind: try section.choice("kind", ReferenceDeclaration.Kind.self) ?? .dataset,
      path: try mountedPath(text, at: place),
      audience: try section.choice("for", ReferenceDeclaration.Audience.self) ?? .run)
    reference.uri = try section.string("uri")
    reference.split = try split(&section)
    reference.licence = try section.string("licence")
    if let at = try section.string("at") {
      reference.place = try treePath(at, at: section.table["at"]?.value.place ?? place)
    }
    if let hash = try section.string("hash") {
      guard Digest(hex: hash) != nil else {
        throw errors.failure(
          "'hash' is no SHA-256", at: section.table["hash"]?.value.place ?? place,
          advice: "Sixty-four hexadecimal digits, as `stemma loop trial` shows them.")
      }
      reference.hash = hash
    }
    try section.finish()
    return reference
  }

  private enum Split: String, CaseIterable { case train, validation, holdout }

  private func split(_ section: inout Section) throws -> String? {
    try section.choice("split", Split.self)?.rawValue
  }
}
