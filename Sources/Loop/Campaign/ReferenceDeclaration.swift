// Data sets and weights that a campaign names by reference: they stay where they are, whatever
// their size.

import Sandbox

/// Something of the owner's that runs or evaluations read.
public struct ReferenceDeclaration: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable { case dataset, weights }
  public enum Audience: String, Sendable, CaseIterable { case run, evaluate, both }

  public var name: String
  public var kind: Kind
  /// Absolute: a folder or a file.
  public var path: String
  /// Where it comes from; the file itself where the campaign does not say.
  public var uri: String?
  /// Where it is seen, relative to the tree of a run; under its own path where `nil`.
  public var place: String?
  public var audience: Audience
  public var split: String?
  public var licence: String?
  /// The hash of its manifest that it must have.
  public var hash: String?

  func isFor(_ audience: Audience) -> Bool {
    self.audience == audience || self.audience == .both
  }
}

extension Campaign {
  /// The references and the environment as runs or evaluations see them; a place in the tree is one
  /// for runs only.
  func mounts(for audience: ReferenceDeclaration.Audience) -> [PlacedMount] {
    references.filter { $0.isFor(audience) }.map {
      PlacedMount(source: $0.path, target: audience == .run ? $0.place ?? $0.path : $0.path)
    } + environment.mounts.map { PlacedMount(source: $0.source, target: $0.target) }
  }
}

/// A mount whose target may be relative to the folder that a run works in.
package struct PlacedMount: Sendable, Hashable {
  var source: String
  var target: String

  func inside(_ workDirectory: String) -> SandboxMount {
    SandboxMount(
      source: source, target: target.hasPrefix("/") ? target : workDirectory + "/" + target)
  }
}
