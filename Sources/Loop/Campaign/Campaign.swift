// A campaign: what is to be improved, what may be changed, how it is run and judged, and what it
// may cost. It is read from a file (`CampaignReader`) and never changes afterwards;
// docs/campaign.md describes every key. It must never hold state of a running loop.

public import Models
public import Sandbox

/// Everything that a campaign file says, checked.
public struct Campaign: Sendable {
  /// Unique in a store; what `stemma loop` calls it by.
  public var name: String
  public var goal: String
  /// Seeds the built-in search; the seeds of runs are derived from a sealed key instead.
  public var seed: UInt64
  public var objectives: [Objective]
  public var source: SourceTree
  public var editable: EditableSurface
  public var environment: EnvironmentDeclaration
  public var references: [ReferenceDeclaration]
  public var run: RunDeclaration
  public var evaluation: EvaluationDeclaration
  public var holdout: HoldoutDeclaration?
  public var noise: NoiseDeclaration
  public var confirmation: ConfirmationDeclaration
  /// Ends screening runs whose curve is clearly worse than the incumbent's.
  public var curveRule: CurveRuleDeclaration?
  public var proposer: ProviderDeclaration
  public var proposalsPerRound: Int
  public var critics: [ProviderDeclaration]
  public var critique: CritiqueDeclaration
  public var gates: Gates
  public var budgets: CampaignBudgets
  /// How many runs may go on at once.
  public var slots: Int
  /// The folder of the campaign file, absolute; every relative path in the file starts here.
  public var directory: String
  /// The file's own bytes, kept as an object.
  public var text: [UInt8]
  /// Where runs are jobs of Slurm; `nil`: they run on this machine.
  public var slurm: SlurmDeclaration?
  /// Who says whether two changes mean the same; `nil`: nobody does.
  public var judge: JudgeDeclaration?

  /// Everybody who is asked, with the role.
  var asked: [(role: ProviderRole, declaration: ProviderDeclaration)] {
    [(.proposer, proposer)] + critics.map { (.critic, $0) }
      + (judge.map { [(.judge, $0.provider)] } ?? [])
  }

  /// The one objective that search optimises.
  public var primary: Objective {
    objectives.first { $0.role == .optimise } ?? objectives[0]
  }
}

/// One thing that is measured.
public struct Objective: Sendable, Hashable {
  public enum Direction: String, Sendable, CaseIterable { case minimise, maximise }
  public enum Role: String, Sendable, CaseIterable { case optimise, constraint, observe }

  public var metric: String
  public var unit: String
  public var direction: Direction
  public var role: Role
  /// For a constraint: the value that must not be exceeded (minimise) or fallen short of
  /// (maximise).
  public var threshold: Double?
  /// Differences within ±margin are `equivalent`, in the metric's unit.
  public var margin: Double?

  /// +1 where larger is better, −1 where smaller is: differences times this are gains.
  public var sign: Double { direction == .maximise ? 1 : -1 }
}

/// The files that a proposal starts from.
public struct SourceTree: Sendable, Hashable {
  /// Absolute.
  public var directory: String
  public var include: [String]
  public var exclude: [String]
  /// The commit that it was when the campaign was written, and the files that differed from it.
  public var commit: String?
  public var changed: [String] = []

  /// Whether nothing at or below an absolute path is captured, whatever lies there.
  func leavesOut(_ path: String) -> Bool {
    guard path != directory, FilePaths.contains(directory, path) else { return false }
    let parts = path.dropFirst(directory.count).split(separator: "/")
    return parts.indices.contains { end in
      let above = parts[...end].joined(separator: "/")
      return exclude.contains { Glob($0).matches(above) || $0 == above + "/**" }
    }
  }
}

/// What a proposal may change.
public struct EditableSurface: Sendable, Hashable {
  /// Globs; a patch may touch matching files only.
  public var files: [String]
  public var parameters: [Parameter]
  public var patches: [DeclaredPatch]
}

/// A typed knob, handed to the run command by name.
public struct Parameter: Sendable, Hashable {
  public enum Domain: Sendable, Hashable {
    case integer(minimum: Int64, maximum: Int64, isLogarithmic: Bool)
    case number(minimum: Double, maximum: Double, isLogarithmic: Bool)
    case choice([String])
    case boolean
  }

  public var name: String
  public var domain: Domain
  public var initial: ParameterValue
  public var description: String
}

/// A parameter's value.
public enum ParameterValue: Sendable, Hashable {
  case integer(Int64)
  case number(Double)
  case choice(String)
  case boolean(Bool)

  /// As it stands in a command line.
  public var argument: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .choice(let value): value
    case .boolean(let value): value ? "true" : "false"
    }
  }
}

/// An alternative that the campaign's owner wrote down: files replaced, or a unified diff applied.
public struct DeclaredPatch: Sendable, Hashable {
  public enum Change: Sendable, Hashable {
    /// Path in the tree, and the absolute path of the file that replaces it.
    case replacements([Replacement])
    /// Absolute path of a unified diff.
    case diff(String)
  }

  public struct Replacement: Sendable, Hashable {
    public var path: String
    public var with: String
  }

  public var name: String
  /// Patches of one group exclude each other.
  public var group: String
  public var kind: String
  public var description: String
  public var change: Change
}

/// How a tree is run.
public struct RunDeclaration: Sendable {
  public var command: [String]
  public var environment: [(name: String, value: String)]
  /// Absolute paths mounted read-only.
  public var readOnly: [String]
  public var budget: SandboxBudget
  /// Folder inside the tree whose files are kept and handed to the evaluator.
  public var output: String
  /// How often a run is tried again when the machine, not the candidate, failed.
  public var retries: Int
  public var allowedWeaknesses: Set<String>
  /// The size of the folder that a run's attempts share; `nil` for none.
  public var resumeBytes: Int?
  /// How long a run that is preempted has to end by itself.
  public var graceMilliseconds = 0
  /// The models that a run may ask; `nil`: it has no socket for that.
  public var models: ModelGrant?
  /// Of which runs the output is kept.
  public var keep = OutputRetention.all
}

/// Of which runs the output is kept in the store; what goes stays named by hash.
public enum OutputRetention: String, Sendable, CaseIterable {
  case all
  /// Those of the proposal that is believed to be best.
  case best
  /// Those of the proposal that was tried last.
  case last
  case none
}

/// How what a run left behind is judged.
public struct EvaluationDeclaration: Sendable {
  public var command: [String]
  public var environment: [(name: String, value: String)]
  /// The evaluator's own folder, absolute, mounted read-only; outside the source tree.
  public var directory: String
  /// Answers: absolute paths mounted for the evaluator only.
  public var hidden: [String]
  public var readOnly: [String]
  public var budget: SandboxBudget
  /// Names what is measured, so that evals of different benchmarks are never compared.
  public var benchmark: String
}

/// The sealed check of the winner.
public struct HoldoutDeclaration: Sendable, Hashable {
  /// Absolute paths mounted for the evaluator only, instead of the evaluation's.
  public var hidden: [String]
  /// Fresh seeds on which winner and baseline are compared.
  public var pairs: Int
}

/// What makes two runs of the same thing differ.
public struct NoiseDeclaration: Sendable, Hashable {
  public enum Source: String, Sendable, CaseIterable { case seed, items, environment }
  public var varies: [Source]
  /// Runs of the incumbent before anything is compared with it; at least 8.
  public var runs: Int
}

/// How an improvement is confirmed.
public struct ConfirmationDeclaration: Sendable, Hashable {
  /// Pairs of runs on the same fresh seeds; looks at every second.
  public var pairs: Int
  /// One-sided error rate of a single confirmation.
  public var alpha: Double
  /// The t quantile that a screening run has to reach.
  public var screenQuantile: Double
  /// Runs of a screening, on fresh seeds each; their mean has to reach it.
  public var screenRuns = 1
  /// A screening of several runs ends after the first where that is worse than the incumbent by the
  /// t of this quantile; `nil` for never.
  public var stopQuantile: Double?
}

/// The rule by which a screening run ends that says of itself that it is worse. No other run ends
/// by it, and no verdict reads it.
public struct CurveRuleDeclaration: Sendable, Hashable {
  /// A metric that runs report per step.
  public var metric: String
  public var direction: Objective.Direction
  /// Steps before this one decide nothing.
  public var after: Int64
  /// The t quantile by which a point is clearly worse than those of the incumbent's noise runs.
  public var quantile: Double
  /// So many points in a row have to be.
  public var points: Int
}

/// Who proposes or criticises.
public struct ProviderDeclaration: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Built in: seeded search over parameters and declared patches.
    case search(exploration: Double)
    /// Built in: a critic that asks the graph.
    case historian
    /// A program that reads JSON and writes JSON.
    case command([String], timeoutMilliseconds: Int, outputLimitBytes: Int)
    /// Recorded answers: the absolute path of a JSON Lines file.
    case replay(String)
    /// A model behind an address.
    case model(ModelEndpoint)
    /// A coding agent in a sandboxed checkout.
    case agent(AgentDeclaration)
    /// Nobody here: somebody outside hands proposals in (`stemma propose`).
    case outside
  }

  public var name: String
  public var kind: Kind
  /// The tokens of the brief that every question carries; `nil`: it carries none.
  public var briefTokens: Int?
  /// How many earlier proposals a question tells of at most.
  public var historyLimit = 100
  /// What it is told to do; drawn among where there are several.
  public var prompts: [PromptFile] = []

  /// What those built in look at.
  static let builtInHistory = 20

  static func builtIn(_ name: String, _ kind: Kind) -> ProviderDeclaration {
    ProviderDeclaration(name: name, kind: kind, historyLimit: builtInHistory)
  }

  var isModel: Bool {
    if case .model = kind { true } else { false }
  }

  /// Answers at once from what the question says, and starts no program.
  var isBuiltIn: Bool {
    switch kind {
    case .search, .historian, .replay, .outside: true
    case .command, .model, .agent: false
    }
  }

  /// Whether what it is asked comes from the campaign alone. Briefs and drawn prompts are made from
  /// the database, which does not see the steps of an open group.
  var needsNobody: Bool { isBuiltIn && briefTokens == nil && prompts.isEmpty }

  /// Whether it gets a brief where the file does not say.
  var usuallyHasBrief: Bool {
    switch kind {
    case .model, .agent: true
    default: false
    }
  }

  /// Who has a brief needs no long history beside it.
  var usualHistory: Int { usuallyHasBrief || isBuiltIn ? Self.builtInHistory : 100 }
}

/// Where somebody decides.
public struct Gates: Sendable, Hashable {
  public enum Mode: String, Sendable, CaseIterable { case auto, ask }

  public var proposal: Mode
  public var critique: Mode
  public var evaluation: Mode
  public var report: Mode
}

/// What a round and the whole campaign may cost; `nil` is no limit of that kind.
public struct CampaignBudgets: Sendable, Hashable {
  public struct Limits: Sendable, Hashable {
    public var wallMilliseconds: Int?
    public var cpuMilliseconds: Int?
    public var runs: Int?
    /// Of questions to models.
    public var tokens: Int?
    public var money: Double?

    var isEmpty: Bool { self == Limits() }

    public init(wallMilliseconds: Int? = nil, cpuMilliseconds: Int? = nil, runs: Int? = nil) {
      self.wallMilliseconds = wallMilliseconds
      self.cpuMilliseconds = cpuMilliseconds
      self.runs = runs
    }
  }

  public var rounds: Int
  public var round: Limits
  public var campaign: Limits
  /// Per calendar day (UTC); what does not fit waits for the next.
  public var day = Limits()
}
