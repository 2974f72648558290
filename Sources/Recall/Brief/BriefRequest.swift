// What is asked for, and what is handed out.

package import Base
package import Stemma

/// A brief to be made.
package struct BriefRequest: Sendable {
  package enum Subject: Sendable {
    /// A proposal of the store, by its key.
    case proposal(String)
    case change(ProposedChange)
  }

  package enum Format: String, Sendable, CaseIterable { case markdown, json }

  package static let tokenRange = 200...100_000

  package var subject: Subject
  package var budgetTokens: Int
  package var format: Format
  package var estimator: TokenEstimator
  /// The snapshot; `nil` for the present.
  package var asOf: SnapshotTime?
  /// Where an earlier brief said that there is more of a part; wins over `asOf`.
  package var cursor: String?

  package init(
    _ subject: Subject, budgetTokens: Int = 4_000, format: Format = .markdown,
    estimator: TokenEstimator = .fourBytes, asOf: SnapshotTime? = nil, cursor: String? = nil
  ) {
    self.subject = subject
    self.budgetTokens = budgetTokens
    self.format = format
    self.estimator = estimator
    self.asOf = asOf
    self.cursor = cursor
  }
}

/// What an agent is shown. Equal requests at equal snapshots give equal bytes.
package struct Brief: Sendable {
  /// How much of one part is shown.
  package struct Part: Sendable, Hashable {
    package var name: String
    package var shown: Int
    package var available: Int
    /// Continues the part; `nil` where all of it is shown.
    package var cursor: String?
    package var keys: [Text]
  }

  package var text: String
  package var snapshot: TransactionNumber
  package var format: BriefRequest.Format
  package var tokens: Int
  package var budgetTokens: Int
  package var estimator: String
  package var parts: [Part]
  /// The records that it shows, each once, in the order of the page.
  package var cites: [Text]
  /// `exact` or `near`, with the proposal that is repeated, where there is one.
  package var duplicate: DuplicateFinding?
}

/// Where a part goes on: transaction, part and how much was shown.
struct BriefCursor {
  var snapshot: TransactionNumber
  var part: String
  var offset: Int

  var text: String { "b1.\(snapshot.rawValue).\(part).\(offset)" }

  init(snapshot: TransactionNumber, part: String, offset: Int) {
    self.snapshot = snapshot
    self.part = part
    self.offset = offset
  }

  init(_ text: String) throws {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 4, fields[0] == "b1", let number = UInt64(fields[1]),
      BriefPartName(rawValue: String(fields[2])) != nil, let offset = Int(fields[3]), offset >= 0
    else {
      throw StemmaError(
        .argumentInvalid, "\"\(text)\" is no cursor of a brief",
        advice: "give one as a brief prints it, such as b1.120.failed.8")
    }
    snapshot = TransactionNumber(number)
    part = String(fields[2])
    self.offset = offset
  }
}

/// The parts of a brief in their order, each with its share of the budget.
enum BriefPartName: String, CaseIterable {
  case failed, others, descent, doubts, noise, budget, literature

  var title: String {
    switch self {
    case .failed: "Tried like it and failed, nearest first"
    case .others: "Tried like it with another end, nearest first"
    case .descent: "What it stands on, nearest first"
    case .doubts: "Contradicted or withdrawn, newest first"
    case .noise: "Noise floor"
    case .budget: "Budget left"
    case .literature: "Literature"
    }
  }

  /// Of the budget; what a part leaves goes to those after it, then to those before.
  var share: Double {
    switch self {
    case .failed: 0.35
    case .others: 0.2
    case .descent: 0.15
    case .doubts: 0.1
    case .noise: 0.05
    case .budget: 0.05
    case .literature: 0.1
    }
  }
}
