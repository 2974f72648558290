// The types of edges in the shipped schema, as values of Swift. A test holds this list against
// schema/lineage.gql.

public import Base

/// A type of edge between records.
public enum Relation: String, Sendable, Hashable, CaseIterable {
  case derivedFrom = "DERIVED_FROM"
  case basedOn = "BASED_ON"
  case duplicates = "DUPLICATES"
  case ablates = "ABLATES"
  case replicates = "REPLICATES"
  case critiques = "CRITIQUES"
  case decides = "DECIDES"
  case resultedIn = "RESULTED_IN"
  case retracts = "RETRACTS"
  case executes = "EXECUTES"
  case evaluates = "EVALUATES"
  case candidate = "CANDIDATE"
  case baseline = "BASELINE"
  case compares = "COMPARES"
  case against = "AGAINST"
  case measuredOn = "MEASURED_ON"
  case supports = "SUPPORTS"
  case refutes = "REFUTES"
  case reports = "REPORTS"
  case cites = "CITES"
  case uses = "USES"
  case produced = "PRODUCED"
  case madeFrom = "MADE_FROM"
  case by = "BY"
  case isIn = "IN"
  case charges = "CHARGES"
  case supersedes = "SUPERSEDES"

  /// The type as queries and operations spell it.
  public var type: Text { Text(rawValue) }
}
