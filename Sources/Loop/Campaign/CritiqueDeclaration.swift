// How proposals are judged before they run: the rubric that critics score by, and the rule that
// makes one answer of several critiques. Declared by the campaign, never changed by a critic.

import Base
import Models

/// The table [critique] of a campaign file.
public struct CritiqueDeclaration: Sendable, Hashable {
  /// What several critics come to together.
  public enum Rule: String, Sendable, CaseIterable {
    case anyReject = "any-reject"
    case majority
    case weighted
  }

  /// One thing that is scored.
  public struct Criterion: Sendable, Hashable {
    /// What a score means.
    public struct Anchor: Sendable, Hashable {
      public var score: Double
      public var meaning: String
    }

    public var name: String
    public var question: String
    /// Its share in the score of a critique is this over the sum of all.
    public var weight: Double
    /// At least two, by rising score.
    public var anchors: [Anchor]
  }

  public var rule = Rule.anyReject
  /// `weighted`: a proposal is rejected where more than this share of the weight rejects it.
  public var threshold = 0.5
  /// The rubric; without any, critics need not score.
  public var criteria: [Criterion] = []

  /// What critics are told of the rubric; `nil` where there is none.
  var rubric: Value? {
    guard !criteria.isEmpty else { return nil }
    let listed = criteria.map { criterion in
      let anchors = criterion.anchors.map { anchor in
        Value.map(ValueMap([("score", .float(anchor.score)), ("meaning", .text(anchor.meaning))]))
      }
      return Value.map(
        ValueMap([
          ("name", .text(criterion.name)), ("question", .text(criterion.question)),
          ("weight", .float(criterion.weight)), ("anchors", .list(anchors)),
        ]))
    }
    return .map(ValueMap([("criteria", .list(listed))]))
  }

  /// The weighted mean of the scores; `nil` where one is missing.
  func score(_ scores: ValueMap) -> Double? {
    guard !criteria.isEmpty else { return nil }
    var sum = 0.0
    for criterion in criteria {
      switch scores[Text(criterion.name)] {
      case .float(let score)?: sum += criterion.weight * score
      case .integer(let score)?: sum += criterion.weight * Double(score)
      default: return nil
      }
    }
    return sum / criteria.reduce(0) { $0 + $1.weight }
  }
}
