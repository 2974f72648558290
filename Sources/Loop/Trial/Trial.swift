// One run of a campaign's starting point, and its evaluation, as the loop would carry them out:
// same files, same mounts, same budgets. Nothing of it is stored and nothing of it counts.

public import Base
import Glibc
public import Sandbox
import Stemma

/// Tries what a campaign file says.
public final class Trial {
  public let campaign: Campaign
  private let objects: PendingObjects
  private let executor: SandboxExecutor
  private let workspace: String
  private let store: String
  private let capture: CampaignCapture
  private static let seed: Int64 = 1

  /// What came of it.
  public struct Result {
    public var outcome: SandboxOutcome
    /// What the run left in its output folder.
    public var output: [SandboxFile]
    /// What lies there and would not be kept, each with why.
    public var leftOut: [String]
    /// What it left or changed elsewhere in its working folder, by path.
    public var elsewhere: [String]
    /// What the evaluator said; `nil` where the run did not end well.
    public var evaluation: EvaluationOutcome?
    /// What the sandbox refused, with the line that would grant it.
    public var blocked: [BlockedAccess]

    public var isGood: Bool { outcome.status == .exited && outcome.exitCode == 0 }
  }

  /// Reads the files that the campaign starts from.
  ///
  /// - Throws: as the start of the campaign would.
  public init(_ campaign: Campaign, surroundings: Surroundings) throws {
    self.campaign = campaign
    workspace = "/tmp/stemma-trial-\(getpid())"
    // A store on the disk, since what a run leaves may be larger than the memory.
    store = workspace + "-store"
    FolderRemoval.remove(store)
    objects = PendingObjects(
      DatabaseObjects(
        database: try Database.create(
          at: store, Database.Creation(schemaText: nil), surroundings: surroundings)))
    executor = SandboxExecutor(objects: objects, workspace: workspace)
    capture = try CampaignCapture.make(campaign, objects: objects)
  }

  deinit {
    FolderRemoval.remove(workspace)
    FolderRemoval.remove(store)
  }

  /// Runs the starting point and, where it ends well, the evaluator.
  public func run() throws -> Result {
    var specification = try specification()
    let tree = try Tree.load(capture.baseTree, from: objects).files
    let before = Set(tree.map(\.path))
    // All that it leaves is looked at, to see what goes past the output folder: besides the tree,
    // whose files may each lie in folders of their own.
    let entries = before.reduce(0) { $0 + $1.split(separator: "/").count }
    specification.collection = SandboxCollection(
      source: ".", maximumBytes: specification.budget.diskBytes + tree.reduce(0) { $0 + $1.size },
      maximumFiles: specification.budget.inodes + entries)
    let outcome = try Sandbox().run(specification)
    // Where something is mounted an empty file or folder is left.
    let mounted = campaign.mounts(for: .run).map(\.target)
    let prefix = campaign.run.output + "/"
    var result = Result(
      outcome: outcome, output: [], leftOut: [], elsewhere: [], evaluation: nil,
      blocked: BlockedAccess.all(in: outcome, of: campaign))
    for (path, reason) in outcome.refusedFiles where (path + "/").hasPrefix(prefix) {
      result.leftOut.append("\(path): \(reason)")
    }
    for file in outcome.files {
      if file.path.hasPrefix(prefix) {
        var moved = file
        moved.path = String(file.path.dropFirst(prefix.count))
        result.output.append(moved)
      } else if !before.contains(file.path), !mounted.contains(file.path) {
        result.elsewhere.append(file.path)
      }
    }
    if result.isGood { result.evaluation = try evaluate(result) }
    return result
  }

  /// Runs another command in the place of the campaign's, with descriptor 3 open to us; for looking
  /// at a program. What it wrote there is in the outcome's channel.
  public func look(with command: [String], limitBytes: Int) throws -> SandboxOutcome {
    var specification = try specification()
    specification.command = command
    specification.channelLimitBytes = limitBytes
    specification.collection = nil
    return try Sandbox().run(specification)
  }

  private func specification() throws -> SandboxSpecification {
    let order = try RunOrders(campaign).order(
      named: "trial", tree: capture.baseTree, parameters: campaign.editable.defaults,
      seed: Self.seed)
    return try executor.specification(of: order)
  }

  private func evaluate(_ result: Result) throws -> EvaluationOutcome {
    var kept = result.outcome
    kept.files = result.output
    let order = try RunOrders(campaign).evaluation(
      named: "trial", outputTree: executor.keep(kept).outputTree ?? "",
      evaluatorTree: capture.evaluatorTree, seed: Self.seed, isHoldout: false)
    return EvaluationOutcome(try executor.evaluate(order) { false })
  }
}
