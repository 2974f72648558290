// Which edges lead from a belief towards its raw evidence, kind by kind. The order is the order in
// which they are shown.

/// One step that `why` may take from a record of a kind.
struct EvidenceStep: Sendable {
  var relation: Relation
  /// Whether the step goes along the arrow.
  var isOutgoing: Bool
  /// What the step is called where it is shown.
  var caption: String

  private init(_ relation: Relation, _ isOutgoing: Bool, _ caption: String) {
    self.relation = relation
    self.isOutgoing = isOutgoing
    self.caption = caption
  }

  static func to(_ relation: Relation, _ caption: String) -> EvidenceStep {
    EvidenceStep(relation, true, caption)
  }

  static func from(_ relation: Relation, _ caption: String) -> EvidenceStep {
    EvidenceStep(relation, false, caption)
  }
}

enum EvidenceRules {
  /// The steps from a record; `isStart` for the one that was asked about.
  static func steps(from kind: RecordKind, isStart: Bool) -> [EvidenceStep] {
    switch kind {
    case .finding:
      [
        .from(.supports, "supported by"), .from(.refutes, "refuted by"),
        .from(.retracts, "retracted by"),
      ]
    case .proposal:
      isStart
        ? [
          .from(.compares, "measured by"), .from(.critiques, "criticised by"),
          .from(.decides, "decided by"), .from(.resultedIn, "modified by"),
          .to(.basedOn, "changes"), .to(.duplicates, "repeats"),
          .from(.executes, "run as"), .from(.reports, "reported in"), .to(.by, "proposed by"),
        ] : []
    case .comparison:
      [
        .to(.candidate, "candidate"), .to(.baseline, "baseline"), .to(.against, "against"),
        .to(.uses, "uses"), .from(.decides, "decided by"), .from(.retracts, "retracted by"),
      ]
    case .eval:
      [
        .to(.evaluates, "evaluates"), .to(.uses, "uses"), .from(.retracts, "retracted by"),
        .to(.produced, "left"),
      ]
    case .run:
      [
        .to(.executes, "executes"), .to(.uses, "uses"), .to(.produced, "left"),
        .from(.isIn, "attempt"),
      ] + (isStart ? [.from(.evaluates, "evaluated by")] : [])
    case .noise: [.to(.measuredOn, "measured on")] + (isStart ? [.to(.cites, "from")] : [])
    case .report: [.to(.reports, "reports"), .to(.cites, "cites")]
    case .critique:
      (isStart ? [.to(.critiques, "criticises")] : [])
        + [.to(.cites, "cites"), .to(.uses, "saw"), .to(.by, "by")]
    case .decision:
      (isStart ? [.to(.decides, "decides"), .to(.retracts, "retracts")] : [])
        + [.to(.cites, "cites"), .to(.uses, "uses"), .to(.by, "by")]
    case .model: [.to(.madeFrom, "made from")]
    case .artifact: [.from(.produced, "left by")]
    case .release: [.to(.cites, "stands on")]
    case .campaign, .round:
      isStart ? [.from(.reports, "reported in"), .to(.uses, "uses")] : []
    default: []
    }
  }
}
