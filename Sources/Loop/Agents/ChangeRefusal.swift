// Why a change is not taken, by name. The names are part of the interface: they are added, never
// changed; docs/agents.md lists them.

import Base

/// One reason why what somebody did to a tree is refused.
public struct ChangeRefusal: Sendable, Hashable {
  public enum Reason: String, Sendable, CaseIterable {
    /// A file outside the editable globs was changed, added or removed.
    case notEditable = "not-editable"
    /// Something was left outside the tree.
    case outsideTree = "outside-tree"
    /// A symbolic link, or a file with several names.
    case link
    /// A pipe, a socket or a device.
    case specialFile = "special-file"
    /// The right to be executed was given or taken.
    case mode
    case oversized
    /// A name that is no UTF-8, or that a shell or a terminal would take for something else.
    case oddName = "odd-name"
    /// A budget ended the work, or has nothing left for it.
    case budget
    /// What is said about the change has not the form that it must have.
    case answer
    /// The campaign is over, or is not to be given this.
    case campaign
  }

  public var reason: Reason
  /// What it is about: a path, a limit, a sentence.
  public var what: String

  public init(_ reason: Reason, _ what: String) {
    self.reason = reason
    self.what = what
  }

  /// `not-editable: evaluate.py`.
  public var text: String { "\(reason.rawValue): \(what)" }

  /// All of them as one error.
  static func error(_ refusals: [ChangeRefusal], advice: String? = nil) -> StemmaError {
    StemmaError(
      .proposalRefused, "refused: " + refusals.map(\.text).joined(separator: "; "),
      advice: advice)
  }
}
