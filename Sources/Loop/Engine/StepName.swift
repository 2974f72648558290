// The steps of the loop by name. A step's transaction carries a request identifier made from the
// campaign, the step and what it is about, so that doing a step again changes nothing.

import Base
import Graph

/// A step that ends in one transaction.
public enum StepName: String, Sendable, CaseIterable {
  case campaignStarted = "campaign-started"
  case baselineStored = "baseline-stored"
  case providersStored = "providers-stored"
  case runsPlanned = "runs-planned"
  case runStarted = "run-started"
  case runPreempted = "run-preempted"
  case callsRecorded = "calls-recorded"
  case referencesChecked = "references-checked"
  case runFinished = "run-finished"
  case runEvaluated = "run-evaluated"
  case runClaimed = "run-claimed"
  case noiseMeasured = "noise-measured"
  case roundStarted = "round-started"
  case callReserved = "call-reserved"
  case proposed
  case duplicatesSearched = "duplicates-searched"
  case gateOpened = "gate-opened"
  case critiqued
  case rebased
  case screened
  case verdict
  case ended
  case reported
  case roundFinished = "round-finished"
  case holdoutCompared = "holdout-compared"
  case controlObeyed = "control-obeyed"
  case campaignFinished = "campaign-finished"
}

/// Where a test may stop the loop: right before a step's transaction and right after it.
public struct LoopBoundary: Sendable, Hashable, CustomStringConvertible {
  public enum Side: String, Sendable, CaseIterable { case before, after }
  public var side: Side
  public var step: StepName

  public init(_ side: Side, _ step: StepName) {
    self.side = side
    self.step = step
  }

  /// `before run-started`, as the hidden option of `stemma loop run` spells it.
  public var description: String { "\(side.rawValue) \(step.rawValue)" }

  /// Every boundary there is, in a fixed order.
  public static let all: [LoopBoundary] = StepName.allCases.flatMap { step in
    Side.allCases.map { LoopBoundary($0, step) }
  }
}

extension RequestID {
  /// Derived from a campaign, a step and the ordinals of what it is about: the first sixteen bytes
  /// of their SHA-256.
  static func derived(campaign: String, step: StepName, ordinals: [String]) -> RequestID {
    derived(["stemma loop 1", campaign, step.rawValue] + ordinals)
  }

  /// A pending decision is answered once.
  static func derived(review decision: String, campaign: String) -> RequestID {
    derived(["stemma review 1", campaign, decision])
  }

  private static func derived(_ parts: [String]) -> RequestID {
    var message: [UInt8] = []
    for part in parts {
      message.append(contentsOf: Array(part.utf8))
      message.append(0)
    }
    let digest = SHA256.hash(message).bytes
    func word(_ start: Int) -> UInt64 {
      digest[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return RequestID(high: word(0), low: word(8))
  }
}
