// The sandbox's door: probe the machine, run a program, collect what it left. It knows nothing of
// campaigns or graphs.

public import Base

/// Runs programs under hard budgets, with no network and no way out.
public struct Sandbox: Sendable {
  public init() {}

  /// Runs a program and returns when its whole process tree is gone and its files are safe to read.
  /// `started` is told the names (control groups, mounts) that a janitor would have to remove,
  /// before they are made.
  public func run(
    _ specification: SandboxSpecification,
    started: (_ resources: [String]) throws -> Void = { _ in },
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> SandboxOutcome {
    throw StemmaError(.sandboxUnavailable, "the sandbox is not built yet")
  }
}
