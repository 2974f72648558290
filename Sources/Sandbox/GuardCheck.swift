// The result of attacking a guard ourselves, for the audit trail.

/// Whether a guard held against a hostile program of ours.
public struct GuardCheck: Sendable, Hashable {
  /// What is guarded, for example `memory` or `network`.
  public var name: String
  /// What holds it here.
  public var mechanism: String
  /// The attack failed and the control passed; false for either reason.
  public var held: Bool
  /// The honest neighbour of the attack worked in the same sandbox: without it a sandbox that does
  /// not even start would look perfect.
  public var controlPassed: Bool
  /// What was seen, in one sentence.
  public var evidence: String
  public var milliseconds: Int

  /// Whether the guard may be relied on. An attack that failed beside a control that failed too
  /// says nothing, whoever claims that the guard held.
  public var isProven: Bool { held && controlPassed }

  public init(
    name: String, mechanism: String, held: Bool, controlPassed: Bool, evidence: String,
    milliseconds: Int
  ) {
    self.name = name
    self.mechanism = mechanism
    self.held = held
    self.controlPassed = controlPassed
    self.evidence = evidence
    self.milliseconds = milliseconds
  }
}
