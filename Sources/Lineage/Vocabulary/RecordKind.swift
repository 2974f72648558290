// The kinds of records in the shipped schema, as values of Swift. A test holds this list against
// schema/lineage.gql.

public import Base

/// A kind of record: the label of its nodes.
public enum RecordKind: String, Sendable, Hashable, CaseIterable {
  case campaign = "Campaign"
  case objective = "Objective"
  case round = "Round"
  case sweep = "Sweep"
  case proposal = "Proposal"
  case critique = "Critique"
  case decision = "Decision"
  case run = "Run"
  case attempt = "Attempt"
  case eval = "Eval"
  case comparison = "Comparison"
  case noise = "Noise"
  case finding = "Finding"
  case report = "Report"
  case brief = "Brief"
  case call = "Call"
  case actor = "Actor"
  case model = "Model"
  case prompt = "Prompt"
  case policy = "Policy"
  case evaluator = "Evaluator"
  case benchmark = "Benchmark"
  case dataset = "Dataset"
  case environment = "Environment"
  case source = "Source"
  case artifact = "Artifact"
  case series = "Series"
  case charge = "Charge"
  case guardCheck = "GuardCheck"
  case release = "Release"
  case control = "Control"

  /// The label as queries and operations spell it.
  public var label: Text { Text(rawValue) }

  /// `P` in `P42`.
  public var keyPrefix: String {
    switch self {
    case .campaign: "C"
    case .objective: "O"
    case .round: "RD"
    case .sweep: "SW"
    case .proposal: "P"
    case .critique: "CR"
    case .decision: "D"
    case .run: "R"
    case .attempt: "RA"
    case .eval: "E"
    case .comparison: "CP"
    case .noise: "N"
    case .finding: "F"
    case .report: "RP"
    case .brief: "B"
    case .call: "CL"
    case .actor: "A"
    case .model: "M"
    case .prompt: "PR"
    case .policy: "PL"
    case .evaluator: "EV"
    case .benchmark: "BM"
    case .dataset: "DS"
    case .environment: "EN"
    case .source: "S"
    case .artifact: "AR"
    case .series: "SE"
    case .charge: "CH"
    case .guardCheck: "G"
    case .release: "RL"
    case .control: "CT"
    }
  }
}
