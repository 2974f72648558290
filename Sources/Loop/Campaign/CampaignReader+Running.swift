// The parts of a campaign file about programs and files: the source tree, what may be edited, how
// it is run and judged.

import Base
import Sandbox

extension CampaignReader {
  // MARK: Paths

  /// An absolute path; with `checksFiles` it must exist.
  func path(_ text: String, at place: TOMLPlace, isDirectory: Bool? = nil) throws -> String {
    guard !text.utf8.contains(0) else {
      throw errors.failure("a path holds a zero byte", at: place)
    }
    let full = FilePaths.absolute(text, in: directory)
    guard checksFiles else { return full }
    switch FilePaths.kind(of: full) {
    case .missing:
      throw errors.failure("there is no '\(text)'", at: place, advice: "It would be \(full).")
    case .directory where isDirectory == false:
      throw errors.failure("'\(text)' is a folder; a file is needed", at: place)
    case .file where isDirectory == true:
      throw errors.failure("'\(text)' is a file; a folder is needed", at: place)
    default: return full
    }
  }

  /// The path of something that is captured when the campaign starts.
  func capturedPath(_ text: String, at place: TOMLPlace, isDirectory: Bool) throws -> String {
    let full = FilePaths.absolute(text, in: directory)
    if isCaptured, FilePaths.kind(of: full) == .missing { return full }
    return try path(text, at: place, isDirectory: isDirectory)
  }

  func paths(_ section: inout Section, _ key: String) throws -> [String] {
    try (section.placedStrings(key) ?? []).map { try mountedPath($0.text, at: $0.place) }
  }

  /// A path that programs see in their sandbox.
  func mountedPath(_ text: String, at place: TOMLPlace) throws -> String {
    let path = try path(text, at: place)
    guard !checksPlaces || Sandbox.isMountable(path) else {
      throw errors.failure(
        "\(path) cannot be mounted into a sandbox", at: place, advice: Sandbox.mountAdvice)
    }
    return path
  }

  /// A path inside a tree: relative, no `..`, nothing odd.
  func treePath(_ text: String, at place: TOMLPlace) throws -> String {
    guard TreePath.isValid(text) else {
      throw errors.failure(
        "'\(text)' is not a path inside the source tree", at: place,
        advice: "Use a relative path with '/' and without '..'.")
    }
    return text
  }

  // MARK: Source and editable surface

  func source(_ file: inout Section) throws -> SourceTree {
    var section = try required(&file, "source")
    let text = try section.requiredString("directory", example: "\"source\"")
    let place = section.table["directory"]?.value.place ?? section.table.place
    let tree = SourceTree(
      directory: try capturedPath(text, at: place, isDirectory: true),
      include: try section.strings("include") ?? ["**"],
      exclude: try section.strings("exclude") ?? [], commit: try section.string("commit"),
      changed: try section.strings("changed") ?? [])
    try section.finish()
    return tree
  }

  func editable(_ file: inout Section) throws -> EditableSurface {
    var section = try required(&file, "editable")
    let files = try section.strings("files") ?? []
    var parameters: [Parameter] = []
    for var entry in try section.sections("parameters") {
      let parameter = try parameter(&entry)
      guard !parameters.contains(where: { $0.name == parameter.name }) else {
        throw errors.failure("there are two parameters '\(parameter.name)'", at: entry.table.place)
      }
      parameters.append(parameter)
    }
    var patches: [DeclaredPatch] = []
    for var entry in try section.sections("patches") {
      let patch = try patch(&entry, files: files)
      guard !patches.contains(where: { $0.name == patch.name }) else {
        throw errors.failure("there are two patches '\(patch.name)'", at: entry.table.place)
      }
      patches.append(patch)
    }
    try section.finish()
    guard !files.isEmpty || !parameters.isEmpty else {
      throw errors.failure(
        "nothing is editable: [editable] has neither files nor parameters",
        at: section.table.place)
    }
    return EditableSurface(files: files, parameters: parameters, patches: patches)
  }

  private func parameter(_ section: inout Section) throws -> Parameter {
    let name = try section.requiredString("name", example: "\"learning_rate\"")
    let reserved = ["seed", "output", "work", "run", "evaluator", "hidden", "split"]
    guard Placeholders.isName(name), !reserved.contains(name) else {
      throw errors.failure(
        "'\(name)' cannot name a parameter",
        at: section.table["name"]?.value.place ?? section.table.place,
        advice: "Use letters, digits and '_'; \(reserved.joined(separator: ", ")) are taken.")
    }
    guard let type = try section.choice("type", ParameterType.self) else {
      throw section.missing("type", example: "\"number\" (integer, number, choice, boolean)")
    }
    let domain = try domain(&section, type)
    let initial = try initial(&section, domain)
    let description = try section.string("description") ?? ""
    try section.finish()
    return Parameter(name: name, domain: domain, initial: initial, description: description)
  }

  private enum ParameterType: String, CaseIterable { case integer, number, choice, boolean }
  private enum Scale: String, CaseIterable { case linear, log }

  private func domain(_ section: inout Section, _ type: ParameterType) throws -> Parameter.Domain {
    switch type {
    case .boolean: return .boolean
    case .choice:
      guard let choices = try section.strings("choices") else {
        throw section.missing("choices", example: "[\"cosine\", \"linear\"]")
      }
      guard choices.count >= 2, Set(choices).count == choices.count else {
        throw errors.failure(
          "'choices' needs at least two different values",
          at: section.table["choices"]?.value.place ?? section.table.place)
      }
      return .choice(choices)
    case .integer, .number:
      guard let minimum = try section.number("minimum") else {
        throw section.missing("minimum", example: "1")
      }
      guard let maximum = try section.number("maximum") else {
        throw section.missing("maximum", example: "8")
      }
      let isLogarithmic = try section.choice("scale", Scale.self) == .log
      guard minimum.value < maximum.value else {
        throw errors.failure("'minimum' must lie below 'maximum'", at: minimum.place)
      }
      guard !isLogarithmic || minimum.value > 0 else {
        throw errors.failure("a logarithmic scale needs a minimum above 0", at: minimum.place)
      }
      if type == .number {
        return .number(
          minimum: minimum.value, maximum: maximum.value, isLogarithmic: isLogarithmic)
      }
      guard let low = Int64(exactly: minimum.value), let high = Int64(exactly: maximum.value) else {
        throw errors.failure("the range of an integer has whole ends", at: minimum.place)
      }
      return .integer(minimum: low, maximum: high, isLogarithmic: isLogarithmic)
    }
  }

  private func initial(
    _ section: inout Section, _ domain: Parameter.Domain
  ) throws -> ParameterValue {
    guard let entry = section.entry("default") else {
      throw section.missing("default", example: "the value that the source starts with")
    }
    guard let value = domain.value(of: entry.value.content) else {
      throw errors.failure(
        "the default lies outside the parameter's range", at: entry.value.place,
        advice: "Allowed: \(domain.summary).")
    }
    return value
  }

  private func patch(_ section: inout Section, files: [String]) throws -> DeclaredPatch {
    let name = try section.requiredString("name", example: "\"witten-bell\"")
    let group = try section.string("group") ?? name
    let kinds = ["parameters", "patch", "data", "loss", "architecture", "prompt", "evaluation"]
    let kind = try section.string("kind") ?? "patch"
    guard kinds.contains(kind) else {
      throw errors.failure(
        "'\(kind)' is not a kind of proposal",
        at: section.table["kind"]?.value.place ?? section.table.place,
        advice: Suggestion.advice(for: kind, among: kinds))
    }
    let description = try section.string("description") ?? ""
    let diff = try section.string("diff")
    var replacements: [DeclaredPatch.Replacement] = []
    for var entry in try section.sections("replace") {
      let place = entry.table.place
      let target = try treePath(
        try entry.requiredString("path", example: "\"train.py\""), at: place)
      let with = try entry.requiredString("with", example: "\"patches/train.py\"")
      try entry.finish()
      guard files.contains(where: { Glob($0).matches(target) }) else {
        throw errors.failure(
          "'\(target)' is not editable", at: place,
          advice: "Add it to 'files' of [editable], or change the patch.")
      }
      replacements.append(
        .init(path: target, with: try capturedPath(with, at: place, isDirectory: false)))
    }
    try section.finish()
    guard (diff == nil) != replacements.isEmpty else {
      throw errors.failure(
        "a patch has either 'diff' or 'replace'", at: section.table.place,
        advice: "replace = [{ path = \"train.py\", with = \"patches/train.py\" }]")
    }
    let place = section.table["diff"]?.value.place ?? section.table.place
    let change: DeclaredPatch.Change =
      try diff.map { .diff(try capturedPath($0, at: place, isDirectory: false)) }
      ?? .replacements(replacements)
    return DeclaredPatch(
      name: name, group: group, kind: kind, description: description, change: change)
  }

  // MARK: Run, evaluate, hold-out

  func run(
    _ file: inout Section, source: SourceTree, editable: EditableSurface, _ means: Means
  ) throws -> RunDeclaration {
    var section = try required(&file, "run")
    let names = ["seed", "output"] + editable.parameters.map(\.name)
    let command = try command(&section, placeholders: names)
    let output = try section.string("output") ?? "output"
    let resume = try section.bytes("resume", in: SandboxBudget.Range.diskBytes)
    let grace = try section.milliseconds("grace", in: 0...3_600_000)
    var declaration = RunDeclaration(
      command: command, environment: try environment(&section),
      readOnly: try paths(&section, "read_only"), budget: try sandboxBudget(&section),
      output: try treePath(output, at: section.table["output"]?.value.place ?? section.table.place),
      retries: Int(try section.integer("retries", in: 0...100) ?? 2),
      allowedWeaknesses: try weaknesses(&section))
    declaration.models = try modelGrant(&section)
    declaration.keep = try section.choice("keep", OutputRetention.self) ?? .all
    declaration.resumeBytes = resume
    // What nothing is kept of need not be asked to end.
    declaration.graceMilliseconds = grace ?? (resume == nil ? 0 : 10_000)
    // Where runs are jobs, their programs are those of the nodes.
    if root["slurm"] == nil {
      try checkSandboxed(
        section.placedCommand(example: "")[0],
        environment: means.environment.variables + declaration.environment,
        readOnly: declaration.readOnly + means.paths(for: .run), tree: source.directory)
    }
    try section.finish()
    return declaration
  }

  func evaluation(
    _ file: inout Section, _ visible: Visible, _ means: Means
  ) throws -> EvaluationDeclaration {
    var section = try required(&file, "evaluate")
    let command = try command(
      &section, placeholders: ["evaluator", "run", "hidden", "split", "seed"])
    let text = try section.requiredString("directory", example: "\"evaluator\"")
    let place = section.table["directory"]?.value.place ?? section.table.place
    let folder = try capturedPath(text, at: place, isDirectory: true)
    let hidden = try hidden(&section, visible)
    try keepApart(folder, what: "the evaluator's folder", from: visible, at: place)
    let declaration = EvaluationDeclaration(
      command: command, environment: try environment(&section), directory: folder,
      hidden: hidden, readOnly: try paths(&section, "read_only"),
      budget: try sandboxBudget(&section),
      benchmark: try section.requiredString("benchmark", example: "\"help-topics-validation\""))
    try checkSandboxed(
      section.placedCommand(example: "")[0],
      environment: means.environment.variables + declaration.environment,
      readOnly: declaration.readOnly + [folder] + hidden + means.paths(for: .evaluate), tree: nil,
      evaluator: folder)
    try section.finish()
    return declaration
  }

  func holdout(
    _ file: inout Section, _ visible: Visible
  ) throws -> HoldoutDeclaration? {
    guard var section = try file.section("holdout") else { return nil }
    let hidden = try hidden(&section, visible)
    guard !hidden.isEmpty else { throw section.missing("hidden", example: "[\"data/holdout\"]") }
    let pairs = try section.integer("pairs", in: 1...100) ?? 2
    try section.finish()
    return HoldoutDeclaration(hidden: hidden, pairs: Int(pairs))
  }

  private func hidden(_ section: inout Section, _ visible: Visible) throws -> [String] {
    let hidden = try paths(&section, "hidden")
    let place = section.table["hidden"]?.value.place ?? section.table.place
    for path in hidden { try keepApart(path, what: "hidden data", from: visible, at: place) }
    return hidden
  }

  /// What only the evaluator may see must not lie where a run can see it. A folder of the source
  /// that is left out is not seen: runs get what was captured.
  private func keepApart(
    _ path: String, what: String, from seen: Visible, at place: TOMLPlace
  ) throws {
    guard checksPlaces else { return }
    let source = seen.source.leavesOut(path) ? [] : [seen.source.directory]
    for visible in source + seen.paths
    where FilePaths.contains(visible, path) || FilePaths.contains(path, visible) {
      throw errors.failure(
        "\(what) and what a run sees overlap: \(path) and \(visible)", at: place,
        advice: "Keep what judges apart from what is judged: use separate folders, or exclude it "
          + "in [source].")
    }
  }

  func command(_ section: inout Section, placeholders: [String]) throws -> [String] {
    let command = try section.placedCommand(
      example: "[\"python3\", \"train.py\", \"--seed\", \"{seed}\"]")
    for (part, place) in command {
      for name in try Placeholders.names(
        in: part, onError: { errors.failure($0, at: place) })
      where !placeholders.contains(name) {
        throw errors.failure(
          "'{\(name)}' stands for nothing", at: place,
          advice: Suggestion.advice(for: name, among: placeholders))
      }
    }
    return command.map(\.text)
  }

  func environment(_ section: inout Section) throws -> [(name: String, value: String)] {
    let pairs = try section.pairs("environment")
    for pair in pairs where !Placeholders.isName(pair.name) || pair.name.hasPrefix("STEMMA_") {
      throw errors.failure(
        "'\(pair.name)' cannot name a variable here",
        at: section.table["environment"]?.value.place ?? section.table.place,
        advice: "Names starting with STEMMA_ are the runner's own.")
    }
    return pairs
  }

  func sandboxBudget(_ parent: inout Section) throws -> SandboxBudget {
    var budget = SandboxBudget()
    guard var section = try parent.section("budget") else { return budget }
    typealias Range = SandboxBudget.Range
    if let wall = try section.milliseconds("wall", in: Range.wallMilliseconds) {
      budget.wallMilliseconds = wall
      budget.cpuMilliseconds = wall
    }
    budget.cpuMilliseconds =
      try section.milliseconds("cpu", in: Range.cpuMilliseconds) ?? budget.cpuMilliseconds
    budget.memoryBytes = try section.bytes("memory", in: Range.memoryBytes) ?? budget.memoryBytes
    budget.diskBytes = try section.bytes("disk", in: Range.diskBytes) ?? budget.diskBytes
    budget.logBytes = try section.bytes("log", in: Range.logBytes) ?? budget.logBytes
    func count(_ key: String, _ range: ClosedRange<Int>, _ fallback: Int) throws -> Int {
      let wide = Int64(range.lowerBound)...Int64(range.upperBound)
      return try section.integer(key, in: wide).map { Int($0) } ?? fallback
    }
    budget.processes = try count("processes", Range.processes, budget.processes)
    budget.inodes = try count("inodes", Range.inodes, budget.inodes)
    budget.openFiles = try count("open_files", Range.openFiles, budget.openFiles)
    budget.cpus = try section.number("cpus", in: Range.cpus) ?? budget.cpus
    try section.finish()
    return budget
  }
}
