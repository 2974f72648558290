// The keys of a coding agent. It must not see what judges its work.

import Base

extension CampaignReader {
  func agent(_ section: inout Section) throws -> AgentDeclaration {
    let command = try command(&section, placeholders: ["agent"])
    var folder: String?
    if let text = try section.string("directory") {
      let place = section.table["directory"]?.value.place ?? section.table.place
      folder = try path(text, at: place, isDirectory: true)
    }
    let environment = try environment(&section)
    let declaration = AgentDeclaration(
      command: command, directory: folder,
      environment: Dictionary(environment.map { ($0.name, $0.value) }) { _, last in last },
      readOnly: try paths(&section, "read_only"), seesMounts: try flag("mounts", &section) ?? false,
      budget: try sandboxBudget(&section),
      fileLimitBytes: try section.bytes("file_limit", in: 1...TreeChange.fileLimitBytes)
        ?? 1 << 20,
      models: try modelGrant(&section))
    var program = try section.placedCommand(example: "")[0]
    guard folder != nil || !command.contains(where: { $0.contains("{agent}") }) else {
      throw errors.failure(
        "'{agent}' stands for the agent's folder, and none is named", at: program.place,
        advice: "Say directory = \"agent\".")
    }
    program.text = try Placeholders.fill(program.text, with: folder.map { ["agent": $0] } ?? [:])
    try checkSandboxed(
      program, environment: environment, readOnly: declaration.visible, tree: nil)
    return declaration
  }

  /// An agent that sees the evaluator or the answers could write for them; references that only
  /// evaluations see are answers too.
  func checkApart(
    _ proposer: ProviderDeclaration, _ run: RunDeclaration, _ evaluation: EvaluationDeclaration,
    _ holdout: HoldoutDeclaration?, _ means: Means
  ) throws {
    guard checksPlaces, case .agent(let agent) = proposer.kind else { return }
    let secret =
      [evaluation.directory] + evaluation.hidden + (holdout?.hidden ?? [])
      + means.references.filter { !$0.isFor(.run) }.map(\.path)
    let seen = agent.visible + run.readOnly + (agent.seesMounts ? means.paths(for: .run) : [])
    for path in secret {
      for visible in seen
      where FilePaths.contains(visible, path) || FilePaths.contains(path, visible) {
        throw errors.failure(
          "what the agent sees and what judges its work overlap: \(visible) and \(path)",
          at: root["proposer"]?.keyPlace ?? root.place,
          advice: "Keep what judges apart from what is judged: use separate folders.")
      }
    }
  }
}
