// Turns a campaign file into a `Campaign`. Strict: unknown keys, wrong kinds, impossible values and
// contradictions are one clear error with line and column. It reads the file and looks whether the
// paths in it exist; it runs nothing and changes nothing.

import Base
import Glibc
import Models
import Sandbox
public import Stemma

extension Campaign {
  /// Reads and checks the campaign file at `path`. Throws `file.unreadable` or `campaign.invalid`.
  public static func read(at path: String) throws -> Campaign {
    try read(at: path, isCaptured: false)
  }

  private static func read(at path: String, isCaptured: Bool) throws -> Campaign {
    let bytes = try FileBytes.read(path, limitBytes: TOMLReader.sizeLimitBytes)
    let full = FilePaths.absolute(path, in: FilePaths.currentDirectory())
    let reader = try CampaignReader(
      bytes, name: path, directory: FilePaths.parent(of: full), checksFiles: true,
      isCaptured: isCaptured)
    return try reader.campaign()
  }

  /// The same for a campaign that may have started in a store: what was captured then (the source,
  /// the evaluator, patches) is taken from there and need not be in its folder any more.
  public static func read(
    at path: String, startedIn database: () throws -> Database
  ) throws -> Campaign {
    do { return try read(at: path) } catch let error as StemmaError
      where error.code == .campaignInvalid
    {
      guard let captured = try? read(at: path, isCaptured: true),
        let database = try? database(), try Loop.hasStarted(captured, in: database)
      else { throw error }
      return captured
    }
  }

  /// Checks the text of a campaign file whose relative paths start at `directory`, without looking
  /// for the files that it names.
  public static func parse(_ bytes: [UInt8], name: String, directory: String) throws -> Campaign {
    try CampaignReader(bytes, name: name, directory: directory, checksFiles: false).campaign()
  }

  /// The campaign of a store. It was checked when it started; where its file lay then is not known,
  /// so its paths mean nothing here and are not held against each other.
  static func stored(_ node: MirrorNode, name: String) throws -> Campaign {
    try CampaignReader(
      Array(node.string("specification").utf8), name: name, directory: "/", checksFiles: false,
      checksPlaces: false
    ).campaign()
  }
}

/// Reads the sections of one campaign file.
struct CampaignReader {
  let bytes: [UInt8]
  let directory: String
  let checksFiles: Bool
  let checksPlaces: Bool
  /// Whether source, evaluator and patches are in the store, wherever they were.
  let isCaptured: Bool
  let errors: PlacedErrors
  let root: TOMLTable

  init(
    _ bytes: [UInt8], name: String, directory: String, checksFiles: Bool,
    checksPlaces: Bool = true, isCaptured: Bool = false
  ) throws {
    root = try TOMLReader.read(bytes, name: name)
    errors = PlacedErrors(
      name: name, scalars: Array(String(decoding: bytes, as: UTF8.self).unicodeScalars))
    self.bytes = bytes
    self.directory = directory
    self.checksFiles = checksFiles
    self.checksPlaces = checksPlaces
    self.isCaptured = isCaptured
  }

  func campaign() throws -> Campaign {
    var file = Section(root, title: "the file", errors: errors)
    guard let format = try file.integer("format", in: 1...Int64.max) else {
      throw file.missing("format", example: "1")
    }
    guard format == 1 else {
      throw errors.failure(
        "this Stemma reads campaign files of format 1, not \(format)",
        at: root["format"]?.value.place ?? root.place, advice: "Use a newer Stemma.")
    }
    var head = try required(&file, "campaign")
    let name = try identifier(&head)
    let goal = try head.requiredString("goal", example: "\"lower the loss\"")
    let seed = try head.integer("seed", in: 0...Int64.max) ?? 0
    let slots = try head.integer("slots", in: 1...256) ?? 1
    try head.finish()

    let objectives = try objectives(&file)
    let source = try source(&file)
    let editable = try editable(&file)
    let means = try Means(
      environment: environmentDeclaration(&file), references: references(&file))
    let run = try run(&file, source: source, editable: editable, means)
    let visible = Visible(source: source, paths: run.readOnly + means.paths(for: .run))
    let evaluation = try evaluation(&file, visible, means)
    let holdout = try holdout(&file, visible)
    let noise = try noise(&file)
    let confirmation = try confirmation(&file)
    let curveRule = try curveRule(&file, objectives)
    let (proposer, perRound) = try proposer(&file)
    let critics = try critics(&file)
    let critique = try critique(&file)
    let judge = try judge(&file)
    let gates = try gates(&file)
    let budgets = try budgets(&file)
    let slurm = try slurm(&file)
    try file.finish()
    let each = (run: run, evaluation: evaluation.budget)
    let holdoutRuns = 2 * (holdout?.pairs ?? 0)
    let tries =
      confirmation.screenRuns == 1
      ? "one tries something" : "\(confirmation.screenRuns) try something"
    try checkAffordable(
      "campaign", budgets.campaign, runs: noise.runs + confirmation.screenRuns + holdoutRuns,
      each,
      why: "\(noise.runs) runs measure the noise, \(tries), "
        + "\(holdoutRuns) check the winner; each may use its whole budget.")
    // Noise runs and pairs are planned together, and would wait for a day that never comes.
    try checkAffordable(
      "day", budgets.day, runs: max(noise.runs, 4, holdoutRuns, confirmation.screenRuns), each,
      why: "so many runs are planned together; each may use its whole budget.")
    // Of runs a round needs all at once; of the rest it gets back what they did not use.
    let confirmed = confirmation.screenRuns + 2 * confirmation.pairs
    try checkAffordable(
      "round", budgets.round, runs: max(4, confirmation.screenRuns), inAll: confirmed, each,
      for: "no confirmation",
      why: "\(tries), and a confirmation is \(confirmation.pairs) pairs of runs, planned two at a "
        + "time; each may use its whole budget.")
    try checkQuestions(budgets, [proposer] + critics + (judge.map { [$0.provider] } ?? []))
    try checkApart(proposer, run, evaluation, holdout, means)
    try checkGrant(run.models, budgets)
    return Campaign(
      name: name, goal: goal, seed: UInt64(seed), objectives: objectives, source: source,
      editable: editable, environment: means.environment, references: means.references, run: run,
      evaluation: evaluation, holdout: holdout, noise: noise,
      confirmation: confirmation, curveRule: curveRule, proposer: proposer,
      proposalsPerRound: perRound, critics: critics, critique: critique, gates: gates,
      budgets: budgets, slots: Int(slots), directory: directory, text: bytes, slurm: slurm,
      judge: judge)
  }

  func required(_ parent: inout Section, _ key: String) throws -> Section {
    guard let section = try parent.section(key) else {
      throw errors.failure(
        "\(parent.title) needs the table [\(key)]", at: parent.table.place,
        advice: "docs/campaign.md describes every table; `stemma init` writes a commented one.")
    }
    return section
  }

  private func identifier(_ head: inout Section) throws -> String {
    let name = try head.requiredString("name", example: "\"my-campaign\"")
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
    }
    guard isPlain, name.utf8.count <= 64 else {
      throw errors.failure(
        "a campaign's name has at most 64 lower-case letters, digits, '-' and '_'",
        at: head.table["name"]?.value.place ?? head.table.place)
    }
    return name
  }

  // MARK: Objectives

  private func objectives(_ file: inout Section) throws -> [Objective] {
    var objectives: [Objective] = []
    for var section in try file.sections("objectives") {
      let objective = try objective(&section)
      guard !objectives.contains(where: { $0.metric == objective.metric }) else {
        throw errors.failure(
          "the metric '\(objective.metric)' has two objectives", at: section.table.place)
      }
      objectives.append(objective)
    }
    let optimised = objectives.count { $0.role == .optimise }
    guard optimised == 1 else {
      throw errors.failure(
        "a campaign has exactly one objective with role \"optimise\", this one has \(optimised)",
        at: root["objectives"]?.keyPlace ?? root.place,
        advice: "Make the others a \"constraint\" (with a threshold) or \"observe\".")
    }
    return objectives
  }

  private func objective(_ section: inout Section) throws -> Objective {
    let metric = try section.requiredString("metric", example: "\"loss\"")
    let unit = try section.string("unit") ?? ""
    guard let direction = try section.choice("direction", Objective.Direction.self) else {
      throw section.missing("direction", example: "\"minimise\"")
    }
    let role = try section.choice("role", Objective.Role.self) ?? .optimise
    let threshold = try section.number("threshold")
    let margin = try section.number("margin", in: 0...Double.greatestFiniteMagnitude)
    try section.finish()
    if role == .constraint, threshold == nil {
      throw section.missing("threshold", example: "30.0")
    }
    if role != .constraint, let threshold {
      throw errors.failure("only a constraint has a threshold", at: threshold.place)
    }
    return Objective(
      metric: metric, unit: unit, direction: direction, role: role, threshold: threshold?.value,
      margin: margin)
  }

  // MARK: Noise, confirmation, gates, budgets

  private func noise(_ file: inout Section) throws -> NoiseDeclaration {
    guard var section = try file.section("noise") else {
      return NoiseDeclaration(varies: [.seed, .items], runs: 8)
    }
    let runs = try section.integer("runs", in: 8...1_000) ?? 8
    let names = try section.strings("varies") ?? ["seed", "items"]
    let varies = try names.map { name in
      guard let source = NoiseDeclaration.Source(rawValue: name) else {
        throw errors.failure(
          "'\(name)' is nothing that can vary",
          at: section.table["varies"]?.value.place ?? root.place,
          advice: Suggestion.advice(
            for: name, among: NoiseDeclaration.Source.allCases.map(\.rawValue)))
      }
      return source
    }
    try section.finish()
    return NoiseDeclaration(varies: varies, runs: Int(runs))
  }

  private func confirmation(_ file: inout Section) throws -> ConfirmationDeclaration {
    guard var section = try file.section("confirm") else {
      return ConfirmationDeclaration(pairs: 6, alpha: 0.05, screenQuantile: 0.8)
    }
    let pairs = try section.integer("pairs", in: 4...100) ?? 6
    guard pairs.isMultiple(of: 2) else {
      throw errors.failure(
        "'pairs' must be even: there is a look after every second pair",
        at: section.table["pairs"]?.value.place ?? root.place)
    }
    let alpha = try section.number("alpha", in: 0.000_1...0.25) ?? 0.05
    let quantile = try section.number("screen", in: 0.5...0.999) ?? 0.8
    let screenRuns = Int(try section.integer("screen_runs", in: 1...100) ?? 1)
    let stop = try section.number("stop", in: 0.5...0.9999)
    try section.finish()
    var declaration = ConfirmationDeclaration(
      pairs: Int(pairs), alpha: alpha, screenQuantile: quantile)
    declaration.screenRuns = screenRuns
    declaration.stopQuantile = stop
    return declaration
  }

  private func gates(_ file: inout Section) throws -> Gates {
    guard var section = try file.section("gates") else {
      return Gates(proposal: .auto, critique: .auto, evaluation: .auto, report: .auto)
    }
    let gates = Gates(
      proposal: try section.choice("proposal", Gates.Mode.self) ?? .auto,
      critique: try section.choice("critique", Gates.Mode.self) ?? .auto,
      evaluation: try section.choice("evaluation", Gates.Mode.self) ?? .auto,
      report: try section.choice("report", Gates.Mode.self) ?? .auto)
    try section.finish()
    return gates
  }

  private func budgets(_ file: inout Section) throws -> CampaignBudgets {
    guard var section = try file.section("budgets") else {
      throw errors.failure(
        "the file needs the table [budgets]", at: root.place,
        advice: "For example: [budgets] with rounds = 10 and campaign = { wall = \"1h\" }.")
    }
    guard let rounds = try section.integer("rounds", in: 1...1_000_000) else {
      throw section.missing("rounds", example: "10")
    }
    let round = try limits(&section, "round")
    let campaign = try limits(&section, "campaign")
    let day = try limits(&section, "day")
    try section.finish()
    return CampaignBudgets(rounds: Int(rounds), round: round, campaign: campaign, day: day)
  }

  /// A budget that could not pay for the least that a campaign plans at once could only end it.
  /// `inAll`: so many runs are needed over time, where that is more than are planned at once.
  private func checkAffordable(
    _ name: String, _ limits: CampaignBudgets.Limits, runs: Int, inAll: Int? = nil,
    _ each: (run: RunDeclaration, evaluation: SandboxBudget),
    for what: String = "no proposal at all", why: String
  ) throws {
    let wall = (each.run.budget.wallMilliseconds + each.evaluation.wallMilliseconds) * runs
    let cpu = (each.run.budget.cpuMilliseconds + each.evaluation.cpuMilliseconds) * runs
    let tokens = (each.run.models?.tokens ?? 0) * runs
    let money = (each.run.models?.mostMoney ?? 0) * Double(runs)
    let wanted: [(key: String, limit: Int?, least: Int, unit: Int, word: String)] = [
      ("runs", limits.runs, inAll ?? runs, 1, ""),
      ("wall", limits.wallMilliseconds, wall, 1_000, " s"),
      ("cpu", limits.cpuMilliseconds, cpu, 1_000, " s"), ("tokens", limits.tokens, tokens, 1, ""),
    ]
    guard case .table(let budgets)? = root["budgets"]?.value.content,
      case .table(let declared)? = budgets[name]?.value.content
    else { return }
    for (key, limit, least, unit, word) in wanted {
      guard let limit, limit < least else { continue }
      let amount = "\((least + unit - 1) / unit)\(word)"
      throw errors.failure(
        "'\(key)' of the \(name) can pay for \(what): \(amount) is the least"
          + (key == "runs" ? "" : " for \(runs) runs"),
        at: declared[key]?.value.place ?? root.place, advice: why)
    }
    if let limit = limits.money, limit < money {
      throw errors.failure(
        "'money' of the \(name) can pay for \(what): \(money) is the least for "
          + "\(runs) runs that ask models", at: declared["money"]?.value.place ?? root.place,
        advice: why)
    }
  }

  private func limits(_ parent: inout Section, _ key: String) throws -> CampaignBudgets.Limits {
    guard var section = try parent.section(key) else { return CampaignBudgets.Limits() }
    var limits = CampaignBudgets.Limits(
      wallMilliseconds: try section.milliseconds("wall"),
      cpuMilliseconds: try section.milliseconds("cpu"),
      runs: try section.integer("runs", in: 1...Int64(Int32.max)).map { Int($0) })
    limits.tokens = try section.integer("tokens", in: 1...1_000_000_000_000).map { Int($0) }
    limits.money = try section.number("money", in: 0...1e9)
    try section.finish()
    return limits
  }
}
