// Who says whether two changes mean the same, and when it is asked. Declared by the campaign.

/// The table [judge] of a campaign file.
public struct JudgeDeclaration: Sendable, Hashable {
  public var provider: ProviderDeclaration
  /// So many earlier proposals are put before it at most.
  public var candidates: Int
  /// Only of those with this share of words or of changed lines, 0 ... 1.
  public var likeness: Double
}
