// Evaluation of what a run left behind, by a program that the run could not touch. The evaluator
// starts in an empty folder of its own; the run's files reach it as a copy made by the safe walk,
// read-only; answers are mounted only here. Scores come from the channel and nowhere else.

import Base
import Glibc

/// An evaluator to run on what a run left behind.
public struct EvaluationSpecification: Sendable {
  /// The evaluator and its arguments. A Python evaluator should be started as `python3 -I`, so
  /// that it imports nothing from folders that a run wrote.
  public var command: [String]
  /// What the run left: shown read-only under the same path, without its links and pipes.
  public var workDirectory: String
  /// What is shown at `workDirectory`, where that is no folder of this machine.
  public var layout: SandboxLayout?
  /// The evaluator's program and the answers: read-only under the same paths, seen by nobody else.
  public var evaluatorDirectories: [String]
  public var readOnly: [String]
  public var placed: [SandboxMount] = []
  public var environment: [(name: String, value: String)]
  public var budget: SandboxBudget
  public var input: [UInt8]?
  public var allowedWeaknesses: Set<String>

  public init(
    command: [String], workDirectory: String, evaluatorDirectories: [String],
    budget: SandboxBudget
  ) {
    self.command = command
    self.workDirectory = workDirectory
    self.layout = nil
    self.evaluatorDirectories = evaluatorDirectories
    self.readOnly = []
    self.environment = []
    self.budget = budget
    self.input = nil
    self.allowedWeaknesses = []
  }
}

/// How an evaluation ended, and what of it counts.
public struct EvaluationOutcome: Sendable {
  public var sandbox: SandboxOutcome
  /// The accepted answer; `nil` where there is none.
  public var answer: EvaluatorAnswer?
  /// Why there is no answer.
  public var refusal: String?

  /// An evaluator that failed, was ended by a budget, wrote too much or wrote anything but one
  /// strict answer has said nothing, whatever is on its channel. This is the only door.
  public init(_ outcome: SandboxOutcome) {
    sandbox = outcome
    guard outcome.status == .exited, outcome.exitCode == 0 else {
      let ending = outcome.message ?? "exit code \(outcome.exitCode ?? -1)"
      refusal = "the evaluator did not finish (\(outcome.status.rawValue): \(ending))"
      return
    }
    guard !outcome.channelOverflowed else {
      refusal = "the evaluator wrote more than \(EvaluatorAnswer.maximumBytes) bytes of answer"
      return
    }
    do { answer = try EvaluatorAnswer(outcome.channel) } catch { refusal = error.reason }
  }
}

extension Sandbox {
  /// Runs an evaluator and accepts its answer, or none.
  ///
  /// - Throws: as `run`.
  public func evaluate(
    _ evaluation: EvaluationSpecification,
    started: (_ resources: [String]) throws -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    onOutput: @escaping (SandboxStream, ArraySlice<UInt8>) -> Void = { _, _ in }
  ) throws -> EvaluationOutcome {
    try SpecificationCheck.checkApart(evaluation)
    var specification = SandboxSpecification(
      command: evaluation.command, workDirectory: Sandbox.emptyFolder, budget: evaluation.budget)
    specification.layout = SandboxLayout(files: [])
    specification.inspected = [
      .init(path: evaluation.workDirectory, layout: evaluation.layout)
    ]
    specification.readOnly = evaluation.evaluatorDirectories + evaluation.readOnly
    specification.placed = evaluation.placed
    specification.environment = evaluation.environment
    specification.input = evaluation.input
    specification.channelLimitBytes = EvaluatorAnswer.maximumBytes
    specification.allowedWeaknesses = evaluation.allowedWeaknesses
    specification.writesBack = false
    let outcome = try run(
      specification, started: started, isCancelled: isCancelled, onOutput: onOutput)
    return EvaluationOutcome(outcome)
  }

  /// Where an evaluator starts, inside; no folder of this machine.
  private static let emptyFolder = "/run/stemma/evaluation"
}

/// An empty folder with one of our names, removed with its last reference.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/\(RunName.next().text)"
    guard mkdir(path, 0o755) == 0 else {
      throw SystemFailure(action: "cannot make \(path)", code: errno).error
    }
  }

  deinit { FolderRemoval.remove(path) }

  func open() throws -> Descriptor { try .open(trusted: path, O_RDONLY | O_DIRECTORY) }
}
