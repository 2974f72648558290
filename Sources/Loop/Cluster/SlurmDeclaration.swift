// What a campaign file says about Slurm: where packages lie and how jobs are submitted.

/// Runs are jobs of Slurm, each carried out by our own runner on a node.
public struct SlurmDeclaration: Sendable, Hashable {
  /// Absolute; this machine and every node see it under this path.
  public var directory: String
  /// More options of `sbatch`, as they are.
  public var options: [String]
  /// The runner on the nodes; `nil` for a copy of this program in `directory`.
  public var program: String?
  /// The folder of `sbatch` and its like; `nil` for those of PATH.
  public var commands: String?
  /// Time between two looks at the queue.
  public var pollMilliseconds: Int
  /// Whether evaluations are jobs too; else they are carried out here, and no node sees an answer.
  public var evaluatesOnNodes: Bool

  /// Options that the runner gives itself, by what they start with.
  static let ownOptions = [
    "--time", "-t", "--mem", "--cpus-per-task", "-c", "--ntasks", "-n", "--nodes", "-N",
    "--job-name", "-J", "--output", "-o", "--error", "-e", "--parsable", "--wrap", "--requeue",
    "--no-requeue", "--export", "--chdir", "-D", "--array", "-a", "--wait", "-W",
  ]
}
