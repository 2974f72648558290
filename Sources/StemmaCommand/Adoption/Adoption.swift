// Makes a campaign of code that is there already: looks at it, asks its program what it takes, runs
// it once in a sandbox, and writes down what was found. It changes nothing of the code; everything
// that it writes is in a folder of its own.

import Base
import Glibc
import Loop
import Rendering
import Sandbox
import Stemma

/// A folder of code on its way to a campaign.
struct Adoption {
  /// Absolute.
  let folder: String
  let name: String
  /// The words that start the program, where the owner says so.
  let givenCommand: [String]?
  let wantedMetric: String?

  static let folderName = "stemma"
  private static let referenceLimit = 8
  private static let noteLimit = 20
  private static let always = [
    "stemma/**", ".stemma/**", ".git/**", "**/__pycache__/**", "**/*.pyc",
  ]

  private var home: String { folder + "/" + Self.folderName }
  private var file: String { home + "/campaign.toml" }

  /// Looks, tries, writes and tells; the campaign file is there at the end, whatever came of the
  /// trial.
  func run() throws {
    guard access(file, F_OK) != 0 else {
      throw StemmaError(
        .argumentInvalid, "\(file) is there already",
        at: .file(path: file, line: nil, column: nil),
        advice: "move it away, or try it: stemma loop trial \(file)")
    }
    var draft = try look()
    let evaluator = home + "/evaluator/evaluate.py"
    let isNew = try !CampaignStarter.write([(evaluator, draft.evaluator)]).isEmpty
    try readOptions(&draft)
    var result = try trial(of: draft)
    while let place = result.blocked.lazy.compactMap(\.placeInSource).first,
      !draft.references.contains(place), draft.references.count < Self.referenceLimit
    {
      try say("grant", "\(place), which the program asked for and the source leaves out")
      draft.references.append(place)
      result = try trial(of: draft)
    }
    if result.isGood {
      draft.metric = ReportedMetric.find(in: result, wanted: wantedMetric)
      draft.keepsPrinted = draft.metric?.file == nil && draft.metric != nil
      draft.measure(result.outcome)
      if isNew {
        let output = try WholeFile(path: evaluator)
        try output.write(draft.evaluator)
        try output.finish()
      }
      result = try trial(of: draft)
    }
    for path in try CampaignStarter.write([(file, draft.text)]) { try say("wrote", path) }
    try say(isNew ? "wrote" : "kept", evaluator)
    try Terminal.print(TrialText.text(result))
    try sayNext(draft, result)
  }

  // MARK: What is there

  private func look() throws -> CampaignDraft {
    var repository = try RepositoryFacts(of: folder)
    let left = repository.ignored.map { $0.hasSuffix("/") ? $0 + "**" : $0 }
    func isLeftOut(_ path: String) -> Bool {
      path == Self.folderName
        || repository.ignored.contains {
          $0 == path || $0 == path + "/" || $0.hasSuffix("/") && path.hasPrefix($0)
        }
    }
    let project = try ProjectFacts(
      of: folder,
      activated: ["VIRTUAL_ENV", "CONDA_PREFIX"].map { Terminal.environment($0) },
      leavesOut: isLeftOut)
    let python = project.environment == nil ? "python3" : "python"
    guard let command = givenCommand ?? project.programs.first.map({ [python, $0] }) else {
      throw StemmaError(
        .argumentInvalid, "no Python program was found in \(folder)",
        at: .file(path: folder, line: nil, column: nil),
        advice: "say how it is started: --command 'python train.py --epochs 3'")
    }
    repository.changed.removeAll(where: Set(project.leftOut.map(\.path)).contains)
    var draft = CampaignDraft(name: name, command: command)
    draft.repository = repository
    draft.environment = project.environment.map(relative)
    draft.locks = project.locks.map { "../" + $0 }
    draft.exclude = Self.always + left + project.leftOut.map(\.path)
    draft.makeRoom(files: project.fileCount, bytes: project.byteCount)
    if let environment = project.environment, environment.hasPrefix(folder + "/") {
      let inner = environment.dropFirst(folder.count + 1) + "/**"
      if !draft.exclude.contains(String(inner)) { draft.exclude.append(String(inner)) }
    }
    draft.editable = command.filter(project.sources.contains)
    draft.editable += project.sources.filter {
      !draft.editable.contains($0) && !$0.contains("test") && !$0.hasPrefix("setup")
    }
    draft.weaknesses = ((try? Sandbox().inexactGuards()) ?? []).map(\.weakness)
    draft.configuration = project.configurations.first
    try tell(repository, project, command)
    return draft
  }

  /// From the campaign's folder, where it lies within the code.
  private func relative(_ path: String) -> String {
    path.hasPrefix(folder + "/") ? "../" + path.dropFirst(folder.count + 1) : path
  }

  private func tell(
    _ repository: RepositoryFacts, _ project: ProjectFacts, _ command: [String]
  ) throws {
    if let commit = repository.commit {
      let changed = repository.changed
      let differs =
        changed.isEmpty
        ? "nothing differs from it"
        : "\(changed.count) files differ from it and are captured as they are: "
          + changed.prefix(5).map(Self.oneLine).joined(separator: ", ")
          + (changed.count > 5 ? ", ..." : "")
      try say("found", "commit \(commit.prefix(12)) of \(repository.branch ?? "?"); \(differs)")
    } else {
      try say("found", "no git commit; all files are captured as they are")
    }
    for pointer in repository.pointers {
      try say("note", "\(pointer) is only a pointer of Git LFS; `git lfs pull` brings its content")
    }
    for left in project.leftOut.prefix(Self.noteLimit) {
      try say("note", "\(Self.oneLine(left.path)) \(left.reason)")
    }
    let more = project.leftOut.count - Self.noteLimit
    if more > 0 { try say("note", "\(more) more are left out: see 'exclude' of [source]") }
    try say(
      "found",
      project.environment.map { "environment \($0)" }
        ?? "no virtual environment; the system's Python")
    if !project.locks.isEmpty { try say("found", "lock \(project.locks.joined(separator: ", "))") }
    let others = project.programs.filter { !command.contains($0) }
    try say(
      "found",
      "program \(command.joined(separator: " "))"
        + (others.isEmpty ? "" : " (others: \(others.prefix(5).joined(separator: ", ")))"))
  }

  /// A name as it is told: one that would break the line is quoted.
  private static func oneLine(_ name: String) -> String {
    name.contains(where: \.isNewline) ? JSONString.quoted(name) : name
  }

  // MARK: What it takes

  private func readOptions(_ draft: inout CampaignDraft) throws {
    guard let place = draft.command.firstIndex(where: { $0.hasSuffix(".py") }) else { return }
    let command = [draft.command[0], "-c", ArgumentReader.probe, draft.command[place]]
    let outcome = try trialOf(draft).look(with: command, limitBytes: 1 << 20)
    let options = ArgumentReader.options(in: outcome.channel).map(Self.renamed)
    let free = options.filter { !draft.mentions($0.flag) }
    draft.knobs = free.filter { $0.isKnob && !$0.flag.isEmpty }
    draft.fixed = options.filter { option in !draft.knobs.contains { $0.name == option.name } }
    let missing = free.filter { $0.isRequired && !$0.isSeed && !$0.isOutput }
    for option in missing {
      let given = option.flag.isEmpty ? option.name.uppercased() : "\(option.flag) VALUE"
      try say("note", "\(option.said) has to be given: --command '... \(given)'")
    }
    if draft.knobs.isEmpty, let configuration = draft.configuration {
      let text = try TextFile.read(folder + "/" + configuration)
      let keys = ConfigurationReader.options(in: text)
      draft.knobs = keys.filter { $0.isKnob && Self.renamed($0).name == $0.name }
      // An option of the program says the same as the key.
      draft.fixed += keys.filter { key in
        (key.isSeed || key.isOutput) && !draft.fixed.contains { $0.name == key.name }
      }
    } else {
      draft.configuration = nil
    }
    let source = draft.configuration ?? (options.isEmpty ? nil : "its argument parser")
    let names = draft.knobs.map(\.name).joined(separator: ", ")
    try say(
      "found",
      "parameters" + (source.map { " in \($0)" } ?? "") + ": " + (names.isEmpty ? "none" : names))
    if draft.knobs.isEmpty {
      try say(
        "note",
        "without parameters `search` has nothing to try: write [[editable.parameters]], or take "
          + "another proposer")
    }
  }

  /// Under a name that the runner does not use itself.
  private static func renamed(_ option: ProgramOption) -> ProgramOption {
    var option = option
    let taken = ["work", "run", "evaluator", "hidden", "split"]
    if taken.contains(option.name) { option.name += "_value" }
    return option
  }

  // MARK: Trying

  private func trialOf(_ draft: CampaignDraft) throws -> Trial {
    let campaign = try Campaign.parse(
      Array(draft.text.utf8), name: "campaign.toml", directory: home)
    return try Trial(campaign, surroundings: .system)
  }

  private func trial(of draft: CampaignDraft) throws -> Trial.Result { try trialOf(draft).run() }

  private func sayNext(_ draft: CampaignDraft, _ result: Trial.Result) throws {
    guard result.isGood else {
      return try say("next", "edit \(file), then try again: stemma loop trial \(file)")
    }
    if draft.metric != nil, result.evaluation?.answer?.isValid != true {
      return try say(
        "next", "mend the score in \(home)/evaluator/evaluate.py, then: stemma loop trial \(file)")
    }
    if draft.metric == nil {
      try say(
        "note",
        "no number was found by which it tells how good it was: say --metric NAME, or write "
          + "\(home)/evaluator/evaluate.py")
    }
    try say("next", "stemma loop run \(file)")
  }

  private func say(_ word: String, _ text: String) throws {
    try Terminal.print(
      word.padding(to: 9) + text.replacing(StoreLocation.currentFolder() + "/", with: "") + "\n")
  }
}

extension CampaignDraft {
  /// Budgets with room around what a run used.
  mutating func measure(_ outcome: SandboxOutcome) {
    func power(_ least: Int, _ wanted: Int) -> Int {
      var size = least
      while size < wanted { size *= 2 }
      return size
    }
    wallSeconds = max(30, outcome.wallMilliseconds * 4 / 1_000)
    let memory = power(256, outcome.memoryPeakBytes * 2 >> 20)
    let processes = power(64, (outcome.processesPeak ?? 32) * 2)
    let disk = power(64, outcome.diskBytes * 4 >> 20)
    budget =
      "wall = \"\(wallSeconds)s\", memory = \"\(memory)MiB\", processes = \(processes), "
      + "disk = \"\(disk)MiB\""
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - utf8.count))
  }
}
