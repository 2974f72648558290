// What carries out runs and evaluations. The loop decides and records; an executor only does. Tests
// put a simulated one in its place.

package import Base
package import Models
package import Sandbox

/// A run to be carried out.
package struct RunOrder: Sendable {
  /// `R7-1`: the run's key and the number of the attempt. Unique; names its work folder.
  package var name: String
  /// Hash of the tree to run.
  package var tree: String
  package var parameters: ValueMap
  package var seed: Int64
  package var command: [String]
  package var environment: [(name: String, value: String)]
  package var readOnly: [String]
  package var mounts: [PlacedMount] = []
  /// The folder that the attempts of a run share: the run's key and its size.
  package var resume: (run: String, bytes: Int)?
  /// How long it has to end by itself once it is cancelled.
  package var graceMilliseconds = 0
  /// Ends the run by what it says of itself.
  package var curveRule: CurveRuleOrder?
  /// The models that it may ask.
  package var models: RelayOrder?
  package var output: String
  package var budget: SandboxBudget
  package var allowedWeaknesses: Set<String>
}

/// How a run ended.
package struct RunReport: Sendable {
  package var outcome: SandboxOutcome
  /// Hash of the tree of files that it left in its output folder; `nil` where it was not kept.
  package var outputTree: String?
  package var outputBytes: Int
  /// What lies in that folder and was not kept, each with why.
  package var leftOut: [String] = []
  /// What the run reported of itself per step, however it ended.
  package var curves: [MetricSeries]
  /// Where it was carried out, where that is not this machine: `job 7 on node3`.
  package var place: String?

  package init(
    outcome: SandboxOutcome, outputTree: String?, outputBytes: Int, curves: [MetricSeries] = []
  ) {
    self.outcome = outcome
    self.outputTree = outputTree
    self.outputBytes = outputBytes
    self.curves = curves
  }

  /// Whether it ended well and left something to evaluate.
  var isScored: Bool {
    outcome.status == .exited && outcome.exitCode == 0 && outputTree != nil
  }
}

/// An evaluation to be carried out.
package struct EvaluationOrder: Sendable {
  package var name: String
  /// Hash of the tree that the run left.
  package var outputTree: String
  /// Hash of the evaluator's own tree.
  package var evaluatorTree: String
  package var command: [String]
  package var environment: [(name: String, value: String)]
  package var hidden: [String]
  package var readOnly: [String]
  package var mounts: [PlacedMount] = []
  package var split: String
  package var seed: Int64
  package var budget: SandboxBudget
  package var allowedWeaknesses: Set<String>
}

/// Carries out runs and evaluations; called from several threads at once.
package protocol RunExecutor: Sendable {
  /// Throws only where the order cannot be carried out at all (an unusable sandbox); a fault of the
  /// machine during the run is `SandboxOutcome.Status.failed`.
  func run(_ order: RunOrder, isCancelled: @escaping @Sendable () -> Bool) throws -> RunReport

  /// The outcome's channel holds the evaluator's answer.
  func evaluate(
    _ order: EvaluationOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome

  /// Starts a coding agent; the outcome's files are everything that it left in its folder.
  func work(
    _ order: AgentOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome

  /// Holds what runs leave until the records that name it are committed; `nil` where that is
  /// durable when a run returns.
  var leftObjects: PendingObjects? { get }

  /// Attacks the guards of this machine; what held is recorded before anything runs.
  func proveGuards(allowedWeaknesses: Set<String>) throws -> [GuardCheck]

  /// The budgets that are held only nearly here; asked whenever a campaign starts or goes on.
  func inexactGuards() throws -> [InexactGuard]

  /// Removes what the attempts of runs kept that are over.
  func removeKept(where isOver: (_ run: String) -> Bool)

  /// What an order asked of models, whatever became of it, until it is forgotten.
  func calls(of order: String) throws -> [RelayedCall]
  func forgetCalls(of order: String)

  /// Where runs happen, in words; equal for equal machines. `program` is what a run starts.
  func describeEnvironment(program: String) -> RunEnvironment

  /// Removes what a killed runner left behind: processes, control groups, mounts, work folders.
  /// `underWay` names orders that go on, where orders can outlive a loop.
  func removeLeftovers(except underWay: Set<String>) throws

  /// Whether an order that an earlier loop gave goes on, or has ended and waits to be fetched by
  /// giving it again.
  func isUnderWay(_ name: String) -> Bool

  /// Ends what is under way under a name, and forgets what was kept of it. Called once its result
  /// is durable or not wanted any more.
  func discard(_ name: String)

  /// The loop is about to end: orders that can outlive it go on, whatever they are told next.
  func detach()
}

/// Orders of most executors end with their loop.
extension RunExecutor {
  package var leftObjects: PendingObjects? { nil }
  package func isUnderWay(_ name: String) -> Bool { false }
  package func discard(_ name: String) {}
  package func detach() {}
  package func removeKept(where isOver: (_ run: String) -> Bool) {}
  package func calls(of order: String) throws -> [RelayedCall] { [] }
  package func forgetCalls(of order: String) {}
}
